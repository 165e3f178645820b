"""The report for people: every finding with the call path that leads to it drawn below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dealix_lint.findings.report import Report
from dealix_lint.model.findings import Finding, TraceStep
from dealix_lint.model.repairs import SAFE, UNSAFE
from dealix_lint.reporters.styled import Line, Shown, line, plural

_INDENT = "    "


def check_text(report: Report, shown: Shown = str) -> Iterator[Line]:
    """The findings that nothing suppresses, then a summary. Findings at one place that are shown by one path stand
    together above it. `shown` says how to print a path."""
    loud = (finding for finding in report.findings if finding.suppressed is None)
    for _, group in groupby(loud, key=_shown_by):
        yield from _group(tuple(group), shown)
        yield line()
    yield from _summary(report)


def _shown_by(finding: Finding) -> tuple[object, ...]:
    return (finding.location, finding.trace, finding.other_traces, finding.entry_points)


def _group(findings: tuple[Finding, ...], shown: Shown) -> Iterator[Line]:
    for finding in findings:
        yield _head(finding, shown)
    first = findings[0]
    yield from _trace(first.trace, shown)
    for trace in first.other_traces:
        yield line(("dim", f"{_INDENT}and"))
        yield from _trace(trace, shown)
    if first.entry_points > 1:
        yield line(("dim", f"{_INDENT}{first.entry_points} entry points lead here; this is the shortest such path"))
    for finding in findings:
        if finding.fix:
            what = f"{_INDENT}fix {finding.code}: " if len(findings) > 1 else f"{_INDENT}fix: "
            yield line(("ok", what), finding.fix)


def _head(finding: Finding, shown: Shown) -> Line:
    place = finding.location
    return line(
        ("path", f"{shown(place.path)}"),
        ("dim", f":{place.line}:{place.column}: "),
        ("code", finding.code),
        (finding.severity, f" [{finding.severity}]"),
        f" {finding.message}",
    )


def _trace(steps: tuple[TraceStep, ...], shown: Shown) -> Iterator[Line]:
    """The path as a tree: each step below its caller, with the edge that enters it and where the next step is taken."""
    for depth, step in enumerate(steps):
        branch = f"{'   ' * (depth - 1)}└─ " if depth else ""
        entered = _edge(step, steps[depth - 1] if depth else None)
        yield line(
            ("dim", _INDENT + branch),
            *((entered, " ") if entered else ()),
            step.function,
            ("dim", f"  {shown(step.path)}:{step.line}"),
        )


def _edge(step: TraceStep, before: TraceStep | None) -> tuple[str, str] | None:
    """What to write before a step: the mechanism it starts in or is dispatched to; nothing for a plain call."""
    if before is None:
        return ("mechanism", f"[{step.mechanism}]")
    if step.edge == "dispatch":
        return ("mechanism", f"dispatch -> [{step.mechanism}]")
    return None


def _summary(report: Report) -> Iterator[Line]:
    scale = report.scale
    counts = [(severity, report.count(severity)) for severity in ("error", "warning", "note")]
    if any(number for _, number in counts):
        said = ", ".join(plural(number, severity) for severity, number in counts if number)
        yield line(("strong", f"Found {said}"), _silent(report) + ".")
    else:
        yield line(("ok", "No findings"), _silent(report) + ".")
    yield from _repairable(report.fixable(SAFE), report.fixable(UNSAFE))
    analysed = f"Analysed {plural(scale.files, 'file')}, {plural(scale.functions, 'function')}"
    yield line(("dim", f"{analysed}, {plural(scale.effects, 'effect')}, {plural(scale.entry_points, 'entry point')}."))


def _repairable(safe: int, unsafe: int) -> Iterator[Line]:
    if safe and unsafe:
        yield line(f"{safe} can be repaired with --fix, {unsafe} more with --fix --unsafe-fixes.")
    elif safe or unsafe:
        yield line(f"{safe or unsafe} can be repaired with {'--fix' if safe else '--fix --unsafe-fixes'}.")


def _silent(report: Report) -> str:
    silent = [(report.suppressed, "suppressed"), (len(report.below_confidence), "below the confidence asked for")]
    said = ", ".join(f"{number} {what}" for number, what in silent if number)
    return f" ({said})" if said else ""
