"""DLX108: code of an actor that must not commit reaches an effect without crossing a boundary."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context, Way
from dealix_lint.checks.steps import path_through
from dealix_lint.facts.actors import Actor, Committing
from dealix_lint.facts.paths import Found
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX108"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per declaration of such an actor, about the first effect that it reaches."""
    facts = context.facts
    said: set[Place] = set()
    for index, effect in context.commitments:
        question = Committing(facts.sites, facts.actors, facts.ownership, effect)
        facts.paths.search(effect, question)
        for step, actor in sorted(question.met.items(), key=lambda item: item[0]):
            found = path_through(context, index, step) if actor.place not in said else None
            if found is not None:
                said.add(actor.place)
                yield _finding(context, index, actor, found)


def _finding(context: Context, index: int, actor: Actor, found: Found) -> RawFinding:
    effect = context.effects[index]
    message = (
        f"{actor.label} says that {actor.function} acts as {actor.kind}, which never commits, but it reaches"
        f" {context.words.effect(effect)} with no boundary between"
    )
    certain = min(effect.confidence, found.confidence)
    return context.at(CODE, actor.place, actor.function, message, certain, Way(effect, found, index))
