"""`dealix-lint inventory`."""

from __future__ import annotations

from pathlib import Path

import click

from dealix_lint.engine.output import show_inventory
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.views import take_inventory
from dealix_lint.faces.cli.asking import ask, explain_silence
from dealix_lint.faces.cli.options import analysing
from dealix_lint.faces.cli.status import CLEAN, TROUBLE
from dealix_lint.faces.terminal import watching, write

_FORMATS = click.Choice(["text", "markdown", "json"])


@click.command("inventory")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True, help="How to print the inventory.")
@analysing
def command(
    paths: tuple[Path, ...], no_cache: bool, jobs: int | None, config: Path | None, output: Path | None, form: str
) -> int:
    """List every external effect and what leads to it.

    Commitments, reads and LLM calls alike, each with the entry points that reach it and the classes it carries. PATHS
    name the project and limit the effects shown."""
    asked = ask(paths)
    project = asked.only("the inventory")
    with watching() as progress:
        request = Request(paths, config, Overrides(jobs=jobs), {}, not no_cache, progress)
        inventory, snapshot = take_inventory(project, request)
    explain_silence(project, snapshot)
    write(show_inventory(inventory, form, project.shown), output)
    return TROUBLE if asked.is_incomplete else CLEAN
