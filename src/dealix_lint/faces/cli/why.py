"""`dealix-lint why`."""

from __future__ import annotations

from pathlib import Path

import click

from dealix_lint.engine.output import show_route
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.views import find_route
from dealix_lint.faces.cli.asking import ask
from dealix_lint.faces.cli.options import analysing
from dealix_lint.faces.cli.status import CLEAN, FINDINGS, TROUBLE
from dealix_lint.faces.terminal import watching, write


@click.command("why")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@analysing
def command(
    paths: tuple[Path, ...],
    no_cache: bool,
    jobs: int | None,
    config: Path | None,
    output: Path | None,
    form: str,
    start: str,
    end: str,
) -> int:
    """Print the shortest call path from function A to function B.

    A and B are names as `dealix-lint graph` prints them, or their ends: send, Client.send; what is outside the tree has
    names as well: requests.post. PATHS name the project. Exits with 1 if A does not lead to B."""
    asked = ask(paths)
    project = asked.only("a call path")
    with watching() as progress:
        request = Request(paths, config, Overrides(jobs=jobs), {}, not no_cache, progress)
        route = find_route(project, request, start, end)
    write(show_route(route, form, project.shown), output)
    return TROUBLE if asked.is_incomplete else CLEAN if route.exists else FINDINGS
