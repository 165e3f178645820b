"""Graphs that wait for a human between their nodes: one node asks, the next one is chosen by the answer."""

from __future__ import annotations

from dealix_lint.facts.code import operands
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE, Edge, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames

_NODES = "nodes"


class Pauses:
    """Nodes of graphs in which another node interrupts for an answer, and something decides by it where to go on."""

    __slots__ = ("_asking", "_groups", "_interrupts", "_words", "graph", "sites")

    def __init__(self, sites: Sites, names: GateNames, graph: str) -> None:
        self.sites = sites
        self.graph = graph
        self._interrupts = PatternIndex((pattern, True) for pattern in names.interrupts)
        self._words = frozenset(pattern.rpartition(".")[2] for pattern in names.interrupts)
        self._groups: dict[str, frozenset[str]] | None = None
        self._asking: dict[str, bool] = {}

    def precedes(self, edge: Edge) -> bool:
        """Whether the edge runs a node of such a graph."""
        return edge.kind == DISPATCH_EDGE and edge.mechanism == self.graph and self.holds_for(edge.target)

    def holds_for(self, node: int) -> bool:
        """Whether the function of a node belongs to such a graph, and does not ask itself."""
        function = self.sites.graph.nodes[node].function
        others = self._group_of(function) - {function}
        return not self._asks(function) and any(map(self._asks, others)) and any(map(self._decides, others))

    def _group_of(self, function: str) -> frozenset[str]:
        """Functions that are put into a graph in the same place."""
        if self._groups is None:
            by_builder: dict[tuple[int, int, str | int], set[str]] = {}
            for entry in self.sites.resolution.registrations():
                if entry.slot == _NODES:
                    by_builder.setdefault(self._builder(entry.place), set()).add(entry.function)
            self._groups = {}
            for functions in by_builder.values():
                for name in functions:
                    self._groups[name] = self._groups.get(name, frozenset()) | functions
        return self._groups.get(function, frozenset())

    def _builder(self, place: Place) -> tuple[int, int, str | int]:
        """What tells the graphs of a scope apart: the variable whose method is called, or the call itself."""
        code = self.sites.code_of((place.module, place.scope)).scope.code
        holder = place.register
        while code[holder][0] == ir.CALL and code[code[holder][1]][0] == ir.ATTR:
            holder = code[code[holder][1]][1]
        instruction = code[holder]
        name = instruction[1] if instruction[0] == ir.NAME else instruction[2] if instruction[0] == ir.ATTR else holder
        return place.module, place.scope, name

    def _asks(self, function: str) -> bool:
        known = self._asking.get(function)
        if known is None:
            known = self._asking[function] = any(map(self._uses_an_answer, self.sites.nodes_of(function)))
        return known

    def _uses_an_answer(self, node: int) -> bool:
        if self._words.isdisjoint(self.sites.words(node)):
            return False
        code = self.sites.code(node)
        read = {operand for i in code.scope.code for operand in operands(i)}
        return any(
            register in read and any(self._interrupts.find(name) for name in view.names)
            for register, view in self.sites.calls(node).items()
        )

    def _decides(self, function: str) -> bool:
        """Whether the function tests something: a router, or a node that sends a command."""
        return any(
            block.test >= 0
            for node in self.sites.nodes_of(function)
            for block in self.sites.definitions.scope(self.sites.scope_of(node)).blocks
        )
