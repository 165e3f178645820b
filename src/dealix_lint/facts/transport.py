"""Functions that only carry what their callers say, and functions that say something themselves."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.content import Content, Sources
from dealix_lint.facts.paths import Search
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.effects import MESSAGING, Effect
from dealix_lint.model.graph import Edge
from dealix_lint.model.policy import OwnershipRules


class Transports:
    """Tells, for the functions on the way to an effect, which of them add content of their own to it."""

    __slots__ = ("content", "sites")

    def __init__(self, sites: Sites, rules: OwnershipRules) -> None:
        self.sites = sites
        self.content = Content(sites, rules)

    def speakers(self, effect: Effect, search: Search) -> frozenset[int]:
        """Nodes that put content of their own into the effect; the others on the way only pass theirs on."""
        by_name = effect.kind == MESSAGING
        known: dict[int, Sources] = {}
        for node, _ in search.onward:
            for sources in self._contributions(node, effect, known, by_name):
                known[node] = known.get(node, Sources()) | sources
        return frozenset(node for node, sources in known.items() if sources.is_own)

    def _contributions(self, node: int, effect: Effect, known: dict[int, Sources], by_name: bool) -> Iterator[Sources]:
        register = self.sites.register(node, effect.call)
        if node in effect.nodes and register != NO_SITE:
            yield self.content.of_effect(node, register, by_name=by_name)
        for edge in self.sites.graph.out[node]:
            if edge.target in known and edge.target != node:
                yield self._at_call(node, edge, known[edge.target], by_name)

    def _at_call(self, node: int, edge: Edge, inner: Sources, by_name: bool) -> Sources:
        """What this function hands to the parameters that end up in the content."""
        register = self.sites.register(node, edge.place)
        instruction = self.sites.code(node).scope.code[register] if register != NO_SITE else (ir.NOP,)
        if instruction[0] != ir.CALL or not inner.parameters:
            return Sources()
        scope = self.sites.code(edge.target).scope
        names = [parameter.name for parameter in scope.parameters]
        wanted = {names[index] for index in inner.parameters if index < len(names)}
        handed = [("", value) for keyword, value in instruction[3] if keyword is None or keyword in wanted]
        shift = 1 if names[:1] in (["self"], ["cls"]) else 0
        for position, value in enumerate(instruction[2]):
            if value < 0 or (position + shift < len(names) and names[position + shift] in wanted):
                handed.append(("", value if value >= 0 else -value - 1))
        return self.content.of_named(node, handed, by_name=by_name)
