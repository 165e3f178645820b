"""Graphs: what they are made of, where they are compiled and run, and whether that survives a crash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dealix_lint.facts.checkpoints import WITHOUT, Checkpoints
from dealix_lint.facts.owners import Ownership
from dealix_lint.facts.paths import Paths
from dealix_lint.facts.sites import Sites
from dealix_lint.model.graph import DISPATCH_EDGE, ExternalCall, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GraphNames
from dealix_lint.model.text import ArgumentValue, Constant, Sequence, Symbol, Text

_PAUSES = ("interrupt_before", "interrupt_after")
Values = tuple[ArgumentValue, ...]


@dataclass(slots=True)
class Graph:
    """One graph: functions in it, objects of libraries in it (other graphs, nodes of tools), and the calls that compile
    and run it; `started`: those that run one that is a function."""

    functions: set[str] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)
    compiled: list[ExternalCall] = field(default_factory=list)
    run: list[ExternalCall] = field(default_factory=list)
    started: list[ExternalCall] = field(default_factory=list)
    is_function: bool = False


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
        "_checkpoints",
        "_compile",
        "_functional",
        "_interrupts",
        "_names",
        "_prebuilt",
        "_run",
        "_teams",
        "ownership",
        "paths",
        "sites",
    )

    def __init__(self, sites: Sites, paths: Paths, ownership: Ownership, names: GraphNames) -> None:
        self.sites, self.paths, self.ownership, self._names = sites, paths, ownership, names
        self._checkpoints = Checkpoints(sites, names)
        self._teams = PatternIndex((pattern, True) for pattern in names.teams)
        self._build, self._compile, self._prebuilt, self._functional, self._run, self._interrupts = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.build, names.compile, names.prebuilt, names.functional, names.run, names.interrupts)
        )

    def ephemeral(self) -> Iterator[Ephemeral]:
        """Calls that compile a graph without a durable checkpointer, or run one without waiting for it, in node and
        place order; graphs that run under the owner alone are left out."""
        if self.ownership.has_plugin:
            return
        graphs = self._graphs()
        for creation, graph in graphs.items():
            if self._runs_under_owner(graph):
                continue
            is_part = self._is_part(creation, graphs)
            for call in graph.compiled:
                reason = self._checkpoints.why_lost(call, bool(self._compile.find(call.path)))
                if reason and not (is_part and reason == WITHOUT):
                    yield Ephemeral(call, graph, reason)
            for call in (*graph.run, *graph.started):
                for mode in _texts(_named(call, "durability")):
                    if mode in self._names.modes:
                        yield Ephemeral(call, graph, f'runs with durability "{mode}"')

    def _runs_under_owner(self, graph: Graph) -> bool:
        if graph.run:
            return all(self._is_under_owner(call.node) for call in graph.run)
        nodes = [node for name in sorted(graph.functions) for node in self.sites.nodes_of(name)]
        return graph.is_function and bool(nodes) and all(map(self._is_under_owner, nodes))

    def _is_part(self, creation: int, graphs: dict[int, Graph]) -> bool:
        """Whether the graph only runs inside others, whose checkpointer it then uses: as one of their nodes, or called by
        one."""
        graph, others = graphs[creation], [other for other in graphs.values() if other is not graphs[creation]]
        if not graph.run:
            return any(creation in other.objects for other in others)
        left = {call.node for call in graph.run}
        for other in others:
            left -= self._within(other) if left else set()
        return not left

    def waits_for_human(self, found: Ephemeral) -> bool:
        """Whether a node of the graph interrupts, or the graph stops before or after one."""
        compiled = (found.call,) if found.call in found.graph.compiled else found.graph.compiled
        for call in compiled:
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

    def _graphs(self) -> dict[int, Graph]:
        """All graphs by the object that is built."""
        kinds = (self._build, self._compile, self._prebuilt, self._run, self._functional, self._teams)
        calls = self.sites.resolution.external_calls(lambda path: any(kind.find(path) for kind in kinds))
        graphs: dict[int, Graph] = {}
        for call in calls:
            makes = self._prebuilt.find(call.path) or self._functional.find(call.path)
            if not makes and not call.creation and not self._teams.find(call.path):
                continue
            graph = graphs.setdefault(self.sites.resolution.creation(call), Graph())
            if self._functional.find(call.path):
                graph.functions.update(self._decorated_at(call.place))
                graph.is_function = True
            if self._build.find(call.path) or self._prebuilt.find(call.path):
                graph.functions.update(_symbols((*call.arguments, *(v for _, v in call.keywords))))
            if makes or self._compile.find(call.path):
                graph.compiled.append(call)
            elif self._run.find(call.path):
                graph.run.append(call)
        for creation, graph in graphs.items():
            self._fill(creation, graph)
        self._start(graphs)
        return graphs

    def _start(self, graphs: dict[int, Graph]) -> None:
        """Add the calls that start graphs which are functions: `flow.invoke(...)`."""
        for graph in (graph for graph in graphs.values() if graph.is_function):
            entered = [node for name in graph.functions for node in self.sites.nodes_of(name)]
            edges = (pair for node in entered for pair in self.sites.graph.callers[node])
            for node, place in sorted({(node, edge.place) for node, edge in edges if edge.kind == DISPATCH_EDGE}):
                view = self.sites.calls(node).get(place.register)
                if view is not None and view.place == place:
                    graph.started.append(ExternalCall(node, place, view.spelling, view.arguments, view.keywords))

    def _fill(self, creation: int, graph: Graph) -> None:
        """Add what the objects in a graph run themselves."""
        pending = [creation]
        while pending:
            functions, objects = self.sites.resolution.remembered(pending.pop())
            graph.functions.update(functions)
            pending += [one for one in objects if one not in graph.objects]
            graph.objects.update(objects)

    def _decorated_at(self, decorator: Place) -> Iterator[str]:
        """The function that a decorator makes a graph of."""
        definitions = self.sites.definitions
        for place in definitions.decorated():
            scope = definitions.scope(place)
            if (place[0], scope.parent) == (
                decorator.module,
                decorator.scope,
            ) and decorator.register in scope.decorators:
                yield definitions.name(place)


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
