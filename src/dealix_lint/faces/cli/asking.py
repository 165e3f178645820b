"""From command line arguments to projects, and what to tell the user about them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import Final

import click

from dealix_lint.engine.project import Project, project_of, sort_out
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.faces.terminal import note
from dealix_lint.model.errors import SourceError

_STANDARD_INPUT: Final = Path("-")

_NAMED: Final = 3
"""How many paths that are left out are named; pre-commit may pass hundreds of tests."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The projects that a command is about, in the order of their roots; the unsaved content of a file by its absolute
    path; and whether a path that was named does not exist."""

    projects: tuple[Project, ...]
    overlay: Mapping[Path, bytes]
    is_incomplete: bool

    def only(self, why: str) -> Project:
        """The project, where there can be one only. `why` says what for. Raises UsageError for several."""
        if len(self.projects) > 1:
            roots = ", ".join(str(project.root) for project in self.projects)
            raise click.UsageError(f"{why} is about one project, but the paths belong to {len(self.projects)}: {roots}")
        return self.projects[0]


def ask(paths: tuple[Path, ...], stdin_filename: Path | None = None) -> Asked:
    """What some paths name; without paths, what the current folder is. A mistyped path is said on standard error, and
    costs nothing of what there is to say about the others. Raises SourceError when no path exists."""
    if stdin_filename is not None or _STANDARD_INPUT in paths:
        return _unsaved(paths, stdin_filename)
    projects, missing = sort_out(paths or (Path(),))
    if not projects:
        raise SourceError("\n".join(missing))
    for message in missing:
        note(message)
    return Asked(projects, {}, bool(missing))


def _unsaved(paths: tuple[Path, ...], name: Path | None) -> Asked:
    if name is None or paths != (_STANDARD_INPUT,):
        raise click.UsageError("to check unsaved text: dealix-lint check --stdin-filename app/pay.py - < text")
    file = name.resolve()
    whole = project_of(file)
    project = Project(whole.root, (file.relative_to(whole.root).as_posix(),), ())
    return Asked((project,), {file: sys.stdin.buffer.read()}, is_incomplete=False)


def explain_silence(project: Project, snapshot: Snapshot) -> None:
    """Say on standard error where there is nothing to analyse: an empty project, a path that is left out."""
    files = snapshot.paths
    if not files:
        note(f"{project.root}: no Python files to analyse")
        return
    left_out = _left_out(project.wanted, files)
    excluded = [path for path in left_out if path.endswith(".py") or isdir(project.root / path)]
    for reason, named in (
        ("left out by default, by `exclude` or by an ignore file", excluded),
        ("not named .py; `include` adds other files", [path for path in left_out if path not in excluded]),
    ):
        if named:
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            note(f"not analysed: {', '.join(named[:_NAMED])}{more} ({reason})")


def _left_out(wanted: Iterable[str], files: frozenset[str]) -> list[str]:
    return [path for path in wanted if path and path not in files and not any(f.startswith(path + "/") for f in files)]
