"""Shortest uncovered paths over hand-made graphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dealix_lint.facts.paths import MOST_PHASES, Found, Paths, trace
from dealix_lint.model.effects import PAYMENT, Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, HIGH, LOW, MEDIUM, CallGraph, Edge, Node, Place

NAMES = ["web", "job", "service", "other", "effect"]
EFFECT = Effect(Place(0, 4, 9), "effect", (4,), PAYMENT, "stripe", "charge", HIGH, "because", "R3", "S2")


@dataclass(frozen=True)
class Avoiding:
    """All paths that do not leave these nodes."""

    covered: frozenset[int] = field(default_factory=frozenset)

    def leave(self, node: int, effect: Effect) -> int | None:
        return None if node in self.covered else 0

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        return None if node in self.covered else 0

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        return True


def _edge(source: int, target: int, confidence: int = HIGH, mechanism: str = "") -> tuple[int, Edge]:
    kind = DISPATCH_EDGE if mechanism else CALL_EDGE
    return source, Edge(target, Place(0, source, target), kind, mechanism, confidence)


def _paths(*edges: tuple[int, Edge], starts: tuple[int, ...] = (0, 1)) -> Paths:
    out = tuple(tuple(edge for source, edge in edges if source == node) for node in range(len(NAMES)))
    graph = CallGraph(tuple(Node(name, 0, scope) for scope, name in enumerate(NAMES)), out, ())
    mechanisms = {0: "web", 1: "celery"}
    entries = [EntryPoint(f"{mechanisms[s]}:{NAMES[s]}", NAMES[s], mechanisms[s], "", (s,)) for s in starts]
    return Paths(graph, tuple(entries))


def _chain(paths: Paths, found: Found | None) -> list[str]:
    assert found is not None
    return [step.function for step in trace(paths.graph, EFFECT, found.entry, found.start, found.edges)]


def test_the_shortest_path_is_shown_and_all_starts_are_counted() -> None:
    paths = _paths(_edge(0, 2), _edge(2, 3), _edge(3, 4), _edge(1, 2), _edge(2, 4))
    found = paths.find(EFFECT, Avoiding())
    assert found is not None
    assert _chain(paths, found) == ["web", "service", "effect"]
    assert found.entry_points == 2


def test_a_covered_function_makes_the_path_go_around_it() -> None:
    paths = _paths(_edge(0, 2), _edge(2, 4), _edge(1, 3), _edge(3, 4))
    found = paths.find(EFFECT, Avoiding(frozenset({2})))
    assert found is not None
    assert _chain(paths, found) == ["job", "other", "effect"]
    assert found.entry_points == 1


def test_no_path_is_found_when_each_is_covered() -> None:
    paths = _paths(_edge(0, 2), _edge(1, 2), _edge(2, 4))
    assert paths.find(EFFECT, Avoiding(frozenset({2}))) is None
    assert paths.find(EFFECT, Avoiding(frozenset({4}))) is None


def test_a_longer_certain_path_is_better_than_a_short_guess() -> None:
    paths = _paths(_edge(0, 4, MEDIUM), _edge(1, 2), _edge(2, 4))
    found = paths.find(EFFECT, Avoiding())
    assert found is not None
    assert _chain(paths, found) == ["job", "service", "effect"]
    assert (found.confidence, found.entry_points) == (HIGH, 2)


def test_a_path_over_guessed_edges_has_their_confidence() -> None:
    medium = _paths(_edge(0, 2, MEDIUM), _edge(2, 4)).find(EFFECT, Avoiding())
    low = _paths(_edge(0, 2, LOW), _edge(2, 4)).find(EFFECT, Avoiding())
    assert medium is not None
    assert low is not None
    assert (medium.confidence, low.confidence) == (MEDIUM, LOW)


def test_cycles_do_not_matter() -> None:
    paths = _paths(_edge(0, 2), _edge(2, 3), _edge(3, 2), _edge(3, 4))
    assert _chain(paths, paths.find(EFFECT, Avoiding())) == ["web", "service", "other", "effect"]


class Endless:
    """A question that takes every way round a cycle for something new."""

    def leave(self, node: int, effect: Effect) -> int | None:
        return 0

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        assert phase < 1000
        return phase + 1

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        return True

    def is_within(self, phase: int, others: Sequence[int]) -> bool:
        return phase in others


def test_a_search_ends_where_each_way_round_a_cycle_is_another_one() -> None:
    paths = _paths(_edge(0, 2), _edge(1, 3), _edge(2, 3), _edge(3, 2), _edge(3, 4))
    found = paths.find(EFFECT, Endless())
    assert _chain(paths, found) == ["job", "other", "effect"]
    assert found is not None
    assert found.entry_points == 2
    assert len(paths.search(EFFECT, Endless()).onward) <= len(NAMES) * MOST_PHASES


def test_the_mechanism_changes_where_a_dispatch_is_crossed() -> None:
    paths = _paths(_edge(0, 2, mechanism="celery"), _edge(2, 4), starts=(0,))
    found = paths.find(EFFECT, Avoiding())
    assert found is not None
    steps = trace(paths.graph, EFFECT, found.entry, found.start, found.edges)
    assert [(s.function, s.mechanism, s.edge) for s in steps] == [
        ("web", "web", "call"),
        ("service", "celery", "dispatch"),
        ("effect", "celery", "call"),
    ]
    assert steps[-1].place == EFFECT.place


def test_an_effect_in_a_start_is_a_path_of_one_step() -> None:
    graph = CallGraph((Node("effect", 0, 4),), ((),), ())
    entry = EntryPoint("open:effect", "effect", "open", "", (0,))
    effect = Effect(Place(0, 4, 9), "effect", (0,), PAYMENT, "stripe", "charge", HIGH, "because", "R3", "S2")
    found = Paths(graph, (entry,)).find(effect, Avoiding())
    assert found is not None
    assert found.edges == ()
