"""Graphs that wait for a human between their nodes: one node asks, the next one is chosen by the answer."""

from __future__ import annotations

from dealix_lint.facts.routing import Routing
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.stored import Stored
from dealix_lint.facts.verdicts import Sides
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE, Edge, Place
from dealix_lint.model.policy import GateNames, GraphNames

_NODES = "nodes"


class Pauses:
    """Nodes of graphs in which another node interrupts for an answer, and something decides by it where to go on."""

    __slots__ = ("_groups", "_routing", "_stored", "graph", "sites")

    def __init__(self, sites: Sites, names: GateNames, graphs: GraphNames, graph: str) -> None:
        self.sites = sites
        self.graph = graph
        self._stored = Stored(sites, names)
        self._routing = Routing(sites, self._stored, graphs)
        self._groups: dict[str, frozenset[str]] | None = None

    def precedes(self, node: int, edge: Edge) -> bool:
        """Whether the edge that leaves a node runs one of such a graph."""
        if edge.kind != DISPATCH_EDGE or edge.mechanism != self.graph:
            return False
        return self._holds_in(self._routing.run_at(node, edge.place), edge.target)

    def holds_for(self, node: int) -> bool:
        """Whether the function of a node belongs to such graphs alone."""
        return self._holds_in(self._routing.graphs_of(self.sites.graph.nodes[node].function), node)

    def _holds_in(self, graphs: tuple[int, ...], node: int) -> bool:
        function = self.sites.graph.nodes[node].function
        if not self._may_be_asked_before(function):
            return False
        said = [self._routing.is_gated(graph, function) for graph in graphs]
        return not any(is_gated is False for is_gated in said) and (
            (bool(said) and None not in said) or any(map(self._decides, self._group_of(function) - {function}))
        )

    def _may_be_asked_before(self, function: str) -> bool:
        return not self._stored.asks(function) and any(map(self._stored.asks, self._group_of(function) - {function}))

    def told(self, node: int) -> dict[int, Sides]:
        """Where a function reads what other nodes of its graphs were answered, and what it says that this is true."""
        function = self.sites.graph.nodes[node].function
        keys = [self._stored.keys(other) for other in self._group_of(function)]
        return self._stored.read(node, frozenset[str]().union(*keys))

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

    def _decides(self, function: str) -> bool:
        """Whether the function tests something: a router, or a node that sends a command."""
        return any(
            block.test >= 0
            for node in self.sites.nodes_of(function)
            for block in self.sites.definitions.scope(self.sites.scope_of(node)).blocks
        )
