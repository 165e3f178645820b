"""DLX201: an effect has a path on which no correlation id reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.words import others
from dealix_lint.model.findings import RawFinding

CODE = "DLX201"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect that some start reaches without an id in the call, in a logging context or in an open
    span; where an id was there and got lost on the way, DLX202 or DLX205 says so instead."""
    for index, effect in context.commitments:
        found, _ = context.facts.traces.of(index, effect)
        if found is not None:
            start = context.start(found)
            message = (
                f"{context.words.effect(effect)} is reachable from {start}{others(found.entry_points)}"
                " without a correlation or trace id"
            )
            yield context.at_effect(CODE, index, found, message)
