"""What the documentation says is what happens: every command is run, every output compared, every link followed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.pages import ROOT, Page, PageFile, agrees, all_pages, read_page
from tests.meta.sessions import run, start_session, write

NOT_RUN = {
    "make test": "runs these tests",
    "python scripts/verify_catalog.py stripe": "needs PyPI; test_verify_catalog.py looks into a library made for it",
    "pip install .": "needs PyPI; test_wheel.py installs the wheel",
    "pre-commit install": "writes into a git repository of the reader",
    "pre-commit run dealix-lint --all-files": "needs a network to clone the hook",
}
PAGES = [read_page(path) for path in all_pages()]
SESSIONS = [page for page in PAGES if page.steps]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_INLINE_COMMAND = re.compile(r"`(?:\S*/)?dealix-lint ([a-z-]+)[^`]*`")


def _name(page: Page) -> str:
    return str(page.path.relative_to(ROOT))


@pytest.mark.parametrize("page", SESSIONS, ids=_name)
def test_every_command_on_the_page_prints_what_the_page_shows(page: Page, tmp_path: Path) -> None:
    folder, environment = start_session(page, tmp_path)
    for step in page.steps:
        if isinstance(step, PageFile):
            write(step, folder)
            continue
        status, printed = run(step, folder, environment)
        shown = "\n".join([f"line {step.line}: $ {step.text}", *printed])
        assert status in step.statuses, f"ended with {status}: {shown}"
        assert agrees(step.output, printed), f"the page says something else (scripts/refresh_pages.py): {shown}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_that_are_only_named_are_known_and_have_a_reason_not_to_be_run(page: Page) -> None:
    assert set(page.named) <= set(NOT_RUN)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_between_pages_lead_somewhere(page: Page) -> None:
    links = _LINK.findall(page.path.read_text(encoding="utf-8"))
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not (page.path.parent / link).exists()] == []


def test_every_command_named_in_the_text_exists() -> None:
    named = {name for page in PAGES for name in _INLINE_COMMAND.findall(page.path.read_text(encoding="utf-8"))}
    listing = subprocess.run(
        [sys.executable, "-m", "dealix_lint", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = set(re.findall(r"^  ([a-z-]+) ", listing, re.MULTILINE))
    assert named <= commands
