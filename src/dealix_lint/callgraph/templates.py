"""Template methods: an object hands its own methods to its own methods (`self.attempt(self.step)`). Where only the base of its
class is known, each of the two may be that of any subclass, but both are of the same one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dealix_lint.callgraph import families
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import BOUND, DECLARED_KEY, EMPTY, FUNC, INST, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_SELF = (ir.PARAM, 0)
_TAKING_OUT = frozenset((ir.ITERATE, ir.ITEM, ir.NARROW))


def call(m: Machine, frame: Frame, i: ir.Instruction, r: int, callees: Values, arguments: Arguments) -> Values | None:
    """Call overrides of a method of `self` with those of the methods that are handed over which their objects have; None for
    any other call."""
    identity = _known_by_base(m, frame)
    if identity is None or len(arguments.positional) != len(i[2]):
        return None
    own = [position for position, operand in enumerate(i[2]) if _is_own(frame.scope.code, operand)]
    handed = [position for position in own if any(m.table.kinds[v] == BOUND for v in arguments.positional[position])]
    if not handed:
        return None
    name = frame.scope.code[i[1]][2]
    found = EMPTY
    for callee in sorted(callees):
        fitting = replace(arguments, positional=list(arguments.positional))
        for position in handed:
            values = arguments.positional[position]
            fitting.positional[position] = frozenset(v for v in values if _may_meet(m, identity, callee, name, v))
        if all(fitting.positional[position] for position in handed):
            found |= m.call(frame, r, frozenset((callee,)), fitting)
    return found


def may_be_one(frame: Frame, i: ir.Instruction, callees: Values) -> bool:
    """A cheap look at a call: is it one of several overrides of a method of `self`, with arguments?"""
    code = frame.scope.code
    return (
        1 < len(callees) <= families.MANY and bool(i[2]) and code[i[1]][0] == ir.ATTR and code[code[i[1]][1]] == _SELF
    )


def _known_by_base(m: Machine, frame: Frame) -> ClassId | None:
    """The class of `self`, where it is a base that stands for its subclasses."""
    receivers = frame.activation.parameters[0].values if frame.function.owner is not None else EMPTY
    if frame.function.is_static or len(receivers) > 1:
        return None
    for receiver in receivers:
        kind, data = m.table.kinds[receiver], m.table.data[receiver]
        return m.state.class_list[data[0]] if kind == INST and data[1] == DECLARED_KEY else None
    return frame.function.owner


def _is_own(code: tuple[ir.Instruction, ...], register: int) -> bool:
    """Whether a value is an attribute of `self`, or is taken out of one or of what a method of `self` gives."""
    while register >= 0 and code[register][0] in _TAKING_OUT:
        register = code[register][1]
    if register >= 0 and code[register][0] == ir.CALL:
        register = code[register][1]
    return register >= 0 and code[register][0] == ir.ATTR and code[code[register][1]] == _SELF


def _may_meet(m: Machine, identity: ClassId, callee: Value, name: str, handed: Value) -> bool:
    """Whether an object can have both a method that is called and one that is handed to it."""
    kinds, data = m.table.kinds, m.table.data
    if kinds[handed] != BOUND or kinds[callee] != BOUND or kinds[data[callee][0]] != FUNC:
        return True
    receiver = data[handed][1]
    if kinds[receiver] != INST:
        return True
    owner = m.state.class_list[data[receiver][0]]
    if owner == identity or owner not in m.state.classes.subclasses.get(identity, ()):
        return True
    definer = m.state.classes.definer(owner, name)
    return definer is None or definer == m.state.functions[data[data[callee][0]][0]].owner
