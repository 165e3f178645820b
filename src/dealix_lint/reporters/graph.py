"""The call graph: plain JSON adjacency, JSON with edges, text, Graphviz and GraphML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from dealix_lint.model.callmap import CallMap, NamedEdge
from dealix_lint.model.visible import visible
from dealix_lint.reporters.styled import Line, Shown, line

EDGES_SCHEMA: Final = "dealix-lint/graph-edges/1"


def graph_json(graph: CallMap) -> str:
    """`{"caller": ["callee", ...], ...}` and nothing else."""
    return (
        json.dumps({caller: list(callees) for caller, callees in graph.adjacency}, indent=1, ensure_ascii=False) + "\n"
    )


def graph_edges_json(graph: CallMap) -> str:
    """Functions, and every edge with kind, mechanism and the line of the call site."""
    document = {
        "schema": EDGES_SCHEMA,
        "functions": [caller for caller, _ in graph.adjacency],
        "edges": [asdict(edge) for edge in graph.edges],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def graph_text(graph: CallMap, shown: Shown = str) -> Iterator[Line]:
    """Every caller with its callees below it. With edges known, each with its kind and line."""
    edges: dict[str, list[NamedEdge]] = {}
    for edge in graph.edges:
        edges.setdefault(edge.caller, []).append(edge)
    for caller, callees in graph.adjacency:
        yield line(("strong", caller))
        if graph.edges:
            for edge in edges.get(caller, ()):
                kind = f"dispatch [{edge.mechanism}]" if edge.kind == "dispatch" else edge.kind
                yield line(("dim", f"  {kind} "), edge.callee, ("dim", f"  {shown(edge.path)}:{edge.line}"))
        else:
            for callee in callees:
                yield line(f"  {callee}")


def graph_dot(graph: CallMap) -> str:
    """The graph in Graphviz's language, dispatch edges dashed where edges are known."""
    dispatched = {(edge.caller, edge.callee) for edge in graph.edges if edge.kind == "dispatch"}
    lines = ["digraph calls {", "  rankdir=LR;", "  node [shape=box];"]
    for caller, callees in graph.adjacency:
        lines.append(f"  {_quoted(caller)};")
        for callee in callees:
            style = " [style=dashed]" if (caller, callee) in dispatched else ""
            lines.append(f"  {_quoted(caller)} -> {_quoted(callee)}{style};")
    return "\n".join((*lines, "}")) + "\n"


def graph_mermaid(graph: CallMap) -> str:
    """The graph as a Mermaid flowchart, which GitHub, GitLab and many wikis draw; dispatch edges dotted where edges are
    known."""
    dispatched = {(edge.caller, edge.callee) for edge in graph.edges if edge.kind == "dispatch"}
    names = dict.fromkeys(name for caller, callees in graph.adjacency for name in (caller, *callees))
    ids = {name: f"n{number}" for number, name in enumerate(names)}
    lines = ["flowchart LR", *(f'  {ids[name]}["{_escaped(name)}"]' for name in names)]
    for caller, callees in graph.adjacency:
        for callee in callees:
            arrow = "-.->" if (caller, callee) in dispatched else "-->"
            lines.append(f"  {ids[caller]} {arrow} {ids[callee]}")
    return "\n".join(lines) + "\n"


def graph_graphml(graph: CallMap) -> str:
    """The graph for the programs that draw and measure networks."""
    from dealix_lint.callgraph.graphml import graphml_lines

    return "\n".join(graphml_lines(graph)) + "\n"


def graph_document(graph: CallMap) -> dict[str, object]:
    """The graph for the store."""
    return {"adjacency": graph.adjacency, "edges": [asdict(edge) for edge in graph.edges]}


def read_graph(document: dict[str, Any]) -> CallMap:
    """The graph that `graph_document` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    adjacency = tuple((caller, tuple(callees)) for caller, callees in document["adjacency"])
    return CallMap(adjacency, tuple(NamedEdge(**edge) for edge in document["edges"]))


def _escaped(name: str) -> str:
    return visible(name).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
