"""DLX203: a fresh id is minted although one is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.checks.steps import at_step, path_through, place_of
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX203"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that mints an id."""
    facts = context.facts
    said: set[Place] = set()
    for node in sorted(facts.sites.reaching & facts.paths.started()):
        for minted in facts.minting.regenerated(node):
            step = node, minted.register
            index = nearest_effect(context, (node, minted.site)) if place_of(context, step) not in said else -1
            found = path_through(context, index, (node, minted.site)) if index >= 0 else None
            if found is not None:
                said.add(place_of(context, step))
                name = facts.sites.code(node).callee_name(minted.register)
                effect = context.words.effect(context.effects[index])
                message = f"{name}() mints a new {minted.name} for {effect} although {minted.own} is at hand"
                yield at_step(context, CODE, index, step, found, message)
