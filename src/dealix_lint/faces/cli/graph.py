"""`dealix-lint graph`."""

from __future__ import annotations

from pathlib import Path

import click

from dealix_lint.engine.answers import draw_graph
from dealix_lint.engine.output import show_graph
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.faces.cli.asking import ask, explain_silence
from dealix_lint.faces.cli.options import analysing
from dealix_lint.faces.cli.status import CLEAN, TROUBLE
from dealix_lint.faces.terminal import watching, write

_FORMATS = click.Choice(["text", "json", "dot", "graphml"])


@click.command("graph")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True, help="How to print the graph.")
@click.option("--edges", is_flag=True, help="Add kind and line of every call.")
@analysing
def command(
    paths: tuple[Path, ...],
    no_cache: bool,
    jobs: int | None,
    config: Path | None,
    output: Path | None,
    form: str,
    edges: bool,
) -> int:
    """Print the call graph.

    Every function with the functions it calls. PATHS name the project and limit the callers shown.

    json is a plain adjacency list, with --edges a list of edges; dot is for Graphviz, graphml for Gephi, yEd and
    networkx."""
    asked = ask(paths)
    project = asked.only("a graph")
    with watching() as progress:
        request = Request(paths, config, Overrides(jobs=jobs), {}, not no_cache, progress)
        graph, snapshot = draw_graph(project, request, edges)
    explain_silence(project, snapshot)
    write(show_graph(graph, form, project.prefix, edges), output)
    return TROUBLE if asked.is_incomplete else CLEAN
