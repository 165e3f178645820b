"""The call graph of an analysis, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.callgraph import Network, Resolved, adjacency
from dealix_lint.callgraph.export import plain_path
from dealix_lint.callgraph.network import Point
from dealix_lint.findings.locate import Positions
from dealix_lint.model.callmap import CallMap, NamedEdge, Part
from dealix_lint.model.graph import CALL_EDGE, Place
from dealix_lint.model.program import Program

Call = tuple[str, str, str, str, Place]
"""Caller, callee, kind, mechanism, place of the call."""


def call_map(resolved: Resolved, wanted: Sequence[str]) -> CallMap:
    """Functions of the `wanted` files and folders ("" is everything) with what they call."""
    callers = _functions(resolved.program, wanted)
    found = adjacency(resolved)
    return CallMap(tuple((caller, tuple(callees)) for caller, callees in found.items() if caller in callers))


def call_sites(resolved: Resolved, wanted: Sequence[str]) -> tuple[Call, ...]:
    """Every call from the `wanted` files."""
    callers = _functions(resolved.program, wanted)
    return tuple(sorted({call for call in _calls(resolved) if call[0] in callers}))


def part_of(resolved: Resolved, wanted: Sequence[str], part: Part) -> tuple[CallMap, tuple[Call, ...]]:
    """The part of the graph that is asked for, and its calls. Raises QuestionError for a name that means no function, or
    more than one."""
    cut = _Cut(Network(resolved), part)
    callers = _functions(resolved.program, wanted)
    calls = {call for call in cut.calls() if call[0] in callers}
    found: dict[str, set[str]] = {name: set() for name in cut.functions() if name in callers}
    for caller, callee, *_ in calls:
        found.setdefault(caller, set()).add(callee)
    graph = CallMap(tuple((caller, tuple(sorted(callees))) for caller, callees in sorted(found.items())))
    return graph, tuple(sorted(calls))


def route(resolved: Resolved, start: str, end: str) -> tuple[str, str, tuple[Call, ...]]:
    """The whole names of two functions, and the calls that lead from the one to the other. Raises QuestionError like
    `part_of`."""
    network = Network(resolved)
    start, end = network.find(start), network.find(end)
    steps = network.route(start, end)
    calls = ((network.name(a), network.name(b), *min(network.out[a][b], key=_in_order)) for a, b in steps)
    return start, end, tuple(calls)


def named(calls: Iterable[Call], positions: Positions, paths: Sequence[str]) -> tuple[NamedEdge, ...]:
    """Calls with file and line. `paths` are the files by module index."""
    return tuple(
        NamedEdge(caller, callee, kind, mechanism, paths[place.module], positions.get(place, (0,))[0])
        for caller, callee, kind, mechanism, place in calls
    )


class _Cut:
    """A part of a network."""

    def __init__(self, network: Network, part: Part) -> None:
        self._network = network
        self._depth = part.depth
        self._ahead = network.distances(network.points(network.find(part.start)), part.depth) if part.start else None
        ends = network.points(network.find(part.end)) if part.end else []
        self._behind = network.distances(ends, part.depth, backwards=True) if part.end else None

    def functions(self) -> Iterator[str]:
        """Functions of the tree in it."""
        for point in self._ahead if self._ahead is not None else self._behind or ():
            if isinstance(point, int) and self._has(point):
                yield self._network.name(point)

    def calls(self) -> Iterator[Call]:
        """Calls between what is in it."""
        for source, targets in self._network.out.items():
            for target, sites in targets.items() if self._has(source) else ():
                if self._has(target) and self._is_near(source, target):
                    for site in sites:
                        yield self._network.name(source), self._network.name(target), *site

    def _has(self, point: Point) -> bool:
        return (self._ahead is None or point in self._ahead) and (self._behind is None or point in self._behind)

    def _is_near(self, source: Point, target: Point) -> bool:
        """False for a call that would be one too many."""
        if self._depth < 0:
            return True
        is_near_start = self._ahead is None or self._ahead[source] < self._depth
        return is_near_start and (self._behind is None or self._behind[target] < self._depth)


def _in_order(site: tuple[str, str, Place]) -> tuple[Place, str, str]:
    kind, mechanism, place = site
    return place, kind, mechanism


def _calls(resolved: Resolved) -> Iterator[Call]:
    nodes = resolved.graph.nodes
    for node, edges in zip(nodes, resolved.graph.out, strict=True):
        for edge in edges:
            yield node.function, nodes[edge.target].function, edge.kind, edge.mechanism, edge.place
    for number, place, path in resolved.external_edges():
        yield nodes[number].function, plain_path(path), CALL_EDGE, "", place


def _functions(program: Program, wanted: Sequence[str]) -> frozenset[str]:
    return frozenset(
        program.function_name(module, scope)
        for module, source in enumerate(program.sources)
        if any(not path or source.path == path or source.path.startswith(f"{path}/") for path in wanted)
        for scope in range(len(program.summaries[module].scopes))
    )
