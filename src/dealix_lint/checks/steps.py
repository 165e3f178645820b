"""Findings at a call on the way to an effect."""

from __future__ import annotations

from dealix_lint.checks.context import Context
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Via, anything
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH, Place

Step = tuple[int, int]
"""A node and the site of a call in it."""


def path_through(context: Context, index: int, step: Step) -> Found | None:
    """The shortest path to an effect that takes a step."""
    sites = context.facts.sites
    question = Via(anything(sites), sites, lambda node, register: (node, register) == step)
    return context.facts.paths.find(context.effects[index], question)


def at_step(
    context: Context, code: str, index: int, step: Step, found: Found, message: str, confidence: int = HIGH
) -> RawFinding:
    """A finding at the call of a step, with the path to the effect that goes through it."""
    effect, (node, register) = context.effects[index], step
    place = Place(*context.facts.sites.scope_of(node), register)
    return RawFinding(
        code=code,
        message=message,
        place=place,
        path=context.path_of(place),
        function=context.resolution.graph.nodes[node].function,
        severity=context.rules[code].severity,
        confidence=min(confidence, found.confidence, effect.confidence),
        effect=index,
        entry_points=found.entry_points,
        trace=context.trace(effect, found),
    )


def place_of(context: Context, step: Step) -> Place:
    """The place of a step's call."""
    return Place(*context.facts.sites.scope_of(step[0]), step[1])
