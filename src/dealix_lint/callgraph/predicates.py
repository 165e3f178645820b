"""What a function says of its argument that gives back `isinstance(x, Foo)`, or a `TypeGuard[Foo]`, where it is asked for in a
condition: `if self.can_handle(x): x.run()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dealix_lint.callgraph.state import Function
from dealix_lint.callgraph.values import BOUND, CLASS, EMPTY, INST, Value, Values
from dealix_lint.link.symbols import CLASS as CLASS_DEFINITION
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_RETURNING = frozenset((ir.RETURN, ir.RAISE, ir.YIELD))
_GUARDS = frozenset(("TypeGuard", "TypeIs"))


class Predicate(NamedTuple):
    """The parameter that a function says something of, the classes, and whether it is none of them where it does not hold."""

    parameter: int
    types: Values
    is_exact: bool


def is_asked(frame: Frame, narrow: ir.Instruction) -> bool:
    """Whether a NARROW goes by what a function says that is handed the value: in place of types stands the call."""
    call = frame.scope.code[narrow[2]]
    return bool(call[0] == ir.CALL and call[2] == (narrow[1],))


def said(m: Machine, frame: Frame, narrow: ir.Instruction) -> tuple[Values, bool] | None:
    """The classes that all functions which the call may mean ask for, and whether what is said holds both ways; None where
    one of them is no such function."""
    callees = frame.registers[frame.scope.code[narrow[2]][1]]
    if not callees and not m.state.trusting:
        m.state.undeclared.add(m.state.point)
        return EMPTY, True
    found = [_of(m, value) for value in sorted(callees)]
    known = [predicate for predicate in found if predicate is not None]
    if not known or len(known) < len(found):
        return None
    types = EMPTY.union(*(predicate.types for predicate in known))
    return types, all(predicate.is_exact and predicate.types == types for predicate in known)


def _of(m: Machine, callee: Value) -> Predicate | None:
    number = m.table.function_of(callee)
    if number < 0:
        return None
    if number not in m.predicates:
        function = m.state.functions[number]
        m.predicates[number] = None if function.scope.is_async else _asking(m, function) or _guarding(m, function)
    predicate: Predicate | None = m.predicates[number]
    return predicate if predicate is not None and predicate.parameter == int(m.table.kinds[callee] == BOUND) else None


def _asking(m: Machine, function: Function) -> Predicate | None:
    """What `return isinstance(x, Foo)` says where that is all that a function does."""
    code = function.scope.code
    ends = [i for i in code if i[0] in _RETURNING]
    call = code[ends[0][1]] if len(ends) == 1 and ends[0][0] == ir.RETURN else (ir.NOP,)
    if call[0] != ir.CALL or code[call[1]] != (ir.NAME, "isinstance") or len(call[2]) != len(("value", "types")):
        return None
    asked, types = call[2]
    if min(asked, types) < 0 or code[asked][0] != ir.PARAM:
        return None
    registers = code[types][1] if code[types][0] == ir.TUPLE else (types,)
    found: set[Value] = set()
    for register in registers:
        definitions = m.state.symbols.at(function.module, function.scope_index, register)
        if not definitions or any(definition.kind != CLASS_DEFINITION for definition in definitions):
            return None
        found.update(m.table.make(CLASS, m.state.class_id((d.module, d.scope))) for d in definitions)
    return Predicate(code[asked][1], frozenset(found), is_exact=True)


def _guarding(m: Machine, function: Function) -> Predicate | None:
    """What a `TypeGuard[Foo]` says that a function is declared to give back."""
    declared = function.scope.returns
    if declared is None or declared[0] != "sub" or declared[1][-1] not in _GUARDS or len(declared[2]) != 1:
        return None
    kinds, data = m.table.kinds, m.table.data
    parent = function.owner[1] if function.owner is not None else 0
    known = m.types.instances(function.module, parent, declared[2][0])
    if not known or any(kinds[value] != INST for value in known):
        return None
    types = frozenset(m.table.make(CLASS, data[value][0]) for value in known)
    return Predicate(function.receivers_before, types, is_exact=declared[1][-1] == "TypeIs")
