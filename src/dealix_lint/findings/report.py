"""The result of a check as a value: findings in order, and the counts below them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dealix_lint.model.findings import SEVERITIES, Finding


@dataclass(frozen=True, slots=True)
class Scale:
    """How much was analysed."""

    files: int = 0
    functions: int = 0
    effects: int = 0
    entry_points: int = 0

    def __add__(self, other: Scale) -> Scale:
        return Scale(
            self.files + other.files,
            self.functions + other.functions,
            self.effects + other.effects,
            self.entry_points + other.entry_points,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check has to say. `below_confidence` are the files of the findings that are only counted."""

    findings: tuple[Finding, ...]
    scale: Scale
    below_confidence: tuple[str, ...] = ()

    def count(self, severity: str) -> int:
        """Number of findings of a severity that nothing suppresses."""
        return sum(finding.suppressed is None and finding.severity == severity for finding in self.findings)

    @property
    def suppressed(self) -> int:
        """Number of suppressed findings."""
        return sum(finding.suppressed is not None for finding in self.findings)

    def fixable(self, applicability: str) -> int:
        """Number of findings that can be repaired ("safe", "unsafe") and that nothing suppresses."""
        return sum(finding.suppressed is None and finding.fixable == applicability for finding in self.findings)

    def fails(self, fail_on: str) -> bool:
        """Whether there is a finding of severity `fail_on` or above that nothing suppresses."""
        return any(self.count(severity) for severity in SEVERITIES[SEVERITIES.index(fail_on) :])

    def limited_to(self, paths: Iterable[str]) -> Report:
        """The report on some files and folders only ("" is the whole project)."""
        wanted = tuple(paths)
        if "" in wanted:
            return self
        return Report(
            tuple(finding for finding in self.findings if _is_in(finding.location.path, wanted)),
            self.scale,
            tuple(path for path in self.below_confidence if _is_in(path, wanted)),
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file, line, column and code."""
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.location
    return (place.path, place.line, place.column, finding.code, finding.message, finding.fingerprint)


def _is_in(path: str, wanted: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in wanted)
