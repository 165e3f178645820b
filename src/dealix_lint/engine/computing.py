"""Answers computed from the files. Imported only when nothing is remembered: this is where the heavy libraries come
in."""

from __future__ import annotations

from dealix_lint.callgraph import statistics
from dealix_lint.checks import Context, make_context, run
from dealix_lint.engine.callmap import Call, call_map, call_sites, named, part_of, route
from dealix_lint.engine.inventory import inventory
from dealix_lint.engine.judgement import Judge
from dealix_lint.engine.knowledge import Knowledge, load_knowledge
from dealix_lint.engine.lines import look_up
from dealix_lint.engine.memory import without_collection
from dealix_lint.engine.pipeline import Analysis, Reading, analyse, understand
from dealix_lint.engine.request import Progress
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.verdict import reach_verdict, recall_verdict, remember_verdict
from dealix_lint.findings.locate import Positions
from dealix_lint.findings.report import Report, Scale
from dealix_lint.model.callmap import CallMap, NamedEdge, Part, Route, Statistics
from dealix_lint.model.graph import Place
from dealix_lint.model.inventory import Inventory


@without_collection()
def compute_report(snapshot: Snapshot, store: Store, progress: Progress) -> Report:
    """Check a whole project. Code that was checked before is not analysed again where only its layout has changed."""
    knowledge = load_knowledge(snapshot.root, snapshot.settings)
    reading = Reading(snapshot, knowledge, store, progress)
    judge = Judge(snapshot, knowledge.rules, reading.sources)
    verdict = recall_verdict(reading.key, store)
    if verdict is None:
        analysis = understand(reading, progress)
        progress("checking", 0, 0)
        raw = run(_context(analysis, knowledge, snapshot), judge.is_on)
        verdict = reach_verdict(raw, _scale(analysis), analysis.program, analysis.effects, knowledge)
        remember_verdict(reading.key, verdict, store)
    return judge.report(verdict, store, progress)


@without_collection()
def compute_inventory(snapshot: Snapshot, store: Store, progress: Progress) -> Inventory:
    """List the effects of a whole project."""
    knowledge = load_knowledge(snapshot.root, snapshot.settings)
    analysis = analyse(snapshot, knowledge, store, progress)
    positions = _positions([effect.place for effect in analysis.effects], snapshot, analysis, store, progress)
    paths = [source.path for source in analysis.program.sources]
    facts = _context(analysis, knowledge, snapshot).facts
    return inventory(facts, knowledge.policy, analysis.effects, analysis.starts, positions, paths)


@without_collection()
def compute_graph(
    snapshot: Snapshot, store: Store, wanted: tuple[str, ...], part: Part, has_edges: bool, progress: Progress
) -> CallMap:
    """Draw the call graph of the wanted files, or the part of it that is asked for. Raises QuestionError for a name that
    means no function, or more than one."""
    analysis = analyse(snapshot, load_knowledge(snapshot.root, snapshot.settings), store, progress)
    if part.is_whole:
        graph, calls = call_map(analysis.resolved, wanted), call_sites(analysis.resolved, wanted) if has_edges else ()
    else:
        graph, calls = part_of(analysis.resolved, wanted, part)
    return CallMap(graph.adjacency, _named(calls, snapshot, analysis, store, progress)) if has_edges else graph


@without_collection()
def compute_route(snapshot: Snapshot, store: Store, start: str, end: str, progress: Progress) -> Route:
    """The shortest way from one function to another. Raises QuestionError like `compute_graph`."""
    analysis = analyse(snapshot, load_knowledge(snapshot.root, snapshot.settings), store, progress)
    start, end, calls = route(analysis.resolved, start, end)
    return Route(start, end, _named(calls, snapshot, analysis, store, progress))


@without_collection()
def compute_statistics(snapshot: Snapshot, store: Store, progress: Progress) -> Statistics:
    """How much of a project is resolved."""
    analysis = analyse(snapshot, load_knowledge(snapshot.root, snapshot.settings), store, progress)
    return statistics(analysis.resolved)


def _context(analysis: Analysis, knowledge: Knowledge, snapshot: Snapshot) -> Context:
    return make_context(
        analysis.resolved,
        analysis.effects,
        analysis.starts,
        knowledge.policy,
        snapshot.settings,
        knowledge.rules,
        {provider.id: provider.title for provider in knowledge.effects.providers},
        knowledge.hosts,
    )


def _named(
    calls: tuple[Call, ...], snapshot: Snapshot, analysis: Analysis, store: Store, progress: Progress
) -> tuple[NamedEdge, ...]:
    positions = _positions([place for *_, place in calls], snapshot, analysis, store, progress)
    return named(calls, positions, [source.path for source in analysis.program.sources])


def _positions(
    places: list[Place], snapshot: Snapshot, analysis: Analysis, store: Store, progress: Progress
) -> Positions:
    wanted: dict[int, set[tuple[int, int]]] = {}
    for place in places:
        wanted.setdefault(place.module, set()).add((place.scope, place.register))
    return look_up(wanted, [source.path for source in analysis.program.sources], snapshot, store, progress)


def _scale(analysis: Analysis) -> Scale:
    scopes = (scope for summary in analysis.program.summaries for scope in summary.scopes)
    return Scale(
        files=len(analysis.program.sources),
        functions=sum(scope.kind in ("function", "lambda") for scope in scopes),
        effects=sum(effect.is_commitment for effect in analysis.effects),
        entry_points=len(analysis.starts),
    )
