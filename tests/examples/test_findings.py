"""The tool finds in the example applications exactly what their comments announce, and nothing in the governed twin."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import pytest

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.locate import rules_folder

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
EXPECTATION = re.compile(r"#\s*expect:\s*(DLX\d{3}(?:\s*,\s*DLX\d{3})*)\s*$")


def expected(application: Path) -> set[tuple[str, int, str]]:
    """(path, line, code) of every `# expect:` comment of the application."""
    found = set()
    for file in sorted(application.rglob("*.py")):
        for token in tokenize.tokenize(io.BytesIO(file.read_bytes()).readline):
            if token.type == tokenize.COMMENT and (match := EXPECTATION.search(token.string)):
                path = file.relative_to(application).as_posix()
                found |= {(path, token.start[0], code.strip()) for code in match[1].split(",")}
    return found


def check(application: Path) -> tuple[int, dict[str, Any]]:
    """Exit status and document of `dealix-lint check --format json`."""
    command = [sys.executable, "-m", "dealix_lint", "check", "--no-cache", "--format", "json", str(application)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode in (0, 1), result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return result.returncode, document


def test_the_tool_reports_what_the_comments_of_the_violating_application_announce() -> None:
    application = EXAMPLES / "commitments"

    status, document = check(application)

    found = {(f["path"], f["line"], f["code"]) for f in document["findings"]}
    announced = expected(application)
    assert found == announced, f"not announced: {sorted(found - announced)}\nnot found: {sorted(announced - found)}"
    assert len(document["findings"]) == len(announced)
    assert status == 1


def test_the_tool_reports_nothing_in_the_governed_twin() -> None:
    application = EXAMPLES / "commitments_governed"

    status, document = check(application)

    assert [(f["path"], f["line"], f["code"], f["message"]) for f in document["findings"]] == []
    assert status == 0


def test_the_governed_twin_is_clean_because_it_is_governed_not_because_nothing_is_seen() -> None:
    _, violating = check(EXAMPLES / "commitments")
    _, governed = check(EXAMPLES / "commitments_governed")

    assert governed["summary"]["effects"] == violating["summary"]["effects"] > 0
    assert governed["summary"]["entry_points"] > 0


def test_the_violating_application_shows_every_code_about_effects() -> None:
    shown = {code for _, _, code in expected(EXAMPLES / "commitments")}
    assert {code for code in load_rules(rules_folder()) if code[3] != "0"} - shown == set()


@pytest.mark.parametrize(
    "code", ["DLX101", "DLX102", "DLX103", "DLX104", "DLX105", "DLX109", "DLX201", "DLX204", "DLX301", "DLX302"]
)
def test_the_violating_application_shows_each_code_at_least_twice(code: str) -> None:
    assert sum(c == code for _, _, c in expected(EXAMPLES / "commitments")) >= 2
