"""Refusals that are kept in a variable and tested later: `error = "not approved"`, `errors.append(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.flow import Flow
from dealix_lint.facts.points import Side
from dealix_lint.facts.verdicts import NO, UNRELATED, YES, Sides
from dealix_lint.model import ir

_THROUGH: Final = frozenset({ir.NARROW, ir.AWAIT})
_TRUTH: Final = frozenset({"bool", "len", "any"})
_NEGATED: Final = {"!=": "==", "is not": "is"}
_DISPLAYS: Final = frozenset({ir.LIST, ir.TUPLE, ir.SET, ir.DICT})


class _Value(NamedTuple):
    """What a variable may hold: the register where it was made, and how the test comes out with it (None: not known)."""

    register: int
    is_true: bool | None


class Flags:
    """Reads the tests of one function that are about what was assigned on the way. A side of such a test that only some of
    the values lead to is favourable where a gate let pass every way on which the variable has one of those."""

    __slots__ = ("_code", "_flow", "_marks", "_tests")

    def __init__(self, code: ScopeCode, flow: Flow, marks: frozenset[int]) -> None:
        self._code, self._flow, self._marks = code, flow, marks
        self._tests: dict[int, Sides] = {}

    def tests(self, known: Mapping[int, Sides]) -> dict[int, Sides]:
        """The known tests of a function (block -> what its sides say), and those of variables."""
        self._tests = dict(known)
        for block, record in enumerate(self._flow.scope.blocks):
            sides = self._of(record.test, block) if record.test >= 0 else UNRELATED
            if sides != UNRELATED:
                said = known.get(block, UNRELATED)
                self._tests[block] = Sides(max(said.holds, sides.holds), max(said.fails, sides.fails))
        return self._tests

    def _of(self, register: int, block: int) -> Sides:
        instruction = self._code.scope.code[register]
        if instruction[0] == ir.PHI and len(instruction) > 2:
            parts = [self._of(part, block) for part in instruction[1]]
            holds = (max if instruction[2] == "and" else min)(part.holds for part in parts)
            fails = (max if instruction[2] == "or" else min)(part.fails for part in parts)
            return Sides(holds, fails)
        values = list(self._values(register, frozenset()))
        is_told = {value.is_true for value in values} >= {True, False}
        if not is_told:
            return UNRELATED
        return Sides(self._guarded(values, True, block), self._guarded(values, False, block))

    def _guarded(self, values: list[_Value], side: bool, block: int) -> int:
        """Whether a gate let pass every way to a test that leaves it by a side."""
        places = {value.register: self._flow.block_of(value.register) for value in values}
        for value in values:
            if value.is_true is (not side):
                continue
            start = places[value.register]
            others = {places[other.register] for other in values if other.register != value.register}
            is_replaced = any(other.register > value.register and places[other.register] == start for other in values)
            if not is_replaced and not self._flow.is_guarded_from(start, others, block, self._marks, self._tests):
                return NO
        return YES

    def settled(self, place: int) -> frozenset[Side]:
        """Sides of tests that are not taken once the call at `place` has come to its end: `sent = True` follows it."""
        return self._not_taken(lambda values, block: self._left(values, place, block))

    def after_error(self, place: int, handler: int) -> frozenset[Side]:
        """Sides of tests that are not taken once an error of the call at `place` has come to a handler: `sent = True` was
        still to follow it."""
        return self._not_taken(lambda values, block: self._kept(values, place, handler, block))

    def _not_taken(self, left: Callable[[list[_Value], int], list[_Value]]) -> frozenset[Side]:
        """Sides of tests to which none of the values leads that are left of those that a variable may have."""
        found: set[Side] = set()
        for block, record in enumerate(self._flow.scope.blocks):
            ways = self._flow.onward(block) if record.test >= 0 else ()
            if len(ways) == 2:
                says = {value.is_true for value in left(list(self._values(record.test, frozenset())), block)}
                found |= {(block, way) for way, taken in zip(ways, (True, False), strict=True) if says == {not taken}}
        return frozenset(found)

    def _left(self, values: list[_Value], place: int, test: int) -> list[_Value]:
        """Those values that a variable may have at a test after a place, without an error in between."""
        start = self._flow.block_of(place)
        blocks = {value.register: self._flow.block_of(value.register) for value in values}
        here = [v for v in values if blocks[v.register] == start and v.register > place]
        later = {b for r, b in blocks.items() if r > place and b != start and self._leads(start, b, frozenset())}
        earlier: list[_Value] = []
        if self._leads(start, test, frozenset(later)):
            earlier = here[-1:] or [value for value in values if value.register < place]
        return [*earlier, *(value for value in values if blocks[value.register] in later)] if len(values) > 1 else []

    def _kept(self, values: list[_Value], place: int, handler: int, test: int) -> list[_Value]:
        """Those values that a variable may have at a test after an error of the call at a place, which is not made again."""
        flow, target, start = self._flow, self._flow.block_of(place), self._flow.start_of(handler)
        blocks = {value.register: flow.block_of(value.register) for value in values}
        again = frozenset((target,))
        later = {b for b in blocks.values() if b not in (handler, target) and flow.comes_to(start, b, again)}
        kept = [value for value in values if blocks[value.register] in later]
        if len(values) > 1 and flow.comes_to(start, test, later | again):
            here = [value for value in values if blocks[value.register] == handler]
            kept += here[-1:] or self._before(values, place)
        return kept

    def _before(self, values: list[_Value], place: int) -> list[_Value]:
        """Those values that a variable may have where the call at a place is made."""
        flow, target = self._flow, self._flow.block_of(place)
        here = [v for v in values if v.register < place and flow.block_of(v.register) == target]
        blocks = {flow.block_of(value.register): value for value in values}  # the last of each
        others = ((value, blocks.keys() - {block}) for block, value in blocks.items())
        return here[-1:] or [value for value, past in others if flow.comes_to(value.register, target, past)]

    def _leads(self, start: int, goal: int, past: frozenset[int]) -> bool:
        seen, pending = {start}, [start]
        while pending:
            for block in self._flow.onward(pending.pop()):
                if block == goal:
                    return True
                if block not in seen and block not in past:
                    seen.add(block)
                    pending.append(block)
        return False

    # -- what a test says of the values that a variable may hold ------------------------------------------------

    def _values(self, register: int, seen: frozenset[int]) -> Iterator[_Value]:
        """Values of a tested expression with what the test says of each."""
        instruction = self._code.scope.code[register]
        opcode = instruction[0]
        if register in seen:
            return
        seen |= {register}
        if opcode == ir.LOGIC:
            yield from self._compared(instruction[1], instruction[2], seen)
        elif opcode == ir.PHI and len(instruction) == 2:
            for part in instruction[1]:
                yield from self._values(part, seen)
        elif opcode in _THROUGH:
            yield from self._values(instruction[1], seen)
        elif opcode == ir.DECLARED and instruction[2] >= 0:
            yield from self._made(instruction[2], (register, instruction[2]), seen)
        elif opcode == ir.CALL and self._code.callee_name(register) in _TRUTH and len(instruction[2]) == 1:
            yield from self._values(max(instruction[2][0], 0), seen)
        else:
            yield from self._made(register, (register,), seen)

    def _made(self, register: int, names: tuple[int, ...], seen: frozenset[int]) -> Iterator[_Value]:
        """A value that is made at a register; a collection that is filled later on is another one then."""
        instruction = self._code.scope.code[register]
        if instruction[0] in (ir.PHI, ir.LOGIC):
            yield from self._values(register, seen)
            return
        yield _Value(register, self._truth(register))
        if instruction[0] in _DISPLAYS and not instruction[1]:
            yield from (_Value(filler, True) for name in names for filler in self._code.fillers(name))

    def _truth(self, register: int) -> bool | None:
        instruction = self._code.scope.code[register]
        if instruction[0] == ir.CONST:
            return bool(instruction[1])
        if instruction[0] in _DISPLAYS:
            return bool(instruction[1])
        if instruction[0] == ir.TEXT:
            return True if any(isinstance(part, str) and part for part in instruction[1]) else None
        return True if instruction[0] == ir.CAUGHT else None

    def _compared(self, operator: str, operands: tuple[int, ...], seen: frozenset[int]) -> Iterator[_Value]:
        if operator in ("not", "bool"):
            flip = operator == "not"
            for value in self._values(operands[0], seen):
                yield value._replace(is_true=value.is_true if value.is_true is None else value.is_true is not flip)
            return
        positive = _NEGATED.get(operator, operator)
        wanted = self._code.scope.code[operands[-1]]
        if len(operands) != 2 or wanted[0] != ir.CONST or positive not in ("==", "is", ">"):
            return
        is_size = self._code.callee_name(operands[0]) == "len" and wanted[1] == 0
        for value in self._values(operands[0], seen):
            is_true = value.is_true if is_size else self._is_equal(value, wanted[1])
            if is_size and is_true is not None:
                is_true = is_true is (positive == ">")
            elif positive == ">":
                is_true = None
            negated = positive != operator and is_true is not None
            yield value._replace(is_true=not is_true if negated else is_true)

    def _is_equal(self, value: _Value, wanted: object) -> bool | None:
        """Whether a value is the constant that it is compared with."""
        instruction = self._code.scope.code[value.register]
        if instruction[0] == ir.CONST:
            return bool(instruction[1] == wanted and isinstance(instruction[1], type(wanted)))
        return False if wanted is None and value.is_true else None
