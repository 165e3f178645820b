"""The call graph of an analysis, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.callgraph import Network, Resolved, adjacency
from dealix_lint.callgraph.network import Point
from dealix_lint.findings.locate import Positions
from dealix_lint.model.callmap import CallMap, NamedEdge, Part
from dealix_lint.model.graph import Place
from dealix_lint.model.program import Program

Call = tuple[str, str, str, str, Place]
"""Caller, callee, kind, mechanism, place of the call."""


class Drawn:
    """The call graph of one part of a project: what remains of an analysis when it is only about calls."""

    def __init__(self, resolved: Resolved, wanted: Sequence[str]) -> None:
        """`wanted`: the files and folders ("" is everything) whose functions are shown."""
        self.paths = [source.path for source in resolved.program.sources]
        self.network = Network(resolved)
        self._wanted = _functions(resolved.program, wanted)
        self._callees = adjacency(resolved)

    def shown(self, part: Part, *, with_calls: bool) -> tuple[CallMap, tuple[Call, ...]]:
        """The part of it that is asked for, by whole names, and its calls where these are wanted, too."""
        cut = _Cut(self.network, part)
        if part.is_whole:
            found = {name: set(callees) for name, callees in self._callees.items() if name in self._wanted}
            return _map(found), self._of_wanted(cut.calls()) if with_calls else ()
        calls = self._of_wanted(cut.calls())
        found = {name: set() for name in cut.functions() if name in self._wanted}
        for caller, callee, *_ in calls:
            found.setdefault(caller, set()).add(callee)
        return _map(found), calls if with_calls else ()

    def _of_wanted(self, calls: Iterable[Call]) -> tuple[Call, ...]:
        return tuple(sorted({call for call in calls if call[0] in self._wanted}))

    def route(self, start: str, end: str) -> tuple[Call, ...]:
        """The calls that lead from one function to another, by whole names."""
        network = self.network
        steps = network.route(start, end)
        return tuple((network.name(a), network.name(b), *min(network.out[a][b], key=_in_order)) for a, b in steps)


def join_maps(maps: Iterable[CallMap]) -> CallMap:
    """The call graphs of all parts of a project as one."""
    found: dict[str, set[str]] = {}
    edges: list[NamedEdge] = []
    for one in maps:
        for caller, callees in one.adjacency:
            found.setdefault(caller, set()).update(callees)
        edges += one.edges
    return CallMap(_map(found).adjacency, tuple(sorted(edges)))


def _map(found: dict[str, set[str]]) -> CallMap:
    return CallMap(tuple((caller, tuple(sorted(callees))) for caller, callees in sorted(found.items())))


def named(calls: Iterable[Call], positions: Positions, paths: Sequence[str]) -> tuple[NamedEdge, ...]:
    """Calls with file and line, several of one function in one line once. `paths` are the files by module index."""
    edges = (
        NamedEdge(caller, callee, kind, mechanism, paths[place.module], positions.get(place, (0,))[0])
        for caller, callee, kind, mechanism, place in calls
    )
    return tuple(dict.fromkeys(edges))


class _Cut:
    """A part of a network."""

    def __init__(self, network: Network, part: Part) -> None:
        self._network = network
        self._depth = part.depth
        self._ahead = network.distances(network.points(part.start), part.depth) if part.start else None
        ends = network.points(part.end) if part.end else []
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


def _functions(program: Program, wanted: Sequence[str]) -> frozenset[str]:
    return frozenset(
        program.function_name(module, scope)
        for module, source in enumerate(program.sources)
        if any(not path or source.path == path or source.path.startswith(f"{path}/") for path in wanted)
        for scope in range(len(program.summaries[module].scopes))
    )
