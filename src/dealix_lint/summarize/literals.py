"""Literals to instructions: numbers, strings, f-strings and t-strings."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import EXPRESSIONS, expression
from dealix_lint.summarize.texts import LONGEST_TEXT, string_value, unescaped

Parts = list[str | int]


def _string(b: ScopeBuilder, node: cst.SimpleString) -> int:
    return b.constant(string_value(node), node)


def _concatenated(b: ScopeBuilder, node: cst.ConcatenatedString) -> int:
    parts: Parts = []
    current: cst.BaseExpression = node
    while type(current) is cst.ConcatenatedString:
        parts += _parts(b, current.left)
        current = current.right
    parts += _parts(b, current)
    return _text(b, parts, node)


def _formatted(b: ScopeBuilder, node: cst.FormattedString | cst.TemplatedString) -> int:
    return _text(b, _parts(b, node), node)


def _parts(b: ScopeBuilder, node: cst.BaseExpression) -> Parts:
    if type(node) is cst.SimpleString:
        return [string_value(node)]
    if not isinstance(node, (cst.FormattedString, cst.TemplatedString)):
        return [expression(b, node)]
    parts: Parts = []
    prefix = node.start.rstrip("'\"")
    for part in node.parts:
        if type(part) is cst.FormattedStringText or type(part) is cst.TemplatedStringText:
            parts.append(unescaped(part.value.replace("{{", "{").replace("}}", "}"), prefix))
        elif type(part) is cst.FormattedStringExpression or type(part) is cst.TemplatedStringExpression:
            parts.append(_hole(b, part))
    return parts


def _hole(b: ScopeBuilder, part: cst.FormattedStringExpression | cst.TemplatedStringExpression) -> int:
    register = expression(b, part.expression)
    if part.conversion in ("r", "a"):
        b.emit((ir.LOGIC, "repr", (register,)), part)
    for nested in part.format_spec or ():
        if isinstance(nested, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            _hole(b, nested)
    return register


def _text(b: ScopeBuilder, parts: Parts, node: cst.CSTNode) -> int:
    joined: Parts = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = (last + part)[:LONGEST_TEXT]
        elif part != "":
            joined.append(part)
    if not joined:
        return b.constant("", node)
    if len(joined) == 1 and isinstance(joined[0], str):
        return b.constant(joined[0], node)
    return b.emit((ir.TEXT, tuple(joined)), node)


def _integer(b: ScopeBuilder, node: cst.Integer) -> int:
    try:
        value = int(node.value.replace("_", ""), 0)
    except ValueError:
        return b.unknown(node)
    return b.constant(value, node) if abs(value) < 1 << 63 else b.unknown(node)


def _float(b: ScopeBuilder, node: cst.Float) -> int:
    value = float(node.value.replace("_", ""))
    return b.constant(value, node) if abs(value) < 1e300 else b.unknown(node)


EXPRESSIONS[cst.SimpleString] = _string
EXPRESSIONS[cst.ConcatenatedString] = _concatenated
EXPRESSIONS[cst.FormattedString] = _formatted
EXPRESSIONS[cst.TemplatedString] = _formatted
EXPRESSIONS[cst.Integer] = _integer
EXPRESSIONS[cst.Float] = _float
