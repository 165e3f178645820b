"""`dealix-lint graph`."""

from __future__ import annotations

from pathlib import Path

import click

from dealix_lint.engine.output import show_graph, show_statistics
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.views import count_graph, draw_graph
from dealix_lint.faces.cli.asking import ask, explain_silence
from dealix_lint.faces.cli.options import analysing
from dealix_lint.faces.cli.status import CLEAN, TROUBLE
from dealix_lint.faces.terminal import watching, write
from dealix_lint.model.callmap import Part

_FORMATS = click.Choice(["text", "json", "dot", "mermaid", "graphml"])


@click.command("graph")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True, help="How to print the graph.")
@click.option("--edges", is_flag=True, help="Add kind and line of every call.")
@click.option("--from", "start", default="", metavar="NAME", help="Only what this function leads to.")
@click.option("--to", "end", default="", metavar="NAME", help="Only what leads to this function.")
@click.option("--depth", type=click.IntRange(min=1), metavar="N", help="With --from or --to: in at most N calls.")
@click.option("--stats", is_flag=True, help="Print how much of the code is resolved, and why the rest is not.")
@analysing
def command(
    paths: tuple[Path, ...],
    no_cache: bool,
    jobs: int | None,
    config: Path | None,
    output: Path | None,
    form: str,
    edges: bool,
    start: str,
    end: str,
    depth: int | None,
    stats: bool,
) -> int:
    """Print the call graph.

    Every function with the functions it calls. PATHS name the project and limit the callers shown. NAME is the name of a
    function as the graph prints it, or its end: send, Client.send; what is outside the tree has names as well:
    requests.post.

    json is a plain adjacency list, with --edges a list of edges; dot is for Graphviz, mermaid for Markdown, graphml for
    Gephi, yEd and networkx."""
    _refuse_nonsense(form, edges, start or end, depth, stats)
    asked = ask(paths)
    project = asked.only("a graph")
    with watching() as progress:
        request = Request(paths, config, Overrides(jobs=jobs), {}, not no_cache, progress)
        if stats:
            counts, snapshot = count_graph(project, request)
            lines = show_statistics(counts, form)
        else:
            part = Part(start, end, -1 if depth is None else depth)
            graph, snapshot = draw_graph(project, request, part, edges)
            lines = show_graph(graph, form, project.shown, edges)
    explain_silence(project, snapshot)
    write(lines, output)
    return TROUBLE if asked.is_incomplete else CLEAN


def _refuse_nonsense(form: str, edges: bool, name: str, depth: int | None, stats: bool) -> None:
    if depth is not None and not name:
        raise click.UsageError("--depth says how far to go with --from or --to; give one of them")
    if stats and (edges or name):
        raise click.UsageError("--stats is about the whole graph; leave out --edges, --from and --to")
    if stats and form not in ("text", "json"):
        raise click.UsageError("--stats is printed as text or json")
