"""The program that a file flake8 looks at belongs to, and its findings there."""

from __future__ import annotations

import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dealix_lint.engine.answers import Checked
from dealix_lint.engine.once import check_once
from dealix_lint.engine.project import Project, project_of
from dealix_lint.engine.request import Request
from dealix_lint.model.errors import DealixError
from dealix_lint.model.findings import Finding

_checked: Final[dict[Path, Checked]] = {}
"""What this process knows of each project by its root; used for files that are still what they were then."""

_told: Final[set[str]] = set()


def findings_in(filename: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column from 0, and text of the findings in a file. `text` is what flake8 sees, which may not be saved
    yet."""
    path = Path(filename).resolve()
    if not path.parent.is_dir() or not (path.is_file() or filename.endswith(".py")):
        return
    project = project_of(path)
    inside = path.relative_to(project.root).as_posix()
    try:
        checked = _check(project, path, inside, text)
    except DealixError as error:
        _tell_once(str(error))
        return
    for finding in checked.report.findings:
        if finding.location.path == inside and finding.suppressed is None:
            yield finding.location.line, finding.location.column - 1, _text(finding)


def _check(project: Project, path: Path, inside: str, text: str) -> Checked:
    data = path.read_bytes() if path.is_file() else b""
    if _as_flake8_reads(data) != text:
        return check_once(project, Request((path,), overlay={path: _encoded(text)}))
    known = _checked.get(project.root)
    if known is None or not _is_current(known, inside, data):
        known = _checked[project.root] = check_once(project, Request((project.root,)))
    return known


def _is_current(checked: Checked, inside: str, data: bytes) -> bool:
    """Whether a file is what it was when the project was checked, or was not part of it."""
    return inside not in checked.snapshot.paths or checked.snapshot.holds(inside, data)


def _as_flake8_reads(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeError):
        text = io.TextIOWrapper(io.BytesIO(data), "latin-1").read()
    return text.removeprefix("\ufeff")


def _encoded(text: str) -> bytes:
    """Unsaved text as the bytes it would be saved as."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return text.encode(encoding)
    except (SyntaxError, UnicodeError):
        return data


def _text(finding: Finding) -> str:
    """Code and message on one line, with the functions on the way to the effect."""
    way = " -> ".join(step.function for step in finding.trace[:-1])
    message = " ".join(finding.message.split())
    return f"{finding.code} {message}" + (f" [{way}]" if way else "")


def _tell_once(message: str) -> None:
    """A mistake in the configuration is no finding in a file, but the user has to know."""
    if message not in _told:
        _told.add(message)
        print(f"dealix-lint: {message}", file=sys.stderr)
