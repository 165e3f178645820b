"""DLX204: an effect has a path that persists no audit record."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.words import others
from dealix_lint.facts.questions import Uncovered
from dealix_lint.model.findings import RawFinding

CODE = "DLX204"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect; a warning where every such path at least writes a log line."""
    audit, paths, sites = context.facts.audit, context.facts.paths, context.facts.sites
    unrecorded = Uncovered(sites, audit.persisted)
    silent = Uncovered(
        sites, lambda node, register, edge: audit.persisted(node, register, edge) or audit.logged(node, register, edge)
    )
    for index, effect in context.commitments:
        found = paths.find(effect, unrecorded)
        if found is None:
            continue
        start = context.start(found)
        reached = f"{context.words.effect(effect)} is reachable from {start}{others(found.entry_points)}"
        if paths.search(effect, silent).ends:
            yield context.at_effect(CODE, index, found, f"{reached} without a persisted audit record")
        else:
            yield context.at_effect(
                CODE, index, found, f"{reached} with a log line but no persisted audit record", "warning"
            )
