"""The call graph by name, as `dealix-lint graph` prints it."""

from __future__ import annotations

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
