"""What a workflow is told by signals, and which of its waits end only when it was told yes."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import Phrases
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.verdicts import FAVOURABLE, Lexicon, Sides
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames
from dealix_lint.model.resolved import CallView

_NEGATED = {"!=": "==", "not in": "in", "is not": "is"}


class Signals:
    """Attributes that handlers of signals write, by the class that has them."""

    __slots__ = ("_handlers", "_lexicon", "_told", "_waited", "_written", "sites")

    def __init__(self, sites: Sites, names: GateNames, lexicon: Lexicon) -> None:
        self.sites, self._lexicon = sites, lexicon
        self._waited = Phrases((*names.topics, *names.waited))
        self._told = Phrases(names.waited)
        self._handlers = PatternIndex((pattern, True) for pattern in names.signals)
        self._written: dict[ScopeId, frozenset[str]] = {}

    def read(self, node: int) -> dict[int, Sides]:
        """Where a method reads what a signal about an approval has written, and what it says that this is true."""
        owner = self.sites.definitions.enclosing_class(self.sites.scope_of(node))
        names = self._told_in(owner) if owner is not None else frozenset[str]()
        code = self.sites.code(node).scope.code
        reads = ((register, i[2]) for register, i in enumerate(code) if names and i[0] == ir.ATTR and i[2] in names)
        return {register: self._lexicon.sides_of(name) for register, name in reads}

    def _told_in(self, owner: ScopeId) -> frozenset[str]:
        known = self._written.get(owner)
        if known is None:
            known = self._written[owner] = frozenset(self._find_told(owner))
        return known

    def _find_told(self, owner: ScopeId) -> Iterator[str]:
        definitions = self.sites.definitions
        for index, scope in enumerate(definitions.program.summaries[owner[0]].scopes):
            if scope.parent == owner[1] and scope.decorators and self._is_handler((owner[0], index)):
                names = {*_written(self.sites.code_of((owner[0], index)))}
                yield from names if self._waited.are_in(scope.name) else filter(self._waited.are_in, names)

    def _is_handler(self, place: ScopeId) -> bool:
        decorators = self.sites.resolution.decorators(*place)
        return any(self._handlers.find(name) for decorator in decorators for name in decorator.names)

    # -- waits --------------------------------------------------------------------------------------------------

    def ends_with_yes(self, node: int, view: CallView) -> bool:
        """Whether the condition of a wait about an approval holds only where that was given, as far as is known."""
        code = self.sites.code(node)
        instruction = code.scope.code[view.place.register]
        for value in [*instruction[2][:1], *(value for _, value in instruction[3])]:
            handed = code.scope.code[value] if value >= 0 else (ir.NOP,)
            if handed[0] == ir.FUNCTION:
                place = self.sites.scope_of(node)[0], handed[1]
                condition = self.sites.code_of(place)
                given = [i[1] for i in condition.scope.code if i[0] == ir.RETURN]
                return all(self._says_yes(place, condition, register, is_alone=True) for register in given)
        return True

    def _says_yes(self, place: ScopeId, code: ScopeCode, register: int, *, is_alone: bool) -> bool:
        instruction = code.scope.code[register]
        if instruction[0] == ir.PHI and len(instruction) > 2:
            parts = [self._says_yes(place, code, part, is_alone=False) for part in instruction[1]]
            return any(parts) if instruction[2] == "and" else all(parts)
        if instruction[0] == ir.LOGIC:
            return self._compares_with_yes(code, instruction)
        names = [*code.identifiers(register)]
        if any(self._told.are_in(name) or self._lexicon.sides_of(name) == FAVOURABLE.opposite for name in names):
            return False
        return is_alone or self._speaks(place, names)

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
        owner = self.sites.definitions.enclosing_class(place)
        told = self._told_in(owner) if owner is not None else frozenset[str]()
        return any(name in told or self._waited.are_in(name) for name in names)


def _written(code: ScopeCode) -> Iterator[str]:
    """Attributes that a method sets, or fills."""
    for register, instruction in enumerate(code.scope.code):
        if instruction[0] == ir.SET_ATTR:
            yield instruction[2]
        holder = code.scope.code[register]
        if holder[0] == ir.ATTR and code.fillers(register):
            yield holder[2]
