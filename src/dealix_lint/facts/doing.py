"""Calls that do something outside the process, as far as anybody can tell."""

from __future__ import annotations

from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex


class Doing:
    """Tells calls of which it is known that nothing leaves the process from those that may do anything: effects,
    libraries that are not listed as harmless, callees that are not known."""

    __slots__ = ("_calls", "_harmless", "_nodes", "sites")

    def __init__(self, sites: Sites, harmless: tuple[str, ...]) -> None:
        self.sites = sites
        self._harmless = PatternIndex((pattern, True) for pattern in harmless)
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
            found = self._calls[node] = frozenset(r for r, path in outside if not self._is_harmless(node, r, path))
        return found

    def _is_harmless(self, node: int, register: int, path: str) -> bool:
        if (node, register) in self.sites.effect_sites:
            return False
        return bool(self._harmless.find(path)) or self.sites.code(node).scope.code[register][0] != ir.CALL
