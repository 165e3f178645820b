"""Which functions something outside their own cycle calls or dispatches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.wrappers import Wrappers


class Callers:
    """Answers whether a function has a known first-party caller or dispatcher.

    The graph is looked at function by function where contexts only repeat a function (so that two tasks that enqueue
    each other are a cycle), node by node for methods and nested functions, whose contexts are different closures and
    receivers. What functions of `tests` call, nothing calls."""

    def __init__(
        self, code: Code, wrappers: Wrappers, units: frozenset[FunctionId], tests: frozenset[FunctionId]
    ) -> None:
        self._code = code
        self._wrappers = wrappers
        graph = code.resolution.graph
        leaders = [self._leader(number, units) for number in range(len(graph.nodes))]
        successors: list[list[int]] = [[] for _ in graph.nodes]
        for number, edges in enumerate(graph.out):
            successors[leaders[number]].extend(leaders[edge.target] for edge in edges)
        components = strongly_connected(successors)
        self._components = [components[leader] for leader in leaders]
        self._shells: dict[FunctionId, list[int]] = {}
        idle = {number for function in tests for number in code.nodes.get(function, ())}
        self.incoming = [[caller for caller, _ in callers if caller not in idle] for callers in graph.callers]

    def _leader(self, number: int, units: frozenset[FunctionId]) -> int:
        node = self._code.resolution.graph.nodes[number]
        function = (node.module, node.scope)
        parent = self._code.scope(function).parent
        if function in units or parent <= 0:
            return self._code.nodes[function][0]
        return number

    def has_any(self, function: FunctionId) -> bool:
        """True if a function other than itself, outside its cycle, calls or dispatches it (its decorators' wrappers
        apart)."""
        shell = frozenset(self._shell(function))
        return any(
            self._components[caller] != self._components[number]
            for number in shell
            for caller in self.incoming[number]
            if caller not in shell
        )

    def call_any(self, nodes: Sequence[int]) -> bool:
        """True if something outside their cycles calls or dispatches one of the nodes, contexts told apart."""
        return any(self._cycles[caller] != self._cycles[node] for node in nodes for caller in self.incoming[node])

    @cached_property
    def _cycles(self) -> list[int]:
        graph = self._code.resolution.graph
        return strongly_connected([[edge.target for edge in edges] for edges in graph.out])

    def is_entered(self, function: FunctionId) -> bool:
        """True if something outside calls or dispatches the function, or another one of its cycle: of two functions that call
        each other, both are entered where one is."""
        return self.has_any(function) or any(
            self._entered.get(self._components[number], frozenset()) - {function}
            for number in self._code.nodes.get(function, ())
        )

    @cached_property
    def _entered(self) -> dict[int, set[FunctionId]]:
        """component -> its functions that something outside it calls."""
        found: dict[int, set[FunctionId]] = {}
        for number, node in enumerate(self._code.resolution.graph.nodes):
            component = self._components[number]
            if any(self._components[caller] != component for caller in self.incoming[number]):
                found.setdefault(component, set()).add((node.module, node.scope))
        return found

    def wrapping_nodes(self, function: FunctionId) -> frozenset[int]:
        """Nodes of the wrappers around a function."""
        return frozenset(self._shell(function)).difference(self._code.nodes.get(function, ()))

    def starting_nodes(self, function: FunctionId) -> tuple[int, ...]:
        """Nodes where a run of the function begins: its outermost wrappers; among contexts, those nobody calls."""
        shell = self._shell(function)
        inner = frozenset(shell)
        outermost = [n for n in shell if not inner.intersection(self.incoming[n]) - {n}] or shell
        outermost = [n for n in outermost if self._wrappers.wrapped(n) in (None, function)] or outermost
        uncalled = [number for number in outermost if not self.incoming[number]]
        return tuple(sorted(uncalled or outermost))

    def _shell(self, function: FunctionId) -> list[int]:
        found = self._shells.get(function)
        if found is None:
            found = self._shells[function] = self._wrappers.shell(function, self.incoming)
        return found


def strongly_connected(successors: Sequence[Sequence[int]]) -> list[int]:
    """The component number of every node (Tarjan 1972, without recursion)."""
    component = [-1] * len(successors)
    order = [-1] * len(successors)
    low = [0] * len(successors)
    stack: list[int] = []
    count = found = 0
    for root in range(len(successors)):
        if order[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                order[node] = low[node] = count
                count += 1
                stack.append(node)
            targets = successors[node]
            while position < len(targets):
                target = targets[position]
                if order[target] < 0:
                    break
                if component[target] < 0:
                    low[node] = min(low[node], order[target])
                position += 1
            if position < len(targets):
                work.append((node, position + 1))
                work.append((targets[position], 0))
                continue
            if low[node] == order[node]:
                while component[node] < 0:
                    component[stack.pop()] = found
                found += 1
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
    return component
