"""Graphs: what they are made of, where they are compiled and run, and whether that survives a crash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dealix_lint.facts.owners import Ownership
from dealix_lint.facts.paths import Paths
from dealix_lint.facts.sites import Sites
from dealix_lint.model.graph import DISPATCH_EDGE, ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GraphNames
from dealix_lint.model.text import ArgumentValue, Constant, Sequence, Symbol, Text

_CHECKPOINTER = "checkpointer"
_WITHOUT = "is compiled without a checkpointer"
_PAUSES = ("interrupt_before", "interrupt_after")
Values = tuple[ArgumentValue, ...]


@dataclass(slots=True)
class Graph:
    """One graph: functions in it, and the calls that compile and run it."""

    functions: set[str] = field(default_factory=set)
    compiled: list[ExternalCall] = field(default_factory=list)
    run: list[ExternalCall] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """A call that compiles or runs a graph so that it may be lost, and why."""

    call: ExternalCall
    graph: Graph
    reason: str


class Durability:
    """Durability facts of graphs."""

    __slots__ = (
        "_build",
        "_compile",
        "_ephemeral",
        "_interrupts",
        "_names",
        "_prebuilt",
        "_run",
        "ownership",
        "paths",
        "sites",
    )

    def __init__(self, sites: Sites, paths: Paths, ownership: Ownership, names: GraphNames) -> None:
        self.sites, self.paths, self.ownership, self._names = sites, paths, ownership, names
        self._build, self._compile, self._prebuilt, self._run, self._ephemeral, self._interrupts = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.build, names.compile, names.prebuilt, names.run, names.ephemeral, names.interrupts)
        )

    def ephemeral(self) -> Iterator[Ephemeral]:
        """Calls that compile a graph without a durable checkpointer, or run one without waiting for it, in node and
        place order; graphs that run under the owner alone are left out."""
        if self.ownership.has_plugin:
            return
        graphs = self._graphs()
        for graph in graphs:
            if graph.run and all(self._is_under_owner(call.node) for call in graph.run):
                continue
            is_part = self._is_part(graph, graphs)
            for call in graph.compiled:
                reason = self._why_not_durable(call)
                if reason and not (is_part and reason == _WITHOUT):
                    yield Ephemeral(call, graph, reason)
            for call in graph.run:
                for mode in _texts(_named(call, "durability")):
                    if mode in self._names.modes:
                        yield Ephemeral(call, graph, f'runs with durability "{mode}"')

    def _is_part(self, graph: Graph, graphs: tuple[Graph, ...]) -> bool:
        """Whether the graph runs inside another one, whose checkpointer it then uses: as one of its nodes, or called by
        one."""
        for other in graphs:
            if other is not graph and self._holds_graph(other) and not self._holds_graph(graph):
                return True
            if other is not graph and graph.run and {call.node for call in graph.run} <= self._within(other):
                return True
        return False

    def _holds_graph(self, graph: Graph) -> bool:
        return any(map(self._is_graph, graph.functions))

    def _is_graph(self, name: str) -> bool:
        """Whether a node is itself a graph."""
        return bool(self._compile.find(f"{name}.compile"))

    def waits_for_human(self, found: Ephemeral) -> bool:
        """Whether a node of the graph interrupts, or the graph stops before or after one."""
        for call in found.graph.compiled:
            for name in _PAUSES:
                if any(not isinstance(value, Constant) and value != Sequence(()) for value in _named(call, name)):
                    return True
        reached = self._within(found.graph)
        words = frozenset(name.rpartition(".")[2] for name in self._names.interrupts)
        return any(self._interrupts_in(node, words) for node in sorted(reached))

    def nodes(self, graph: Graph) -> frozenset[int]:
        """Graph nodes that the functions of a graph run in the same process, without crossing into the owner."""
        return self._within(graph)

    def _interrupts_in(self, node: int, words: frozenset[str]) -> bool:
        if words.isdisjoint(self.sites.words(node)):
            return False
        return any(self._interrupts.find(name) for view in self.sites.calls(node).values() for name in view.names)

    def _within(self, graph: Graph) -> frozenset[int]:
        pending = [node for name in sorted(graph.functions) for node in self.sites.nodes_of(name)]
        seen = set(pending)
        while pending:
            for edge in self.sites.graph.out[pending.pop()]:
                is_handed_over = edge.kind == DISPATCH_EDGE and edge.mechanism == self.ownership.rules.owner
                if not is_handed_over and edge.target not in seen:
                    seen.add(edge.target)
                    pending.append(edge.target)
        return frozenset(seen)

    def _is_under_owner(self, node: int) -> bool:
        """Whether every way from a start to the node goes through a unit of the owner."""
        owner = self.ownership.rules.owner
        return not self.paths.starts_above(
            node, lambda edge: edge.kind == DISPATCH_EDGE and edge.mechanism == owner, owner
        )

    # -- which calls belong together ------------------------------------------------------------------------------

    def _graphs(self) -> tuple[Graph, ...]:
        kinds = (self._build, self._compile, self._prebuilt, self._run)
        calls = self.sites.resolution.external_calls(lambda path: any(kind.find(path) for kind in kinds))
        by_creation: dict[int, Graph] = {}
        alone: list[Graph] = []
        for call in calls:
            if self._prebuilt.find(call.path):
                alone.append(Graph(set(_symbols((*call.arguments, *(v for _, v in call.keywords)))), [call]))
            elif call.creation:
                graph = by_creation.setdefault(call.creation, Graph())
                if self._build.find(call.path):
                    graph.functions.update(_symbols((*call.arguments, *(v for _, v in call.keywords))))
                elif self._compile.find(call.path):
                    graph.compiled.append(call)
                else:
                    graph.run.append(call)
        return (*by_creation.values(), *alone)

    def _why_not_durable(self, call: ExternalCall) -> str:
        values = _named(call, _CHECKPOINTER)
        positional = call.arguments[:1] if self._compile.find(call.path) else ()
        values = values or (positional[0] if positional else ())
        has_one = any(name == _CHECKPOINTER for name, _ in call.keywords) or bool(positional)
        if not has_one:
            return _WITHOUT
        if values and all(isinstance(v, Constant) and not v.value for v in values):
            return _WITHOUT
        if values and all(isinstance(v, Symbol) and self._ephemeral.find(v.name) for v in values):
            return "is compiled with a checkpointer that lives in memory"
        return ""


def _named(call: ExternalCall, name: str) -> Values:
    return dict(call.keywords).get(name, ())


def _texts(values: Values) -> Iterator[str]:
    return (value.literal for value in values if isinstance(value, Text) and value.literal is not None)


def _symbols(groups: Iterable[Values]) -> Iterator[str]:
    for values in groups:
        for value in values:
            if isinstance(value, Symbol):
                yield value.name
            elif isinstance(value, Sequence):
                yield from _symbols((value.elements,))
