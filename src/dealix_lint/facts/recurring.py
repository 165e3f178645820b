"""Calls by which a function does again what it was doing: it calls itself, or another one that comes back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE

_DEPTH: Final = 2


class Recurring:
    """Finds them by what they run, and by what they are handed."""

    __slots__ = ("_known", "sites")

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._known: dict[int, frozenset[int]] = {}

    def repeating(self, node: int, place: int, error: int) -> frozenset[int]:
        """Calls in a node's function that run it again with all that goes from its parameters into what it does at a place,
        but for what the `error` says instead."""
        code = self.sites.code(node)
        handed_on = self._own(node, place)
        return frozenset(
            register
            for register in self._coming_back(node)
            for closure in (code.closure((register,)),)
            if error in closure or handed_on <= self._own(node, register)
        )

    def _own(self, node: int, place: int) -> frozenset[int]:
        """Parameters that go into what is done at a place, by their number."""
        code = self.sites.code(node)
        parts = (code.scope.code[register] for register in code.closure((place,)))
        return frozenset(part[1] for part in parts if part[0] == ir.PARAM)

    def _coming_back(self, node: int) -> frozenset[int]:
        known = self._known.get(node)
        if known is None:
            function = self.sites.scope_of(node)
            known = self._known[node] = self._leading(node, lambda target: self.sites.scope_of(target) == function)
        return known

    def _leading(self, node: int, is_goal: Callable[[int], bool], depth: int = _DEPTH) -> frozenset[int]:
        """Calls in a node's function that always run a goal before they return."""
        found = set[int]()
        for register in self.sites.calls(node):
            edges = self.sites.edges(node).get(register, ())
            if edges and all(
                edge.kind == CALL_EDGE
                and self._is_run(node, register, edge.target)
                and (is_goal(edge.target) or (depth > 0 and self._comes_to(edge.target, is_goal, depth - 1)))
                for edge in edges
            ):
                found.add(register)
        return frozenset(found)

    def _comes_to(self, node: int, is_goal: Callable[[int], bool], depth: int) -> bool:
        leading = self._leading(node, is_goal, depth)
        return bool(leading) and self.sites.flow(node).is_always_passed(leading)

    def _is_run(self, node: int, register: int, target: int) -> bool:
        """Whether what a call makes is run in the end: a coroutine that is awaited, or given back."""
        scope, code = self.sites.code(target).scope, self.sites.code(node)
        return not scope.is_async or code.is_awaited(register) or (ir.RETURN, register) in code.scope.code
