"""From command line arguments to projects, and what to tell the user about them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from dealix_lint.engine.project import Project, find_projects
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.faces.terminal import note

_NAMED: Final = 3
"""How many paths that are left out are named; pre-commit may pass hundreds of tests."""


def projects(paths: tuple[Path, ...]) -> tuple[Project, ...]:
    """The projects named; without paths that of the current folder. Raises SourceError for a missing path."""
    return find_projects(paths or (Path(),))


def only_project(paths: tuple[Path, ...], why: str) -> Project:
    """The project named, where there can be one only. `why` says what for. Raises UsageError for several."""
    found = projects(paths)
    if len(found) > 1:
        roots = ", ".join(str(project.root) for project in found)
        raise click.UsageError(f"{why} is about one project, but the paths belong to {len(found)}: {roots}")
    return found[0]


def explain_silence(project: Project, snapshot: Snapshot) -> None:
    """Say on standard error where there is nothing to analyse: an empty project, a path that is left out."""
    files = snapshot.paths
    if not files:
        note(f"{project.root}: no Python files to analyse")
        return
    left_out = _left_out(project.wanted, files)
    if left_out:
        more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
        named = ", ".join(left_out[:_NAMED])
        note(f"not analysed: {named}{more} (left out by default, by exclude or by an ignore file, or not Python)")


def _left_out(wanted: Iterable[str], files: frozenset[str]) -> list[str]:
    return [path for path in wanted if path and path not in files and not any(f.startswith(path + "/") for f in files)]
