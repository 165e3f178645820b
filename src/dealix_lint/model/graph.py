"""The call graph as values: nodes are functions in a context, edges are call sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dealix_lint.model.text import ArgumentValue

CALL_EDGE, DISPATCH_EDGE = "call", "dispatch"
HIGH, MEDIUM, LOW = 2, 1, 0
CONFIDENCE_NAMES = ("low", "medium", "high")
UNKNOWN_CALLEE = "<unknown>"
"""Access path of a callee of which nothing is known."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the analysed code: index of the module in the program, of the scope in it, and register."""

    module: int
    scope: int
    register: int


@dataclass(frozen=True, slots=True)
class Edge:
    """From a call site to a node. `place` is the call site, `kind` CALL_EDGE or DISPATCH_EDGE, `mechanism` the one entered
    by a dispatch ("" for calls), `confidence` HIGH | MEDIUM | LOW."""

    target: int
    place: Place
    kind: str = CALL_EDGE
    mechanism: str = ""
    confidence: int = HIGH


@dataclass(frozen=True, slots=True)
class Node:
    """A function (or a module's top-level code) analysed in one context. `function` is module + qualified name;
    several nodes may share it (a decorator's wrapper once per wrapped function). `module`, `scope` locate its code."""

    function: str
    module: int
    scope: int


@dataclass(frozen=True, slots=True)
class ExternalCall:
    """A call that leaves the analysed code, with what is known of its arguments.

    `path` is an access path: dots for attributes, `()` after what was called, constants kept where they choose the
    result: `httpx.AsyncClient().post`, `boto3.client('ses').send_email`, `requests.post`. `arguments` and `keywords` give each
    argument's possible values (empty: unknown). `creation_*` are those of the call that made the receiver
    (`AsyncClient(base_url=...)`), if any, and `creation` tells receivers made at different places apart (0: not known)."""

    node: int
    place: Place
    path: str
    arguments: tuple[tuple[ArgumentValue, ...], ...] = ()
    keywords: tuple[tuple[str, tuple[ArgumentValue, ...]], ...] = ()
    creation_arguments: tuple[tuple[ArgumentValue, ...], ...] = ()
    creation_keywords: tuple[tuple[str, tuple[ArgumentValue, ...]], ...] = ()
    creation: int = 0
    confidence: int = HIGH


@dataclass(frozen=True)  # no slots: what is asked of all edges is worked out once
class CallGraph:
    """The whole graph: `out[i]` are the edges of `nodes[i]`, `external` all calls that leave it (modelled paths only carry
    arguments)."""

    nodes: tuple[Node, ...]
    out: tuple[tuple[Edge, ...], ...]
    external: tuple[ExternalCall, ...]

    @cached_property
    def callers(self) -> Sequence[Sequence[tuple[int, Edge]]]:
        """For each node the edges that lead to it, each with the node it leaves, in the order of these."""
        found: list[list[tuple[int, Edge]]] = [[] for _ in self.nodes]
        for source, edges in enumerate(self.out):
            for edge in edges:
                found[edge.target].append((source, edge))
        return found

    def reached_from(self, starts: Iterable[int]) -> frozenset[int]:
        """All nodes to which a path leads from one of `starts`, these included."""
        return _closed(starts, lambda node: (edge.target for edge in self.out[node]))

    def reaching(self, targets: Iterable[int]) -> frozenset[int]:
        """All nodes from which a path leads to one of `targets`, these included."""
        return _closed(targets, lambda node: (source for source, _ in self.callers[node]))


def _closed(nodes: Iterable[int], following: Callable[[int], Iterable[int]]) -> frozenset[int]:
    found = set(nodes)
    pending = sorted(found)
    while pending:
        for node in following(pending.pop()):
            if node not in found:
                found.add(node)
                pending.append(node)
    return frozenset(found)
