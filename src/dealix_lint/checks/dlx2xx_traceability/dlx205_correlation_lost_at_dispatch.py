"""DLX205: a dispatch on the way to an effect carries no id although one is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.repairs import at_hand
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.facts.sites import Step
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import DISPATCH_EDGE, Edge, Place

CODE = "DLX205"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per dispatching call."""
    sites = context.facts.sites
    said: set[Place] = set()
    for node in sorted(sites.reaching & context.facts.paths.started()):
        for edge in _losing(context, node):
            step = node, sites.register(node, edge.place)
            index = nearest_effect(context, step) if place_of(context, step) not in said else -1
            found = path_through(context, index, step) if index >= 0 else None
            if found is not None:
                said.add(place_of(context, step))
                yield at_step(context, CODE, index, step, found, _message(context, index, step, edge))


def _losing(context: Context, node: int) -> list[Edge]:
    sites, passing, correlation = context.facts.sites, context.facts.passing, context.facts.correlation
    edges = (e for e in sites.graph.out[node] if e.kind == DISPATCH_EDGE and e.target in sites.reaching)
    return [edge for edge in edges if passing.loses(node, edge) and not correlation.is_told_anyway(node, edge)]


def _message(context: Context, index: int, step: Step, edge: Edge) -> str:
    own, target = at_hand(context, step), context.resolution.graph.nodes[edge.target].function
    effect = context.words.effect(context.effects[index])
    return f"{target} is dispatched without a correlation id although {own} is at hand: the trace of {effect} ends here"
