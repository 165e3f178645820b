"""The call graph of an analysis, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealix_lint.callgraph import Resolved, adjacency
from dealix_lint.callgraph.export import plain_path
from dealix_lint.findings.locate import Positions
from dealix_lint.model.callmap import CallMap, NamedEdge
from dealix_lint.model.graph import CALL_EDGE, Place
from dealix_lint.model.program import Program


def call_map(resolved: Resolved, wanted: Sequence[str]) -> CallMap:
    """Functions of the `wanted` files and folders ("" is everything) with what they call."""
    callers = _functions(resolved.program, wanted)
    found = adjacency(resolved)
    return CallMap(tuple((caller, tuple(callees)) for caller, callees in found.items() if caller in callers))


def call_sites(resolved: Resolved, wanted: Sequence[str]) -> tuple[tuple[str, str, str, str, Place], ...]:
    """Every edge from the `wanted` files: caller, callee, kind, mechanism, place of the call."""
    callers = _functions(resolved.program, wanted)
    return tuple(sorted({site for site in _sites(resolved) if site[0] in callers}))


def with_edges(
    graph: CallMap, sites: Sequence[tuple[str, str, str, str, Place]], positions: Positions, paths: Sequence[str]
) -> CallMap:
    """The graph with its edges. `paths` are the files by module index."""
    edges = (
        NamedEdge(caller, callee, kind, mechanism, paths[place.module], positions.get(place, (0,))[0])
        for caller, callee, kind, mechanism, place in sites
    )
    return CallMap(graph.adjacency, tuple(sorted(set(edges))))


def _sites(resolved: Resolved) -> Iterator[tuple[str, str, str, str, Place]]:
    nodes = resolved.graph.nodes
    for node, edges in zip(nodes, resolved.graph.out, strict=True):
        for edge in edges:
            yield node.function, nodes[edge.target].function, edge.kind, edge.mechanism, edge.place
    for call in resolved.external_calls(lambda path: True):
        yield nodes[call.node].function, plain_path(call.path), CALL_EDGE, "", call.place


def _functions(program: Program, wanted: Sequence[str]) -> frozenset[str]:
    return frozenset(
        program.function_name(module, scope)
        for module, source in enumerate(program.sources)
        if any(not path or source.path == path or source.path.startswith(f"{path}/") for path in wanted)
        for scope in range(len(program.summaries[module].scopes))
    )
