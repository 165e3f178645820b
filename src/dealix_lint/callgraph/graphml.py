"""The graph in GraphML, which Gephi, yEd, Cytoscape and networkx itself read; http://graphml.graphdrawing.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.model.callmap import CallMap

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
    callers = [caller for caller, _ in graph.adjacency]
    callees = sorted({callee for _, found in graph.adjacency for callee in found} - set(callers))
    network.add_nodes_from((name, {"followed": True}) for name in callers)
    network.add_nodes_from((name, {"followed": False}) for name in callees)
    for edge in graph.edges:
        said = {"kind": edge.kind, "mechanism": edge.mechanism, "path": edge.path, "line": edge.line}
        network.add_edge(edge.caller, edge.callee, **said)
    if not graph.edges:
        network.add_edges_from((caller, callee) for caller, found in graph.adjacency for callee in found)
    return network
