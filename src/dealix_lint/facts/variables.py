"""Context variables of the project: where they are set, and which calls give back what they hold and nothing else.

A variable without a default cannot be read where nobody has set it, and of one that nobody here sets, nothing is known: such
reads are not counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dealix_lint.facts.code import is_empty
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Place

_GET: Final = "contextvars.ContextVar().get"
_SET: Final = "contextvars.ContextVar().set"
_DEPTH: Final = 3
_NONE: frozenset[int] = frozenset()


class Variables:
    """Variables by number, from `first` on."""

    __slots__ = ("_given", "_ids", "_numbers", "_reads", "_settable", "_setting", "first", "sites")

    def __init__(self, sites: Sites, first: int, ids: Spellings) -> None:
        self.sites = sites
        self._ids = ids
        self.first = first
        self._numbers: dict[Place, int] = {}
        self._given: dict[int, frozenset[int] | None] = {}
        self._reads: dict[tuple[int, int], frozenset[int] | None] = {}
        self._setting: dict[int, dict[int, frozenset[int]]] | None = None
        self._settable: frozenset[int] = _NONE

    def setting(self) -> dict[int, dict[int, frozenset[int]]]:
        """Nodes that set variables: the calls that do so, and which ones."""
        if self._setting is None:
            found: dict[int, dict[int, frozenset[int]]] = {}
            for call in self.sites.resolution.external_calls(lambda path: path == _SET):
                instruction = self.sites.code(call.node).scope.code[call.place.register]
                if instruction[0] == ir.CALL and not self._is_emptied(call.node, instruction):
                    found.setdefault(call.node, {})[call.place.register] = self._held(call.node, call.place.register)
            self._setting = found
            self._settable = frozenset(n for places in found.values() for numbers in places.values() for n in numbers)
        return self._setting

    def holds_id(self, node: int, register: int) -> bool:
        """Whether a call reads a variable that is called like an id where it is made: `ContextVar("trace_id")`."""
        view = self.sites.calls(node).get(register)
        if view is None or set(view.names) != {_GET}:
            return False
        numbers = self._held(node, register)
        makers = [place for place, number in self._numbers.items() if number in numbers]
        return bool(makers) and all(map(self._is_called_id, makers))

    def _is_called_id(self, maker: Place) -> bool:
        code = self.sites.code_of((maker.module, maker.scope))
        names = (code.scope.code[value] for value in code.scope.code[maker.register][2][:1] if value >= 0)
        return any(name[0] == ir.CONST and isinstance(name[1], str) and self._ids.have(name[1]) for name in names)

    def read(self, node: int, register: int, depth: int = _DEPTH) -> frozenset[int] | None:
        """The variables of which a value is read, where it comes out of nothing else; None otherwise."""
        known = self._reads.get((node, register), _NONE)
        if known is _NONE:
            self._reads[node, register] = None
            known = self._reads[node, register] = self._find_read(node, register, depth) or None
        return known

    def _find_read(self, node: int, register: int, depth: int) -> frozenset[int] | None:
        code = self.sites.code(node)
        register = code.value_of(register)
        instruction = code.scope.code[register]
        if instruction[0] == ir.PHI:
            parts = [part for part in instruction[1] if not is_empty(code.scope.code[part])]
            return _joined(self.read(node, part, depth) for part in parts)
        view = self.sites.calls(node).get(register) if instruction[0] == ir.CALL else None
        if view is None:
            return None
        if view.names and all(name == _GET for name in view.names):
            return self._readable(node, register, has_default=bool(instruction[2]))
        callees = self.sites.callees(node, register) if depth else ()
        return _joined(self._given_by(callee, depth - 1) for callee in callees)

    def _given_by(self, node: int, depth: int) -> frozenset[int] | None:
        """The same of all that a function gives back."""
        if node not in self._given:
            self._given[node] = None
            code = self.sites.code(node).scope
            given = [i[1] for i in code.code if i[0] == ir.RETURN and not is_empty(code.code[i[1]])]
            self._given[node] = None if code.is_generator else _joined(self.read(node, one, depth) for one in given)
        return self._given[node]

    def _readable(self, node: int, register: int, *, has_default: bool) -> frozenset[int] | None:
        """The variable that is read at a call, if it can be without being set, and is set somewhere."""
        numbers = self._held(node, register)
        self.setting()
        makers = [place for place, number in self._numbers.items() if number in numbers]
        if not numbers or not numbers <= self._settable or len(makers) != 1:
            return None
        made = self.sites.instruction(makers[0])
        return numbers if has_default or any(keyword == "default" for keyword, _ in made[3]) else None

    def _held(self, node: int, register: int) -> frozenset[int]:
        """The variables that a method is called on at a site."""
        receiver = self.sites.code(node).receiver(register)
        module, scope = self.sites.scope_of(node)
        origins = self.sites.origins(Place(module, scope, receiver)) if receiver >= 0 else ()
        made = [place for place in origins if self.sites.instruction(place)[0] == ir.CALL]
        return frozenset(self._numbers.setdefault(place, self.first + len(self._numbers)) for place in made)

    def _is_emptied(self, node: int, instruction: ir.Instruction) -> bool:
        """Whether a variable is set to nothing (`current.set(None)`)."""
        code = self.sites.code(node).scope.code
        return len(instruction[2]) == 1 and instruction[2][0] >= 0 and is_empty(code[instruction[2][0]])


def _joined(read: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    """All variables, None where something else is among them, or nothing is."""
    found: frozenset[int] = _NONE
    for one in read:
        if one is None:
            return None
        found |= one
    return found or None
