"""Context managers of the project around a place, and what they do with its errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge

_ENTRIES: Final = (".__enter__", ".__aenter__")
_EXITS: Final = (".__exit__", ".__aexit__")
_GENERATORS: Final = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


class Managers:
    """`with` statements by the register of their `ENTER`."""

    __slots__ = ("sites",)

    def __init__(self, sites: Sites) -> None:
        self.sites = sites

    def around(self, node: int, place: int) -> Iterator[int]:
        """Those whose body a place stands in, the innermost first."""
        flow, code = self.sites.flow(node), self.sites.code(node).scope.code
        for enter in range(place - 1, -1, -1):
            if code[enter][0] == ir.ENTER and flow.is_open_at(code[enter][1], place):
                yield enter

    def exits(self, node: int, enter: int) -> list[int]:
        """The `__exit__` methods of the manager."""
        edges = self.sites.edges(node).get(enter, ())
        return [e.target for e in edges if self.sites.graph.nodes[e.target].function.endswith(_EXITS)]

    def entries(self, edges: Iterable[Edge]) -> list[int]:
        """The methods among those that a `with` leads to which run before its body."""
        return [e.target for e in edges if self.sites.graph.nodes[e.target].function.endswith(_ENTRIES)]

    def swallow(self, exits: list[int]) -> bool:
        """Whether each of these methods says that errors are dealt with, whatever they are."""
        return bool(exits) and all(map(self._is_true, exits))

    def yields(self, node: int, enter: int) -> Iterator[tuple[int, int]]:
        """Where the body runs in the functions that were made a manager (`@contextmanager`): nodes and places."""
        made = self.sites.code(node).scope.code[enter][1]
        for edge in self.sites.edges(node).get(made, ()):
            if edge.kind == CALL_EDGE and self.is_one(edge.target):
                code = self.sites.code(edge.target).scope.code
                yield from ((edge.target, place) for place, i in enumerate(code) if i[0] == ir.YIELD)

    def is_one(self, node: int) -> bool:
        """Whether a function was made a context manager by a decorator."""
        scope = self.sites.scope_of(node)
        if not self.sites.definitions.scope(scope).decorators:
            return False
        decorators = self.sites.resolution.decorators(*scope)
        return any(name in _GENERATORS for decorator in decorators for name in decorator.names)

    def _is_true(self, node: int) -> bool:
        """Whether a function gives back True on every way."""
        code = self.sites.code(node).scope.code
        given = [code[i[1]] for i in code if i[0] == ir.RETURN]
        is_true = bool(given) and all(i[0] == ir.CONST and i[1] is True for i in given)
        returns = frozenset(register for register, i in enumerate(code) if i[0] == ir.RETURN)
        return is_true and self.sites.flow(node).is_always_passed(returns)
