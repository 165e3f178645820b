"""Random projects never break the call graph, and nothing but the sources decides what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.call_graphs import resolve
from tests.fixture_files import FIXTURES, cases_under
from tests.properties import programs

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ROOT = Path(__file__).parents[2]
PRINT = (
    "import json, sys; from pathlib import Path; from tests.call_graphs import resolve\n"
    "for name in sorted(p.name for p in Path(sys.argv[1]).iterdir()):\n"
    "    print(json.dumps(resolve(Path(sys.argv[1], name), reverse=sys.argv[2] == 'reverse').adjacency))\n"
)


def _write(files: dict[str, str], root: Path) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@given(programs.project)
@CALM
def test_any_project_has_a_call_graph(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _write(files, Path(folder))
        resolved = resolve(Path(folder))
    assert all(0 <= edge.target < len(resolved.graph.nodes) for edges in resolved.graph.out for edge in edges)
    assert list(resolved.adjacency) == sorted(resolved.adjacency)
    assert all(list(callees) == sorted(set(callees)) for callees in resolved.adjacency.values())


@given(programs.project)
@CALM
def test_the_order_of_files_does_not_matter(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _write(files, Path(folder))
        assert resolve(Path(folder)).adjacency == resolve(Path(folder), reverse=True).adjacency


def test_the_hash_seed_does_not_change_a_byte(tmp_path: Path) -> None:
    _write_sample(tmp_path)
    printed = {_printed(tmp_path, seed, "forward") for seed in ("0", "1", "4711")}
    assert len(printed) == 1
    assert all(json.loads(line) for line in printed.pop().splitlines())


@pytest.mark.xfail(
    reason="a star import that resolves late leaves an external guess behind; files are analysed in path order"
)
def test_the_order_in_which_files_are_linked_does_not_change_a_byte(tmp_path: Path) -> None:
    _write_sample(tmp_path)
    assert _printed(tmp_path, "0", "forward") == _printed(tmp_path, "0", "reverse")


def _write_sample(folder: Path) -> None:
    for number, case in enumerate(cases_under(FIXTURES / "callgraph")):
        if number % 12 == 0 or len(case.files) > 3:
            case.write(folder / f"{number:03}")


def _printed(folder: Path, seed: str, order: str) -> str:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    command = [sys.executable, "-c", PRINT, str(folder), order]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
