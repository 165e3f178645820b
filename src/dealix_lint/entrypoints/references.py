"""Functions that analysed code uses as values: passed, stored, returned, listed in a table, named in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.keeping import Keeping
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.text import Symbol

# Instruction -> where its operands with handed-on values stand (the lists of calls and displays are read apart).
HANDING_ON: Final[dict[int, tuple[int, ...]]] = {
    ir.CALL: (),
    ir.TUPLE: (),
    ir.LIST: (),
    ir.SET: (),
    ir.DICT: (),
    ir.FUNCTION: (),
    ir.SET_ATTR: (3,),
    ir.SET_ITEM: (3,),
    ir.SET_FREE: (3,),
    ir.SET_NAME: (2,),
    ir.COLLECT: (2,),
    ir.BINARY: (2, 3),
    ir.RETURN: (1,),
    ir.YIELD: (1,),
    ir.YIELD_FROM: (1,),
}
_SOURCES: Final = frozenset((ir.NAME, ir.FREE, ir.ATTR, ir.FUNCTION, ir.DECORATE, ir.IMPORT_FROM, ir.PHI))


class References:
    """Which of the candidates somebody refers to without calling them."""

    def __init__(self, code: Code, candidates: frozenset[FunctionId]) -> None:
        self._code = code
        self._candidates = candidates
        self._names = frozenset(code.scope(function).name for function in candidates)

    def all(self) -> frozenset[FunctionId]:
        """The candidates that are referred to."""
        found: set[FunctionId] = {*self._candidates} & self._code.named_in_texts
        keeping = Keeping(self._code)
        found.update(function for function in self._candidates if keeping.is_kept(function))
        for (module, index), scope in self._code.scopes():
            code = scope.code
            used = {r for instruction in code if instruction[0] in HANDING_ON for r in handed_on(instruction)}
            for register in sorted(used):
                if register >= 0 and code[register][0] in _SOURCES:
                    found.update(self._meant(Place(module, index, register), code[register]))
        return frozenset(found)

    def _meant(self, place: Place, source: ir.Instruction) -> Iterator[FunctionId]:
        if source[0] == ir.ATTR and source[2] not in self._names:
            return
        definitions = self._code.denoted(place)
        for definition in definitions:
            if definition.kind == "function" and (definition.module, definition.scope) in self._candidates:
                yield definition.module, definition.scope
        if source[0] == ir.ATTR and not any(definition.kind == "function" for definition in definitions):
            for value in self._code.values(place):
                if isinstance(value, Symbol) and value.name in self._code.by_name:
                    yield self._code.by_name[value.name]


def handed_on(instruction: ir.Instruction) -> Iterable[int]:
    """Registers whose value an instruction hands on (callees, receivers and tested values are not)."""
    opcode = instruction[0]
    if opcode == ir.CALL:
        return [*(r if r >= 0 else -r - 1 for r in instruction[2]), *(r for _, r in instruction[3])]
    if opcode in (ir.TUPLE, ir.LIST, ir.SET):
        return tuple(instruction[1])
    if opcode == ir.DICT:
        return [value for _, value in instruction[1]]
    if opcode == ir.FUNCTION:
        return [default for _, default in instruction[2]]
    return tuple(instruction[start] for start in HANDING_ON[opcode])
