"""DLX110: data declared S2 or S3 is passed to a provider or model on a path that declares no review."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.steps import at_step
from dealix_lint.facts.leaks import Leak
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Uncovered, Via
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Edge, Place

CODE = "DLX110"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that passes such data; reads and model calls count too."""
    if not context.facts.leaks.sensitive.is_declared_anywhere():
        return
    said: set[Place] = set()
    for index, effect in enumerate(context.effects):
        for leak in context.facts.leaks.into(effect):
            place = Place(*context.facts.sites.scope_of(leak.node), leak.register)
            found = _unreviewed_path(context, effect, leak) if place not in said else None
            if found is not None:
                said.add(place)
                message = (
                    f"{leak.what} is declared {leak.level} and goes to {context.words.effect(effect)} on the way from"
                    f" {context.start(found)}, which declares no review"
                )
                yield at_step(context, CODE, index, (leak.node, leak.register), found, message, leak.confidence)


def _unreviewed_path(context: Context, effect: Effect, leak: Leak) -> Found | None:
    """A path to the effect that takes the call and on which nothing says who reviewed it."""
    sites, reviews = context.facts.sites, context.facts.reviews

    def is_reviewed(node: int, register: int, edge: Edge | None) -> bool:
        return reviews.is_declared(node, register)

    def passes(node: int, register: int) -> bool:
        return (node, register) == (leak.node, leak.register)

    return context.facts.paths.find(effect, Via(Uncovered(sites, is_reviewed), sites, passes))
