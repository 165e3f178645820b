"""`dealix-lint cache`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from dealix_lint.engine.output import Line, line
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.remembered import KINDS, clear, folder_of, look_into
from dealix_lint.engine.request import Request
from dealix_lint.faces.cli.options import CONFIG
from dealix_lint.faces.cli.status import CLEAN
from dealix_lint.faces.terminal import write

_PATH = click.argument("path", type=click.Path(path_type=Path, exists=True), default=Path())


def _about(function: Callable[[Path, Path | None], int]) -> Callable[[Path, Path | None], int]:
    return CONFIG(_PATH(function))


@click.group("cache")
def command() -> None:
    """Show or clear what is remembered of earlier runs.

    PATH names the project; projects share a folder unless `cache-dir` says otherwise. What is remembered costs nothing to
    lose: the next run computes it again."""


@command.command("dir")
@_about
def dir_(path: Path, config: Path | None) -> int:
    """Print the folder that results are remembered in."""
    write((line(str(_folder(path, config))),), None)
    return CLEAN


@command.command("stats")
@_about
def stats(path: Path, config: Path | None) -> int:
    """Print how much is remembered."""
    write(_said(_folder(path, config)), None)
    return CLEAN


@command.command("clear")
@_about
def clear_(path: Path, config: Path | None) -> int:
    """Forget everything."""
    folder = _folder(path, config)
    write((line(f"{_bytes(clear(folder))} removed from {folder}"),), None)
    return CLEAN


def _folder(path: Path, config: Path | None) -> Path:
    (project,) = find_projects((path,))
    return folder_of(project.root, Request((path,), config))


def _said(folder: Path) -> Iterator[Line]:
    found = look_into(folder)
    yield line(f"{found.folder}: {_bytes(found.size)} on disk")
    for kind, (number, size) in found.counts.items():
        yield line(f"  {number:>8,}  {KINDS.get(kind, kind)}, {_bytes(size)}")


def _bytes(number: int) -> str:
    """`0 bytes`, `12.3 kB`, `4.0 MB`."""
    if number < 1000:
        return f"{number} bytes"
    return f"{number / 1000:.1f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"
