"""Coroutines that are made and never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, HIGH, Edge
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CoroutineNames

_ALIASES: Final = frozenset({ir.PHI, ir.NARROW, ir.DECLARED, ir.TUPLE, ir.LIST, ir.DICT, ir.SET, ir.ITEM})
_TOUCHES: Final = frozenset({ir.LOGIC, ir.SUBSCRIPT, ir.TEXT, ir.BINARY})
_OWN_ATTRIBUTES: Final = frozenset({"send", "throw", "close"})


class Coroutines:
    """Calls that only make a coroutine, and what becomes of it."""

    __slots__ = ("_calls", "_is_coroutine", "_transparent", "sites")

    def __init__(self, sites: Sites, names: CoroutineNames) -> None:
        self.sites = sites
        self._transparent = PatternIndex((pattern, True) for pattern in names.transparent)
        self._calls = PatternIndex((pattern, True) for pattern in names.calls)
        self._is_coroutine: dict[int, bool] = {}

    def dropped(self, node: int) -> Iterator[tuple[int, int]]:
        """Sites in a node at which a coroutine that performs an effect is made and dropped, with the confidence that
        it is one."""
        for register, edges in sorted(self.sites.edges(node).items()):
            leads = register != NO_SITE and any(edge.target in self.sites.reaching for edge in edges)
            makes_one = leads and self._makes_one(node, register, edges)
            if makes_one and self.is_dropped(node, register) and self._is_never_plain(node, register):
                yield register, min(edge.confidence for edge in edges)
        for other, register in sorted(self.sites.effect_sites):
            if other == node and register != NO_SITE and not self.sites.edges(node).get(register):
                view = self.sites.calls(node).get(register)
                names = view.names if view is not None else ()
                if names and all(map(self._calls.find, names)) and self.is_dropped(node, register):
                    yield register, HIGH

    def _makes_one(self, node: int, register: int, edges: tuple[Edge, ...]) -> bool:
        if self.sites.code(node).scope.code[register][0] != ir.CALL:
            return False
        return all(edge.kind == CALL_EDGE and self._is_one(edge.target) for edge in edges) and self._is_direct(
            node, register, edges
        )

    def _is_never_plain(self, node: int, register: int) -> bool:
        """Whether the call makes coroutines in every context: a helper that is handed plain functions by others does not
        await, and who hands it a coroutine function knows what for (`run(callback)`, `_sync.push()`)."""
        nodes = self.sites.nodes_of(self.sites.graph.nodes[node].function)
        return all(self._is_one(edge.target) for n in nodes for edge in self.sites.edges(n).get(register, ()))

    def _is_direct(self, node: int, register: int, edges: tuple[Edge, ...]) -> bool:
        """Whether the functions are what the call names, not what a library calls back."""
        view = self.sites.calls(node).get(register)
        names = view.names if view is not None else ()
        return all(self.sites.graph.nodes[edge.target].function in names for edge in edges)

    def _is_one(self, node: int) -> bool:
        """Whether calling the function only makes a coroutine, whatever decorates it."""
        known = self._is_coroutine.get(node)
        if known is None:
            place = self.sites.scope_of(node)
            scope = self.sites.definitions.scope(place)
            known = scope.is_async and not scope.is_generator and self._stays_one(place)
            self._is_coroutine[node] = known
        return known

    def _stays_one(self, place: tuple[int, int]) -> bool:
        if not self.sites.definitions.scope(place).decorators:
            return True
        return all(
            decorator.names and all(map(self._transparent.find, decorator.names))
            for decorator in self.sites.resolution.decorators(*place)
        )

    def is_dropped(self, node: int, register: int) -> bool:
        """Whether nothing awaits, schedules, keeps or hands on the value of a register."""
        code = self.sites.code(node)
        kept = {r for _, registers in (*code.scope.exports, *code.scope.cells) for r in registers}
        pending, seen = [register], {register}
        while pending:
            value = pending.pop()
            if value in kept:
                return False
            for user in _users(code, value):
                instruction = code.scope.code[user]
                if _uses_up(instruction, value):
                    return False
                if instruction[0] in _ALIASES and user not in seen:
                    seen.add(user)
                    pending.append(user)
        return True


def _users(code: ScopeCode, value: int) -> Iterator[int]:
    return (register for register, instruction in enumerate(code.scope.code) if value in operands(instruction))


def _uses_up(instruction: Instruction, value: int) -> bool:
    """Whether an instruction may run the coroutine, or gives it to something that may."""
    opcode = instruction[0]
    if opcode in _ALIASES or opcode in _TOUCHES:
        return False
    if opcode == ir.ATTR:
        return instruction[2] in _OWN_ATTRIBUTES
    return opcode != ir.CALL or value in call_operands(instruction)
