"""Approvals that are loaded where they are tested: `session.get(Approval, key)`, `Approval.objects.filter(...).first()`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.decisions import Decisions
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.verdicts import FAVOURABLE, UNDECIDED, UNRELATED, Sides
from dealix_lint.model import ir
from dealix_lint.model.text import Symbol

_THROUGH: Final = frozenset({ir.AWAIT, ir.NARROW})
_NEGATIVE: Final = frozenset({"~", "!=", "not", "not in", "is not"})
_NAMING: Final = frozenset({ir.NAME, ir.FREE, ir.IMPORT_FROM, ir.ATTR})


class Loaded:
    """Finds queries of classes whose names speak of approval. That there is such a row is a verdict where the query asks for
    granted ones; else it is what is tested of the row that says something."""

    __slots__ = ("_decisions", "_loading", "_sites")

    def __init__(self, sites: Sites, decisions: Decisions, loading: tuple[str, ...]) -> None:
        self._sites = sites
        self._decisions = decisions
        self._loading = frozenset(loading)

    def of(self, node: int, kind: str) -> dict[int, Sides]:
        """Registers of the calls that give the rows, with what it says that there is one."""
        code, edges = self._sites.code(node), self._sites.edges(node)
        found: set[int] = set()
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] != ir.CALL or register in edges:
                continue
            name = code.callee_name(register)
            if name not in self._loading:
                if code.receiver(register) >= 0 and self._decisions.lexicon.sides_of(name) == UNDECIDED:
                    found.discard(_inside(code, code.receiver(register)))  # something else is made of the query
                continue
            sources = {_inside(code, part) for part in (code.receiver(register), *instruction[2]) if part >= 0}
            if not sources.isdisjoint(found) or any(self._is_of_topic(node, code, part, kind) for part in sources):
                found = found - sources | {register}
        return {register: self._says(code, register) for register in found}

    def _is_of_topic(self, node: int, code: ScopeCode, register: int, kind: str) -> bool:
        """Whether a register holds such a class, or what is reached through one (`Approval.objects`, `Approval.id`)."""
        while code.scope.code[register][0] in _NAMING:
            for value in self._sites.resolution.values(node, register):
                name = value.name if isinstance(value, Symbol) else ""
                if self._sites.definitions.find_class(name) is not None:
                    return self._decisions.topic_of(last_segment(name)) in ("", kind)
            if code.scope.code[register][0] != ir.ATTR:
                break
            register = code.scope.code[register][1]
        return False

    def _says(self, code: ScopeCode, register: int) -> Sides:
        parts = code.closure((register,))
        methods = {code.scope.code[part][1] for part in parts if code.scope.code[part][0] == ir.CALL}
        asked = {word for part in parts - methods for word in _written(code, part)}
        said = {self._decisions.lexicon.sides_of(word) for word in asked}
        is_negative = any(
            code.scope.code[part][0] == ir.LOGIC and code.scope.code[part][1] in _NEGATIVE for part in parts
        )
        is_granted = FAVOURABLE in said and FAVOURABLE.opposite not in said and not is_negative
        return FAVOURABLE if is_granted else UNRELATED


def _written(code: ScopeCode, register: int) -> Iterator[str]:
    """Columns and texts that an instruction of a query names."""
    if code.scope.code[register][0] in (ir.ATTR, ir.CALL, ir.CONST):
        yield from code.identifiers(register)


def _inside(code: ScopeCode, register: int) -> int:
    register = code.value_of(register)
    while code.scope.code[register][0] in _THROUGH:
        register = code.scope.code[register][1]
    return register
