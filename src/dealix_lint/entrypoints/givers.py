"""Where the objects that functions are handed are made: a parameter followed to the calls of its function."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.model import ir
from dealix_lint.model.graph import Place

DEEPEST = 4


class Givers:
    """Follows values as `Origins` does, and parameters to what the calls of their functions are given."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def origins(self, place: Place, depth: int = 0) -> Iterator[Place]:
        """The places where the value of a place is made."""
        for origin in self._code.origins.of(place):
            given = self._given(origin) if depth < DEEPEST else []
            if not given:
                yield origin
            for argument in given:
                yield from self.origins(argument, depth + 1)

    def _given(self, place: Place) -> list[Place]:
        """The arguments that a parameter stands for."""
        instruction = self._code.instruction(place)
        if instruction[0] != ir.PARAM:
            return []
        function = (place.module, place.scope)
        calls = self._calls.get(function, ())
        return [argument for call in calls for argument in handed(self._code, call, function, instruction[1])]

    @cached_property
    def _calls(self) -> dict[FunctionId, list[Place]]:
        """function -> its calls."""
        graph = self._code.resolution.graph
        found: dict[FunctionId, dict[Place, None]] = {}
        for edges in graph.out:
            for edge in edges:
                if edge.place.register >= 0 and self._code.instruction(edge.place)[0] == ir.CALL:
                    target = graph.nodes[edge.target]
                    found.setdefault((target.module, target.scope), {})[edge.place] = None
        return {function: sorted(places) for function, places in found.items()}


def handed(code: Code, call: Place, function: FunctionId, index: int) -> list[Place]:
    """What a call hands to a parameter of a function, as written."""
    names = code.scope(function).parameters
    own = names[index].name if index < len(names) else ""
    position = index - code.is_method(function)
    _, _, positional, keywords = code.instruction(call)
    registers = [register for keyword, register in keywords if keyword == own]
    if not registers and 0 <= position < len(positional) and min(positional[: position + 1]) >= 0:
        registers.append(positional[position])
    return [Place(call.module, call.scope, register) for register in registers]
