"""Findings at a call on the way to an effect."""

from __future__ import annotations

from dealix_lint.checks.context import Context, Way
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Via, anything
from dealix_lint.facts.sites import Step
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH, Place


def path_through(context: Context, index: int, step: Step) -> Found | None:
    """The shortest path to an effect that takes a step."""
    sites = context.facts.sites
    question = Via(anything(sites), sites, lambda node, register: (node, register) == step)
    return context.facts.paths.find(context.effects[index], question)


def at_step(
    context: Context, code: str, index: int, step: Step, found: Found, message: str, confidence: int = HIGH
) -> RawFinding:
    """A finding at the call of a step, with the path to the effect that goes through it."""
    effect = context.effects[index]
    function = context.resolution.graph.nodes[step[0]].function
    certain = min(confidence, found.confidence, effect.confidence)
    return context.at(code, place_of(context, step), function, message, certain, Way(effect, found, index))


def place_of(context: Context, step: Step) -> Place:
    """The place of a step's call."""
    return Place(*context.facts.sites.scope_of(step[0]), step[1])
