"""Constant data as written: texts, dicts and lists followed through names, without running anything."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.entrypoints.code import Code
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.text import Text

DEEPEST = 12


class Literals:
    """Reads dict and list displays and texts out of instructions."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def text(self, place: Place) -> str | None:
        """The text a place holds, `{...}` standing for its unknown parts; None if it is none."""
        return next(iter(self.texts(place)), None)

    def texts(self, place: Place) -> list[str]:
        """The texts that a place may hold: the one that is written there, else all that it is known to be."""
        for source in self._code.origins.of(place):
            instruction = self._code.instruction(source)
            if instruction[0] == ir.CONST and isinstance(instruction[1], str):
                return [instruction[1]]
        return sorted(str(value) for value in self._code.values(place) if isinstance(value, Text))

    def entries(self, place: Place, depth: int = 0) -> Iterator[tuple[str, Place]]:
        """(key, place of the value) of every entry of a dict: displays, `dict(...)`, spreads."""
        for source in self._code.origins.of(place):
            instruction = self._code.instruction(source)
            if instruction[0] == ir.DICT:
                for key, value in instruction[1]:
                    target = Place(source.module, source.scope, value)
                    if key is not None:
                        yield self.text(Place(source.module, source.scope, key)) or "", target
                    elif depth < DEEPEST:
                        yield from self.entries(target, depth + 1)
            elif instruction[0] == ir.CALL and self._is_dict(source, instruction):
                for keyword, value in instruction[3]:
                    if keyword is not None:
                        yield keyword, Place(source.module, source.scope, value)

    def _is_dict(self, source: Place, instruction: ir.Instruction) -> bool:
        callee = self._code.instruction(Place(source.module, source.scope, instruction[1]))
        return callee[:2] == (ir.NAME, "dict")

    def elements(self, place: Place, depth: int = 0) -> Iterator[Place]:
        """Places of the elements of a list, tuple or set, and of the values of a dict; concatenations and spreads
        included."""
        if depth > DEEPEST:
            return
        for source in self._code.origins.of(place):
            instruction = self._code.instruction(source)
            opcode = instruction[0]
            if opcode in (ir.TUPLE, ir.LIST, ir.SET):
                for register in instruction[1]:
                    if register >= 0:
                        yield Place(source.module, source.scope, register)
                    else:
                        yield from self.elements(Place(source.module, source.scope, -register - 1), depth + 1)
            elif opcode == ir.BINARY:
                for register in instruction[2:4]:
                    yield from self.elements(Place(source.module, source.scope, register), depth + 1)
            elif opcode == ir.DICT:
                for _, target in self.entries(source):
                    yield target
