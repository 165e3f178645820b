"""What a workflow is told by signals, and which of its waits end only when it was told yes."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import Phrases
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.verdicts import FAVOURABLE, Lexicon, Sides
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames
from dealix_lint.model.resolved import CallView

_DEPTH = 2
_COUNTING = "len"
_MIRRORED = {"<": ">", "<=": ">="}
_TRUTH = ("name", "bool")
_PUT_IN = {ir.SET_ATTR: 3, ir.SET_ITEM: 3}  # the operand that is written


class Signals:
    """Attributes that handlers of signals write, by the class that has them."""

    __slots__ = ("_handlers", "_lexicon", "_told", "_waited", "_written", "sites")

    def __init__(self, sites: Sites, names: GateNames, lexicon: Lexicon) -> None:
        self.sites, self._lexicon = sites, lexicon
        self._waited = Phrases((*names.topics, *names.waited))
        self._told = Phrases(names.waited)
        self._handlers = PatternIndex((pattern, True) for pattern in names.signals)
        self._written: dict[ScopeId, tuple[tuple[str, frozenset[str]], ...]] = {}

    def read(self, node: int) -> dict[int, Sides]:
        """Where a method reads what a signal about an approval has written, and what it says that this is true."""
        names = self._told_around(self.sites.scope_of(node))
        code = self.sites.code(node).scope.code
        reads = ((register, i[2]) for register, i in enumerate(code) if names and i[0] == ir.ATTR and i[2] in names)
        found = {register: self._lexicon.sides_of(name) for register, name in reads}
        return found | {register: self._lexicon.sides_of(name) for register, name in self._parts_read(node)}

    def _parts_read(self, node: int) -> Iterator[tuple[int, str]]:
        """Where a method reads of what any signal has written a part that speaks of an approval (`self.verdict.approved`,
        `self.verdict["approved"]`)."""
        code, names = self.sites.code(node), self._written_around(self.sites.scope_of(node))
        for register, instruction in enumerate(code.scope.code) if names else ():
            name = _part(code, instruction)
            holder = code.scope.code[code.value_of(instruction[1])] if name else (ir.NOP,)
            if holder[0] == ir.ATTR and holder[2] in names and self._waited.are_in(name):
                yield register, name

    def _written_around(self, place: ScopeId) -> frozenset[str]:
        """What handlers write in the class around, whatever they are called."""
        return frozenset(name for _, names in self._handlers_around(place) for name in names)

    def _told_around(self, place: ScopeId) -> frozenset[str]:
        """What handlers write in the class around that is about an approval, by its own name or the handler's."""
        return frozenset(
            name
            for handler, names in self._handlers_around(place)
            for name in (names if self._waited.are_in(handler) else filter(self._waited.are_in, names))
        )

    def _handlers_around(self, place: ScopeId) -> tuple[tuple[str, frozenset[str]], ...]:
        """The handlers of the class that a method, or a function inside one, stands in: their names, and what they write."""
        definitions = self.sites.definitions
        owner = definitions.class_around(place)
        if owner is None:
            return ()
        known = self._written.get(owner)
        if known is None:
            methods = [(method, definitions.scope(method)) for method in definitions.methods(owner)]
            known = self._written[owner] = tuple(
                (scope.name, frozenset(written(self.sites.code_of(method))))
                for method, scope in methods
                if scope.decorators and self._is_handler(method)
            )
        return known

    def _is_handler(self, place: ScopeId) -> bool:
        decorators = self.sites.resolution.decorators(*place)
        return any(self._handlers.find(name) for decorator in decorators for name in decorator.names)

    # -- waits --------------------------------------------------------------------------------------------------

    def ends_with_yes(self, node: int, view: CallView) -> bool:
        """Whether the condition of a wait about an approval holds only where that was given, as far as is known."""
        code, around = self.sites.code(node), self.sites.scope_of(node)
        instruction = code.scope.code[view.place.register]
        for value in [*instruction[2][:1], *(value for _, value in instruction[3])]:
            condition = self._function(around, code, value) if value >= 0 else None
            if condition is not None:
                return self._gives_yes(condition, _DEPTH)
        return True

    def _function(self, around: ScopeId, code: ScopeCode, register: int) -> ScopeId | None:
        """A function written in place, or the method of the object around that is named."""
        instruction = code.scope.code[register]
        if instruction[0] == ir.FUNCTION:
            return around[0], instruction[1]
        return self.sites.definitions.method_around(around, instruction[2]) if instruction[0] == ir.ATTR else None

    def _gives_yes(self, place: ScopeId, depth: int) -> bool:
        code = self.sites.code_of(place)
        given = [i[1] for i in code.scope.code if i[0] == ir.RETURN and code.scope.code[i[1]] != (ir.CONST, False)]
        return all(self._says_yes(place, code, register, depth, is_alone=True) for register in given)

    def _says_yes(self, place: ScopeId, code: ScopeCode, register: int, depth: int, *, is_alone: bool) -> bool:
        instruction = code.scope.code[register]
        if instruction[0] == ir.PHI and len(instruction) > 2:
            parts = [self._says_yes(place, code, part, depth, is_alone=False) for part in instruction[1]]
            return any(parts) if instruction[2] == "and" else all(parts)
        if instruction[0] == ir.LOGIC:
            return self._has_enough(place, code, instruction) or self._compares_with_yes(code, instruction)
        named = self._function(place, code, instruction[1] if instruction[0] == ir.CALL else register)
        if named is not None and depth > 0:
            return self._gives_yes(named, depth - 1)
        names = [*code.identifiers(register)]
        if any(self._told.are_in(name) or self._lexicon.sides_of(name) == FAVOURABLE.opposite for name in names):
            return False
        return is_alone or self._speaks(place, names)

    def _has_enough(self, place: ScopeId, code: ScopeCode, instruction: ir.Instruction) -> bool:
        """Approvals that are counted or collected: `len(self.approvals) >= 2`, `self.approvals > 1`, `"cfo" in self.approvers`."""
        operator, operands = instruction[1], instruction[2]
        if len(operands) != 2:
            return False
        if operator == "in" or operator in _MIRRORED:
            operator, operands = _MIRRORED.get(operator, operator), operands[::-1]
        collected, wanted = code.value_of(operands[0]), code.scope.code[operands[1]]
        is_counted = code.scope.code[collected][0] == ir.CALL and code.callee_name(collected) == _COUNTING
        if is_counted:
            collected = next(call_operands(code.scope.code[collected]), collected)
        least = wanted[1] if wanted[0] == ir.CONST and isinstance(wanted[1], int) else None
        is_asked = {">": least is None or least >= 0, ">=": least != 0, "==": is_counted and least != 0, "in": True}
        return is_asked.get(operator, False) and self._collects_yes(place, code.scope.code[collected])

    def _collects_yes(self, place: ScopeId, instruction: ir.Instruction) -> bool:
        """Whether an attribute holds or counts approvals: it is not the answers that are put into it, whatever they say."""
        if instruction[0] != ir.ATTR or not self._speaks(place, [instruction[2]]):
            return False
        if self._told.are_in(instruction[2]) or self._lexicon.sides_of(instruction[2]) == FAVOURABLE.opposite:
            return False
        owner = self.sites.definitions.class_around(place)
        methods = self.sites.definitions.methods(owner) if owner is not None else ()
        return not any(self._puts_answers(method, instruction[2]) for method in methods)

    def _puts_answers(self, method: ScopeId, name: str) -> bool:
        code = self.sites.code_of(method)
        held = (r for r, i in enumerate(code.scope.code) if i[0] == ir.ATTR and i[2] == name)
        for writer in (code.scope.code[place] for register in held for place in code.fillers(register)):
            put = [writer[_PUT_IN[writer[0]]]] if writer[0] in _PUT_IN else [*call_operands(writer)]
            values = (code.scope.code[code.value_of(register)] for register in put)
            given = (code.scope.parameters[value[1]] for value in values if value[0] == ir.PARAM)
            if any(self._told.are_in(p.name) or p.annotation == _TRUTH for p in given):
                return True
        return False

    def _compares_with_yes(self, code: ScopeCode, instruction: ir.Instruction) -> bool:
        """`== "approved"`, `is True`; that there is an answer says nothing of it."""
        operator, operands = instruction[1], instruction[2]
        wanted = code.scope.code[operands[-1]] if len(operands) == 2 else (ir.NOP,)
        if wanted[0] == ir.CONST and wanted[1] is None:
            return False
        if wanted[0] == ir.CONST and isinstance(wanted[1], bool):
            return (operator in ("==", "is")) is wanted[1]
        if wanted[0] in (ir.CONST, ir.ATTR):
            said = {self._lexicon.sides_of(word) for word in code.identifiers(operands[-1])}
            return said == {FAVOURABLE if operator in ("==", "is") else FAVOURABLE.opposite}
        return operator in ("not", "bool")

    def _speaks(self, place: ScopeId, names: list[str]) -> bool:
        told = self._told_around(place)
        return any(name in told or self._waited.are_in(name) for name in names)


def _part(code: ScopeCode, instruction: ir.Instruction) -> str:
    """The attribute or the constant key that is read; "" for anything else."""
    if instruction[0] == ir.ATTR:
        return str(instruction[2])
    key = code.scope.code[instruction[2]] if instruction[0] == ir.SUBSCRIPT else (ir.NOP,)
    return key[1] if key[0] == ir.CONST and isinstance(key[1], str) else ""


def written(code: ScopeCode) -> Iterator[str]:
    """Attributes that a method sets, or fills."""
    for register, instruction in enumerate(code.scope.code):
        if instruction[0] == ir.SET_ATTR:
            yield instruction[2]
        holder = code.scope.code[register]
        if holder[0] == ir.ATTR and code.fillers(register):
            yield holder[2]
