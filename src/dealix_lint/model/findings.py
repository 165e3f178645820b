"""Findings as values; exactly what `formats.md` prints."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import Applicability, Repair

SEVERITIES = ("note", "warning", "error")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, entry point first: the place in `function` from which the next step is taken (the last: the effect)."""

    place: Place
    function: str
    mechanism: str
    edge: str  # "call" | "dispatch": how this step was entered


@dataclass(frozen=True, slots=True)
class RawFinding:
    """A finding before positions are looked up. `effect` is an index into the effects, or -1. `key` tells apart what the same code says of
    the same place; it and the function, not the line, make the fingerprint. `starts`: the ids of the entry points that are counted,
    where findings of one place may be joined. `advice`: what to do, where it is not what the rule says of all its findings."""

    code: str
    message: str
    place: Place | None  # None: the position in `problem_position` of `path` (DLX001)
    path: str
    function: str
    severity: str
    confidence: int
    effect: int = -1
    entry_points: int = 0
    trace: tuple[Step, ...] = ()
    other_traces: tuple[tuple[Step, ...], ...] = ()
    position: tuple[int, int] = (1, 1)
    key: str = ""
    repair: Repair | None = None
    starts: frozenset[str] = frozenset()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A resolved position: 1-based lines and columns, end column exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A `Step` with its line."""

    path: str
    line: int
    function: str
    mechanism: str
    edge: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """How a finding is silenced: "comment" or "baseline", and the reason given ("" if none)."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EffectLabel:
    """The effect of a finding in three words."""

    kind: str
    provider: str
    operation: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as printed: every field of `dealix-lint/check/1`. `fix` says in one sentence how to correct it ("" if unknown),
    `fixable` whether `--fix` can ("safe"), may if it is told so ("unsafe"), or cannot (None). `repair` is what it would do and
    `repair_at` where (line, column, end line, end column); a report that is remembered has lost them."""

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    location: Location
    function: str
    fingerprint: str
    effect: EffectLabel | None
    entry_points: int
    trace: tuple[TraceStep, ...]
    other_traces: tuple[tuple[TraceStep, ...], ...]
    suppressed: Suppression | None = None
    fix: str = ""
    fixable: Applicability | None = None
    repair: Repair | None = field(default=None, compare=False)
    repair_at: tuple[int, int, int, int] = field(default=(0, 0, 0, 0), compare=False)
