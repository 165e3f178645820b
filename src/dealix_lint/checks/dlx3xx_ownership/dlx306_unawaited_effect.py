"""DLX306: a coroutine that performs an effect is created and never awaited or scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Via, anything
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX306"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that makes such a coroutine."""
    sites, coroutines = context.facts.sites, context.facts.coroutines
    said: set[Place] = set()
    for node in sorted(sites.reaching & context.facts.paths.started()):
        for register, confidence in coroutines.dropped(node):
            place = Place(*sites.scope_of(node), register)
            index = nearest_effect(context, (node, register)) if place not in said else -1
            found = _path(context, index, (node, register)) if index >= 0 else None
            if found is not None:
                said.add(place)
                yield _finding(context, place, node, index, found, confidence)


def _path(context: Context, index: int, step: tuple[int, int]) -> Found | None:
    sites = context.facts.sites
    question = Via(anything(sites), sites, lambda node, register: (node, register) == step)
    return context.facts.paths.find(context.effects[index], question)


def _finding(context: Context, place: Place, node: int, index: int, found: Found, confidence: int) -> RawFinding:
    effect, nodes = context.effects[index], context.resolution.graph.nodes
    name = context.facts.sites.code(node).callee_name(place.register) or "the call"
    message = (
        f"{name}() only creates a coroutine that nobody awaits or schedules: {context.words.effect(effect)},"
        f" expected on the way from {context.words.start(found.entry)}, never happens"
    )
    return RawFinding(
        code=CODE,
        message=message,
        place=place,
        path=context.path_of(place),
        function=nodes[node].function,
        severity=context.rules[CODE].severity,
        confidence=min(confidence, found.confidence, effect.confidence),
        effect=index,
        entry_points=found.entry_points,
        trace=context.trace(effect, found),
    )
