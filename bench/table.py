"""Everything a user waits for, beside what else they wait for, in one run on one project: `make bench`.

    python bench/table.py [--scratch FOLDER] [--lines N] [--slow-peers] [FOLDER]

Without a folder, applications from PyPI are laid out as one project of N lines (`scaled.py`). Prints a Markdown table: CPU
and wall seconds, peak memory, and the ratio that matters of each row, to a peer or floor of the same run. The project is
edited and put back as it was; results are remembered in the scratch folder, never in the user's cache.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import packages
from measured import ROOT, Cost, run
from plot import svg
from scaled import Scaled, lay_out

BIN = Path(sys.executable).parent
WITHOUT_PLUGIN = """
import sys
from importlib import metadata

known = metadata.distributions
metadata.distributions = lambda **given: (d for d in known(**given) if d.metadata["name"] != "dealix-lint")

from flake8.main.cli import main

sys.exit(main())
"""
"""flake8 as it runs where dealix-lint is not installed."""
SMALL = 8  # the smaller project that time per line is compared with has this part of the lines


class Runner:
    """Runs commands with a store of their own."""

    def __init__(self, store: Path) -> None:
        self._settings = {"DEALIX_LINT_CACHE_DIR": str(store)}

    def run(self, command: list[str], accepted: tuple[int, ...] = (0, 1), times: int = 1) -> Cost:
        """The best of some runs; ends the program on another exit status."""
        return min((run(command, accepted, self._settings) for _ in range(times)), key=lambda cost: cost.wall)

    def check(self, folder: Path, *options: str, times: int = 1) -> Cost:
        """`dealix-lint check`, its output as JSON."""
        return self.run(
            [sys.executable, "-m", "dealix_lint", "check", "--format", "json", *options, str(folder)], times=times
        )

    def parse(self, folder: Path) -> Cost:
        """`libcst.parse_module` over the files that a check analyses; CPU of the parsing alone."""
        cost = self.run([sys.executable, str(ROOT / "bench" / "stages.py"), "parse", str(folder)])
        return Cost(cost.wall, json.loads(cost.output)["seconds"], cost.memory)


@contextmanager
def edited(file: Path, change: Callable[[str], str]) -> Iterator[None]:
    """The file with other content, and as it was afterwards."""
    before = file.read_bytes()
    file.write_text(change(before.decode("utf-8", "replace")), encoding="utf-8")
    try:
        yield
    finally:
        file.write_bytes(before)


def commented(text: str) -> str:
    """Another comment."""
    return f"# edited at {time.time_ns()}\n{text}"


def extended(text: str) -> str:
    """Another function, which calls something of the file."""
    return f"{text}\n\ndef edited_at_{time.time_ns()}(value):\n    return print(value)\n"


def agree(runs: dict[str, Cost]) -> None:
    """End the program where runs on the same files say different things."""
    (first, expected), *others = runs.items()
    for name, cost in others:
        if cost.output != expected.output:
            sys.exit(f"`{first}` and `{name}` print different findings")


def rows(project: Scaled, small: Scaled, runner: Runner, *, with_slow_peers: bool) -> Iterator[tuple[str, Cost, str]]:
    """What is measured, its cost, and its ratio with words."""
    folder = project.folder
    floor = runner.parse(folder)
    yield "libcst parses the same files", floor, ""
    one = runner.check(folder, "--no-cache", "--jobs", "1")
    yield "check, cold, 1 process", one, f"{one.cpu / floor.cpu:.2f} of the parser's CPU"
    memory = one.memory / 1024 / project.lines * 1e6
    yield (
        "check, cold, 2 processes",
        (two := runner.check(folder, "--no-cache", "--jobs", "2")),
        (f"{two.wall / one.wall:.2f} of 1 process (wall); {memory:.1f} GiB per million lines (1 process)"),
    )
    runner.check(folder)
    same = runner.check(folder, times=3)
    agree({"1 process": one, "2 processes": two, "unchanged": same})
    ruff = runner.run([str(BIN / "ruff"), "check", "--no-cache", "--quiet", str(folder)], times=3)
    yield "check, unchanged", same, f"{same.wall / ruff.wall:.2f} of ruff (wall)"
    yield "ruff check --no-cache", ruff, ""
    with edited(project.leaf, commented):
        comment = runner.check(folder)
        agree({"a comment edited": comment, "the same without a store": runner.check(folder, "--no-cache")})
    yield "check, a comment edited", comment, f"{comment.wall / same.wall:.1f} of unchanged (wall)"
    with edited(project.leaf, extended):
        leaf = runner.check(folder)
        agree({"a leaf edited": leaf, "the same without a store": runner.check(folder, "--no-cache")})
    yield "check, a leaf edited", leaf, f"{leaf.wall / same.wall:.1f} of unchanged (wall)"
    with edited(project.hub, extended):
        hub = runner.check(folder)
    yield "check, a module many import edited", hub, f"{hub.wall / same.wall:.1f} of unchanged (wall)"
    options = ["--isolated", "--jobs", "1", str(project.hub)]
    off = runner.run([sys.executable, "-c", WITHOUT_PLUGIN, *options], times=3)
    on = runner.run([sys.executable, "-m", "flake8", *options], times=3)
    yield "flake8 on one file, with the plugin", on, f"{on.wall / off.wall:.2f} of flake8 without it (wall)"
    yield "flake8 on one file, without it", off, ""
    cold = runner.check(small.folder, "--no-cache", "--jobs", "1")
    per_line = (one.cpu / project.lines) / (cold.cpu / small.lines)
    yield f"check, cold, {small.lines:,} lines", cold, f"{per_line:.2f} times its time per line at {project.lines:,}"
    runner.check(small.folder)
    still = runner.check(small.folder, times=3)
    per_line = (same.wall / project.lines) / (still.wall / small.lines)
    yield (
        f"check, unchanged, {small.lines:,} lines",
        still,
        f"{per_line:.2f} times its time per line at {project.lines:,}",
    )
    if with_slow_peers:
        yield from _slow_peers(folder, runner, one)


def _slow_peers(folder: Path, runner: Runner, one: Cost) -> Iterator[tuple[str, Cost, str]]:
    mypy = [
        str(BIN / "mypy"),
        "--ignore-missing-imports",
        "--namespace-packages",
        "--explicit-package-bases",
        "--no-error-summary",
    ]
    with tempfile.TemporaryDirectory() as cache:
        command = [*mypy, "--cache-dir", cache, str(folder)]
        cold = runner.run(command, (0, 1, 2))
        yield "mypy, cold", cold, f"check, cold, takes {one.wall / cold.wall:.2f} of it (wall)"
        yield "mypy, warm", runner.run(command, (0, 1, 2)), ""


def plotted(trees: list[Path], folder: Path, lines: int) -> str:
    """Cost against size, at an eighth, a quarter, half and all of the lines."""
    cold, parsed, unchanged = [], [], []
    for part in (8, 4, 2, 1):
        project = lay_out(folder, trees, lines // part)
        with tempfile.TemporaryDirectory() as store:
            runner = Runner(Path(store))
            parsed.append((project.lines, runner.parse(project.folder).cpu))
            cold.append((project.lines, runner.check(project.folder, "--jobs", "1").cpu))
            unchanged.append((project.lines, 100 * runner.check(project.folder, times=3).wall))
    names = ("cold, one process (CPU)", "libcst alone (CPU)", "unchanged (wall, times 100)")
    return svg(dict(zip(names, (cold, parsed, unchanged), strict=True)), "dealix-lint check: cost against size")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "dealix-lint-bench")
    parser.add_argument("--lines", type=int, default=800_000)
    parser.add_argument("--slow-peers", action="store_true", help="also mypy, which takes minutes")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="also cost against size, as SVG: four sizes, cold and unchanged"
    )
    parser.add_argument("trees", nargs="*", type=Path, help="what to lay out, instead of applications from PyPI")
    options = parser.parse_args()
    trees = [tree.resolve() for tree in options.trees] or packages.applications(options.scratch)
    project = lay_out(options.scratch / "scaled", trees, options.lines)
    small = lay_out(options.scratch / "scaled-small", trees, options.lines // SMALL)
    if options.plot:
        options.plot.write_text(plotted(trees, options.scratch / "scaled-plot", options.lines), encoding="utf-8")
    print(f"{project.lines:,} lines of {', '.join(tree.name for tree in trees)}\n")
    print("| what | wall s | CPU s | peak MiB | ratio |\n|---|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as store:
        for name, cost, ratio in rows(project, small, Runner(Path(store)), with_slow_peers=options.slow_peers):
            print(f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
