"""Simple statements to instructions: one handler per node class.

Handlers of compound statements are in `control`, `attempts`, `patterns` and `definitions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.annotations import type_expression
from dealix_lint.summarize.bindings import imported_name
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import condition, expression, subscript_key
from dealix_lint.summarize.narrowing import narrow
from dealix_lint.summarize.operators import operator_text
from dealix_lint.summarize.shortening import deleted, taken
from dealix_lint.summarize.targets import assign_target

_WITHOUT_EFFECT = (cst.SimpleString, cst.Ellipsis)
STATEMENTS: dict[type, Callable[[ScopeBuilder, Any], None]] = {}


def suite(b: ScopeBuilder, body: cst.BaseSuite | cst.Module) -> None:
    """Emit all statements of a suite."""
    for statement in body.body:
        handler = STATEMENTS.get(type(statement))
        if handler is not None:
            if b.is_dead:
                b.continue_dead()
            handler(b, statement)


def _line(b: ScopeBuilder, node: cst.SimpleStatementLine) -> None:
    for small in node.body:
        handler = STATEMENTS.get(type(small))
        if handler is not None:
            if b.is_dead and small is not node.body[0]:
                b.continue_dead()
            handler(b, small)


def _expr(b: ScopeBuilder, node: cst.Expr) -> None:
    if type(node.value) not in _WITHOUT_EFFECT and taken(b, node.value) is None:
        expression(b, node.value)


def _assign(b: ScopeBuilder, node: cst.Assign) -> None:
    element = taken(b, node.value)
    value = expression(b, node.value) if element is None else element
    for target in node.targets:
        assign_target(b, target.target, value)


def _annotated(b: ScopeBuilder, node: cst.AnnAssign) -> None:
    declared = type_expression(b, node.annotation.annotation)
    if node.value is not None:
        assign_target(b, node.target, b.emit((ir.DECLARED, declared, expression(b, node.value)), node))
    elif b.kind == "class" or not isinstance(node.target, cst.Name):
        assign_target(b, node.target, b.emit((ir.DECLARED, declared, -1), node))
    elif node.target.value not in b.environment and node.target.value not in b.globals:
        b.assign(node.target.value, b.emit((ir.DECLARED, declared, -1), node))


def _augmented(b: ScopeBuilder, node: cst.AugAssign) -> None:
    operator = f"{operator_text(node.operator)}="
    target = node.target
    if type(target) is cst.Attribute:
        holder = expression(b, target.value)
        value = _updated(b, operator, b.emit((ir.ATTR, holder, target.attr.value), target), node)
        b.emit((ir.SET_ATTR, holder, target.attr.value, value), target)
    elif type(target) is cst.Subscript:
        holder, key = expression(b, target.value), subscript_key(b, target)
        value = _updated(b, operator, b.emit((ir.SUBSCRIPT, holder, key), target), node)
        b.emit((ir.SET_ITEM, holder, key, value), target)
    else:
        assign_target(b, target, _updated(b, operator, expression(b, target), node))


def _updated(b: ScopeBuilder, operator: str, old: int, node: cst.AugAssign) -> int:
    # `x += y` may change x in place or make a new value.
    value = b.emit((ir.BINARY, operator, old, expression(b, node.value)), node)
    return b.emit((ir.PHI, (old, value)))


def _return(b: ScopeBuilder, node: cst.Return) -> None:
    value = b.constant(None, node) if node.value is None else expression(b, node.value)
    b.emit((ir.RETURN, value), node)
    b.leave("return")


def _raise(b: ScopeBuilder, node: cst.Raise) -> None:
    if node.exc is not None:
        raised = expression(b, node.exc)
        if node.cause is not None:
            expression(b, node.cause.item)
    else:
        raised = b.unknown()
    b.emit((ir.RAISE, raised), node)
    b.leave("raise")


def dotted(node: cst.BaseExpression | None) -> str:
    """The text of a dotted name."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is cst.Name:
        parts.append(node.value)
    return ".".join(reversed(parts))


def _import(b: ScopeBuilder, node: cst.Import) -> None:
    for alias in node.names:
        name = dotted(alias.name)
        register = b.emit((ir.IMPORT, name, 0, alias.asname is None), alias)
        b.assign(imported_name(alias, is_from=False), register)


def _import_from(b: ScopeBuilder, node: cst.ImportFrom) -> None:
    module, level = dotted(node.module), len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        b.emit((ir.IMPORT_STAR, module, level), node)
        return
    for alias in node.names:
        b.tree.keeps_annotations |= module == "__future__" and dotted(alias.name) == "annotations"
        register = b.emit((ir.IMPORT_FROM, module, level, dotted(alias.name)), alias)
        b.assign(imported_name(alias, is_from=True), register)


def _delete(b: ScopeBuilder, node: cst.Del) -> None:
    _delete_target(b, node.target)


def _delete_target(b: ScopeBuilder, target: cst.BaseExpression) -> None:
    if type(target) is cst.Name:
        b.unbind(target.value)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            _delete_target(b, element.value)
    elif type(target) is cst.Attribute:
        holder = expression(b, target.value)
        b.emit((ir.LOGIC, "delattr", (holder, b.constant(target.attr.value))), target)
    elif type(target) is cst.Subscript and not deleted(b, target):
        holder = expression(b, target.value)
        b.emit((ir.LOGIC, "delitem", (holder, subscript_key(b, target))), target)


def _assert(b: ScopeBuilder, node: cst.Assert) -> None:
    test = condition(b, node.test)
    narrow(b, node.test, test, holds=True)
    if node.msg is not None:
        expression(b, node.msg)
    b.emit((ir.LOGIC, "assert", (test,)), node)


STATEMENTS.update(
    {
        cst.SimpleStatementLine: _line,
        cst.Expr: _expr,
        cst.Assign: _assign,
        cst.AnnAssign: _annotated,
        cst.AugAssign: _augmented,
        cst.Return: _return,
        cst.Raise: _raise,
        cst.Import: _import,
        cst.ImportFrom: _import_from,
        cst.Del: _delete,
        cst.Assert: _assert,
    }
)
