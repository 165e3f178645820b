"""Dotted names taken apart: `module, name = settings.FORM_CLASS.rsplit(".", 1)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.values import CONST, EMPTY, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

METHODS: Final = frozenset(("split", "rsplit", "partition", "rpartition"))
_DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)+")


def parts(m: Machine, frame: Frame, register: int, holder: Value, name: str) -> Values:
    """The parts of a dotted name, each in its place; nothing for other texts, which are data, and where the caller is given
    what it names (see `loaders`)."""
    if frame.function.loads >= 0:
        return EMPTY
    text, instruction = m.table.text_of(holder), frame.scope.code[register]
    if text is None or instruction[0] != ir.CALL or not _DOTTED.fullmatch(text):
        return EMPTY
    separators = [s for s in m.constants(_given(frame, instruction, 0)) if s]
    if len(separators) != 1:
        return EMPTY
    if name.endswith("partition"):
        found = list(text.rpartition(separators[0]) if name[0] == "r" else text.partition(separators[0]))
    else:
        most = _number(m, _given(frame, instruction, 1))
        found = text.rsplit(separators[0], most) if name[0] == "r" else text.split(separators[0], most)
    container = containers.new_container(m, "list", frame, register)
    for position, part in enumerate(found):
        containers.put(m, container, position, frozenset((m.table.constant(part),)))
    return frozenset((container,))


def _given(frame: Frame, instruction: ir.Instruction, position: int) -> Values:
    """A positional argument, or the second one by its name."""
    named = [r for key, r in instruction[3] if key == "maxsplit" and position == 1]
    registers = [*instruction[2][position : position + 1], *named]
    return frame.registers[registers[0]] if registers and registers[0] >= 0 else EMPTY


def _number(m: Machine, values: Values) -> int:
    numbers = [m.table.data[v][1] for v in values if m.table.kinds[v] == CONST]
    return numbers[0] if len(numbers) == 1 and isinstance(numbers[0], int) else -1
