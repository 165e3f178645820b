"""DLX306: a coroutine that performs an effect is created and never awaited or scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context, Way
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.paths import Found
from dealix_lint.facts.sites import Step
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX306"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that makes such a coroutine."""
    sites, coroutines = context.facts.sites, context.facts.coroutines
    said: set[Place] = set()
    for node in sorted(sites.reaching & context.facts.paths.started()):
        for register, confidence in coroutines.dropped(node):
            step = node, register
            place = place_of(context, step)
            index = nearest_effect(context, step) if place not in said else -1
            found = path_through(context, index, step) if index >= 0 else None
            if found is not None:
                said.add(place)
                message = _message(context, _name(context, step), index, found)
                yield at_step(context, CODE, index, step, found, message, confidence)
    yield from _registered(context, said)


def _registered(context: Context, said: set[Place]) -> Iterator[RawFinding]:
    """What is registered to be called later, by something that does not await."""
    sites = context.facts.sites
    for call, node in context.facts.coroutines.registered():
        steps = [(node, register) for register in sorted(sites.sites(node)) if sites.leads_to_effect(node, register)]
        index = nearest_effect(context, steps[0]) if steps and call.place not in said else -1
        found = path_through(context, index, steps[0]) if index >= 0 else None
        if found is not None:
            said.add(call.place)
            effect, way = context.effects[index], Way(context.effects[index], found, index)
            message = _message(context, last_segment(sites.graph.nodes[node].function), index, found)
            certain = min(found.confidence, effect.confidence)
            yield context.at(CODE, call.place, sites.graph.nodes[call.node].function, message, certain, way)


def _name(context: Context, step: Step) -> str:
    sites = context.facts.sites
    targets = (sites.graph.nodes[edge.target].function for edge in sites.edges(step[0]).get(step[1], ()))
    return sites.code(step[0]).callee_name(step[1]) or next(map(last_segment, targets), "the call")


def _message(context: Context, name: str, index: int, found: Found) -> str:
    effect, start = context.words.effect(context.effects[index]), context.start(found)
    return (
        f"{name}() only creates a coroutine that nobody awaits or schedules: {effect}, expected on the way from"
        f" {start}, never happens"
    )
