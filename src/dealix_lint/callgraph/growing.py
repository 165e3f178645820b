"""Attributes that are assigned longer versions of what they hold: `self.url = f"{self.url}&sign={sign}"`.

As often as the method runs the text grows. That it does once is all that anybody asks; taken further, the attribute would
soon hold more texts than a place is let hold, and nothing would be known of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.texts import Part, text_parts
from dealix_lint.callgraph.values import TEXT, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_DEEPEST = 6  # texts in texts
_MADE_OF = frozenset((ir.TEXT, ir.BINARY, ir.CALL, ir.TUPLE))


def assigned(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    """The values of a SET_ATTR without the texts that are longer versions of what it has assigned before."""
    values, code = frame.registers[i[3]], frame.scope.code
    if code[i[3]][0] not in _MADE_OF or not any(_is_text(m, value) for value in values):
        return values
    if not _is_made_of(code, i[3], (ir.ATTR, i[1], i[2]), 0):
        return values
    before = m.grown.setdefault((frame.module, frame.scope_index, r), {})
    found = set(values)
    for value in sorted(values):
        parts = text_parts(m, value)
        if any(parts != known and _begins(parts, known) for known in before):
            found.discard(value)
        elif _is_text(m, value):
            before[parts] = None
    return frozenset(found)


def _is_text(m: Machine, value: Value) -> bool:
    return m.table.kinds[value] == TEXT or m.table.text_of(value) is not None


def _is_made_of(code: tuple[ir.Instruction, ...], register: int, wanted: ir.Instruction, depth: int) -> bool:
    """True for a text that is put together from what stands in `wanted`."""
    if code[register] == wanted:
        return True
    if depth > _DEEPEST or code[register][0] not in _MADE_OF:
        return False
    return any(_is_made_of(code, operand, wanted, depth + 1) for operand in operands(code[register]))


def _begins(parts: tuple[Part, ...], beginning: tuple[Part, ...]) -> bool:
    *front, last = beginning
    if len(parts) < len(beginning) or parts[: len(front)] != tuple(front):
        return False
    end = parts[len(front)]
    return end.startswith(last) if isinstance(end, str) and isinstance(last, str) else end == last
