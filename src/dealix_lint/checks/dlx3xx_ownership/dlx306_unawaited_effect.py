"""DLX306: a coroutine that performs an effect is created and never awaited or scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.steps import at_step, path_through, place_of
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
                message = _message(context, step, index, found)
                yield at_step(context, CODE, index, step, found, message, confidence)


def _message(context: Context, step: Step, index: int, found: Found) -> str:
    name = context.facts.sites.code(step[0]).callee_name(step[1]) or "the call"
    effect, start = context.words.effect(context.effects[index]), context.start(found)
    return (
        f"{name}() only creates a coroutine that nobody awaits or schedules: {effect}, expected on the way from"
        f" {start}, never happens"
    )
