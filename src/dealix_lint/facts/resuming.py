"""Dispatches that go on with a run which another one has started: `graph.invoke(Command(resume=answer), config)`."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE, Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames


class Resuming:
    """What a run was started with is still there when it goes on."""

    __slots__ = ("_made", "_words", "sites")

    def __init__(self, sites: Sites, names: CorrelationNames) -> None:
        self.sites = sites
        self._made = PatternIndex((pattern, True) for pattern in names.resuming)
        self._words = frozenset(names.resuming_with)

    def starts(self, node: int, edge: Edge) -> Iterator[tuple[int, Edge]]:
        """The dispatches that may have started the run with which one goes on; none where it starts one itself."""
        if edge.kind == DISPATCH_EDGE and self._resumes(node, edge):
            for source, other in self.sites.graph.callers[edge.target]:
                is_same = other.kind == DISPATCH_EDGE and other.mechanism == edge.mechanism
                if is_same and not self._resumes(source, other):
                    yield source, other

    def _resumes(self, node: int, edge: Edge) -> bool:
        register, code = self.sites.register(node, edge.place), self.sites.code(node)
        if register == NO_SITE or code.scope.code[register][0] != ir.CALL:
            return False
        handed = (code.value_of(value) for value in call_operands(code.scope.code[register]))
        return any(self._is_answer(node, value) for value in handed)

    def _is_answer(self, node: int, register: int) -> bool:
        instruction, view = self.sites.code(node).scope.code[register], self.sites.calls(node).get(register)
        if instruction[0] != ir.CALL or view is None or not any(map(self._made.find, view.names)):
            return False
        return any(keyword in self._words for keyword, _ in instruction[3])
