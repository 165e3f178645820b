"""One finding per effect site and code, also where the site does several things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import SEVERITIES, RawFinding
from dealix_lint.model.graph import Place

Site = tuple[str, Place | None, str]


def one_per_site(raw: Iterable[RawFinding], effects: Sequence[Effect]) -> Iterator[RawFinding]:
    """The findings with, of those that say the same of several operations of one call (a request helper), only the
    gravest; its message counts the others."""
    sites: dict[Site, list[RawFinding]] = {}
    for finding in raw:
        if finding.effect >= 0 and finding.place == effects[finding.effect].place:
            sites.setdefault((finding.code, finding.place, finding.key), []).append(finding)
        else:
            yield finding
    for findings in sites.values():
        first = max(findings, key=lambda finding: _gravity(finding, effects))
        more = len(findings) - 1
        message = (
            f"{first.message} (and {more} more operation{'s' * (more > 1)} of this call)" if more else first.message
        )
        yield replace(first, message=message)


def _gravity(finding: RawFinding, effects: Sequence[Effect]) -> tuple[int, int, str, int]:
    """Severity, confidence, floor; then the first: effects of one place come with the gravest first."""
    effect = effects[finding.effect]
    return SEVERITIES.index(finding.severity), finding.confidence, effect.floor_reversibility, -finding.effect
