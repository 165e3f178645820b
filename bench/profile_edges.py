"""Runs call graph fixtures under `sys.setprofile` and compares what happens with what they expect.

    python bench/profile_edges.py [fixture.md ...]          report expectations that reality contradicts
    python bench/profile_edges.py --fill [fixture.md ...]   replace a line `...` in `edges` blocks by what was seen

Each case runs in its own interpreter. Edges into builtin classes and libraries are compared by their last name where
the profiler shows them; edges marked with a comment, and cases marked `static`, are not compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.fixture_files import FIXTURES, FixtureCase, cases_under, read_cases  # noqa: E402

RECORDER = Path(__file__).with_name("record_edges.py")


def observe(case: FixtureCase) -> dict[str, object]:
    """What happened when the case ran, as `bench/record_edges.py` prints it."""
    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        mode = "script" if case.has_option("edges", "script") else "import"
        command = [sys.executable, str(RECORDER), folder, mode]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        try:
            observed: dict[str, object] = json.loads(done.stdout.rpartition("\n@@")[2])
        except ValueError:
            observed = {"error": done.stderr[-600:] or "no output"}
        return observed


def pairs(observed: dict[str, object], kind: str) -> set[tuple[str, str]]:
    """The (caller, callee) pairs of one kind."""
    found = observed.get(kind)
    return {(pair[0], pair[1]) for pair in found} if isinstance(found, list) else set()


def is_first_party(name: str, modules: set[str]) -> bool:
    """Whether a node name lies in one of the case's modules."""
    return any(name == module or name.startswith(module + ".") for module in modules)


def modules_of(case: FixtureCase) -> set[str]:
    """Top-level names of the case's modules."""
    return {file.path.removesuffix(".pyi").removesuffix(".py").split("/")[0] for file in case.files}


def raw_edges(case: FixtureCase) -> list[str]:
    """Lines of the `edges` blocks, comments included."""
    lines = (line.strip() for block in case.expectations if block.kind == "edges" for line in block.lines)
    return [line for line in lines if line]


def compare(case: FixtureCase, observed: dict[str, object]) -> list[str]:
    """Sentences about expectations that the run contradicts."""
    if observed.get("error"):
        return [f"does not run: {observed['error']}"]
    direct, through, detached = (pairs(observed, kind) for kind in ("direct", "through", "detached"))
    outside = pairs(observed, "external")
    ran_elsewhere = {callee for _, callee in through | detached}
    modules = modules_of(case)
    listed: set[tuple[str, str]] = set()
    complaints: list[str] = []
    for line in raw_edges(case):
        bare = line.split(" #")[0].strip()
        if " -> " in bare:
            caller, callee = bare.split(" -> ")
            listed.add((caller, callee))
            seen = (caller, callee) in direct | through or callee in ran_elsewhere or "#" in line
            if not is_first_party(callee, modules) and "#" not in line:
                seen = callee.startswith("<") or (caller, callee.rpartition(".")[2]) in outside
            if not seen:
                complaints.append(f"never happened: {bare}")
        elif " -/> " in bare and tuple(bare.split(" -/> ")) in direct:
            complaints.append(f"did happen: {bare}")
    exact = {line[2:].strip() for line in raw_edges(case) if line.startswith("= ")}
    unlisted = [pair for pair in sorted(direct - listed) if pair[0] in exact or "*" in exact]
    return complaints + [f"happened but is not listed: {caller} -> {callee}" for caller, callee in unlisted]


def fill(case: FixtureCase, observed: dict[str, object]) -> None:
    """Replace the first `...` line below the case's heading by the observed first-party edges."""
    lines = case.fixture.read_text(encoding="utf-8").splitlines()
    at = lines.index("...", case.line)
    edges = sorted(pairs(observed, "direct") | pairs(observed, "through"))
    lines[at : at + 1] = [f"{caller} -> {callee}" for caller, callee in edges]
    case.fixture.write_text("\n".join([*lines, ""]), encoding="utf-8")


def fill_fixture(path: Path) -> None:
    """Fill every `...` of one fixture, from the last case to the first so that line numbers stay true."""
    for case in reversed(read_cases(path)):
        if "..." in raw_edges(case):
            observed = observe(case)
            print(f"{case.id}\n    {observed.get('error') or 'filled'}")
            if not observed.get("error"):
                fill(case, observed)


def main() -> int:
    """Compare or fill; exit status 1 if any case is contradicted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("fixtures", nargs="*", type=Path)
    options = parser.parse_args()
    paths = [path.resolve() for path in options.fixtures]
    if options.fill:
        for path in paths or sorted((FIXTURES / "callgraph").rglob("*.md")):
            fill_fixture(path)
        return 0
    cases = [case for path in paths for case in read_cases(path)] if paths else cases_under(FIXTURES / "callgraph")
    wrong = skipped = 0
    for case in cases:
        if case.has_option("edges", "static"):
            skipped += 1
            continue
        observed = observe(case)
        if str(observed.get("error")).startswith("ModuleNotFoundError"):
            print(f"{case.id}: not executed, {observed['error']}")
            skipped += 1
            continue
        complaints = compare(case, observed)
        wrong += bool(complaints)
        if complaints:
            print(f"{case.id} ({case.fixture.name}:{case.line})", *(f"    {text}" for text in complaints), sep="\n")
    print(f"{len(cases)} cases, {skipped} not executed, {wrong} contradicted")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
