"""What a call hands to a parameter of the function that it calls directly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge, Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, VARIADIC, Scope
from dealix_lint.model.text import ArgumentValue, Symbol, Text

_DEEPEST: Final = 4


class Handed(NamedTuple):
    """A register of the call, the name that it is bound to ("" for spreads), and which part of it arrives: a key, an
    attribute or a position ("" for all of it)."""

    name: str
    register: int
    part: str


def handed_to(call: Instruction, callee: Scope, index: int, part: str = "") -> Iterator[Handed]:
    """What reaches a parameter, or (`part`) one element of it: `kwargs["to"]`, `args[0]`, `order.amount`."""
    parameter = callee.parameters[index]
    shift = 1 if callee.parameters[0].name in ("self", "cls") else 0
    wanted = index + int(part) if parameter.kind == VARIADIC and part.isdigit() else index
    is_whole = parameter.kind == VARIADIC and wanted == index and not part.isdigit()
    rest = part if parameter.kind not in (VARIADIC, KEYWORDS) else ""
    spread = False
    for position, value in enumerate(call[2] if parameter.kind not in (KEYWORDS, KEYWORD_ONLY) else ()):
        if value < 0:
            element = wanted - shift - position
            yield Handed("", -value - 1, "" if spread or is_whole or element < 0 else str(element))
            spread = True
        elif position + shift == wanted or (is_whole and position + shift > index):
            yield Handed(parameter.name, value, rest)
    name = part if parameter.kind == KEYWORDS and part else parameter.name
    for keyword, value in call[3]:
        if keyword is None:
            yield Handed("", value, "" if parameter.kind == KEYWORDS and not part else name)
        elif keyword == name or (parameter.kind == KEYWORDS and not part):
            yield Handed(keyword, value, rest)


def is_declared(value: ArgumentValue, abstract: PatternIndex[bool]) -> bool:
    """Whether a value only repeats an annotation: an object of an `abstract` class."""
    return isinstance(value, Symbol) and bool(abstract.find(value.name))


class Handing:
    """Whether those who call a function hand it something of which nothing is known. `abstract`: classes that annotations
    name, whose objects are known no better for it."""

    __slots__ = ("_abstract", "sites")

    def __init__(self, sites: Sites, abstract: PatternIndex[bool]) -> None:
        self.sites = sites
        self._abstract = abstract

    def may_be_anything(self, place: Place, depth: int = _DEEPEST) -> bool:
        """Whether a place is a parameter for which a caller passes something unknown, or of a function without callers."""
        instruction = self.sites.instruction(place)
        if instruction[0] != ir.PARAM:
            return False
        callers = self._callers(place)
        if not callers or depth == 0:
            return True
        return any(self._hands_unknown(place, instruction[1], *caller, depth - 1) for caller in callers)

    def _hands_unknown(self, place: Place, index: int, node: int, edge: Edge, depth: int) -> bool:
        register, scope = (
            self.sites.register(node, edge.place),
            self.sites.definitions.scope((place.module, place.scope)),
        )
        call = self.sites.code(node).scope.code[register] if register != NO_SITE else (ir.NOP,)
        if edge.kind != CALL_EDGE or call[0] != ir.CALL:
            return True
        return any(self._is_unknown(node, handed.register, depth) for handed in handed_to(call, scope, index))

    def _is_unknown(self, node: int, register: int, depth: int) -> bool:
        values = self.sites.resolution.values(node, register)
        known = [value for value in values if not is_declared(value, self._abstract)]
        if not known or any(isinstance(value, Text) for value in known):
            return True
        return (
            self.may_be_anything(Place(*self.sites.scope_of(node), register), depth)
            if len(known) < len(values)
            else False
        )

    def _callers(self, place: Place) -> list[tuple[int, Edge]]:
        nodes = self.sites.nodes_of(self.sites.definitions.name((place.module, place.scope)))
        return [caller for node in nodes for caller in self.sites.graph.callers[node]]
