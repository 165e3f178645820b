"""DLX101: an effect has a path without any classification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.checks.repairs import classify
from dealix_lint.checks.words import others
from dealix_lint.facts.marking import SHIPPED
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Uncovered
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.repairs import Decorate

CODE = "DLX101"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect that some start reaches on a path where nothing states a class."""
    classes = context.facts.classification
    question = Uncovered(context.facts.sites, lambda node, register, edge: not classes.at(node, register).is_empty)
    for index, effect in context.commitments:
        found = context.facts.paths.find(effect, question)
        if found is not None:
            finding = context.at_effect(CODE, index, found, _message(context, effect, found))
            repair = classify(context, effect)
            yield replace(finding, repair=repair, advice=_advice(context, repair))


def _advice(context: Context, repair: Decorate | None) -> str:
    """The rule's, with the decorator that the project has for it."""
    if repair is None or f"{repair.module}.{repair.name}" == SHIPPED:
        return ""
    return context.rules[CODE].how_to_fix.replace(f"@{SHIPPED.rpartition('.')[2]}(", f"@{repair.name}(")


def _message(context: Context, effect: Effect, found: Found) -> str:
    words = context.words
    return (
        f"{words.effect(effect)} is reachable from {context.start(found)}{others(found.entry_points)}"
        " without approval, reversibility and sensitivity class"
    )
