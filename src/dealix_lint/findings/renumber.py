"""Findings of a part of a project as findings of the project: modules are numbered anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dealix_lint.model.findings import RawFinding, Step
from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import DropCodes, Repair


def renumbered(raw: RawFinding, files: Sequence[int]) -> RawFinding:
    """The finding with the number `files[n]` for each module n."""
    return replace(
        raw,
        place=None if raw.place is None else _moved(raw.place, files),
        trace=_steps(raw.trace, files),
        other_traces=tuple(_steps(trace, files) for trace in raw.other_traces),
        repair=_repair(raw.repair, files),
    )


def _moved(place: Place, files: Sequence[int]) -> Place:
    return Place(files[place.module], place.scope, place.register)


def _steps(trace: Sequence[Step], files: Sequence[int]) -> tuple[Step, ...]:
    return tuple(Step(_moved(step.place, files), step.function, step.mechanism, step.edge) for step in trace)


def _repair(repair: Repair | None, files: Sequence[int]) -> Repair | None:
    if repair is None or isinstance(repair, DropCodes):
        return repair
    return replace(repair, place=_moved(repair.place, files))
