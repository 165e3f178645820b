"""Events that state classes when they are published, and what their envelopes leave out."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.names import Phrases, snake
from dealix_lint.facts.shapes import Shapes
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import EnvelopeNames
from dealix_lint.model.text import ArgumentValue, Symbol


class Envelopes:
    """Publishing calls by node."""

    __slots__ = ("_fields", "_publishing", "shapes", "sites")

    def __init__(self, sites: Sites, shapes: Shapes, names: EnvelopeNames) -> None:
        self.sites = sites
        self.shapes = shapes
        self._fields = names.fields
        self._publishing = Phrases(names.publishing)

    def incomplete(self, node: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Sites at which a node publishes an event with classes, and the fields that its envelope lacks."""
        if self.sites.scope_of(node) not in self.sites.vocabulary.stating(self.shapes.telling()):
            return
        if not any(map(self._publishing.are_in, self.sites.words(node))):
            return
        code = self.sites.code(node)
        for register, view in self.sites.calls(node).items():
            if code.scope.code[register][0] == ir.CALL and self._publishing.are_in(view.spelling):
                present = self._present(node, register)
                missing = tuple(field for field in self._fields if field not in present)
                if missing and any(map(self.shapes.is_keyword, present)):
                    yield register, missing

    def _present(self, node: int, register: int) -> frozenset[str]:
        """Field names of the event that a call is given; empty where not all of them are known."""
        code = self.sites.code(node)
        for value in call_operands(code.scope.code[register]):
            fields = self._keys(code, value)
            if not fields:
                made = [self._fields_of(symbol) for symbol in self.sites.resolution.values(node, value)]
                fields = frozenset.intersection(*made) if made else frozenset()
            if fields:
                return fields
        named = frozenset(snake(name) for name, _ in code.scope.code[register][3] if name is not None)
        return named if sum(field in named for field in self._fields) > 1 else frozenset()

    def _keys(self, code: ScopeCode, register: int) -> frozenset[str]:
        """Keys of a dict display, those of displays in it included, and those that are set later."""
        instruction = code.scope.code[register]
        if instruction[0] != ir.DICT:
            return frozenset()
        found: set[str] = set()
        for key, value in (*instruction[1], *((i[2], i[3]) for i in self._written(code, register))):
            if key is None or code.scope.code[key][0] != ir.CONST:
                return frozenset()
            found.add(snake(str(code.scope.code[key][1])))
            found |= self._keys(code, value)
        is_changed = any(code.scope.code[filler][0] != ir.SET_ITEM for filler in code.fillers(register))
        return frozenset() if is_changed else frozenset(found)

    def _written(self, code: ScopeCode, register: int) -> list[Instruction]:
        fillers = (code.scope.code[filler] for filler in code.fillers(register))
        return [instruction for instruction in fillers if instruction[0] == ir.SET_ITEM]

    def _fields_of(self, value: ArgumentValue) -> frozenset[str]:
        """Fields of an instance of a first-party class."""
        name = value.name.removesuffix("()") if isinstance(value, Symbol) and value.name.endswith("()") else ""
        definitions = self.sites.definitions
        place = definitions.find_class(name) if name else None
        if place is None:
            return frozenset()
        declared = (field for base in definitions.mro(place) for field, _ in definitions.scope(base).exports)
        return frozenset(map(snake, (*declared, *definitions.positional_parameters(name))))
