"""Who needs no approval: tests by which a gate lets go on what cannot commit (`if plan.approval_class != "A1" and not
approved(plan)`), and what the caller of a function switches on or off (`needs_approval=True`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.names import snake
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.verdicts import FAVOURABLE, Sides
from dealix_lint.model import ir
from dealix_lint.model.policy import Axis
from dealix_lint.model.text import Constant

_COMMITTING: Final = "R2"
_HOLDING: Final = frozenset(("==", "is", "in"))
_FAILING: Final = frozenset(("!=", "is not", "not in"))


class Exempting:
    """Reads conditions of functions that ask for an approval. `axis`: that of approvals; `least`: what the least of
    commitments needs."""

    __slots__ = ("_axis", "_known", "_low", "sites")

    def __init__(self, sites: Sites, axis: Axis, least: tuple[tuple[str, str], ...]) -> None:
        self.sites = sites
        self._axis = axis
        needed = axis.rank(dict(least).get(_COMMITTING, ""))
        self._low = frozenset(axis.levels[: max(needed, 0)])
        self._known: dict[int, dict[int, Sides]] = {}

    def sides(self, node: int) -> dict[int, Sides]:
        """What it says that a register is true: that what is done is no commitment, or nothing that is ever so."""
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = dict(self._find(node))
        return known

    def _find(self, node: int) -> Iterator[tuple[int, Sides]]:
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.LOGIC and len(instruction[2]) == 2 and instruction[1] in _HOLDING | _FAILING:
                sides = self._compared(code, instruction)
            elif instruction[0] == ir.PARAM and register in code.tested:
                sides = self._fixed(node, register)
            else:
                sides = None
            if sides is not None:
                yield register, sides

    def _fixed(self, node: int, register: int) -> Sides | None:
        """A switch that is always the same for those who call the function so."""
        values = self.sites.resolution.values(node, register)
        if values not in ((Constant(True),), (Constant(False),)):
            return None
        return FAVOURABLE.opposite if values == (Constant(True),) else FAVOURABLE

    def _compared(self, code: ScopeCode, instruction: ir.Instruction) -> Sides | None:
        left, right = instruction[2]
        asked, wanted = (left, right) if self._is_of_axis(code, left) else (right, left)
        levels = self._levels(code, wanted) if self._is_of_axis(code, asked) else frozenset()
        if not levels or not levels <= frozenset(self._axis.levels):
            return None
        others = frozenset(self._axis.levels) - levels
        inside, outside = levels <= self._low, others <= self._low
        if not inside and not outside:
            return None
        sides = FAVOURABLE if inside else FAVOURABLE.opposite
        return sides if instruction[1] in _HOLDING else sides.opposite

    def _is_of_axis(self, code: ScopeCode, register: int) -> bool:
        """Whether a value is called like the class of an approval: `plan.approval_class`, `plan["approval_class"]`."""
        instruction = code.scope.code[register]
        while instruction[0] == ir.ATTR and instruction[2] in ("value", "name"):
            instruction = code.scope.code[instruction[1]]
        name = ""
        if instruction[0] in (ir.ATTR, ir.NAME):
            name = instruction[-1]
        elif instruction[0] == ir.PARAM:
            name = code.scope.parameters[instruction[1]].name
        elif instruction[0] == ir.SUBSCRIPT:
            key = code.scope.code[instruction[2]]
            name = key[1] if key[0] == ir.CONST and isinstance(key[1], str) else ""
        return snake(name) in self._axis.keywords

    def _levels(self, code: ScopeCode, register: int) -> frozenset[str]:
        """Levels that are written: a text, a member of an enumeration, or several of them."""
        instruction = code.scope.code[register]
        if instruction[0] in (ir.TUPLE, ir.LIST, ir.SET):
            return frozenset(level for part in instruction[1] for level in self._levels(code, max(part, 0)))
        if instruction[0] == ir.ATTR:
            inner = self._levels(code, instruction[1]) if instruction[2] in ("value", "name") else frozenset()
            return inner or frozenset((instruction[2],))
        return (
            frozenset((instruction[1],))
            if instruction[0] == ir.CONST and isinstance(instruction[1], str)
            else frozenset()
        )
