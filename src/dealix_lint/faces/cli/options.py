"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

_FILE: Final = click.Path(path_type=Path, readable=False)
CONFIG: Final = click.option(
    "--config", type=_FILE, metavar="FILE", help="Read [tool.dealix-lint] from FILE, not from pyproject.toml."
)
_OUTPUT: Final = click.Path(path_type=Path, dir_okay=False, readable=False)

F = TypeVar("F", bound=Callable[..., Any])


def analysing(function: F) -> F:
    """Paths and the options of every command that analyses."""
    for decorate in (
        click.option("--no-cache", is_flag=True, help="Neither read nor write remembered results."),
        click.option("--jobs", type=click.IntRange(min=0), metavar="N", help="Worker processes; 0 means one per core."),
        CONFIG,
        click.option("-o", "--output", type=_OUTPUT, metavar="FILE", help="Write to FILE, not to standard output."),
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False)),
    ):
        function = decorate(function)
    return function


def codes(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes given in several options or separated by commas."""
    return tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
