"""The inventory of an analysis: every effect, and from where it is reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.facts import Facts
from dealix_lint.facts.paths import Paths, to_effect
from dealix_lint.findings.locate import Positions
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import CONFIDENCE_NAMES, Edge
from dealix_lint.model.inventory import Classes, EffectRow, Inventory, MechanismRow, Reach, StartRow
from dealix_lint.model.policy import Policy


def inventory(
    facts: Facts,
    policy: Policy,
    effects: Iterable[Effect],
    starts: Sequence[EntryPoint],
    positions: Positions,
    paths: Sequence[str],
) -> Inventory:
    """All effects of a part of a project with their starts, and all starts. `paths` are the files by module index."""
    return Inventory(
        tuple(_row(effect, facts.paths, _classes(effect, facts, policy), positions, paths) for effect in effects),
        tuple(_start(start, facts.paths, paths) for start in starts),
        tuple(_mechanisms(facts.paths, starts, paths)),
    )


def join_inventories(inventories: Iterable[Inventory]) -> Inventory:
    """The inventories of all parts of a project as one: effects by path and line, starts by id."""
    found = tuple(inventories)
    effects = (row for one in found for row in one.effects)
    starts = (row for one in found for row in one.entry_points)
    mechanisms = (row for one in found for row in one.mechanisms)
    return Inventory(
        tuple(sorted(effects, key=lambda r: (r.path, r.line, r.end_line, r.function, r.kind, r.operation))),
        tuple(sorted(starts, key=lambda row: (row.id, row.detail))),
        tuple(sorted(mechanisms, key=lambda row: (row.mechanism, row.path))),
    )


def _classes(effect: Effect, facts: Facts, policy: Policy) -> Classes | None:
    """What is declared on the paths to an effect, nearest to it; of several declarations the weakest level of each
    class."""
    declared = facts.innermost.of(effect).values()
    levels = []
    for position, axis in enumerate(policy.axes):
        values = [one.value(position) for one in declared]
        stated = [value.strongest for value in values if value is not None and value.strongest]
        levels.append(min(stated, key=axis.rank, default=None))
    return Classes(*levels) if any(levels) else None


def _row(effect: Effect, ways: Paths, classes: Classes | None, positions: Positions, paths: Sequence[str]) -> EffectRow:
    line, _, end_line, _ = positions.get(effect.place, (1, 1, 1, 1))
    return EffectRow(
        path=paths[effect.place.module],
        line=line,
        end_line=end_line,
        function=effect.function,
        kind=effect.kind,
        provider=effect.provider,
        operation=effect.operation,
        confidence=CONFIDENCE_NAMES[effect.confidence],
        recognised_by=effect.recognised_by,
        classes=classes,
        reached_from=tuple(sorted(_reached_from(effect, ways), key=lambda reach: reach.entry_point)),
    )


def _start(start: EntryPoint, ways: Paths, paths: Sequence[str]) -> StartRow:
    path = paths[ways.graph.nodes[start.nodes[0]].module] if start.nodes else ""
    return StartRow(start.id, start.function, start.mechanism, start.detail, path)


def _mechanisms(ways: Paths, starts: Iterable[EntryPoint], paths: Sequence[str]) -> Iterator[MechanismRow]:
    """What each mechanism runs: where execution starts, and what is dispatched to it."""
    graph = ways.graph
    entered = {(start.mechanism, node) for start in starts for node in start.nodes}
    entered |= {(edge.mechanism, edge.target) for edges in graph.out for edge in edges if edge.mechanism}
    functions = {(mechanism, graph.nodes[node].module, graph.nodes[node].scope) for mechanism, node in entered}
    counts = Counter((mechanism, paths[module]) for mechanism, module, _ in functions)
    for (mechanism, path), number in sorted(counts.items()):
        yield MechanismRow(mechanism, path, number)


class _AnyPath:
    """The question that every path answers."""

    def leave(self, node: int, effect: Effect) -> int | None:
        return 0

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        return 0

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        return True


def _reached_from(effect: Effect, ways: Paths) -> Iterator[Reach]:
    """One row per start, by its shortest chain: starts are met in the order of their distance."""
    search = ways.search(effect, _AnyPath())
    seen: set[str] = set()
    nodes = ways.graph.nodes
    for start, state in search.ends:
        if start.id not in seen:
            seen.add(start.id)
            edges = to_effect(effect, search.edges_from(state))
            chain = (nodes[state[0]].function, *(nodes[edge.target].function for edge in edges))
            entered = next((edge.mechanism for edge in reversed(edges) if edge.mechanism), start.mechanism)
            yield Reach(start.id, start.mechanism, chain, tuple(edge.kind for edge in edges), entered)
