"""Small projects given as texts, checked as a user would check them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from dealix_lint.engine.answers import check
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.model.findings import Finding

_ANNOUNCED = re.compile(r"# (error|warning|note): (DLX\d{3})")
Said = tuple[str, int, str, str]


def check_files(root: Path, files: Mapping[str, str], select: str, settings: str = "") -> tuple[Finding, ...]:
    """Findings of the selected codes on `files` (path -> text), with further `[tool.dealix-lint]` settings."""
    (root / "pyproject.toml").write_text(f'[tool.dealix-lint]\nselect = ["{select}"]\n{settings}')
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    (project,) = find_projects((root,))
    request = Request((root,), overrides=Overrides(jobs=1), use_store=False)
    return check(project, request).report.findings


def said(findings: tuple[Finding, ...]) -> list[Said]:
    """Path, line, severity and code of findings, sorted."""
    return sorted((f.location.path, f.location.line, f.severity, f.code) for f in findings)


def announced(files: Mapping[str, str], select: str) -> list[Said]:
    """What comments like `# error: DLX101` say of the selected codes."""
    return sorted(
        (name, number, severity, code)
        for name, text in files.items()
        for number, line in enumerate(dedent(text).splitlines(), 1)
        for severity, code in _ANNOUNCED.findall(line)
        if code.startswith(select)
    )
