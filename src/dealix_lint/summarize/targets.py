"""Assignment targets: binding a value to names, attributes, items, and unpacking."""

from __future__ import annotations

from collections.abc import Sequence

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import expression, subscript_key


def assign_target(b: ScopeBuilder, target: cst.BaseExpression, value: int) -> None:
    """Bind a value to any assignment target."""
    if type(target) is cst.Name:
        b.assign(target.value, value)
    else:
        store(b, target, value)
        for name, register in unpacked(b, target, value):
            b.assign(name, register)


def store(b: ScopeBuilder, target: cst.BaseExpression, value: int) -> None:
    """Set the attribute or item that a target names."""
    if type(target) is cst.Attribute:
        b.emit((ir.SET_ATTR, expression(b, target.value), target.attr.value, value), target)
    elif type(target) is cst.Subscript:
        holder = expression(b, target.value)
        b.emit((ir.SET_ITEM, holder, subscript_key(b, target), value), target)


def unpacked(b: ScopeBuilder, target: cst.BaseExpression, value: int) -> list[tuple[str, int]]:
    """The names in a tuple or list target with the registers they get; attributes and items in it are set."""
    found: list[tuple[str, int]] = []
    if type(target) is cst.Tuple or type(target) is cst.List:
        for element, item in zip(target.elements, parts_of(b, target.elements, value), strict=True):
            part = element.value
            if type(part) is cst.Name:
                found.append((part.value, item))
            else:
                store(b, part, item)
                found += unpacked(b, part, item)
    return found


def parts_of(b: ScopeBuilder, nodes: Sequence[cst.CSTNode], value: int) -> list[int]:
    """The places of a sequence that its unpacking into `nodes` (one may be starred) binds."""
    starred = next((i for i, node in enumerate(nodes) if type(node) in _STARRED), len(nodes))
    made = b.code[value]
    if made[0] == ir.TUPLE and len(made[1]) == len(nodes) == starred and min(made[1], default=0) >= 0:
        return list(made[1])  # `self.base, self.token = base, token`
    registers: list[int] = []
    for index, node in enumerate(nodes):
        place = index if index < starred else index - len(nodes)
        if index == starred:
            registers.append(b.emit((ir.REST, value, index, index + 1 - len(nodes)), node))
        else:
            registers.append(b.emit((ir.ITEM, value, place), node))
    return registers


_STARRED = (cst.StarredElement, cst.MatchStar)
