"""Which of several callees a call can mean: `callback(event, state)` of a table of callbacks is no call of one that takes an
event alone. Where none of them fits, what they take is not what it seems, and all of them count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import BOUND, Value, Values
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def among(m: Machine, frame: Frame, call: ir.Instruction, register: int, callees: Values) -> Values:
    """Those of the callees of a call that can take its arguments, if any can; of one that cannot, nothing is said before it is
    known whether there are others."""
    if m.state.trusting and len(callees) == 1:
        return callees
    place = (frame.module, frame.scope_index, register)
    failing = frozenset([value for value in m.callables(callees) if not _fits(m, frame, call, place, value)])
    if not failing:
        return callees
    if not m.state.trusting:
        m.state.undeclared.add(m.state.point)
        return callees - failing
    others = callees - failing
    return others if any(m.table.function_of(value) >= 0 for value in others) else callees


def _fits(m: Machine, frame: Frame, call: ir.Instruction, place: tuple[int, int, int], callee: Value) -> bool:
    number = m.table.function_of(callee)
    if number < 0:
        return True
    is_bound = m.table.kinds[callee] == BOUND
    key = (*place, number, is_bound)
    found = m.fitting.get(key)
    if found is None:
        function = m.state.functions[number]
        is_plain = len(function.scope.decorators) <= int(function.is_static or function.is_class_method)
        found = m.fitting[key] = not is_plain or takes(function.scope, call, given=int(is_bound))
    return found
