"""Positions of places in one file, looked up only when something there is reported."""

from __future__ import annotations

from collections.abc import Sequence

from dealix_lint.model import ir
from dealix_lint.model.summary import Problem
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.module import build, deep_recursion
from dealix_lint.summarize.reader import parse
from dealix_lint.summarize.spans import Span, spans


def find_positions(data: bytes, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Span]:
    """(scope, register) -> (line, column, end line, end column), 1-based, end column exclusive.

    Register -1 is the name in a `def` or `class`, or the `lambda` (the module: line 1); so is a place without a node of
    its own, such as a parameter that a framework fills."""
    tree = parse(data, is_whole=True)
    if isinstance(tree, Problem):
        return {}
    scopes = build(tree, data, keeps_nodes=True)
    nodes = {place: node for place in sorted(wanted) if (node := _node(scopes, *place)) is not None}
    with deep_recursion():
        found = spans(tree, nodes.values())
    places = {place: found[id(node)] for place, node in nodes.items() if id(node) in found}
    if (0, -1) in wanted:
        places[0, -1] = (1, 1, 1, 1)
    return places


def _node(scopes: Sequence[ScopeBuilder], scope: int, register: int) -> cst.CSTNode | None:
    if not 0 <= scope < len(scopes):
        return None
    nodes = scopes[scope].nodes
    if register >= 0 and (register >= len(nodes) or nodes[register] is not None):
        return nodes[register] if register < len(nodes) else None
    parent = scopes[scope].parent
    return None if parent is None else _definition(parent, scope)


def _definition(parent: ScopeBuilder, scope: int) -> cst.CSTNode | None:
    for instruction, node in zip(parent.code, parent.nodes, strict=True):
        if instruction[0] in (ir.FUNCTION, ir.CLASS) and instruction[1] == scope:
            return node.name if isinstance(node, (cst.FunctionDef, cst.ClassDef)) else node
    return None
