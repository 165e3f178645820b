"""The repairs of small projects, line by line; see tests/fixtures/repairs/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest

from dealix_lint.engine.answers import compute_check
from dealix_lint.engine.fixing import Change, fix
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.model.repairs import SAFE, UNSAFE
from tests.fixture_files import FIXTURES, FixtureCase, cases_under

CODES = {
    "decorators": ("DLX101",),
    "classes": ("DLX102",),
    "ids": ("DLX202",),
    "comments": ("DLX",),
}
"""What the cases of each file are about."""


def _changed(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        compile(change.after, change.path, "exec")
        before, after = (data.decode().splitlines() for data in (change.before, change.after))
        lines = list(unified_diff(before, after, lineterm="", n=0))[2:]
        yield from (line for line in lines if not line.startswith("@@") and line != "+")


@pytest.mark.parametrize("case", cases_under(FIXTURES / "repairs"), ids=lambda case: case.id)
def test_what_is_announced_is_made(case: FixtureCase, tmp_path: Path) -> None:
    case.write(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.dealix-lint]\n")
    (project,) = find_projects((tmp_path,))
    request = Request((tmp_path,), overrides=Overrides(select=CODES[case.fixture.stem], jobs=1), use_store=False)
    report = compute_check(project, request).report
    blocks = {block.kind: list(block.lines) for block in case.expectations}
    safe = blocks.get("safe", [])
    numbers = {False: report.fixable(SAFE), True: report.fixable(SAFE) + report.fixable(UNSAFE)}
    for with_unsafe, expected in ((False, safe), (True, blocks.get("unsafe", safe))):
        fixed = fix(project, request, with_unsafe=with_unsafe)
        assert list(_changed(fixed.changes)) == expected
        assert fixed.repaired == numbers[with_unsafe]
    overlay = {tmp_path / change.path: change.after for change in fixed.changes}
    assert fix(project, replace(request, overlay=overlay), with_unsafe=True).changes == ()
