"""DLX307: code reports an effect as done on a path that performs none."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context, Way
from dealix_lint.checks.words import others
from dealix_lint.facts.claims import Claim
from dealix_lint.facts.paths import Found
from dealix_lint.facts.questions import Uncovered
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import MEDIUM, Edge, Place

CODE = "DLX307"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per function that is called like an effect and says that it happened."""
    facts = context.facts
    said: set[tuple[int, int]] = set()
    for node in sorted(facts.paths.started()):
        scope = facts.sites.scope_of(node)
        claim = facts.claims.unfounded(node) if scope not in said else None
        found = _idle_path(context, node, claim) if claim is not None else None
        if claim is not None and found is not None:
            said.add(scope)
            yield _finding(context, node, claim, found)


def _here(context: Context, node: int, claim: Claim) -> Effect:
    """The claim, for the path search."""
    place = Place(*context.facts.sites.scope_of(node), claim.register)
    return Effect(place, context.resolution.graph.nodes[node].function, (node,), "", "", "", MEDIUM, "", "", "")


def _idle_path(context: Context, node: int, claim: Claim) -> Found | None:
    """A path to the claim whose functions reach no effect by other calls."""
    sites = context.facts.sites

    def is_doing(caller: int, register: int, edge: Edge | None) -> bool:
        return edge is not None and any(
            site != register and sites.leads_to_effect(caller, site) for site in sites.sites(caller)
        )

    return context.facts.paths.find(_here(context, node, claim), Uncovered(sites, is_doing))


def _finding(context: Context, node: int, claim: Claim, found: Found) -> RawFinding:
    here = _here(context, node, claim)
    start = f"{context.start(found)}{others(found.entry_points)}"
    message = (
        f'{here.function} reports "{claim.text}", but on the way from {start} it calls nothing that leaves the process'
    )
    return context.at(CODE, here.place, here.function, message, min(MEDIUM, found.confidence), Way(here, found))
