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
    gravest; its message counts the others and, where they have starts of their own, all starts, as `entry_points` does. What
    the starts of the gravest never do is told apart."""
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
        others = [finding for finding in findings if finding is not first]
        starts = max(first.entry_points, len(_starts(findings)))
        yield replace(first, message=f"{first.message} ({_told(first, others, effects)})", entry_points=starts)


def _named(operations: Iterable[str], first: str) -> str:
    """`: POST /orders, order.cancel`: the other operations, where they have names and are few."""
    names = [operation_in_words(name) for name in dict.fromkeys(operations) if name and name != first]
    return f": {', '.join(names)}" if 0 < len(names) <= _MOST_NAMED else ""


def _told(first: RawFinding, others: Sequence[RawFinding], effects: Sequence[Effect]) -> str:
    """What else the call does for the starts of the first, and, apart from it, what it only does for other starts."""
    apart = [other for other in others if other.starts and first.starts.isdisjoint(other.starts) and first.starts]
    alike = [other for other in others if other not in apart]
    told = [_counted("and", alike, first, effects)] if alike else []
    starts = len(_starts((first, *alike)))
    if alike and starts > first.entry_points:
        told[0] += f"; together they are reached from {starts} entry points"
    if apart:
        more = len(_starts(apart))
        told.append(_counted(f"and from {more} other entry point{'s' if more > 1 else ''}", apart, first, effects))
    return "; ".join(told)


def _counted(before: str, others: Sequence[RawFinding], first: RawFinding, effects: Sequence[Effect]) -> str:
    named = _named([effects[other.effect].operation for other in others], effects[first.effect].operation)
    return f"{before} {len(others)} more operation{'s' if len(others) > 1 else ''} of this call{named}"


def _starts(findings: Iterable[RawFinding]) -> frozenset[str]:
    return frozenset[str]().union(*(finding.starts for finding in findings))


def _gravity(finding: RawFinding, effects: Sequence[Effect]) -> tuple[int, bool, str, bool, int, int]:
    """Severity, whether it is shown by default, floor, whether the operation says anything, confidence; then the first: effects of one
    place come with the gravest first."""
    effect = effects[finding.effect]
    is_said = not effect.operation.startswith("request ") and not effect.operation.endswith(" /")
    severity, is_sure = SEVERITIES.index(finding.severity), finding.confidence > LOW
    return severity, is_sure, effect.floor_reversibility, is_said, finding.confidence, -finding.effect
