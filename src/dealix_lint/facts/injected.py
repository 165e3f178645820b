"""Parameters that a framework fills, by what their default or annotation says: `Depends(correlation_id)`,
`Header(alias="X-Correlation-ID")`."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.summary import TypeExpr


class Injected:
    """Which parameters of functions are filled with a correlation id, whatever they are called."""

    __slots__ = ("_ids", "_known", "sites")

    def __init__(self, sites: Sites, ids: Spellings) -> None:
        self.sites = sites
        self._ids = ids
        self._known: dict[ScopeId, frozenset[int]] = {}

    def parameters(self, function: ScopeId) -> frozenset[int]:
        """Indexes of those parameters of the function at (module, scope)."""
        known = self._known.get(function)
        if known is None:
            known = self._known[function] = frozenset(self._find(function))
        return known

    def _find(self, function: ScopeId) -> Iterator[int]:
        scope = self.sites.definitions.scope(function)
        place, defaults = self.sites.definitions.default_registers(function)
        outer, calls = self.sites.code_of(place), list(defaults)
        calls += [
            (index, register)
            for index, parameter in enumerate(scope.parameters)
            for register in calls_in(parameter.annotation)
        ]
        for index, register in calls:
            if outer.scope.code[register][0] == ir.CALL:
                words = (word for part in outer.closure((register,)) for word in self._words(outer, function[0], part))
                if any(map(self._ids.have, words)):
                    yield index

    def _words(self, outer: ScopeCode, module: int, register: int) -> Iterator[str]:
        """What is written in an instruction, and the names of functions that are defined."""
        instruction = outer.scope.code[register]
        yield from outer.identifiers(register)
        if instruction[0] == ir.FUNCTION:
            yield self.sites.definitions.scope((module, instruction[1])).name


def calls_in(annotation: TypeExpr | None) -> Iterator[int]:
    """Registers of calls in an annotation, which stand in the code around the function."""
    for part in annotation or ():
        if isinstance(part, tuple):
            if part[:1] == ("call",):
                yield part[1]
            else:
                yield from calls_in(part)
