"""DLX306: a coroutine that performs an effect is created and never awaited or scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context, Way
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.paths import Found
from dealix_lint.facts.sites import Sites, Step
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
                message = _message(context, _name(context, step), index, found, is_generator=_is_generator(sites, step))
                yield at_step(context, CODE, index, step, found, message, confidence)
    yield from _registered(context, said)


def _registered(context: Context, said: set[Place]) -> Iterator[RawFinding]:
    """What is registered to be called later, by something that does not await."""
    sites, coroutines = context.facts.sites, context.facts.coroutines
    calls = ((call.place, sites.graph.nodes[call.node].function, node) for call, node in coroutines.registered())
    made = ((place, sites.graph.nodes[node].function, node) for place, node in coroutines.made_tasks())
    for place, function, node in (*calls, *made):
        steps = [(node, register) for register in sorted(sites.sites(node)) if sites.leads_to_effect(node, register)]
        index = nearest_effect(context, steps[0]) if steps and place not in said else -1
        found = path_through(context, index, steps[0]) if index >= 0 else None
        if found is not None:
            said.add(place)
            effect, way = context.effects[index], Way(context.effects[index], found, index)
            message = _message(context, last_segment(sites.graph.nodes[node].function), index, found)
            certain = min(found.confidence, effect.confidence)
            yield context.at(CODE, place, function, message, certain, way)


def _name(context: Context, step: Step) -> str:
    sites = context.facts.sites
    targets = (sites.graph.nodes[edge.target].function for edge in sites.edges(step[0]).get(step[1], ()))
    return sites.code(step[0]).callee_name(step[1]) or next(map(last_segment, targets), "the call")


def _is_generator(sites: Sites, step: Step) -> bool:
    return any(sites.code(edge.target).scope.is_generator for edge in sites.edges(step[0]).get(step[1], ()))


def _message(context: Context, name: str, index: int, found: Found, *, is_generator: bool = False) -> str:
    effect, start = context.words.effect(context.effects[index]), context.start(found)
    made = "an async generator that nobody iterates" if is_generator else "a coroutine that nobody awaits or schedules"
    return f"{name}() only creates {made}, so that nothing below it runs: {effect}, expected on the way from {start}, never happens"
