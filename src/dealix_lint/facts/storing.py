"""Functions that write what they are handed into a store of the project, whatever that is called."""

from __future__ import annotations

from collections.abc import Iterator, Set

from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.records import Records
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir


class Storing:
    """Follows an argument to where it is written."""

    __slots__ = ("_known", "_records", "sites")

    def __init__(self, sites: Sites, records: Records) -> None:
        self.sites = sites
        self._records = records
        self._known: dict[tuple[int, int], bool] = {}

    def keeps(self, node: int, call: int, values: Set[int]) -> bool:
        """Whether a function that a call runs stores one of the values (registers), or what is made of it."""
        return any(
            self._stores(callee, parameter)
            for callee in self.sites.callees(node, call)
            for parameter in self._receiving(node, call, callee, values)
        )

    def _receiving(self, node: int, call: int, callee: int, values: Set[int]) -> Iterator[int]:
        """Parameters of a function that are handed one of the values."""
        code, scope = self.sites.code(node), self.sites.code(callee).scope
        for index in range(len(scope.parameters)):
            given = [value for _, value, _ in handed_to(code.scope.code[call], scope, index)]
            if not values.isdisjoint(code.closure(given)):
                yield index

    def _stores(self, node: int, parameter: int) -> bool:
        known = self._known.get((node, parameter))
        if known is None:
            self._known[node, parameter] = False
            code = self.sites.code(node)
            held = frozenset(r for r, i in enumerate(code.scope.code) if i == (ir.PARAM, parameter))
            known = self._known[node, parameter] = any(
                self.keeps(node, register, held)
                if self.sites.edges(node).get(register)
                else self._records.is_storing(node, view) and not held.isdisjoint(code.closure((register,)))
                for register, view in self.sites.calls(node).items()
            )
        return known
