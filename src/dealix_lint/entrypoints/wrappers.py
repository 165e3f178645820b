"""Decorated functions: a run of `@governed def f` begins in the wrapper that `governed` put around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.model.graph import Place


class Wrappers:
    """Finds, in the graph, the nodes of the wrappers around a decorated function."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._makers: dict[FunctionId, frozenset[FunctionId]] = {}
        self._wrapped: dict[int, FunctionId | None] = {}

    def shell(self, function: FunctionId, incoming: Sequence[Sequence[int]]) -> list[int]:
        """The nodes of the function and of the wrappers around it, innermost first."""
        found = dict.fromkeys(self._code.nodes.get(function, ()))
        makers = self._decorators(function)
        work = list(found)
        while work:
            for caller in incoming[work.pop()]:
                if caller not in found and (self._is_made_by(caller, makers) or self.wrapped(caller) == function):
                    found[caller] = None
                    work.append(caller)
        return list(found)

    def is_made_for(self, closure: FunctionId, function: FunctionId) -> bool:
        """True for a closure that stands inside a decorator of a function."""
        return self._stands_in(closure, self._decorators(function))

    def registers(self, place: Place, function: FunctionId) -> bool:
        """True for a place inside a decorator of a function, or beside the function, where decorators are applied."""
        inside = (place.module, place.scope)
        beside = (function[0], self._code.scope(function).parent)
        return inside == beside or any(self._code.is_inside(inside, maker) for maker in self._decorators(function))

    def has_around(self, function: FunctionId) -> bool:
        """True for a wrapper of which it is known that it was put around something: that is what people know."""
        return any(self.wrapped(node) not in (None, function) for node in self._code.nodes.get(function, ()))

    def wrapped(self, node: int) -> FunctionId | None:
        """The function that a wrapper was put around where it was registered (`path(route, guarded(view))`)."""
        if node not in self._wrapped:
            self._wrapped[node] = self._code.resolution.wrapped(node)
        return self._wrapped[node]

    def _decorators(self, function: FunctionId) -> frozenset[FunctionId]:
        found = self._makers.get(function)
        if found is None:
            decorators = self._code.resolution.decorators(*function) if self._code.scope(function).decorators else ()
            known = self._code.by_name
            direct = [known[name] for decorator in decorators for name in decorator.names if name in known]
            found = self._makers[function] = frozenset(self._with_those_they_apply(direct))
        return found

    def _with_those_they_apply(self, decorators: list[FunctionId]) -> Iterator[FunctionId]:
        """Decorators, and the functions that they and the closures in them call (`return locked(function)`)."""
        graph = self._code.resolution.graph
        yield from decorators
        for decorator in decorators:
            for closure in (decorator, *self._inside(decorator)):
                for number in self._code.nodes.get(closure, ()):
                    targets = (graph.nodes[edge.target] for edge in graph.out[number])
                    yield from ((target.module, target.scope) for target in targets)

    def _inside(self, function: FunctionId) -> Iterator[FunctionId]:
        for index in self._code.members.get(function, ()):
            yield (function[0], index)
            yield from self._inside((function[0], index))

    def _is_made_by(self, number: int, makers: frozenset[FunctionId]) -> bool:
        """True if the node runs code that stands inside one of these decorators."""
        node = self._code.resolution.graph.nodes[number]
        return self._stands_in((node.module, node.scope), makers)

    def _stands_in(self, function: FunctionId, makers: frozenset[FunctionId]) -> bool:
        return any(around in makers for around in self._code.enclosing(function))
