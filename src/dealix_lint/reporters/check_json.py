"""`dealix-lint/check/1`, and back: what was printed once can be read again without analysing."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from dealix_lint.findings.report import Report, Scale
from dealix_lint.model.findings import EffectLabel, Finding, Location, Suppression, TraceStep

SCHEMA: Final = "dealix-lint/check/1"


def check_document(report: Report) -> dict[str, object]:
    """The report as the document that `formats.md` describes."""
    return {
        "schema": SCHEMA,
        "findings": [_finding(finding) for finding in report.findings],
        "summary": {
            **asdict(report.scale),
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "notes": report.count("note"),
            "suppressed": report.suppressed,
            "below_confidence": len(report.below_confidence),
        },
    }


def check_json(report: Report) -> str:
    """The document as text, the same bytes for equal reports."""
    return json.dumps(check_document(report), indent=1, ensure_ascii=False) + "\n"


def read_check(document: dict[str, Any], below_confidence: tuple[str, ...]) -> Report:
    """The report that a document was made of. Raises KeyError, TypeError or ValueError for anything else."""
    if document["schema"] != SCHEMA:
        raise ValueError(document["schema"])
    summary = document["summary"]
    scale = Scale(summary["files"], summary["functions"], summary["effects"], summary["entry_points"])
    return Report(tuple(_read_finding(entry) for entry in document["findings"]), scale, below_confidence)


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.location
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "function": finding.function,
        "fingerprint": finding.fingerprint,
        "effect": asdict(finding.effect) if finding.effect else None,
        "entry_points": finding.entry_points,
        "trace": [asdict(step) for step in finding.trace],
        "other_traces": [[asdict(step) for step in trace] for trace in finding.other_traces],
        "suppressed": asdict(finding.suppressed) if finding.suppressed else None,
        "fix": finding.fix,
        "fixable": finding.fixable,
    }


def _read_finding(entry: dict[str, Any]) -> Finding:
    return Finding(
        code=entry["code"],
        name=entry["name"],
        severity=entry["severity"],
        confidence=entry["confidence"],
        message=entry["message"],
        location=Location(entry["path"], entry["line"], entry["column"], entry["end_line"], entry["end_column"]),
        function=entry["function"],
        fingerprint=entry["fingerprint"],
        effect=EffectLabel(**entry["effect"]) if entry["effect"] else None,
        entry_points=entry["entry_points"],
        trace=_read_trace(entry["trace"]),
        other_traces=tuple(_read_trace(trace) for trace in entry["other_traces"]),
        suppressed=Suppression(**entry["suppressed"]) if entry["suppressed"] else None,
        fix=entry["fix"],
        fixable=entry["fixable"],
    )


def _read_trace(steps: list[dict[str, Any]]) -> tuple[TraceStep, ...]:
    return tuple(TraceStep(**step) for step in steps)
