"""The baseline: findings that were there when the project began to look, kept silent until they are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from dealix_lint.findings.selection import UNSUPPRESSIBLE, UNUSED
from dealix_lint.findings.suppress import Remark
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.findings import Finding, Suppression

SCHEMA: Final = "dealix-lint/baseline/1"
_REASON: Final = "in the baseline"


def read_baseline(data: bytes, path: str) -> dict[str, str]:
    """Fingerprint -> what was found then. Raises ConfigError when the file is not a baseline."""
    try:
        document = json.loads(data)
    except ValueError as error:
        raise ConfigError(
            f"{path}: not a baseline: {error}; write it with dealix-lint check --write-baseline"
        ) from error
    if isinstance(document, list) and all(isinstance(entry, str) for entry in document):
        return dict.fromkeys(document, "")
    entries = document.get("findings") if isinstance(document, dict) and document.get("schema") == SCHEMA else None
    if not isinstance(entries, dict) or not all(isinstance(text, str) for text in entries.values()):
        raise ConfigError(f"{path}: not a baseline; write it with dealix-lint check --write-baseline")
    return entries


def write_baseline(findings: Iterable[Finding], kept: Iterable[tuple[str, str]] = ()) -> str:
    """A baseline of all findings that can be silenced and no comment silences, and of the entries `kept` of an older one."""
    entries = dict(kept) | {
        finding.fingerprint: f"{finding.code} {finding.location.path} {finding.function}"
        for finding in findings
        if finding.code not in UNSUPPRESSIBLE and (finding.suppressed is None or finding.suppressed.by == "baseline")
    }
    return (
        json.dumps({"schema": SCHEMA, "findings": dict(sorted(entries.items(), key=lambda e: (e[1], e[0])))}, indent=1)
        + "\n"
    )


def apply_baseline(findings: Iterable[Finding], baseline: dict[str, str]) -> tuple[Finding, ...]:
    """Findings with those marked that the baseline knows and no comment silences."""
    return tuple(
        replace(finding, suppressed=Suppression("baseline", _REASON))
        if finding.fingerprint in baseline and finding.suppressed is None and finding.code not in UNSUPPRESSIBLE
        else finding
        for finding in findings
    )


def stale_entries(
    baseline: dict[str, str], data: bytes, path: str, present: frozenset[str], judged: frozenset[str]
) -> Iterator[Remark]:
    """A remark per entry that silences nothing any more. `present` are all fingerprints of the run, shown or not;
    entries of codes not `judged` in this run are left alone."""
    lines = data.decode("utf-8", "replace").splitlines()
    for entry, text in sorted(baseline.items()):
        if entry not in present and (not text or text.split()[0] in judged):
            line = next((number for number, content in enumerate(lines, 1) if entry in content), 1)
            what = f" ({text})" if text else ""
            message = f"baseline entry {entry}{what} silences nothing any more; write the baseline again"
            yield Remark(UNUSED, path, line, 1, message)
