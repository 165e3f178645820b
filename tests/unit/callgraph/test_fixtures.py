"""What the call graph says of the small projects in `tests/fixtures/callgraph` (see the README there)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from dealix_lint.model.graph import CallGraph
from tests.call_graphs import resolve
from tests.fixture_files import FIXTURES, FixtureCase, cases_under

CASES = cases_under(FIXTURES / "callgraph")


def _contradictions(case: FixtureCase, adjacency: dict[str, tuple[str, ...]]) -> Iterator[str]:
    lines = case.expected("edges")
    required = {tuple(line.split(" -> ")) for line in lines if " -> " in line}
    forbidden = {tuple(line.split(" -/> ")) for line in lines if " -/> " in line}
    exact = {line.removeprefix("= ") for line in lines if line.startswith("= ")}
    assert len(required) + len(forbidden) + len(exact) == len(set(lines)), "a line is none of `->`, `-/>`, `=`"
    for caller, callee in sorted(required):
        if callee not in adjacency.get(caller, ()):
            yield f"missing: {caller} -> {callee}"
    for caller, callee in sorted(forbidden):
        if callee in adjacency.get(caller, ()):
            yield f"wrong: {caller} -> {callee}"
    for caller in sorted(adjacency if "*" in exact else exact):
        for callee in adjacency.get(caller, ()):
            if (callee in adjacency or callee == "<unknown>") and (caller, callee) not in required | forbidden:
                yield f"not listed: {caller} -> {callee}"


def _wrong_paths(case: FixtureCase, graph: CallGraph) -> Iterator[str]:
    for line in case.expected("paths"):
        start, _, end = line.replace("~/>", "~>").partition(" ~> ")
        if ("~/>" in line) == (end in _reached(graph, start)):
            yield f"path contradicts: {line}"


def _reached(graph: CallGraph, function: str) -> set[str]:
    """Functions reached from any context of a function over one edge or more."""
    pending = [index for index, node in enumerate(graph.nodes) if node.function == function]
    seen: set[int] = set()
    while pending:
        new = {edge.target for edge in graph.out[pending.pop()]} - seen
        seen |= new
        pending += new
    return {graph.nodes[index].function for index in seen}


def _parameter(case: FixtureCase) -> ParameterSet:
    """A case that is a known gap must fail: a fix is to be noticed."""
    marks = [pytest.mark.xfail(reason=case.known_gap, strict=True)] if case.known_gap else []
    return pytest.param(case, id=case.id, marks=marks)


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_call_graph_has_exactly_the_edges_announced(case: FixtureCase, tmp_path: Path) -> None:
    case.write(tmp_path)
    resolved = resolve(tmp_path)
    wrong = [*_contradictions(case, resolved.adjacency), *_wrong_paths(case, resolved.graph)]
    assert not wrong, "\n".join([f"{case.fixture}:{case.line}", *wrong])


def test_every_case_says_what_must_not_be_there() -> None:
    silent = [
        case.id
        for case in CASES
        if not any(" -/> " in line or line.startswith("= ") for line in case.expected("edges"))
        and not any("~/>" in line for line in case.expected("paths"))
    ]
    assert silent == []


def test_every_case_says_what_must_be_there() -> None:
    silent = [case.id for case in CASES if not any(" -> " in line for line in case.expected("edges"))]
    assert silent == []


def test_headings_are_unique_within_a_topic() -> None:
    ids = [case.id for case in CASES]
    assert sorted(set(ids)) == sorted(ids)
