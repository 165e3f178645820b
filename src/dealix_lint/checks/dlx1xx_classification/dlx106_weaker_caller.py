"""DLX106: on one path an outer declaration is weaker than an inner one that it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import pointing_at
from dealix_lint.facts.layers import Between, Layered, Weaker
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX106"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per outer declaration, at the declaration."""
    facts = context.facts
    said: set[Place] = set()
    for index, effect in context.commitments:
        question = Layered(facts.sites, facts.classification, context.policy)
        facts.paths.search(effect, question)
        for weaker in question.found:
            found = None
            if weaker.outer.place not in said:
                found = facts.paths.find(effect, Between(facts.sites, weaker.outer_step, weaker.inner_step))
            if found is not None:
                said.add(weaker.outer.place)
                yield pointing_at(context, CODE, weaker.outer, _message(weaker), index, found)


def _message(weaker: Weaker) -> str:
    inner = f"{weaker.inner.label} on {weaker.inner.function}"
    return f"{weaker.outer.label} declares {weaker.outer_level}, weaker than {weaker.inner_level} of {inner}, which it leads to"
