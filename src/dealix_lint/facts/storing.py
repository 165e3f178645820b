"""Functions that write what they are handed into a store of the project, whatever that is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.records import Records
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.written import Written
from dealix_lint.model import ir


class Storing:
    """Follows an argument to where it is written."""

    __slots__ = ("_known", "_records", "sites")

    def __init__(self, sites: Sites, records: Records) -> None:
        self.sites = sites
        self._records = records
        self._known: dict[tuple[int, int, bool], bool] = {}

    def keeps(self, node: int, call: int, values: Set[int], *, is_itself: bool = False) -> bool:
        """Whether a function that a call runs stores one of the values (registers), or what is made of it (not if it has to be
        the value `is_itself`)."""
        return any(
            self._stores(callee, parameter, is_itself)
            for callee in self.sites.callees(node, call)
            for parameter in self._receiving(node, call, callee, values, is_itself)
        )

    def _receiving(self, node: int, call: int, callee: int, values: Set[int], is_itself: bool) -> Iterator[int]:
        """Parameters of a function that are handed one of the values."""
        code, scope = self.sites.code(node), self.sites.code(callee).scope
        for index in range(len(scope.parameters)):
            given = [value for _, value, _ in handed_to(code.scope.code[call], scope, index)]
            if not values.isdisjoint(self._parts(node, given, is_itself)):
                yield index

    def _stores(self, node: int, parameter: int, is_itself: bool) -> bool:
        known = self._known.get((node, parameter, is_itself))
        if known is None:
            self._known[node, parameter, is_itself] = False
            code = self.sites.code(node).scope.code
            held = frozenset(r for r, i in enumerate(code) if i == (ir.PARAM, parameter))
            known = self._known[node, parameter, is_itself] = any(
                self.keeps(node, register, held, is_itself=is_itself)
                if self.sites.edges(node).get(register)
                else self._records.is_storing(node, view)
                and not held.isdisjoint(self._parts(node, (register, *call_operands(code[register])), is_itself))
                for register, view in self.sites.calls(node).items()
            )
        return known

    def _parts(self, node: int, registers: Iterable[int], is_itself: bool) -> Set[int]:
        code = self.sites.code(node)
        return set(Written(self.sites, node).parts(registers)) if is_itself else code.closure(registers)
