"""Repairs findings until none is left that can be: check, change, check again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff

from dealix_lint.engine.answers import Checked, compute_check
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Request
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.fixes import Located, repair
from dealix_lint.model.findings import Finding
from dealix_lint.model.repairs import SAFE

MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A file (path from the root of its project) before and after."""

    path: str
    before: bytes
    after: bytes

    def diff(self, prefix: str) -> Iterator[str]:
        """The lines of a unified diff. `prefix` is put before the path."""
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (self.before, self.after))
        name = f"{prefix}{self.path}"
        return unified_diff(before, after, name, name, lineterm="")


@dataclass(frozen=True, slots=True)
class Fixed:
    """The report on the code after all repairs, the number of findings that were repaired, and the changed files."""

    checked: Checked
    repaired: int
    changes: tuple[Change, ...]


def fix(project: Project, request: Request, *, with_unsafe: bool) -> Fixed:
    """Repair what was asked for, in memory. Raises DealixError."""
    first: dict[str, bytes] = {}
    overlay = dict(request.overlay)
    repaired = 0
    for _ in range(MOST_ROUNDS):
        checked = compute_check(project, replace(request, overlay=overlay))
        made = list(_round(checked, with_unsafe))
        if not made:
            break
        for path, before, after, number in made:
            first.setdefault(path, before)
            overlay[project.root / path] = after
            repaired += number
    changes = (Change(path, before, overlay[project.root / path]) for path, before in sorted(first.items()))
    return Fixed(checked, repaired, tuple(change for change in changes if change.before != change.after))


def _round(checked: Checked, with_unsafe: bool) -> Iterator[tuple[str, bytes, bytes, int]]:
    """For each file with findings to repair: its path, content, new content, and how many findings are dealt with."""
    wanted: defaultdict[str, list[Located]] = defaultdict(list)
    for finding in _fixable(checked.report.findings, with_unsafe):
        if finding.repair is not None:
            wanted[finding.location.path].append(Located(finding.repair, finding.repair_at))
    data = _contents(checked.snapshot)
    for path, repairs in sorted(wanted.items()):
        result = repair(data[path], repairs)
        if result.data != data[path]:
            yield path, data[path], result.data, sum(repairs.count(located) for located in result.made)


def _fixable(findings: Iterable[Finding], with_unsafe: bool) -> Iterator[Finding]:
    for finding in findings:
        if finding.suppressed is None and finding.fixable and (with_unsafe or finding.fixable == SAFE):
            yield finding


def _contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {content.path: content.data for content in snapshot.contents}
