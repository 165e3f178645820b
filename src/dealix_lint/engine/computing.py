"""Answers about effects and calls, computed from the files. Imported only when nothing is remembered: this is where the heavy
libraries come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dealix_lint.callgraph import find, statistics
from dealix_lint.engine.callmap import Call, Drawn, join_maps, named
from dealix_lint.engine.inventory import inventory, join_inventories
from dealix_lint.engine.lines import look_up
from dealix_lint.engine.memory import without_collection
from dealix_lint.engine.pipeline import analyses
from dealix_lint.engine.reading import Reading
from dealix_lint.engine.request import Progress
from dealix_lint.engine.rulebook import Rulebook
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.trial import context_of
from dealix_lint.findings.locate import Positions
from dealix_lint.model.callmap import CallMap, NamedEdge, Part, Route, Statistics, join_statistics
from dealix_lint.model.graph import Place
from dealix_lint.model.inventory import Inventory


@without_collection()
def compute_inventory(snapshot: Snapshot, store: Store, progress: Progress) -> Inventory:
    """List the effects of a whole project."""
    reading = _read(snapshot, store, progress)
    knowledge, found = reading.knowledge, []
    for analysis in analyses(reading, reading.parts, progress):
        paths = [source.path for source in analysis.program.sources]
        positions = _positions([effect.place for effect in analysis.effects], paths, snapshot, store, progress)
        facts = context_of(analysis, knowledge, snapshot.settings).facts
        found.append(inventory(facts, knowledge.policy, analysis.effects, analysis.starts, positions, paths))
        del facts, analysis
    return join_inventories(found)


@without_collection()
def compute_graph(
    snapshot: Snapshot, store: Store, wanted: tuple[str, ...], part: Part, has_edges: bool, progress: Progress
) -> CallMap:
    """Draw the call graph of the wanted files, or the part of it that is asked for. Raises QuestionError for a name that
    means no function, or more than one."""
    graphs = _drawn(snapshot, wanted, store, progress)
    if not part.is_whole:
        networks = [graph.network for graph in graphs]
        start, end = (find(networks, name) if name else "" for name in (part.start, part.end))
        part = replace(part, start=start, end=end)
    maps = []
    for graph in graphs:
        shown, calls = graph.shown(part, with_calls=has_edges)
        maps.append(CallMap(shown.adjacency, _named(calls, graph, snapshot, store, progress)))
    return join_maps(maps)


@without_collection()
def compute_route(snapshot: Snapshot, store: Store, start: str, end: str, progress: Progress) -> Route:
    """The shortest way from one function to another. Raises QuestionError like `compute_graph`."""
    graphs = _drawn(snapshot, ("",), store, progress)
    networks = [graph.network for graph in graphs]
    start, end = find(networks, start), find(networks, end)
    found = [(len(calls), number) for number, graph in enumerate(graphs) if (calls := graph.route(start, end))]
    if not found:
        return Route(start, end)
    graph = graphs[min(found)[1]]
    return Route(start, end, _named(graph.route(start, end), graph, snapshot, store, progress))


@without_collection()
def compute_statistics(snapshot: Snapshot, store: Store, progress: Progress) -> Statistics:
    """How much of a project is resolved."""
    reading = _read(snapshot, store, progress)
    return join_statistics([statistics(analysis.resolved) for analysis in analyses(reading, reading.parts, progress)])


def _read(snapshot: Snapshot, store: Store, progress: Progress) -> Reading:
    rulebook = Rulebook(snapshot, store)
    _ = rulebook.knowledge  # mistakes in it are told before anything is read
    return Reading(snapshot, rulebook, store, progress)


def _drawn(snapshot: Snapshot, wanted: Sequence[str], store: Store, progress: Progress) -> list[Drawn]:
    reading = _read(snapshot, store, progress)
    return [Drawn(analysis.resolved, wanted) for analysis in analyses(reading, reading.parts, progress)]


def _named(
    calls: tuple[Call, ...], graph: Drawn, snapshot: Snapshot, store: Store, progress: Progress
) -> tuple[NamedEdge, ...]:
    return named(calls, _positions([place for *_, place in calls], graph.paths, snapshot, store, progress), graph.paths)


def _positions(
    places: list[Place], paths: Sequence[str], snapshot: Snapshot, store: Store, progress: Progress
) -> Positions:
    wanted: dict[int, set[tuple[int, int]]] = {}
    for place in places:
        wanted.setdefault(place.module, set()).add((place.scope, place.register))
    return look_up(wanted, paths, snapshot, store, progress)
