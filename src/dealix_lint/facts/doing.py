"""Calls that do something outside the process, as far as anybody can tell."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import UNKNOWN_CALLEE
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import ClaimNames


class Doing:
    """Tells calls of which it is known that nothing leaves the process from those that may do anything: effects,
    libraries that are not listed as harmless, callees that are not known."""

    __slots__ = ("_calls", "_handing", "_harmless", "_leaving", "_nodes", "_storing", "sites")

    def __init__(self, sites: Sites, names: ClaimNames) -> None:
        self.sites = sites
        self._harmless, self._leaving, self._storing = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.harmless, names.leaving, names.storing)
        )
        self._handing = frozenset(names.handing)
        self._calls: dict[int, frozenset[int]] = {}
        self._nodes: dict[int, bool] = {}

    def marks(self, node: int) -> frozenset[int]:
        """Call sites of a node that may do something, by themselves or in what they run."""
        own = self._own(node)
        edges = self.sites.edges(node).items()
        return own | {register for register, found in edges if any(self._does(edge.target) for edge in found)}

    def _does(self, node: int) -> bool:
        known = self._nodes.get(node)
        if known is not None:
            return known
        pending, seen = [node], {node}
        while pending:
            current = pending.pop()
            if self._nodes.get(current) or self._own(current):
                self._nodes[node] = True
                return True
            for edge in self.sites.graph.out[current]:
                if edge.target not in seen:
                    seen.add(edge.target)
                    pending.append(edge.target)
        self._nodes.update(dict.fromkeys(seen, False))
        return False

    def _own(self, node: int) -> frozenset[int]:
        """Sites at which a node itself leaves the analysed code for anything that is not harmless."""
        found = self._calls.get(node)
        if found is None:
            outside = self.sites.resolution.outside_calls(node)
            leaving = {r for r, path in outside if not self._is_harmless(node, r, path)}
            found = self._calls[node] = frozenset((*leaving, *self._handed_over(node)))
        return found

    def _handed_over(self, node: int) -> Iterator[int]:
        """Calls that put something into a queue, of which somebody else takes it."""
        if self._handing.isdisjoint(self.sites.words(node)):
            return
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.CALL and code.receiver(register) >= 0:
                is_own = bool(self.sites.edges(node).get(register))
                if code.callee_name(register) in self._handing and not is_own:
                    yield register

    def _is_harmless(self, node: int, register: int, path: str) -> bool:
        if (node, register) in self.sites.effect_sites:
            return False
        code = self.sites.code(node)
        if code.scope.code[register][0] != ir.CALL:
            return True
        if path == UNKNOWN_CALLEE:
            return bool(self._storing.find(f"{_receiver_name(code, register)}.{code.callee_name(register)}"))
        return bool(self._harmless.find(path)) and not self._leaving.find(path)


def _receiver_name(code: ScopeCode, register: int) -> str:
    """The last name of the object that a method is called on."""
    receiver = code.receiver(register)
    return next(iter(code.identifiers(receiver)), "") if receiver >= 0 else ""
