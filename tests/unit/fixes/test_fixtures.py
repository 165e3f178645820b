"""Every fixture with findings that can be repaired: they are gone afterwards, and nothing else of the files has changed."""

from __future__ import annotations

import ast
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from dealix_lint.engine.answers import Checked, compute_check
from dealix_lint.engine.fixing import fix
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from tests.fixture_files import FIXTURES, FixtureCase, cases_under

FIXABLE = ("DLX002", "DLX101", "DLX102", "DLX202")


def _cases(code: str) -> list[FixtureCase]:
    """The cases of a code that announce it; of the many of DLX101, which differ in what classifies, one in three."""
    announcing = [c for c in cases_under(FIXTURES / code) if any(f": {code}" in file.text for file in c.files)]
    return announcing[:: 3 if code == "DLX101" else 1]


FOR_PEOPLE = frozenset(
    {
        "nothing is handed over in place of an object that holds one",
        "at the top of a script",
        "a package that is run as a program",
        "a constant dict spread into the decorator from another module",
        "a dict display with two of the three keys",
        "set by configuration, the definition is the place",
        "an incomplete declaration with no effect behind it",
        "an envelope with one key only, in front of an effect",
        "a table that configuration completes from the decorator",
        "an entry of a spread table lacks a class",
        "executors, threads and the event loop",
        "partials that are kept, and elements that hold the id",
        "an object that holds the id, left out",
        "an object of the project is made without the id that it could hold",
        "it is reported where the function is defined, however often that is called",
        "a partial that keeps two of the three",
        "the classes that one caller states are not those of another",
        "a packet that is handed on by a function that looks for what to call",
        "a parameter takes an id by its name, or by that of the field",
    }
)
"""Cases in which a table, an envelope, a partial or the configuration would have to be changed, or nothing says to what; or not the
call that is reported takes the keyword, but what it is handed, or an object that would have to be found."""

CASES = [case for code in FIXABLE for case in _cases(code)]


def _fixable(checked: Checked) -> set[tuple[str, str]]:
    return {(f.code, f.function) for f in checked.report.findings if f.fixable and f.suppressed is None}


def _kept(before: bytes, after: bytes) -> bool:
    """Whether a line of the old file is gone only where one that contains most of it has come."""
    old, new = before.splitlines(), after.splitlines()
    for kind, start, end, other, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "delete" and any(b"dealix:" not in line for line in old[start:end]):
            return False
        if kind == "replace" and end - start > stop - other:
            return False
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_can_be_repaired_is_gone_after_it(case: FixtureCase, tmp_path: Path) -> None:
    case.write(tmp_path)
    if not (tmp_path / "pyproject.toml").exists():
        (tmp_path / "pyproject.toml").write_text(f'[tool.dealix-lint]\nselect = ["{case.fixture.parent.name}"]\n')
    (project,) = find_projects((tmp_path,))
    request = Request((tmp_path,), overrides=Overrides(jobs=1), use_store=False)
    first = compute_check(project, request)
    assert bool(_fixable(first)) == (case.heading not in FOR_PEOPLE)
    fixed = fix(project, request, with_unsafe=True)
    assert _fixable(fixed.checked) == set()
    assert bool(fixed.repaired) == bool(_fixable(first))
    for change in fixed.changes:
        ast.parse(change.after)
        assert _kept(change.before, change.after)
    overlay = {tmp_path / change.path: change.after for change in fixed.changes}
    assert fix(project, replace(request, overlay=overlay), with_unsafe=True).changes == ()
