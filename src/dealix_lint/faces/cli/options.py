"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def analysing(function: F) -> F:
    """Paths and the options of every command that analyses."""
    for decorate in (
        click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."),
        click.option("--config", type=click.Path(path_type=Path), help="TOML file with [tool.dealix-lint]."),
        click.option("--jobs", type=click.IntRange(min=0), metavar="N", help="Worker processes (0: one per core)."),
        click.option("--no-cache", is_flag=True, help="Neither read nor write remembered results."),
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False)),
    ):
        function = decorate(function)
    return function


def codes(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes given in several options or separated by commas."""
    return tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
