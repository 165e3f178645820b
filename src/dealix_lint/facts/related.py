"""Rows of another model that a model's objects are related to: `order.events`, where events have a key of an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.text import Symbol

_KEYS: Final = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField", "GenericForeignKey", "ParentalKey"})
_NAMING: Final = "related_name"
_TARGET: Final = "to"


class Related:
    """Attributes under which a framework offers the rows that refer to an object, where their model is of interest."""

    __slots__ = ("_classes", "_is_wanted", "sites")

    def __init__(self, sites: Sites, is_wanted: Callable[[str], bool]) -> None:
        """`is_wanted`: whether the model of that name is one to look for."""
        self.sites = sites
        self._is_wanted = is_wanted
        self._classes: dict[str, set[str]] | None = None

    @property
    def names(self) -> frozenset[str]:
        """How these attributes are called."""
        return frozenset(self._targets())

    def is_one(self, node: int, register: int) -> bool:
        """Whether a register holds such an attribute of an object of a class that has it, as far as that is known."""
        attribute = self.sites.code(node).scope.code[register] if register >= 0 else (ir.NOP,)
        targets = self._targets().get(attribute[2]) if attribute[0] == ir.ATTR else None
        if targets is None:
            return False
        values = self.sites.resolution.values(node, attribute[1])
        held = {last_segment(value.name.removesuffix("()")) for value in values if isinstance(value, Symbol)}
        return not held or not held.isdisjoint(targets)

    def _targets(self) -> dict[str, set[str]]:
        """Attribute -> names of the classes that have it."""
        if self._classes is None:
            self._classes = {}
            definitions = self.sites.definitions
            for place in definitions.classes():
                if self._is_wanted(definitions.scope(place).name):
                    for attribute, target in self._keys(place):
                        self._classes.setdefault(attribute, set()).add(target)
        return self._classes

    def _keys(self, place: ScopeId) -> Iterator[tuple[str, str]]:
        code = self.sites.code_of(place)
        default = f"{code.scope.name.lower()}_set"
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.CALL and code.callee_name(register) in _KEYS:
                named = dict(instruction[3])
                given = [*instruction[2][:1], *(named[name] for name in (_TARGET,) if name in named)]
                target = _written(code.scope.code[given[0]]) if given and given[0] >= 0 else ""
                attribute = _written(code.scope.code[named[_NAMING]]) if _NAMING in named else default
                if target and attribute:
                    yield attribute, last_segment(target)


def _written(instruction: Instruction) -> str:
    """A name or text as it is written."""
    is_name = instruction[0] in (ir.NAME, ir.FREE, ir.ATTR, ir.CONST)
    return str(instruction[2] if instruction[0] == ir.ATTR else instruction[1]) if is_name else ""
