"""Loops over what gates let through: collections to which nothing is added but after a favourable verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.flow import Flow
from dealix_lint.facts.verdicts import FAVOURABLE, NO, Sides
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction

_SAME: Final = frozenset(
    {"list", "tuple", "set", "sorted", "reversed", "enumerate", "iter", "copy", "items", "values", "keys"}
)
_MADE_EMPTY: Final = frozenset({"list", "set", "dict", "deque", "defaultdict", "OrderedDict"})
_THROUGH: Final = frozenset({ir.AWAIT, ir.NARROW, ir.ENTER, ir.SUBSCRIPT})


class Selections:
    """Reads the loops of one function. `given`: what it means that the result of a call is true; `callees`: the functions of
    the project that a call runs; `selects`: whether one of them gives back only what it let through."""

    __slots__ = ("_callees", "_code", "_flow", "_given", "_marks", "_selects", "_tests")

    def __init__(
        self,
        code: ScopeCode,
        flow: Flow,
        marks: frozenset[int],
        given: Mapping[int, Sides],
        callees: Callable[[int], tuple[int, ...]],
        selects: Callable[[int], bool],
    ) -> None:
        self._code, self._flow, self._marks, self._given = code, flow, marks, given
        self._callees, self._selects = callees, selects
        self._tests: dict[int, Sides] = {}

    def tests(self, known: Mapping[int, Sides]) -> dict[int, Sides]:
        """The known tests of a function (block -> what its sides say), and its loops: in the body of one over what was
        let through a verdict was favourable."""
        self._tests = dict(known)
        for register, instruction in enumerate(self._code.scope.code):
            if instruction[0] == ir.ITERATE and self._is_selected(instruction[1], register, frozenset()):
                self._tests[self._flow.block_of(register)] = FAVOURABLE
        return self._tests

    def are_given_back(self) -> bool:
        """Whether the function gives back, or yields, nothing but what was let through."""
        code, end = self._code.scope.code, len(self._code.scope.code)
        if self._code.scope.is_generator:
            yielded = [register for register, instruction in enumerate(code) if instruction[0] == ir.YIELD]
            return bool(yielded) and all(map(self._is_guarded, yielded)) and ir.YIELD_FROM not in {i[0] for i in code}
        returned = [instruction[1] for instruction in code if instruction[0] == ir.RETURN]
        return bool(returned) and all(self._is_selected(register, end, frozenset()) for register in returned)

    def _is_selected(self, register: int, loop: int, seen: frozenset[int]) -> bool:
        """Whether all that the collection at a register holds when the loop begins was let through."""
        instruction = self._code.scope.code[register]
        opcode = instruction[0]
        if register in seen:
            return True
        seen |= {register}
        if opcode == ir.COLLECT:
            return self._is_guarded(register - 2)  # the end of the body, before the block that it stands in
        if opcode == ir.PHI:
            return bool(instruction[1]) and all(self._is_selected(part, loop, seen) for part in instruction[1])
        if opcode in _THROUGH:
            return self._is_selected(instruction[1], loop, seen)
        made = self._code.value_of(register) if opcode == ir.DECLARED else register
        if self._is_empty(made, self._code.scope.code[made]):
            return self._is_filled_with_selected(register, made, loop)
        if opcode == ir.DECLARED:
            return instruction[2] >= 0 and self._is_selected(instruction[2], loop, seen)
        return opcode == ir.CALL and self._is_given_selected(register, instruction, loop, seen)

    def _is_given_selected(self, register: int, instruction: Instruction, loop: int, seen: frozenset[int]) -> bool:
        name = self._code.callee_name(register)
        if name in ("filter", "filterfalse"):
            sides = self._given.get(register)
            return sides is not None and (sides if name == "filter" else sides.opposite).holds != NO
        callees = self._callees(register)
        if callees:
            return all(map(self._selects, callees))
        if name not in _SAME:
            return False
        receiver = self._code.receiver(register)
        source = receiver if receiver >= 0 else next(call_operands(instruction), -1)
        return source >= 0 and self._is_selected(source, loop, seen)

    def _is_empty(self, register: int, instruction: Instruction) -> bool:
        if instruction[0] in (ir.LIST, ir.SET, ir.DICT):
            return not instruction[1]
        if instruction[0] != ir.CALL or self._code.callee_name(register) not in _MADE_EMPTY:
            return False
        code = self._code.scope.code
        return all(code[operand][0] in (ir.NAME, ir.FUNCTION) for operand in call_operands(instruction))

    def _is_filled_with_selected(self, register: int, made: int, loop: int) -> bool:
        """Whether something is added to a collection that is made empty, nothing without a verdict, and by nobody else."""
        if any(self._callees(r) for r, i in enumerate(self._code.scope.code[:loop]) if _hands(i, register)):
            return False
        fillers = {*self._code.fillers(register), *self._code.fillers(made)}
        return bool(fillers) and all(self._is_guarded(place) for place in fillers)

    def _is_guarded(self, place: int) -> bool:
        return self._flow.is_guarded(place, self._marks, self._tests)


def _hands(instruction: Instruction, register: int) -> bool:
    return instruction[0] == ir.CALL and register in call_operands(instruction)
