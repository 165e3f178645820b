"""Repairs findings until none is left that can be: check, change, check again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import TypeAlias

from dealix_lint.engine.answers import Checked, compute_check
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Request
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.fixes import Located, repair
from dealix_lint.model.findings import Finding
from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import SAFE, DropCodes

MOST_ROUNDS = 10
NOWHERE = Place(-1, -1, -1)
Made: TypeAlias = tuple[str, str]
"""The fingerprint of a finding, and its repair."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file (path from the root of its project) before and after, and the number of findings that were repaired in it."""

    path: str
    before: bytes
    after: bytes
    repaired: int

    def diff(self, name: str) -> Iterator[str]:
        """The lines of a unified diff. `name` is the path as it is printed."""
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (self.before, self.after))
        return unified_diff(before, after, name, name, lineterm="")


@dataclass(frozen=True, slots=True)
class Fixed:
    """The report on the code after all repairs, and the changed files."""

    checked: Checked
    changes: tuple[Change, ...]

    @property
    def repaired(self) -> int:
        """The number of findings that were repaired."""
        return sum(change.repaired for change in self.changes)


def fix(project: Project, request: Request, *, with_unsafe: bool) -> Fixed:
    """Repair what was asked for, in memory. A repair after which its finding is still there is not made. Raises DealixError."""
    void: frozenset[Made] = frozenset()
    while True:
        fixed, idle = _fix(project, request, with_unsafe, void)
        if not idle:
            return fixed
        void |= idle


def _fix(project: Project, request: Request, with_unsafe: bool, void: frozenset[Made]) -> tuple[Fixed, frozenset[Made]]:
    """The result without the repairs in `void`; and those made that changed nothing for their finding."""
    first: dict[str, bytes] = {}
    overlay = dict(request.overlay)
    done: set[Made] = set()
    repaired: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        checked = compute_check(project, replace(request, overlay=overlay))
        wanted = [f for f in _fixable(checked.report.findings, with_unsafe) if _identity(f) not in void]
        idle = done.intersection(map(_identity, wanted))
        made = [] if idle else list(_round(checked, wanted))
        if not made:
            break
        for path, before, after, findings in made:
            first.setdefault(path, before)
            overlay[project.root / path] = after
            repaired[path] += len(findings)
            done.update(_identity(f) for f in findings if not isinstance(f.repair, DropCodes))
    changes = (
        Change(path, before, overlay[project.root / path], repaired[path]) for path, before in sorted(first.items())
    )
    fixed = Fixed(checked, tuple(change for change in changes if change.before != change.after))
    return fixed, frozenset(idle)


def _identity(finding: Finding) -> Made:
    """A finding and what is to be done about it, wherever that stands by now."""
    repair = finding.repair
    return finding.fingerprint, repr(repair if isinstance(repair, DropCodes | None) else replace(repair, place=NOWHERE))


def _round(checked: Checked, findings: Iterable[Finding]) -> Iterator[tuple[str, bytes, bytes, list[Finding]]]:
    """For each file with findings to repair: its path, content, new content, and the findings that are dealt with."""
    wanted: defaultdict[str, list[tuple[Finding, Located]]] = defaultdict(list)
    for finding in findings:
        if finding.repair is not None:
            wanted[finding.location.path].append((finding, Located(finding.repair, finding.repair_at)))
    data = _contents(checked.snapshot)
    for path, repairs in sorted(wanted.items()):
        result = repair(data[path], [located for _, located in repairs])
        if result.data != data[path]:
            yield path, data[path], result.data, [finding for finding, located in repairs if located in result.made]


def _fixable(findings: Iterable[Finding], with_unsafe: bool) -> Iterator[Finding]:
    for finding in findings:
        if finding.suppressed is None and finding.fixable and (with_unsafe or finding.fixable == SAFE):
            yield finding


def _contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {content.path: content.data for content in snapshot.contents}
