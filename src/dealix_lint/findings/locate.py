"""From places to lines and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from dealix_lint.findings.identify import Identified
from dealix_lint.model.findings import Finding, Location, Step, TraceStep
from dealix_lint.model.graph import CONFIDENCE_NAMES, Place
from dealix_lint.model.repairs import applicability, place_of

Range: TypeAlias = tuple[int, int, int, int]
"""Line, column, end line, end column; 1-based, the end exclusive."""

Positions: TypeAlias = Mapping[Place, Range]

_START: Range = (1, 1, 1, 1)
_NOWHERE: Range = (0, 0, 0, 0)
_NO_PLACE = Place(-1, -1, -1)


def places_of(findings: Iterable[Identified]) -> dict[int, set[tuple[int, int]]]:
    """Every place that findings mention: module -> the (scope, register) pairs in it."""
    wanted: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for finding in findings:
        raw = finding.raw
        steps = (step.place for trace in (raw.trace, *raw.other_traces) for step in trace)
        for place in (*steps, raw.place, place_of(raw.repair)):
            if place is not None:
                wanted[place.module].add((place.scope, place.register))
    return dict(wanted)


def locate(finding: Identified, positions: Positions, paths: Sequence[str], name: str) -> Finding:
    """The finding as printed. `paths` are the files by module index, `name` comes from the catalogue."""
    raw = finding.raw
    return Finding(
        code=raw.code,
        name=name,
        severity=raw.severity,
        confidence=CONFIDENCE_NAMES[raw.confidence],
        message=raw.message,
        location=_location(finding, positions),
        function=raw.function,
        fingerprint=finding.fingerprint,
        effect=finding.effect,
        entry_points=raw.entry_points,
        trace=_trace(raw.trace, positions, paths),
        other_traces=tuple(_trace(trace, positions, paths) for trace in raw.other_traces),
        fix=finding.fix,
        fixable=applicability(raw.repair),
        repair=raw.repair,
        repair_at=positions.get(place_of(raw.repair) or _NO_PLACE, _NOWHERE),
    )


def line_of(finding: Identified, positions: Positions) -> int:
    """The line a finding would be reported on."""
    return _location(finding, positions).line


def _location(finding: Identified, positions: Positions) -> Location:
    raw = finding.raw
    if raw.place is None:
        line, column = raw.position
        return Location(raw.path, line, column, line, column)
    return Location(raw.path, *positions.get(raw.place, _START))


def _trace(steps: Sequence[Step], positions: Positions, paths: Sequence[str]) -> tuple[TraceStep, ...]:
    return tuple(
        TraceStep(
            paths[step.place.module],
            positions.get(step.place, _START)[0],
            step.function,
            step.mechanism,
            step.edge,
        )
        for step in steps
    )
