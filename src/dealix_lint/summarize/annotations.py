"""Annotations to type expressions."""

from __future__ import annotations

import re

import libcst

from dealix_lint.model.summary import TypeExpr
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import KEYWORD_CONSTANTS, expression
from dealix_lint.summarize.texts import string_value

UNKNOWN: TypeExpr = ("unknown",)
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def annotation(b: ScopeBuilder, node: cst.Annotation | None) -> TypeExpr | None:
    """The type expression of an annotation; calls inside `Annotated[...]` are emitted into `b`."""
    if node is None or (b.tree.keeps_annotations and type(node.annotation) is cst.Call):
        return None
    return type_expression(b, node.annotation)


def type_expression(b: ScopeBuilder, node: cst.BaseExpression) -> TypeExpr:
    """A type expression from any expression that stands where a type is expected."""
    if type(node) is cst.Name:
        if node.value in b.tree.type_parameters:
            return b.tree.type_parameters[node.value]
        return ("const", KEYWORD_CONSTANTS[node.value]) if node.value in KEYWORD_CONSTANTS else ("name", node.value)
    if type(node) is cst.Attribute:
        return ("attr", type_expression(b, node.value), node.attr.value)
    if type(node) is cst.Subscript:
        return _subscript(b, node)
    if type(node) is cst.BinaryOperation and type(node.operator) is cst.BitOr:
        return ("or", type_expression(b, node.left), type_expression(b, node.right))
    if type(node) is cst.SimpleString:
        return _quoted(b, string_value(node))
    if type(node) is cst.List:
        return ("list", tuple(type_expression(b, element.value) for element in node.elements))
    if type(node) is cst.Call:
        return ("call", expression(b, node))
    if type(node) is cst.Integer:
        return ("const", int(node.value, 0)) if len(node.value) < 18 else UNKNOWN
    return UNKNOWN


def bounds(b: ScopeBuilder, node: cst.TypeParameters | None) -> dict[str, TypeExpr]:
    """What the type parameters of a function (`def f[T: A]`) stand for in its annotations: their bounds."""
    found: dict[str, TypeExpr] = {}
    for parameter in node.params if node is not None else ():
        bound = parameter.param.bound if type(parameter.param) is cst.TypeVar else None
        found[parameter.param.name.value] = UNKNOWN if bound is None else type_expression(b, bound)
    return found


def _subscript(b: ScopeBuilder, node: cst.Subscript) -> TypeExpr:
    base = type_expression(b, node.value)
    literal = base[-1] == "Literal"
    arguments: list[TypeExpr] = []
    for element in node.slice:
        part = element.slice
        if type(part) is not cst.Index:
            continue
        if type(part.value) is cst.SimpleString and (literal or (arguments and base[-1] == "Annotated")):
            arguments.append(("const", string_value(part.value)))
        else:
            arguments.append(type_expression(b, part.value))
    return ("sub", base, tuple(arguments))


def _quoted(b: ScopeBuilder, text: str) -> TypeExpr:
    text = text.strip()
    if _DOTTED.fullmatch(text):
        first, *rest = text.split(".")
        result: TypeExpr = ("name", first) if text != "None" else ("const", None)
        for name in rest:
            result = ("attr", result, name)
        return result
    try:
        parsed = cst.parse_expression_text(text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError):
        return UNKNOWN
    return type_expression(b, parsed)
