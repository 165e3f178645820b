"""Walking over any node, for the rare questions that need it: slower than the handlers, so asked of few nodes only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import TypeGuard

import libcst as cst

_FIRST = {cst.IfExp: "body", cst.Parameters: "posonly_params"}
_WHITESPACE = ("whitespace", "lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "leading_lines", "equal")
_LEAVES = (cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Comma, cst.Dot, cst.Pass, cst.Break, cst.Continue)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Child nodes in source order, without white space."""
    found: list[cst.CSTNode] = []
    for name in _child_fields(type(node)):
        value: object = getattr(node, name)
        if isinstance(value, (list, tuple)):
            found += filter(_is_inner, value)
        elif _is_inner(value):
            found.append(value)
    return found


@cache
def _child_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = [field.name for field in fields(kind) if not field.name.startswith(_WHITESPACE)]
    first = _FIRST.get(kind)
    return tuple(sorted(names, key=lambda name: name != first))


def _is_inner(value: object) -> TypeGuard[cst.CSTNode]:
    return isinstance(value, cst.CSTNode) and _has_children(type(value))


@cache
def _has_children(kind: type[cst.CSTNode]) -> bool:
    return issubclass(kind, cst.CSTNode) and kind not in _LEAVES


def assigned_in_expressions(tree: cst.Module) -> dict[int, frozenset[str]]:
    """Names that `:=` binds, by the identity of every statement, comprehension and lambda they stand in, up to the
    function or lambda (PEP 572: a comprehension binds in the scope around it)."""
    found: dict[int, set[str]] = {}
    pending: list[tuple[cst.CSTNode, tuple[int, ...]]] = [(tree, ())]
    while pending:
        node, around = pending.pop()
        if type(node) is cst.NamedExpr and isinstance(node.target, cst.Name):
            for owner in around:
                found.setdefault(owner, set()).add(node.target.value)
        inside = (*around, id(node)) if _is_owner(type(node)) else around
        body = None
        if type(node) is cst.FunctionDef or type(node) is cst.ClassDef or type(node) is cst.Lambda:
            body = node.body
            pending.append((body, (id(node),) if type(node) is cst.Lambda else ()))
        pending += [(child, inside) for child in children(node) if child is not body]
    return {owner: frozenset(names) for owner, names in found.items()}


@cache
def _is_owner(kind: type) -> bool:
    return issubclass(kind, (cst.BaseCompoundStatement, cst.BaseSmallStatement, cst.BaseComp))


def lambdas(node: cst.CSTNode) -> Iterator[cst.Lambda]:
    """Lambdas in a node in source order, without those inside other lambdas."""
    if type(node) is cst.Lambda:
        yield node
        node = node.params
    for child in children(node) if _is_inner(node) else ():
        yield from lambdas(child)
