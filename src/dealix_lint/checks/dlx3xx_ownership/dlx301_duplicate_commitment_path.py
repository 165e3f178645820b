"""DLX301: the same commitment from a LangGraph graph and from a Temporal workflow."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.shared import code_of_graph, commitments, find_via, of_two, shared_functions
from dealix_lint.facts.owners import FromGraph, UnderOwner
from dealix_lint.facts.paths import Found
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX301"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect whose commitment a graph and a workflow share: the paths meet in a project function,
    which for messages and records is more than a transport."""
    ownership = context.facts.ownership
    if not context.facts.paths.mechanisms().issuperset((ownership.rules.graph, ownership.rules.owner)):
        return
    for effect, indexes in commitments(context):
        owner = ownership.owner_of(effect)
        if owner == ownership.rules.graph:
            continue
        graph = FromGraph(ownership, effect, owner)
        temporal = UnderOwner(ownership.rules.owner)
        for function in shared_functions(context, effect, graph, temporal)[:1]:
            ours, theirs = (find_via(context, effect, question, function) for question in (temporal, graph))
            if ours is not None and theirs is not None:
                yield _finding(context, effect, indexes, function, ours, theirs)


def _finding(
    context: Context, effect: Effect, indexes: tuple[int, ...], function: str, ours: Found, theirs: Found
) -> RawFinding:
    first, second = context.start(ours), context.start(theirs)
    graph = "an agent" if code_of_graph(context, effect, theirs)[1] else "a LangGraph graph"
    message = (
        f"{context.words.effect(effect)} is committed under Temporal ({first}) and from {graph} ({second}):"
        f" both go through {function} with no boundary between them"
    )
    return of_two(context, CODE, indexes, ours, theirs, message)
