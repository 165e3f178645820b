"""The question whether a path asks for approval before the effect."""

from __future__ import annotations

from dealix_lint.facts.gates import Gates
from dealix_lint.facts.pauses import Pauses
from dealix_lint.facts.sites import Sites
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import Edge


class Ungated:
    """Paths to an effect on which no gate is passed. `gated`: functions that do ask, met where a path ended, each with
    the node and register of the call that waits for the answer."""

    __slots__ = ("effect", "gated", "gates", "pauses", "sites")

    def __init__(self, sites: Sites, gates: Gates, pauses: Pauses, effect: Effect) -> None:
        self.sites, self.gates, self.pauses, self.effect = sites, gates, pauses, effect
        self.gated: dict[str, tuple[int, int]] = {}

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return self._at(node, self.sites.register(node, effect.call))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        if self.pauses.precedes(node, edge):
            return None
        return self._at(node, self.sites.register(node, edge.place))

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`; a node that a graph server runs may come after one that asks."""
        return entry.mechanism != self.pauses.graph or not any(map(self.pauses.holds_for, entry.nodes))

    def _at(self, node: int, register: int) -> int | None:
        if not self.gates.guards(node, register, self.effect.kind):
            return 0
        if not self.gates.is_wrapper(node):  # what a decorator puts around functions is none that one could call
            self.gated.setdefault(self.sites.graph.nodes[node].function, (node, register))
        return None
