"""Coroutines that run together, with their errors handed back among the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode, operands
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.resolved import CallView
from dealix_lint.model.text import Constant

_GATHER: Final = "asyncio.gather"
_KEEPING: Final = "return_exceptions"
_COLLECTIONS: Final = frozenset({ir.LIST, ir.TUPLE, ir.SET, ir.COLLECT, ir.PHI})


class Gathering:
    """`gather(..., return_exceptions=True)`."""

    __slots__ = ("sites",)

    def __init__(self, sites: Sites) -> None:
        self.sites = sites

    def drops(self, node: int, register: int) -> bool:
        """Whether the errors of the call at a site are handed back to a function that looks at no result."""
        code = self.sites.code(node)
        return any(
            register in _gathered(code, gather) and _is_dropped(code, gather)
            for gather, view in self.sites.calls(node).items()
            if gather > register and _keeps_errors(view)
        )


def _keeps_errors(view: CallView) -> bool:
    kept = dict(view.keywords).get(_KEEPING, ())
    return _GATHER in view.names and bool(kept) and all(isinstance(v, Constant) and v.value is True for v in kept)


def _gathered(code: ScopeCode, gather: int) -> frozenset[int]:
    """The calls whose coroutines are gathered, by themselves or as elements of a collection."""
    return frozenset(_elements(code, [value if value >= 0 else -value - 1 for value in code.scope.code[gather][2]]))


def _elements(code: ScopeCode, pending: list[int]) -> Iterator[int]:
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register in seen:
            continue
        seen.add(register)
        instruction = code.scope.code[register]
        if instruction[0] in _COLLECTIONS:
            pending.extend(operands(instruction))
            added = (code.scope.code[place] for place in code.fillers(register))
            pending.extend(value for i in added if i[0] == ir.CALL for value in i[2] if value >= 0)
        else:
            yield register


def _is_dropped(code: ScopeCode, gather: int) -> bool:
    """Whether nothing is done with what comes back."""
    users = [place for place, i in enumerate(code.scope.code) if gather in operands(i)]
    if any(code.scope.code[place][0] != ir.AWAIT for place in users):
        return False
    return not any(place in operands(i) for place in users for i in code.scope.code)
