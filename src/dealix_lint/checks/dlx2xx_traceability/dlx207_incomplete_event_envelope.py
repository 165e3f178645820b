"""DLX207: a governed event is published without the minimum envelope fields."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.places import at_place
from dealix_lint.checks.words import listed
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX207"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that publishes such an event."""
    said: set[Place] = set()
    for node in sorted(context.facts.paths.started()):
        for register, missing in context.facts.envelopes.incomplete(node):
            place = Place(*context.facts.sites.scope_of(node), register)
            if place not in said:
                said.add(place)
                yield at_place(
                    context, CODE, place, node, f"the event is governed but its envelope lacks {listed(missing)}"
                )
