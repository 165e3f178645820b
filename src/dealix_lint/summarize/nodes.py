"""Walking over any node, for the rare questions that need it: slower than the handlers, so asked of few nodes only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

from dealix_lint.summarize import tree as cst

_FIRST = {cst.IfExp: "body", cst.Parameters: "posonly_params"}
_WITHOUT_CODE = frozenset((
    "lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "leading_lines", "lines_after_decorators", "header", "footer",
    "indent", "encoding", "default_indent", "default_newline", "has_trailing_newline", "equal", "comma", "trailing_comma",
    "semicolon", "separator", "dot", "colon", "first_colon", "second_colon", "attr", "star", "start", "end", "asynchronous",
    "operator", "relative", "conversion",
))  # fmt: skip
_LEAVES = (cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary)


class _Inner(dict[type, bool]):
    """Node class -> whether its nodes can hold code themselves."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, cst.CSTNode) and kind not in _LEAVES and bool(_child_fields(kind))
        return self[kind]


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Child nodes in source order that can hold code: no white space, punctuation, names and constants."""
    found: list[cst.CSTNode] = []
    for name in _child_fields(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind is list or kind is tuple:
            found += [item for item in value if _INNER[type(item)]]
        elif _INNER[kind]:
            found.append(value)
    return found


@cache
def _child_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = [f.name for f in fields(kind) if f.name not in _WITHOUT_CODE and "whitespace" not in f.name]
    first = _FIRST.get(kind)
    return tuple(sorted(names, key=lambda name: name != first))


_INNER = _Inner()


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
    for child in children(node) if _INNER[type(node)] else ():
        yield from lambdas(child)
