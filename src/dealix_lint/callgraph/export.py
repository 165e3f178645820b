"""The graph as a plain adjacency list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealix_lint.callgraph.resolution import Resolved

_CALLS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def adjacency(resolution: Resolved) -> dict[str, list[str]]:
    """caller -> sorted callees, every function of the tree a key; contexts merged, external paths without calls in them."""
    state = resolution.machine.state
    found: dict[str, set[str]] = {}
    for function in state.functions:
        found[state.program.function_name(function.module, function.scope_index)] = set()
    names = [node.function for node in resolution.graph.nodes]
    for source, edges in enumerate(resolution.graph.out):
        found[names[source]].update(names[edge.target] for edge in edges)
    for node, _, path in resolution.external_edges():
        found[names[node]].add(plain_path(path))
    for node, name in resolution.throngs():
        found[names[node]].add(name)
    return {caller: sorted(found[caller]) for caller in sorted(found)}


def plain_path(path: str) -> str:
    """An access path as a dotted name: what was called or indexed on the way is left out."""
    before = ""
    while before != path:
        before, path = path, _CALLS.sub("", path)
    return path
