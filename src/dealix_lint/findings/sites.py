"""One finding per effect site and code, also where the site does several things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dealix_lint.checks.words import operation_in_words
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import SEVERITIES, RawFinding
from dealix_lint.model.graph import LOW, Place

_MOST_NAMED: Final = 3
Site = tuple[str, Place | None, str]


def one_per_site(raw: Iterable[RawFinding], effects: Sequence[Effect]) -> Iterator[RawFinding]:
    """The findings with, of those that say the same of several operations of one call (a request helper), only the
    gravest; its message counts the others and, where they have starts of their own, all starts, as `entry_points` does."""
    sites: dict[Site, list[RawFinding]] = {}
    for finding in raw:
        if finding.effect >= 0 and finding.place == effects[finding.effect].place:
            sites.setdefault((finding.code, finding.place, finding.key), []).append(finding)
        else:
            yield finding
    for findings in sites.values():
        first = max(findings, key=lambda finding: _gravity(finding, effects))
        if len(findings) == 1:
            yield first
            continue
        starts = max(first.entry_points, len(frozenset[str]().union(*(finding.starts for finding in findings))))
        others = [effects[finding.effect].operation for finding in findings if finding is not first]
        named = _named(others, effects[first.effect].operation)
        yield replace(first, message=_told(first, len(others), named, starts), entry_points=starts)


def _named(operations: Iterable[str], first: str) -> str:
    """`: POST /orders, order.cancel`: the other operations, where they have names and are few."""
    names = [operation_in_words(name) for name in dict.fromkeys(operations) if name and name != first]
    return f": {', '.join(names)}" if 0 < len(names) <= _MOST_NAMED else ""


def _told(finding: RawFinding, more: int, named: str, starts: int) -> str:
    plural = "s" if more > 1 else ""
    all_of_them = f"; together they are reached from {starts} entry points" if starts > finding.entry_points else ""
    return f"{finding.message} (and {more} more operation{plural} of this call{named}{all_of_them})"


def _gravity(finding: RawFinding, effects: Sequence[Effect]) -> tuple[int, bool, str, bool, int, int]:
    """Severity, whether it is shown by default, floor, whether the operation says anything, confidence; then the first: effects of one
    place come with the gravest first."""
    effect = effects[finding.effect]
    is_said = not effect.operation.startswith("request ") and not effect.operation.endswith(" /")
    severity, is_sure = SEVERITIES.index(finding.severity), finding.confidence > LOW
    return severity, is_sure, effect.floor_reversibility, is_said, finding.confidence, -finding.effect
