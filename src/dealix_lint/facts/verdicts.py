"""What the two sides of a test say about verdicts: does it hold because the action was approved, or because it was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.names import Phrases, words
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import GateNames

NO, MAYBE, YES = range(3)


class Sides(NamedTuple):
    """Whether a verdict was favourable where a test holds, and where it fails: NO, MAYBE or YES."""

    holds: int
    fails: int

    @property
    def opposite(self) -> Sides:
        """The sides of the negated test."""
        return Sides(self.fails, self.holds)


UNRELATED: Final = Sides(NO, NO)
UNDECIDED: Final = Sides(MAYBE, MAYBE)
FAVOURABLE: Final = Sides(YES, NO)
_NEVER_HOLDS, _NEVER_FAILS = Sides(YES, NO), Sides(NO, YES)
_NOTHING: Final[Mapping[int, Sides]] = {}
_THROUGH: Final = frozenset({ir.AWAIT, ir.NARROW, ir.ENTER})
_WRAPPERS: Final = frozenset({"bool", "len", "list", "tuple", "set", "dict", "str", "cast"})
_NEGATED: Final = {"!=": "==", "not in": "in", "is not": "is"}


class Lexicon:
    """Words of verdicts, as a policy pack lists them."""

    __slots__ = ("_granting", "_measures", "_measuring", "_refusing")

    def __init__(self, names: GateNames) -> None:
        self._granting = Phrases(names.granting)
        self._refusing = Phrases(names.refusing)
        self._measuring, self._measures = frozenset(names.measuring), frozenset(names.measures)

    def is_measure(self, name: str) -> bool:
        """Whether what is called so gives back what a policy computes, and no verdict."""
        parts = words(name)
        return bool(parts) and parts[-1] in self._measures and (len(parts) == 1 or parts[0] in self._measuring)

    def sides_of(self, name: str) -> Sides:
        """What it says about the action that something of this name is true."""
        if self._refusing.are_in(name):
            return FAVOURABLE.opposite
        return FAVOURABLE if self._granting.are_in(name) else UNDECIDED


class Verdicts:
    """Reads the tests of one function in which verdicts were asked for. `given`: what it means that the result of a
    call, by its register, is true; `exempt`: the same of conditions next to them (`plan.approval_class != "A1"`)."""

    __slots__ = ("_exempt", "_given", "_lexicon", "_seen", "code")

    def __init__(
        self, code: ScopeCode, given: Mapping[int, Sides], lexicon: Lexicon, exempt: Mapping[int, Sides] = _NOTHING
    ) -> None:
        self.code = code
        self._given = given
        self._exempt = exempt
        self._lexicon = lexicon
        self._seen: dict[int, bool] = {}

    def tests(self) -> Iterable[tuple[int, Sides]]:
        """Blocks that end in a test of a verdict, with what its sides say."""
        for block, record in enumerate(self.code.scope.blocks):
            if record.test >= 0 and (self._depends(record.test) or self._is_exempt(record.test)):
                yield block, self.of(record.test)

    def given_back(self, register: int) -> Sides:
        """The same for what a function returns: something else that was made with a verdict is none."""
        value = register
        while self.code.scope.code[value][0] in _THROUGH:
            value = self.code.scope.code[value][1]
        is_made = self.code.scope.code[value][0] == ir.CALL and self.code.callee_name(value) not in _WRAPPERS
        return UNRELATED if is_made and value not in self._given else self.of(value)

    def of(self, register: int, seen: frozenset[int] = frozenset()) -> Sides:
        """What it says that the value of a register is true."""
        if register in self._given or register in self._exempt:
            return self._given.get(register) or self._exempt[register]
        instruction = self.code.scope.code[register]
        opcode = instruction[0]
        if opcode == ir.PHI:
            return UNRELATED if register in seen else self._joined(instruction, seen | {register})
        if opcode == ir.CONST:
            return _NEVER_FAILS if instruction[1] else _NEVER_HOLDS
        if not self._depends(register) and not self._is_exempt(register):
            return UNRELATED
        if opcode in _THROUGH:
            return self.of(instruction[1], seen)
        if opcode == ir.DECLARED and instruction[2] >= 0:
            return self.of(instruction[2], seen)
        if opcode == ir.ITEM:
            return self.of(instruction[1], seen) if instruction[2] == 0 else UNDECIDED
        if opcode == ir.LOGIC:
            return self._logic(instruction, seen)
        return self._asked(register, instruction, seen)

    def _is_exempt(self, register: int) -> bool:
        """Whether a condition is one of those next to verdicts, or the opposite of one, or joins some."""
        pending, seen = [register] if self._exempt else [], set[int]()
        while pending:
            current = pending.pop()
            instruction = self.code.scope.code[current]
            if current in self._exempt:
                return True
            is_joining = instruction[0] == ir.PHI and len(instruction) > 2
            if current not in seen and (
                is_joining or (instruction[0] == ir.LOGIC and instruction[1] in ("not", "bool"))
            ):
                pending += operands(instruction)
            seen.add(current)
        return False

    def _depends(self, register: int) -> bool:
        known = self._seen.get(register)
        if known is None:
            known = self._seen[register] = self._is_made_with(register)
        return known

    def _is_made_with(self, register: int) -> bool:
        """Whether a verdict goes into a value; what a call is handed was there before it, not the last time round a loop."""
        if self.code.closure((register,)).isdisjoint(self._given):
            return False
        pending, seen = [(register, len(self.code.scope.code))], set[tuple[int, int]]()
        while pending:
            place, before = state = pending.pop()
            if place >= before or state in seen:
                continue
            if place in self._given:
                return True
            seen.add(state)
            instruction = self.code.scope.code[place]
            handed = set(call_operands(instruction)) if instruction[0] == ir.CALL else frozenset[int]()
            pending.extend((part, min(before, place) if part in handed else before) for part in operands(instruction))
            pending.extend((part, before) for part in self.code.fillers(place))
        return False

    def _joined(self, instruction: Instruction, seen: frozenset[int]) -> Sides:
        """`and` is true when all operands are, `or` false when all are; of several assignments any may be the one."""
        parts = [self.of(part, seen) for part in instruction[1] if part not in seen]
        operator = instruction[2] if len(instruction) > 2 else ""
        if not parts:
            return UNRELATED
        holds = (max if operator == "and" else min)(part.holds for part in parts)
        fails = (max if operator == "or" else min)(part.fails for part in parts)
        return Sides(holds, fails)

    def _logic(self, instruction: Instruction, seen: frozenset[int]) -> Sides:
        operator: str = instruction[1]
        operands: tuple[int, ...] = instruction[2]
        if operator == "not":
            return self.of(operands[0], seen).opposite
        if operator == "bool":
            return self.of(operands[0], seen)
        if len(operands) != 2:
            return UNDECIDED
        left, right = operands if self._depends(operands[0]) else reversed(operands)
        positive = _NEGATED.get(operator, operator)
        sides = self._compared(positive, left, right, seen)
        return sides.opposite if positive != operator else sides

    def _compared(self, operator: str, left: int, right: int, seen: frozenset[int]) -> Sides:
        if operator not in ("==", "is", "in"):
            return UNDECIDED
        wanted = self.code.scope.code[right]
        if wanted[0] == ir.CONST and (wanted[1] is None or isinstance(wanted[1], bool)):
            inner = self.of(left, seen)
            return inner if wanted[1] else inner.opposite
        found = {self._lexicon.sides_of(word) for word in self._words(right)}
        return found.pop() if len(found) == 1 else UNDECIDED

    def _words(self, register: int) -> list[str]:
        """What a verdict is compared with: texts, members of enumerations, or several of them."""
        instruction = self.code.scope.code[register]
        if instruction[0] in (ir.TUPLE, ir.LIST, ir.SET):
            return [word for part in instruction[1] for word in self._words(max(part, 0))]
        if instruction[0] == ir.ATTR:
            inner = self._words(instruction[1]) if instruction[2] in ("value", "name") else []
            return inner or [instruction[2]]
        return [instruction[1]] if instruction[0] == ir.CONST and isinstance(instruction[1], str) else [""]

    def _asked(self, register: int, instruction: Instruction, seen: frozenset[int]) -> Sides:
        """An attribute, key or method of a verdict, or a function that is given one."""
        opcode = instruction[0]
        if opcode == ir.ATTR:
            return self._lexicon.sides_of(instruction[2])
        if opcode == ir.SUBSCRIPT:
            return self._key(instruction[2])
        if opcode != ir.CALL:
            return UNDECIDED
        name = self.code.callee_name(register)
        if name == "get" and instruction[2]:
            return self._key(max(instruction[2][0], 0))
        if name in _WRAPPERS and len(instruction[2]) == 1:
            return self.of(max(instruction[2][0], 0), seen)
        if self._lexicon.is_measure(name):
            return UNRELATED
        return self._lexicon.sides_of(name)

    def _key(self, register: int) -> Sides:
        key = self.code.scope.code[register]
        return (
            self._lexicon.sides_of(key[1])
            if key[0] == ir.CONST and isinstance(key[1], str)
            else self.of_index(register)
        )

    def of_index(self, register: int) -> Sides:
        """`verdict[0]` is the verdict itself, other elements may be anything."""
        key = self.code.scope.code[register]
        return FAVOURABLE if key[0] == ir.CONST and key[1] == 0 and key[1] is not False else UNDECIDED
