"""The graph in GraphML, which Gephi, yEd, Cytoscape and networkx itself read; http://graphml.graphdrawing.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.model.callmap import CallMap
from dealix_lint.model.visible import visible

if TYPE_CHECKING:
    import networkx


def graphml_lines(graph: CallMap) -> Iterator[str]:
    """The lines of the document. A node says whether it was followed, that is whether its own calls are shown; an
    edge, where edges are known, its kind, mechanism, file and line: two calls of one function are two edges."""
    from networkx import generate_graphml

    yield from generate_graphml(_network(graph))


def _network(graph: CallMap) -> networkx.DiGraph[str]:
    from networkx import DiGraph, MultiDiGraph

    network: DiGraph[str] = MultiDiGraph() if graph.edges else DiGraph()
    callers = {visible(caller): tuple(map(visible, callees)) for caller, callees in graph.adjacency}
    others = sorted({callee for callees in callers.values() for callee in callees} - callers.keys())
    network.add_nodes_from(callers, followed=True)
    network.add_nodes_from(others, followed=False)
    for edge in graph.edges:
        said = {"kind": edge.kind, "mechanism": edge.mechanism, "path": visible(edge.path), "line": edge.line}
        network.add_edge(visible(edge.caller), visible(edge.callee), **said)
    if not graph.edges:
        network.add_edges_from((caller, callee) for caller, callees in callers.items() for callee in callees)
    return network
