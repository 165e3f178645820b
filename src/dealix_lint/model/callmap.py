"""The call graph by name, as `dealix-lint graph` and `dealix-lint why` print it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class NamedEdge:
    """A call from one named function to another. `kind` "call" | "dispatch", `mechanism` the one a dispatch enters, `line` that of the
    call site (0 where it is not known)."""

    caller: str
    callee: str
    kind: str
    mechanism: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class CallMap:
    """Every function of the tree with what it calls, both by name, sorted."""

    adjacency: tuple[tuple[str, tuple[str, ...]], ...]
    edges: tuple[NamedEdge, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked for of a graph: what `start` leads to, what leads to `end` ("": anything), in at most `depth` calls
    (-1: any number). Names are whole or the end of one (`Client.send` for `app.client.Client.send`)."""

    start: str = ""
    end: str = ""
    depth: int = -1

    @property
    def is_whole(self) -> bool:
        """True if nothing is left out."""
        return not self.start and not self.end


@dataclass(frozen=True, slots=True)
class Route:
    """The shortest way from one function to another, call by call; no edges where there is none. `start`, `end` are the
    whole names of what was asked for."""

    start: str
    end: str
    edges: tuple[NamedEdge, ...] = ()

    @property
    def exists(self) -> bool:
        """True if the one leads to the other."""
        return bool(self.edges) or self.start == self.end


@dataclass(frozen=True, slots=True)
class Statistics:
    """How much of the code was resolved. A call counts once however often its function is analysed: as first-party if it
    reaches a function of the tree, else as external if it reaches a library, else as unknown. `unknown` counts those by
    reason, `edges` the edges between functions by kind and confidence."""

    functions: int
    calls: int
    first_party: int
    external: int
    unknown: tuple[tuple[str, int], ...]
    edges: tuple[tuple[str, int], ...]


def join_statistics(found: Iterable[Statistics]) -> Statistics:
    """The statistics of all parts of a project as one."""
    counted = tuple(found)
    unknown, edges = Counter[str](), Counter[str]()
    for one in counted:
        unknown.update(dict(one.unknown))
        edges.update(dict(one.edges))
    return Statistics(
        sum(one.functions for one in counted),
        sum(one.calls for one in counted),
        sum(one.first_party for one in counted),
        sum(one.external for one in counted),
        tuple(sorted(unknown.items(), key=lambda item: (-item[1], item[0]))),
        tuple(sorted(edges.items())),
    )
