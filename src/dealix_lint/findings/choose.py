"""Which findings a run shows: by code, by file, by confidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dealix_lint.findings.identify import Identified
from dealix_lint.findings.selection import PathRules, Selection
from dealix_lint.model.graph import CONFIDENCE_NAMES


@dataclass(frozen=True, slots=True)
class Chosen:
    """Findings to show, with their final severity, and those whose confidence is too low, which are only counted."""

    shown: tuple[Identified, ...]
    below_confidence: tuple[Identified, ...]


def choose(findings: Iterable[Identified], selection: Selection, rules: PathRules, min_confidence: str) -> Chosen:
    """Drop what is not selected, set severities, part off what is below `min_confidence` ("low", "medium", "high")."""
    least = CONFIDENCE_NAMES.index(min_confidence)
    shown: list[Identified] = []
    below: list[Identified] = []
    for finding in findings:
        raw = finding.raw
        if not selection.is_on(raw.code) or rules.is_silenced(raw.code, raw.path):
            continue
        severity = rules.severity(raw.code, raw.path, raw.severity)
        judged = replace(finding, raw=replace(raw, severity=severity))
        (shown if raw.confidence >= least else below).append(judged)
    return Chosen(tuple(shown), tuple(below))
