"""DLX202: the caller has an id, the callee takes one to the effect, and the call does not pass it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.repairs import at_hand, hand_over
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Step
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX202"
_Dropped: TypeAlias = tuple[int, Step, int, str, str]
"""The effect, the call that drops the id, the site by which the way goes on, who asks for it, and what is missing then."""


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that leaves the id behind."""
    said: set[Place] = set()
    for index, step, site, parameter, what in (*_lost(context), *_replaced(context)):
        found = path_through(context, index, (step[0], site)) if place_of(context, step) not in said else None
        if found is not None:
            said.add(place_of(context, step))
            finding = at_step(context, CODE, index, step, found, _message(context, index, step, parameter, what))
            repair = None if _handed_over(context, step) else hand_over(context, step, parameter)
            yield replace(finding, repair=repair)


def _lost(context: Context) -> Iterator[_Dropped]:
    """Where a path goes on without any id."""
    for index, effect in context.commitments:
        _, dropped = context.facts.traces.of(index, effect)
        yield from ((index, step, step[1], parameter, "one") for step, parameter in sorted(dropped.items()))


def _replaced(context: Context) -> Iterator[_Dropped]:
    """Where a default, or what the callee makes of it, takes the place of the id."""
    facts = context.facts
    for node in sorted(facts.sites.reaching & facts.paths.started()):
        for withheld in facts.withholding.of(node):
            index = nearest_effect(context, (node, withheld.site))
            if index >= 0:
                yield index, (node, withheld.register), withheld.site, withheld.parameter, "it"


def _message(context: Context, index: int, step: Step, parameter: str, what: str) -> str:
    own = at_hand(context, step, parameter)
    effect = context.words.effect(context.effects[index])
    called = _called(context, step)
    return f"{called} without {parameter} although {own} is at hand, so that {effect} goes out without {what}"


def _called(context: Context, step: Step) -> str:
    """`send() is called`, `send() is handed to submit()`."""
    name, handed = context.facts.sites.code(step[0]).callee_name(step[1]), _handed_over(context, step)
    if handed and name:
        return f"{handed[0]}() is handed to {name}()"
    return f"{name or _targets(context, step)[0]}() is called"


def _handed_over(context: Context, step: Step) -> list[str]:
    """Names of the functions that the call is handed and runs."""
    sites, handovers = context.facts.sites, context.facts.correlation.handovers
    edges = sites.edges(step[0]).get(step[1], ())
    return sorted(_name(context, edge.target) for edge in edges if not handovers.is_direct(*step, edge))


def _targets(context: Context, step: Step) -> list[str]:
    return sorted(_name(context, target) for target in context.facts.sites.callees(*step))


def _name(context: Context, node: int) -> str:
    return last_segment(context.resolution.graph.nodes[node].function)
