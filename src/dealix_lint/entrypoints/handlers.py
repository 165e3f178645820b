"""Which methods run when a class is handed to a framework that knows functions only."""

from __future__ import annotations

from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId


class Handlers:
    """Looks for the closure that makes an instance and calls it: `lambda **kwargs: handler().process()`."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def methods(self, cls: FunctionId) -> list[FunctionId]:
        """The methods of a class that closures outside its hierarchy call."""
        ancestry = frozenset(self._code.classes.info(cls).ancestry)
        return [
            function
            for _, function in self._code.methods(cls)
            if any(owner not in ancestry for owner in self._callers.get(function, ()))
        ]

    @cached_property
    def _callers(self) -> dict[FunctionId, set[FunctionId | None]]:
        """method -> for each closure that calls it, the class it stands in."""
        found: dict[FunctionId, set[FunctionId | None]] = {}
        graph = self._code.resolution.graph
        for number, node in enumerate(graph.nodes):
            if not self._is_closure((node.module, node.scope)):
                continue
            for edge in graph.out[number]:
                target = graph.nodes[edge.target]
                method = (target.module, target.scope)
                if self._code.is_method(method):
                    found.setdefault(method, set()).add(self._class_around((node.module, node.scope)))
        return found

    def _is_closure(self, function: FunctionId) -> bool:
        return self._code.scope(function).parent > 0 and self._code.parent(function).kind != "class"

    def _class_around(self, function: FunctionId) -> FunctionId | None:
        scope = self._code.scope(function).parent
        while scope > 0:
            if self._code.scope((function[0], scope)).kind == "class":
                return (function[0], scope)
            scope = self._code.scope((function[0], scope)).parent
        return None
