"""Lists that lose an element: `first = xs.pop(0)` is `first, *xs = xs`, where nobody else can know the list.

What is left of the list is another list from there on, so that its places are those that it has at that point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder

_MADE: Final = "list"
_KEEPING: Final = frozenset(("append", "extend", "copy", "index", "count", "pop"))
"""Methods of a list that leave those of its elements where they are whose places are known."""
_LOOKING: Final = frozenset((ir.SUBSCRIPT, ir.SET_ITEM, ir.ITEM, ir.REST, ir.ITERATE, ir.LOGIC))
_ASKING: Final = frozenset(("len", "bool", "print", "list", "tuple", "str", "repr"))


def taken(b: ScopeBuilder, node: cst.BaseExpression) -> int | None:
    """The register of the element that `xs.pop()` or `xs.pop(0)` takes out of a list; None for anything else."""
    if type(node) is not cst.Call or type(node.func) is not cst.Attribute or node.func.attr.value != "pop":
        return None
    place = _place(node.args)
    return None if place is None else _without(b, node.func.value, place, node)


def deleted(b: ScopeBuilder, target: cst.Subscript) -> bool:
    """Whether `del xs[0]`, `del xs[-1]` was that of such a list."""
    index = target.slice[0].slice if len(target.slice) == 1 else None
    place = _constant(index.value) if type(index) is cst.Index else None
    return place is not None and _without(b, target.value, place, target) is not None


def _place(arguments: Sequence[cst.Arg]) -> int | None:
    if len(arguments) != 1:
        return None if arguments else -1
    (only,) = arguments
    return _constant(only.value) if not only.star and only.keyword is None else None


def _constant(node: cst.BaseExpression) -> int | None:
    """0 or -1, as written; None for anything else."""
    if type(node) is cst.Integer and node.value == "0":
        return 0
    if type(node) is not cst.UnaryOperation or type(node.operator) is not cst.Minus:
        return None
    return -1 if type(node.expression) is cst.Integer and node.expression.value == "1" else None


def _without(b: ScopeBuilder, holder: cst.BaseExpression, place: int, node: cst.CSTNode) -> int | None:
    name = holder.value if type(holder) is cst.Name else ""
    register = b.environment.get(name)
    if register is None or not b.is_function or name in b.captured or not _is_own(b, register):
        return None
    element = b.emit((ir.ITEM, register, place), node)
    b.assign(name, b.emit((ir.REST, register, 1, 0) if place == 0 else (ir.REST, register, 0, -1), node))
    return element


def _is_own(b: ScopeBuilder, register: int) -> bool:
    """Whether a register holds a list that was made in this very function, in this round of its loops, and that nothing
    else has been handed."""
    made = b.code[register]
    is_list = made[0] in (ir.LIST, ir.REST) or (made[0] == ir.CALL and b.code[made[1]] == (ir.NAME, _MADE))
    heads = {frame.head for frame in b.loops}
    since = b.code[register + 1 :]
    if not is_list or any(i[0] == ir.BLOCK and i[1] in heads for i in since):
        return False
    return all(_leaves(b, i, register) for i in since)


def _leaves(b: ScopeBuilder, i: ir.Instruction, register: int) -> bool:
    """Whether an instruction leaves a list to its function: others only look at it, or are given its elements."""
    if i[0] == ir.ATTR:
        name: str = i[2]
        return i[1] != register or name in _KEEPING
    if i[0] == ir.CALL:
        callee = b.code[i[1]]
        is_handed = register in i[2] or any(operand == register for _, operand in i[3])
        return not is_handed or (callee[0] == ir.NAME and callee[1] in _ASKING)
    if i[0] == ir.SET_ITEM:
        return bool(i[3] != register)
    return i[0] in _LOOKING or register not in _used(i)


def _used(i: ir.Instruction) -> tuple[int, ...]:
    """Registers that an instruction other than a call may hand on: any number in it."""
    found: list[int] = []
    pending = list(i[1:])
    while pending:
        part = pending.pop()
        if isinstance(part, tuple):
            pending += part
        elif isinstance(part, int):
            found.append(part)
    return tuple(found)
