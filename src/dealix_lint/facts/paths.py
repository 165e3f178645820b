"""Shortest paths from starts to an effect on which something is missing.

One breadth-first search backwards from the effect, on nodes and a small *phase* that a question may use to remember
what the rest of the path looks like. A question says by `leave` and `back` where a path is covered, so that the
search does not go on there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import MECHANISMS, OPEN, EntryPoint
from dealix_lint.model.findings import Step
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, HIGH, LOW, MEDIUM, CallGraph, Edge, Place

State = tuple[int, int]

MOST_PHASES = 16  # in which a search goes on from a node; the first ones met are those of the shortest paths


class Question(Protocol):
    """What to look for: each method returns the phase with which the search goes on, or None where the path is
    covered."""

    def leave(self, node: int, effect: Effect) -> int | None:
        """At the effect, in a node that performs it."""

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """From the target of `edge`, in `phase`, to `node` that it leaves."""

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """Whether a path that begins at this start in this phase is what is looked for."""


@runtime_checkable
class Ordered(Question, Protocol):
    """A question of which some phases lead to no more than others."""

    def is_within(self, phase: int, others: Sequence[int]) -> bool:
        """Whether all that is found from a node in phase `phase` is found from it in those other phases, too."""


@runtime_checkable
class Plain(Question, Protocol):
    """A question with one phase that notes nothing on the way: a node that a search has come to need not be asked for again."""

    phase: ClassVar[int]


@dataclass(frozen=True, slots=True)
class Found:
    """Paths that answer a question: the shortest one (graph edges from its start, in order), the starts that have one, by
    their ids, and the confidence of the path (best possible)."""

    entry: EntryPoint
    start: int
    edges: tuple[Edge, ...]
    starts: frozenset[str]
    confidence: int

    @property
    def entry_points(self) -> int:
        """How many starts have such a path."""
        return len(self.starts)


@dataclass(slots=True)
class Search:
    """A finished search: how each state goes on towards the effect, in the order in which states were met. `through`: nodes
    that are entered over certain calls only."""

    through: dict[int, frozenset[Place]] = field(default_factory=dict)
    onward: dict[State, tuple[Edge, State] | None] = field(default_factory=dict)
    ends: list[tuple[EntryPoint, State]] = field(default_factory=list)

    def edges_from(self, state: State) -> tuple[Edge, ...]:
        """The edges from a state to the effect."""
        edges: list[Edge] = []
        step = self.onward[state]
        while step is not None:
            edges.append(step[0])
            step = self.onward[step[1]]
        return tuple(edges)


class Paths:
    """The reversed graph with its starts."""

    __slots__ = ("_entries", "_mechanisms", "_ranks", "_started", "entry_points", "graph")

    def __init__(self, graph: CallGraph, entry_points: tuple[EntryPoint, ...]) -> None:
        self.graph = graph
        self.entry_points = tuple(sorted(entry_points, key=_entry_rank))
        self._started: frozenset[int] | None = None
        self._mechanisms: frozenset[str] | None = None
        self._entries: dict[int, list[EntryPoint]] = {}
        for entry in self.entry_points:
            for node in entry.nodes:
                self._entries.setdefault(node, []).append(entry)
        self._ranks = {entry.id: rank for rank, entry in enumerate(self.entry_points)}

    def callers(self, node: int) -> Sequence[tuple[int, Edge]]:
        """The edges that lead to a node, each with the node it leaves."""
        return self.graph.callers[node]

    def find(self, effect: Effect, question: Question) -> Found | None:
        """The answer with the best confidence and, among those, the shortest path; None if every path is covered."""
        search = self.search(effect, question, MEDIUM)
        if not search.ends:
            search = self.search(effect, question, LOW)
        if not search.ends:
            return None
        found = self._shortest(search)
        if found.confidence == MEDIUM:
            certain = self.search(effect, question, HIGH)
            if certain.ends:
                better = self._shortest(certain)
                found = Found(better.entry, better.start, better.edges, found.starts, HIGH)
        return found

    def _shortest(self, search: Search) -> Found:
        best, edges = self._nearest(search)
        starts = frozenset(entry.id for entry, _ in search.ends)
        confidence = min((best[0].confidence, *(edge.confidence for edge in edges)))
        return Found(best[0], best[1][0], edges, starts, confidence)

    def _nearest(self, search: Search) -> tuple[tuple[EntryPoint, State], tuple[Edge, ...]]:
        """The first start among the nearest ones (states were met in order of distance): of those that something runs, if there is
        any, before functions that nothing is known to call."""
        ends = [end for end in search.ends if end[0].mechanism != OPEN] or search.ends
        best, edges = ends[0], search.edges_from(ends[0][1])
        for end in ends[1:]:
            other = search.edges_from(end[1])
            if len(other) > len(edges):
                break
            if self._ranks[end[0].id] < self._ranks[best[0].id]:
                best, edges = end, other
        return best, edges

    def search(self, effect: Effect, question: Question, least: int = LOW) -> Search:
        """All states from which the effect is reached uncovered, over edges and from starts of at least that
        confidence."""
        search = Search(dict(effect.through))
        queue: list[State] = []
        is_new, is_plain = _Met(question).is_new, isinstance(question, Plain)
        for node in sorted(effect.nodes):
            phase = question.leave(node, effect)
            if phase is not None and is_new(node, phase):
                search.onward[node, phase] = None
                queue.append((node, phase))
        for state in queue:
            if state[0] in self._entries and state[0] not in effect.inside:
                self._accept(state, question, search, least)
            for source, edge in self._entering(state[0], least, search.through):
                if is_plain and (source, state[1]) in search.onward:
                    continue
                phase = question.back(source, edge, state[1])
                if phase is not None and (source, phase) not in search.onward and is_new(source, phase):
                    search.onward[source, phase] = (edge, state)
                    queue.append((source, phase))
        return search

    def _entering(self, node: int, least: int, through: dict[int, frozenset[Place]]) -> Sequence[tuple[int, Edge]]:
        """The edges over which paths may enter a node, each with the node it leaves."""
        callers, doors = self.graph.callers[node], through.get(node)
        return [one for one in callers if one[1].confidence >= least and (doors is None or one[1].place in doors)]

    def _accept(self, state: State, question: Question, search: Search, least: int) -> None:
        for entry in self._entries[state[0]]:
            if entry.confidence >= least and question.accepts(entry, state[1]):
                search.ends.append((entry, state))

    def live_states(self, search: Search, question: Question) -> frozenset[State]:
        """States of a search that lie on a whole path, from a start that the question accepts."""
        forward: dict[State, list[State]] = {}
        for state in search.onward:
            for source, edge in self._entering(state[0], LOW, search.through):
                phase = question.back(source, edge, state[1])
                if phase is not None:
                    forward.setdefault((source, phase), []).append(state)
        pending = [state for _, state in search.ends]
        seen: set[State] = set(pending)
        while pending:
            for state in forward.get(pending.pop(), ()):
                if state not in seen:
                    seen.add(state)
                    pending.append(state)
        return frozenset(seen)

    def starts_above(self, node: int, is_left: Callable[[Edge], bool], mechanism: str) -> bool:
        """Whether a start of another mechanism reaches a node over edges that are not left out."""
        pending, seen = [node], {node}
        while pending:
            current = pending.pop()
            if any(entry.mechanism != mechanism for entry in self._entries.get(current, ())):
                return True
            for source, edge in self.graph.callers[current]:
                if source not in seen and not is_left(edge):
                    seen.add(source)
                    pending.append(source)
        return False

    def mechanisms(self) -> frozenset[str]:
        """The mechanisms that something starts in, or is dispatched to."""
        if self._mechanisms is None:
            dispatches = (edge for edges in self.graph.out for edge in edges if edge.kind == DISPATCH_EDGE)
            started = frozenset(entry.mechanism for entry in self.entry_points)
            self._mechanisms = started.union(edge.mechanism for edge in dispatches)
        return self._mechanisms

    def started(self) -> frozenset[int]:
        """Nodes that some start reaches."""
        if self._started is None:
            self._started = self.graph.reached_from(self._entries)
        return self._started


class _Met:
    """The phases in which a search came to nodes, as far as they are not within others. Where functions call each other in
    cycles there can be as many as there are sets of parameters, or of errors, so that a search goes on from a node in
    `MOST_PHASES` of them at most: what only later ones lead to, from farther away, is not found."""

    __slots__ = ("_phases", "_question")

    def __init__(self, question: Question) -> None:
        self._question = question if isinstance(question, Ordered) else None
        self._phases: dict[int, list[int]] = {}

    def is_new(self, node: int, phase: int) -> bool:
        """Whether something may be found from a node in that phase which is not in those before."""
        question = self._question
        if question is None:
            return True
        met = self._phases.setdefault(node, [])
        if len(met) >= MOST_PHASES or question.is_within(phase, met):
            return False
        met.append(phase)
        return True


def trace(graph: CallGraph, effect: Effect, entry: EntryPoint, start: int, edges: tuple[Edge, ...]) -> tuple[Step, ...]:
    """The steps of a path, from the start to the effect; of a start that is wrapped, its `def` before the wrapper that runs."""
    steps = _wrapped(graph, entry, start, edges)
    node, mechanism, entered = start, entry.mechanism, CALL_EDGE
    for edge in to_effect(effect, edges):
        steps.append(Step(edge.place, graph.nodes[node].function, mechanism, entered))
        node, entered = edge.target, edge.kind
        mechanism = edge.mechanism if edge.kind == DISPATCH_EDGE and edge.mechanism else mechanism
    steps.append(Step(effect.place, graph.nodes[node].function, mechanism, entered))
    return tuple(steps)


def _wrapped(graph: CallGraph, entry: EntryPoint, start: int, edges: tuple[Edge, ...]) -> list[Step]:
    nodes = graph.nodes
    if nodes[start].function == entry.function:
        return []
    own = next((nodes[e.target] for e in edges if nodes[e.target].function == entry.function), None)
    if own is None:
        return []
    return [Step(Place(own.module, own.scope, -1), own.function, entry.mechanism, CALL_EDGE)]


def to_effect(effect: Effect, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """The edges of a path that lead to the effect: what a helper does for it is part of it."""
    if effect.inner is None:
        return edges
    return edges[: next((n for n in range(len(edges) - 1, -1, -1) if edges[n].place == effect.place), len(edges))]


def _entry_rank(entry: EntryPoint) -> tuple[int, str]:
    order = MECHANISMS.index(entry.mechanism) if entry.mechanism in MECHANISMS else len(MECHANISMS)
    return order, entry.id
