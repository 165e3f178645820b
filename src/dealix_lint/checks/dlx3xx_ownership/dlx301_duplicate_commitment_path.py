"""DLX301: the same commitment from a LangGraph graph and from a Temporal workflow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.facts.owners import FromGraph, UnderOwner
from dealix_lint.facts.paths import Found, Question, Search
from dealix_lint.facts.questions import Via
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX301"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect whose commitment a graph and a workflow share: the paths meet in a project function,
    which for messages and records is more than a transport."""
    ownership = context.facts.ownership
    for index, effect in context.commitments:
        owner = ownership.owner_of(effect)
        if owner == ownership.rules.graph:
            continue
        graph = FromGraph(ownership, effect, owner)
        temporal = UnderOwner(ownership.rules.owner)
        shared = _shared_functions(context, effect, graph, temporal)
        for function in shared[:1]:
            ours, theirs = (_find_via(context, effect, question, function) for question in (temporal, graph))
            if ours is not None and theirs is not None:
                yield _finding(context, index, function, ours, theirs)


def _shared_functions(context: Context, effect: Effect, graph: Question, temporal: Question) -> list[str]:
    """Functions that both sides go through with no boundary after them, the one farthest from the effect first."""
    paths = context.facts.paths
    from_graph = paths.search(effect, graph)
    if not from_graph.ends:
        return []
    under_owner = paths.search(effect, temporal)
    if not under_owner.ends:
        return []
    owned = _functions(context, under_owner, temporal)
    both = {
        function: distance for function, distance in _functions(context, from_graph, graph).items() if function in owned
    }
    if effect.kind not in context.policy.ownership.shared_function_suffices:
        nodes = context.resolution.graph.nodes
        speaking = {nodes[node].function for node in context.facts.transports.speakers(effect, from_graph)}
        both = {function: distance for function, distance in both.items() if function in speaking}
    return sorted(both, key=lambda function: (-both[function], function))


def _functions(context: Context, search: Search, question: Question) -> dict[str, int]:
    """Functions on whole paths of a search, below the unit that makes them the graph's or the owner's, with their
    distance."""
    live = context.facts.paths.live_states(search, question)
    found: dict[str, int] = {}
    for state in search.onward:
        if state in live and state[1] == 0:
            found.setdefault(context.resolution.graph.nodes[state[0]].function, len(search.edges_from(state)))
    return found


def _find_via(context: Context, effect: Effect, question: Question, function: str) -> Found | None:
    nodes = context.resolution.graph.nodes
    via = Via(question, context.facts.sites, lambda node, register: nodes[node].function == function)
    return context.facts.paths.find(effect, via)


def _finding(context: Context, index: int, function: str, ours: Found, theirs: Found) -> RawFinding:
    effect = context.effects[index]
    first, second = context.words.start(ours.entry), context.words.start(theirs.entry)
    message = (
        f"{context.words.effect(effect)} is committed under Temporal ({first}) and from a LangGraph graph ({second}):"
        f" both go through {function} with no boundary between them"
    )
    finding = context.at_effect(CODE, index, ours, message)
    return replace(
        finding,
        confidence=min(finding.confidence, theirs.confidence),
        entry_points=ours.entry_points + theirs.entry_points,
        other_traces=(context.trace(effect, theirs),),
    )
