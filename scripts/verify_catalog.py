"""Checks the access paths of rules/effects against the libraries themselves.

    python scripts/verify_catalog.py [--scratch FOLDER] [NAME ...]

Each file names the PyPI distributions of its libraries in `packages`. Every one is installed into a folder of its own
(nothing is installed where this runs; `uv`, where there is one, is faster at it than pip) and looked at by a process of
its own (`sdk_paths.py`): modules are imported, classes inspected, and what calls give back is taken from annotations, from
the source of `__init__` and `return`, or from a real object where one can be made without a network. A pattern, or an
alternative in its braces, that none of the distributions has is an error; what cannot be told (attributes made at run
time) and what cannot be installed or imported here is listed apart. NAME: files, without `.toml`.

Exit status: 0 everything is there, 1 something is not."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from dealix_lint.model.patterns import expand  # noqa: E402

SECONDS = 600
STANDARD = frozenset(sys.stdlib_module_names)
INSIDE = Path(__file__).with_name("sdk_paths.py")


@dataclass
class Checked:
    """What was found out about one file: its patterns and alternatives that are not there, those of which it cannot be
    told, and what could not be looked at, each with the reason."""

    name: str
    patterns: int = 0
    dead: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Check and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "dealix-lint-sdks")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    files = sorted((ROOT / "rules" / "effects").glob("*.toml"))
    wanted = [path for path in files if not options.names or path.stem in options.names]
    checked: list[Checked] = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(lambda path: check(path, options.scratch), wanted):
            if found.patterns:
                checked.append(found)
                show(found)
    dead = sum(len(found.dead) for found in checked)
    missing = sorted({package for found in checked for package in found.missing})
    patterns, untold = sum(found.patterns for found in checked), sum(len(found.untold) for found in checked)
    print(f"\n{len(checked)} files, {patterns} patterns, {dead} not there, {untold} that cannot be told")
    if missing:
        print(f"not looked at: {', '.join(missing)}")
    return 1 if dead else 0


def show(found: Checked) -> None:
    """Print what was found out about one file, as soon as it is known: all of them take hours."""
    print(f"{found.name}: {found.patterns} patterns, {', '.join(found.versions) or 'no library'}")
    for line in found.dead:
        print(f"    not there: {line}")
    for line in found.untold:
        print(f"    cannot be told: {line}")
    for package, reason in found.missing.items():
        print(f"    not looked at: {package}: {reason}")
    sys.stdout.flush()


def check(path: Path, scratch: Path) -> Checked:
    """Look at the libraries of one file."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    patterns = list(dict.fromkeys(paths_in(document)))
    found = Checked(path.stem, len(patterns))
    plain = sorted({one for pattern in patterns for one in expand(pattern)})
    alive: set[str] = set()
    untold: set[str] = set()
    seen: set[str] = set()
    roots = {root_of(one) for one in plain}
    for package in document.get("packages", ()) if plain else ():
        folder = scratch / package.replace("==", "-")
        reason = install(package, folder)
        rest = [one for one in plain if one not in alive]
        answer = look(folder, rest) if reason is None else {"reason": reason}
        if "reason" in answer:
            found.missing[package] = str(answer["reason"])
            continue
        alive.update(answer["alive"])
        untold.update(answer["unknown"])
        seen.update({root_of(one) for one in rest} - set(answer["missing"]) - set(answer["broken"]))
        found.missing.update({f"{root} of {package}": why for root, why in dict(answer["broken"]).items()})
        found.versions.append(f"{package.partition('==')[0]} {version(folder, package)}")
    for root in sorted(roots - seen - STANDARD):
        if not any(key.startswith(f"{root} of ") for key in found.missing):
            found.missing[root] = "in none of the packages"
    untold |= {one for one in plain if root_of(one) not in seen}
    found.dead = [line for pattern in patterns for line in dead_parts(pattern, alive | untold)]
    found.untold = [line for pattern in patterns for line in dead_parts(pattern, alive) if line not in found.dead]
    return found


def paths_in(document: dict[str, Any]) -> Iterator[str]:
    """The access paths of a file: its symbols', and its HTTP clients' without `[]`, a method by computed name."""
    for table in document.get("symbols", ()):
        yield from table["paths"]
    for table in document.get("clients", ()):
        yield from (call.replace(",[]}", "}") for call in table["calls"])


def root_of(path: str) -> str:
    """The top-level module of an access path."""
    return path.partition(".")[0]


def install(package: str, folder: Path) -> str | None:
    """Install a distribution with what it needs into a folder, once; the reason where that fails."""
    if (folder / ".done").exists():
        return None
    uv = shutil.which("uv")
    tool = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    command = [*tool, "--quiet", "--target", str(folder), package]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "installing takes too long"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed"])[-1]
    (folder / ".done").touch()
    return None


def look(folder: Path, plain: list[str]) -> dict[str, Any]:
    """Which of the paths a library has, found out by a process that sees nothing else."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    environment |= {"PYTHONPATH": str(folder), "AWS_DEFAULT_REGION": "eu-west-1", "PYTHONWARNINGS": "ignore"}
    environment |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    command = [sys.executable, "-s", str(INSIDE)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(plain),
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout.rpartition("\n@@")[2])
    except subprocess.TimeoutExpired:
        return {"reason": "looking takes too long"}
    except ValueError:
        return {"reason": (done.stderr.strip().splitlines() or ["it ended without an answer"])[-1]}
    return found


def version(folder: Path, package: str) -> str:
    """The installed version of a distribution."""
    name = package.partition("==")[0].partition("[")[0].lower().replace("-", "_").replace(".", "_")
    for info in folder.glob("*.dist-info"):
        found, _, number = info.name.removesuffix(".dist-info").rpartition("-")
        if found.lower().replace("-", "_").replace(".", "_") == name:
            return number
    return "?"


def dead_parts(pattern: str, alive: set[str]) -> Iterator[str]:
    """The pattern, if nothing of it is there, else each alternative in its braces that no path with it is there of."""
    plain = expand(pattern)
    if not alive.intersection(plain):
        yield pattern
        return
    for before, alternative, after in alternatives(pattern):
        if not alive.intersection(expand(f"{before}{alternative}{after}")):
            yield f"`{alternative}` in {pattern}"


def alternatives(pattern: str, head: str = "", tail: str = "") -> Iterator[tuple[str, str, str]]:
    """Each alternative in a brace of a pattern, at any depth, with what stands before and after it."""
    depth, start, opening = 0, 0, -1
    for position, character in enumerate(pattern):
        if character == "{":
            depth += 1
            if depth == 1:
                opening, start = position, position + 1
        elif depth == 1 and character in ",}":
            closing = end_of_brace(pattern, opening)
            before, part, after = head + pattern[:opening], pattern[start:position], pattern[closing + 1 :] + tail
            yield before, part, after
            yield from alternatives(part, before, after)
            start = position + 1
        if character == "}":
            depth -= 1


def end_of_brace(pattern: str, opening: int) -> int:
    """Where the brace that opens at a position closes."""
    depth = 0
    for position in range(opening, len(pattern)):
        depth += (pattern[position] == "{") - (pattern[position] == "}")
        if not depth:
            return position
    raise ValueError(pattern)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
