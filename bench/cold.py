"""Cold run against bare parsing: CPU time of `dealix-lint check --no-cache --jobs 1` over `libcst.parse_module`.

    python bench/cold.py [--scratch FOLDER] [--repeat N] [FOLDER ...]

Both measured in this one run, each in a process of its own, over the same files; user + system time, children
included; the best of N. Without folders, the packages of `bench/packages.py` are downloaded into the scratch folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import packages
from measured import ROOT, run


def measure(tree: Path, repeat: int) -> tuple[str, str]:
    """Two table rows of a tree: totals, and seconds by stage."""
    stage = [sys.executable, str(ROOT / "bench" / "stages.py")]
    command = [sys.executable, "-m", "dealix_lint", "check", "--no-cache", "--jobs", "1", str(tree)]
    pairs = [(run([*stage, "parse", str(tree)]), run(command, (0, 1))) for _ in range(repeat)]  # in turn: machines vary
    parse = min((json.loads(cost.output) for cost, _ in pairs), key=lambda parsed: parsed["seconds"])
    check = min((cost for _, cost in pairs), key=lambda cost: cost.cpu)
    stages = json.loads(run([*stage, "check", str(tree)]).output)
    lines = parse["lines"]
    total = (
        f"| {tree.name} | {parse['files']} | {lines} | {parse['seconds']:.2f} | {check.cpu:.2f} "
        f"| {check.cpu / parse['seconds']:.2f} | {check.cpu / lines * 1e6:.0f} | {check.memory:.0f} |"
    )
    return total, f"| {tree.name} | " + " | ".join(f"{name} {seconds:.2f}" for name, seconds in stages) + " |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "dealix-lint-bench")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args()
    print("| tree | files | lines | parse s | check s | ratio | us per line | peak MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    stages: list[str] = []
    for tree in options.folders or packages.default_trees(options.scratch):
        total, by_stage = measure(tree.resolve(), options.repeat)
        print(total, flush=True)
        stages.append(by_stage)
    print("\nCPU seconds by stage (one further run):\n", *stages, sep="\n")


if __name__ == "__main__":
    main()
