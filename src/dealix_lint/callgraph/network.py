"""The resolved graph as a network: what leads where, over contexts, so that no way through it mixes two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dealix_lint.callgraph.export import plain_path
from dealix_lint.model.errors import QuestionError
from dealix_lint.model.graph import CALL_EDGE, Place

if TYPE_CHECKING:
    from dealix_lint.callgraph.resolution import Resolved

Point = int | str
"""A node of the graph by number, or what is outside it by name."""
Site = tuple[str, str, Place]
"""Kind and mechanism of an edge, and the place of its call."""

MOST_NAMED = 5


class Network:
    """Points of a resolved program with the call sites between them."""

    def __init__(self, resolved: Resolved) -> None:
        self._nodes = resolved.graph.nodes
        self.out: dict[Point, dict[Point, list[Site]]] = {}
        self._into: dict[Point, dict[Point, None]] = {}
        self._named: dict[str, list[Point]] = {}
        for number, node in enumerate(self._nodes):
            self._named.setdefault(node.function, []).append(number)
        for number, edges in enumerate(resolved.graph.out):
            for edge in edges:
                self._add(number, edge.target, (edge.kind, edge.mechanism, edge.place))
        for number, place, path in resolved.external_edges():
            self._add(number, plain_path(path), (CALL_EDGE, "", place))

    def _add(self, source: Point, target: Point, site: Site) -> None:
        self.out.setdefault(source, {}).setdefault(target, []).append(site)
        self._into.setdefault(target, {})[source] = None
        if isinstance(target, str) and target not in self._named:
            self._named[target] = [target]

    def name(self, point: Point) -> str:
        """The function at a point."""
        return point if isinstance(point, str) else self._nodes[point].function

    @property
    def names(self) -> Iterable[str]:
        """Everything in it by its whole name."""
        return self._named

    def points(self, name: str) -> list[Point]:
        """The points of a function (one per context), by its whole name."""
        return self._named.get(name, [])

    def distances(self, starts: Iterable[Point], depth: int = -1, *, backwards: bool = False) -> dict[Point, int]:
        """How many calls away everything is that the starts lead to (that leads to them), up to `depth`."""
        steps = self._into if backwards else self.out
        found: dict[Point, int] = dict.fromkeys(starts, 0)
        last = list(found)
        distance = 0
        while last and distance != depth:
            distance += 1
            last = list(dict.fromkeys(n for point in last for n in steps.get(point, ()) if n not in found))
            found.update(dict.fromkeys(last, distance))
        return found

    def route(self, start: str, end: str) -> list[tuple[Point, Point]]:
        """The steps of a shortest way between two functions; none where there is no way, and from one to itself."""
        ends = set(self.points(end))
        before: dict[Point, Point | None] = dict.fromkeys(self.points(start))
        pending = list(before)
        if not ends.isdisjoint(pending):
            return []
        for point in pending:
            for target in self.out.get(point, ()):
                if target in before:
                    continue
                before[target] = point
                if target in ends:
                    return list(reversed(list(_back(before, target))))
                pending.append(target)
        return []


def find(networks: Iterable[Network], name: str) -> str:
    """The whole name that is meant by a name or the end of one. Raises QuestionError for none, and for several."""
    names = {known for network in networks for known in network.names}
    if name in names:
        return name
    found = sorted(known for known in names if known.endswith(f".{name}"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise QuestionError(f"no function is called {name}{_advice(name, names)}")
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    raise QuestionError(f"{name} can be {', '.join(found[:MOST_NAMED])}{more}; give more of the name")


def _advice(name: str, names: Iterable[str]) -> str:
    by_last: dict[str, list[str]] = {}
    for known in sorted(names):
        by_last.setdefault(known.rpartition(".")[2], []).append(known)
    near = get_close_matches(name.rpartition(".")[2], sorted(by_last), n=1, cutoff=0.75)
    if not near:
        return "; `dealix-lint graph` lists them all"
    whole = get_close_matches(name, by_last[near[0]], n=1, cutoff=0) or by_last[near[0]]
    return f"; did you mean {whole[0]}?"


def _back(before: dict[Point, Point | None], point: Point) -> Iterator[tuple[Point, Point]]:
    while (source := before[point]) is not None:
        yield source, point
        point = source
