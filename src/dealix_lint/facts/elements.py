"""One part of what a collection holds: `order.amount` of each of `orders`."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORDS, VARIADIC

_DISPLAYS: Final = frozenset((ir.LIST, ir.TUPLE, ir.SET))
_COPYING: Final = frozenset((ir.NAME, name) for name in ("list", "tuple", "set", "sorted", "reversed", "iter"))
_COUNTING: Final = (ir.NAME, "enumerate")
_ADDING: Final = {"append": 0, "add": 0, "insert": 1, "extend": 0}
"""Methods of collections, each with the position of what it adds to them."""


def elements(code: ScopeCode, register: int) -> list[int] | None:
    """The values of which a part is that of the value at a register: what it is an element of, and the elements of what is a
    collection itself. None where it is neither, or that is not known."""
    instruction = code.scope.code[register]
    opcode = instruction[0]
    if opcode == ir.ITERATE:
        return _gone_through(code, instruction[1])
    if opcode == ir.SUBSCRIPT:
        key = code.scope.code[instruction[2]]
        return _gone_through(code, instruction[1]) if key[0] == ir.CONST and isinstance(key[1], int) else None
    if opcode == ir.ITEM:
        counted = _counted(code, instruction) if instruction[2] == 1 else -1
        return _gone_through(code, counted) if counted >= 0 else None
    if opcode == ir.CALL:
        is_copy = code.scope.code[instruction[1]] in _COPYING and instruction[2] and instruction[2][0] >= 0
        return _gone_through(code, instruction[2][0]) if is_copy else None
    if opcode == ir.COLLECT and instruction[1] != "dict":
        return [instruction[2]]
    return _held(code, register, instruction) if opcode in _DISPLAYS else None


def is_number(code: ScopeCode, register: int) -> bool:
    """Whether a value is the number in `for number, element in enumerate(elements)`."""
    instruction = code.scope.code[register]
    return instruction[0] == ir.ITEM and instruction[2] == 0 and _counted(code, instruction) >= 0


def _gone_through(code: ScopeCode, register: int) -> list[int] | None:
    """A collection whose elements are asked for, where it may be one: no mapping, and nothing that calls pack."""
    holder = code.value_of(register)
    instruction = code.scope.code[holder]
    if instruction[0] == ir.PARAM and code.scope.parameters[instruction[1]].kind in (VARIADIC, KEYWORDS):
        return None
    return [holder] if instruction[0] != ir.DICT else None


def _counted(code: ScopeCode, instruction: ir.Instruction) -> int:
    """What is gone through where a value is unpacked in `for number, element in enumerate(elements)`; -1 elsewhere."""
    source = code.scope.code[instruction[1]]
    call = code.scope.code[source[1]] if source[0] == ir.ITERATE else (ir.NOP,)
    is_counting = call[0] == ir.CALL and code.scope.code[call[1]] == _COUNTING and call[2]
    return max(call[2][0], -1) if is_counting else -1


def _held(code: ScopeCode, register: int, instruction: ir.Instruction) -> list[int] | None:
    """What a display holds, and what is added to it later."""
    found = [value if value >= 0 else -value - 1 for value in instruction[1]]
    for place in code.fillers(register):
        filler = code.scope.code[place]
        position = _ADDING.get(code.callee_name(place), -1) if filler[0] == ir.CALL else -1
        if position < 0 or len(filler[2]) <= position or filler[2][position] < 0:
            return None
        found.append(filler[2][position])
    return found
