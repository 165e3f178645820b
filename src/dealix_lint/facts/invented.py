"""Arguments that a language model writes: nothing of what an agent is run with is in them."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.injected import calls_in
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.vocabulary import names_in
from dealix_lint.model.summary import Parameter


class Invented:
    """Which parameters of a function are filled by a model where a framework runs it. `frameworks`: those whose functions are
    tools of agents; `supplied`: words in the annotations of what the framework fills itself."""

    __slots__ = ("_frameworks", "_known", "_supplied", "_tools", "sites")

    def __init__(self, sites: Sites, frameworks: tuple[str, ...], supplied: tuple[str, ...]) -> None:
        self.sites = sites
        self._frameworks = frozenset(frameworks)
        self._supplied = frozenset(supplied)
        self._tools: frozenset[str] | None = None
        self._known: dict[str, frozenset[int]] = {}

    def parameters(self, node: int) -> frozenset[int]:
        """Indexes of those parameters of the node's function."""
        function = self.sites.graph.nodes[node].function
        known = self._known.get(function)
        if known is None:
            known = frozenset(self._find(node)) if function in self._all_tools() else frozenset()
            self._known[function] = known
        return known

    def _all_tools(self) -> frozenset[str]:
        """Functions that are tools and nothing else (a node of a graph is handed its state)."""
        if self._tools is None:
            found = self.sites.resolution.registrations()
            families = {name.partition(".")[0] for name in self._frameworks}
            others = {one.function for one in found if one.framework.partition(".")[0] not in families}
            tools = {one.function for one in found if one.framework in self._frameworks}
            self._tools = frozenset(tools - others)
        return self._tools

    def _find(self, node: int) -> Iterator[int]:
        module, index = self.sites.scope_of(node)
        scope = self.sites.definitions.scope((module, index))
        is_method = self.sites.definitions.enclosing_class((module, index)) is not None
        for position, parameter in enumerate(scope.parameters):
            is_own = is_method and position == 0
            if not is_own and self._supplied.isdisjoint(self._words((module, index), parameter)):
                yield position

    def _words(self, function: tuple[int, int], parameter: Parameter) -> Iterator[str]:
        """What is written in an annotation."""
        yield from map(last_segment, names_in(parameter.annotation))
        outer = self.sites.code_of(self.sites.definitions.default_registers(function)[0])
        for register in calls_in(parameter.annotation):
            yield from outer.identifiers(register)
            yield outer.callee_name(register)
