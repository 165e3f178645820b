"""Recall of the call graph against reality: the call edges seen while a package's own tests run.

    python bench/dynamic_recall.py [--scratch FOLDER] [--misses N] [--again] [PACKAGE ...]

For each package: its source distribution is downloaded, a virtual environment with its test requirements made, its
tests run under `bench/record_plugin.py`, and the edges between its own functions looked up in
`dealix-lint graph --format json`. Both are kept in the scratch folder; a recording is made once (`--again` repeats it).

What counts are direct edges: the caller's own code calls the callee. A generator or coroutine is called where its function is
called, which makes it, wherever it is first resumed: `for x in g` of a `g` that was handed over is no call of its function.
An edge is listed apart, with the reason, only where the recording itself shows that the caller did not make the call:

* code that is not the package's lies between: of a library, of the tests, or made by `exec`;
* the caller was inside a function written in C, which called back (`sorted(key=...)`);
* the callee is a finalizer, which runs wherever the last reference happens to go.

What the tests hand over - their own classes, functions, mocks - is not told apart: where the package calls one of its own
functions on such a value, the edge counts.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import packages

ROOT = Path(__file__).resolve().parents[1]
Edge: TypeAlias = tuple[str, str, str]
APART = {
    "c": "through a C function",
    "library": "called by a library",
    "generated": "called by generated code",
    "tests": "called by the tests",
    "finalizer": "called by nobody, a finalizer",
    "resumed": "not seen when called",
}


@dataclass(frozen=True, slots=True)
class Suite:
    """A package with tests: import name, folder imports start from, pytest arguments, what to install beside it."""

    package: str
    root: str
    tests: tuple[str, ...]
    requirements: tuple[str, ...] = ()


SUITES = {
    "click": Suite("click", "src", ("tests", "-m", "not stress")),
    "flask": Suite("flask", "src", ("tests",), ("pytest<9", "asgiref", "python-dotenv")),
    "jinja2": Suite("jinja2", "src", ("tests",), ("trio",)),
    "networkx": Suite(
        "networkx", ".", ("networkx/classes", "networkx/algorithms/shortest_paths", "networkx/readwrite")
    ),
    "celery": Suite(
        "celery", ".", ("t/unit/app", "t/unit/tasks"), ("pytest-celery", "pytest-subtests", "moto", "redis")
    ),
    "starlette": Suite(
        "starlette",
        ".",
        ("tests",),
        ("anyio[trio]", "httpx", "httpx2", "jinja2", "itsdangerous", "python-multipart", "pyyaml"),
    ),
    "rich": Suite("rich", ".", ("tests",), ("attrs",)),
    "httpx": Suite("httpx", ".", ("tests",), ("trio", "uvicorn", "trustme", "chardet", "anyio", "h2", "zstandard")),
    "attrs": Suite("attr", "src", ("tests",), ("hypothesis", "cloudpickle", "pympler")),
    "anyio": Suite("anyio", "src", ("tests",), ("trio", "hypothesis", "trustme", "psutil", "pytest-mock")),
    "djangorestframework": Suite(
        "rest_framework",
        ".",
        ("tests",),
        (
            *("pytest-django", "dj-database-url", "setuptools<81", "pytz"),
            *("markdown", "pyyaml", "inflection", "uritemplate", "coreapi"),
        ),
    ),
    "aiohttp": Suite(
        "aiohttp",
        ".",
        ("tests/test_client_functional.py", "tests/test_web_functional.py", "tests/test_urldispatch.py"),
        (
            "pytest-aiohttp",
            "pytest-mock",
            "trustme",
            "re-assert",
            "freezegun",
            "proxy.py",
            "pytest-xdist",
            "blockbuster",
        ),
    ),
}


def record(name: str, tree: Path, scratch: Path, again: bool) -> list[Edge]:
    """The edges seen in the package's tests."""
    suite, output = SUITES[name], scratch / f"{tree.name}.edges.json"
    if again or not output.exists():
        python = _environment(name, tree, scratch)
        root = tree / suite.root
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
            "PYTHONPATH": os.pathsep.join([str(root), str(ROOT / "bench")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPYCACHEPREFIX": str(scratch / "no-bytecode"),
            "DEALIX_RECORD_TREE": str(tree),
            "DEALIX_RECORD_ROOT": str(root),
            "DEALIX_RECORD_PACKAGE": suite.package.replace(".", "/"),
            "DEALIX_RECORD_OUTPUT": str(output),
        }
        options = ["-q", "-p", "record_plugin", "-p", "no:cacheprovider", "-W", "ignore", "--tb=no", "-o", "addopts="]
        options.append("--continue-on-collection-errors")
        command = [python, "-m", "pytest", *options, *suite.tests]
        with (scratch / f"{tree.name}.pytest.log").open("w") as log:
            subprocess.run(
                command, cwd=tree, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=3600
            )
    return [(caller, callee, how) for caller, callee, how in json.loads(output.read_text())]


def _environment(name: str, tree: Path, scratch: Path) -> str:
    """A Python with the package and what its tests need."""
    folder = scratch / f"{tree.name}.venv"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = ["pytest", *SUITES[name].requirements, str(tree)]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
        (folder / "complete").touch()
    return str(python)


def static_graph(tree: Path, root: str) -> dict[str, list[str]]:
    """The call graph of the package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "dealix_lint", "graph", "--format", "json", "--no-cache", str(tree / root)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    graph: dict[str, list[str]] = json.loads(done.stdout)
    return graph


class Causes:
    """Why an edge may be missing, from what the sources say of its callee."""

    def __init__(self, graph: dict[str, list[str]], root: Path) -> None:
        self.graph = graph
        self.definitions = Counter(name.rpartition(".")[2] for name in graph)
        self.decorators: dict[str, set[str]] = defaultdict(set)
        self.classes: set[str] = set()
        for path in sorted(root.rglob("*.py")):
            relative = path.relative_to(root.parent).with_suffix("")
            module = ".".join(part for part in relative.parts if part != "__init__")
            self._learn(ast.parse(path.read_bytes()), module)

    def _learn(self, node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = name
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = f"{name}.{child.name}"
                self.decorators[inner] |= {ast.unparse(decorator).split("(")[0] for decorator in child.decorator_list}
                if isinstance(child, ast.ClassDef):
                    self.classes.add(inner)
            self._learn(child, inner)

    def of(self, caller: str, callee: str, how: str) -> str:
        """One cause in words."""
        owner, _, last = callee.rpartition(".")
        if how in APART:
            return APART[how]
        if callee not in self.graph or caller not in self.graph:
            return "no such node in the graph"
        if any("property" in name or name.endswith((".setter", ".getter")) for name in self.decorators[callee]):
            return "property"
        if last in ("__init__", "__new__", "__post_init__"):
            return "instantiation"
        if last.startswith("__"):
            return "operator or protocol method"
        if owner not in self.classes:
            return "nested function, wrapper or lambda" if owner in self.graph and "." in owner else "function"
        known = self.definitions[last]
        unknown = "receiver unknown" if "<unknown>" in self.graph[caller] else "caller fully resolved"
        return f"method, name defined {'once' if known == 1 else 'few times' if known < 5 else 'often'}, {unknown}"


def compare(name: str, edges: Iterable[Edge], graph: dict[str, list[str]], root: Path, misses: int) -> tuple[int, int]:
    """Print the recall of one package and its misses by cause; returns edges found and edges seen."""
    causes = Causes(graph, root)
    missed: dict[str, list[str]] = defaultdict(list)
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for caller, callee, how in edges:
        kind = APART.get(how, "direct")
        seen[kind] += 1
        if callee in graph.get(caller, ()):
            found[kind] += 1
        else:
            missed[causes.of(caller, callee, how)].append(f"{caller} -> {callee}")
    print(f"\n## {name}\n\n| edges | seen | found | recall |\n|---|--:|--:|--:|")
    for kind in ("direct", *APART.values()):
        print(f"| {kind} | {seen[kind]} | {found[kind]} | {found[kind] / max(1, seen[kind]):.3f} |")
    print("\n| cause of a miss | edges |\n|---|--:|")
    for cause, lost in sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"| {cause} | {len(lost)} |")
    for cause, lost in sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"\n{cause}:", *lost[:misses], sep="\n    ")
    return found["direct"], seen["direct"]


def main() -> None:
    """Record, compare and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "dealix-lint-bench")
    parser.add_argument("--misses", type=int, default=8)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("packages", nargs="*", default=["click", "flask", "jinja2", "networkx", "celery", "starlette"])
    options = parser.parse_args()
    scratch: Path = options.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    found = seen = 0
    for name in options.packages:
        tree = packages.unpacked(name, scratch)
        root = tree / SUITES[name].root
        edges = record(name, tree, scratch, options.again)
        graph = static_graph(tree, SUITES[name].root)
        right, all_seen = compare(name, edges, graph, root / SUITES[name].package, options.misses)
        found, seen = found + right, seen + all_seen
    print(f"\nTogether: {found} of {seen} direct edges, recall {found / max(1, seen):.3f}")


if __name__ == "__main__":
    main()
