"""DLX202: the caller has an id, the callee takes one to the effect, and the call does not pass it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.checks.repairs import hand_over
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.facts.sites import Step
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX202"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that leaves the id behind."""
    said: set[Place] = set()
    for index, effect in context.commitments:
        _, dropped = context.facts.traces.of(index, effect)
        for step, parameter in sorted(dropped.items()):
            found = path_through(context, index, step) if place_of(context, step) not in said else None
            if found is not None:
                said.add(place_of(context, step))
                finding = at_step(context, CODE, index, step, found, _message(context, index, step, parameter))
                yield replace(finding, repair=hand_over(context, step, parameter))


def _message(context: Context, index: int, step: Step, parameter: str) -> str:
    name = context.facts.sites.code(step[0]).callee_name(step[1]) or "the call"
    own = context.facts.passing.in_scope(*step)
    effect = context.words.effect(context.effects[index])
    return f"{name}() is called without {parameter} although {own} is at hand, so that {effect} goes out without one"
