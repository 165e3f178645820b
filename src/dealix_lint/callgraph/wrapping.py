"""What decorators made of functions: the function behind it, and whether an object inherits it as a method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import FUNC, INST, Value
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def unwrapped(m: Machine, value: Value) -> Value:
    """The function behind wrappers that `functools.wraps` made look like it."""
    seen = {value}
    while m.table.kinds[value] == FUNC:
        behind = [v for v in m.state.slots["function", value, "__wrapped__"].values if m.table.kinds[v] == FUNC]
        if len(behind) != 1 or behind[0] in seen:
            break
        value = behind[0]
        seen.add(value)
    return value


def is_inherited(m: Machine, frame: Frame, register: int, wrapper: Value, receiver: Value) -> bool:
    """Whether an object has what a decorator made of a method from a base of its class: which subclass the object is of decides
    what the method calls."""
    if m.table.kinds[receiver] != INST or m.state.functions[m.table.data[wrapper][0]].owner is not None:
        return False
    identity = m.state.class_list[m.table.data[receiver][0]]
    method = unwrapped(m, wrapper)
    owner = m.state.functions[m.table.data[method][0]].owner
    if owner is None and register >= 0 and frame.scope.code[register][0] == ir.CALL:
        callee = frame.scope.code[frame.scope.code[register][1]]
        owner = m.state.classes.definer(identity, callee[2]) if callee[0] == ir.ATTR else None
    return owner is not None and owner != identity
