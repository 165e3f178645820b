"""Texts put together: joined sequences, `format`, `%`."""

from __future__ import annotations

import itertools
import re
import string
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers, joining
from dealix_lint.callgraph.texts import (
    Part,
    alternatives,
    alternatives_of,
    alternatives_or_hole,
    join_texts,
    text_parts,
)
from dealix_lint.callgraph.values import CONT, EMPTY, EXT, HOLE, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Pieces = list[list[tuple[Part, ...]]]

_CONVERSION: Final = re.compile(
    r"%(?:\((?P<name>[^)]*)\))?[-+ #0]*[\d*]*(?:\.[\d*]+)?[hlL]?(?P<type>[diouxXeEfFgGcrsa%])"
)
_COPYING: Final = {"<builtin>.list": 0, "<builtin>.tuple": 0, "<builtin>.map": 1}
"""Calls that give the elements of an argument, as far as texts go (`map(str, parts)`)."""
_TRIMMING: Final = frozenset(("strip", "lstrip", "rstrip"))
_FIELD: Final = re.compile(r"(\w*)((?:\.\w+|\[[^\]]*\])*)")
_STEP: Final = re.compile(r"\.(\w+)|\[([^\]]*)\]")
DEEPEST: Final = 4


def percent_format(m: Machine, frame: Frame, left: int, right: int) -> Values:
    """`"...%s...%(name)s..." % values`."""
    found: set[Value] = set()
    for parts in alternatives(m, frame, left):
        pieces: Pieces = []
        position = 0
        for part in parts:
            if not isinstance(part, str):
                pieces.append([(part,)])
                continue
            end = 0
            for match in _CONVERSION.finditer(part):
                pieces.append([(part[end : match.start()],)])
                end = match.end()
                if match["type"] == "%":
                    pieces.append([("%",)])
                    continue
                pieces.append(_converted(m, frame, right, match["name"], position))
                position += 1
            pieces.append([(part[end:],)])
        found |= join_texts(m, pieces)
    return frozenset(found)


def conversions(m: Machine, frame: Frame, left: int) -> dict[str | int, frozenset[str]]:
    """The letters of the conversions in templates, by the place or name of the value that they convert."""
    found: dict[str | int, frozenset[str]] = {}
    for parts in alternatives(m, frame, left):
        position = 0
        for match in (match for part in parts if isinstance(part, str) for match in _CONVERSION.finditer(part)):
            if match["type"] == "%":
                continue
            place = position if match["name"] is None else match["name"]
            found[place] = found.get(place, frozenset()) | {match["type"]}
            position += 1
    return found


def _converted(m: Machine, frame: Frame, right: int, name: str | None, position: int) -> list[tuple[Part, ...]]:
    """What a conversion stands for."""
    if name is not None:
        return alternatives_of(m, _item(m, frame, frame.registers[right], name)) or _unknown(m)
    instruction = frame.scope.code[right]
    operands: tuple[int, ...] = instruction[1] if instruction[0] == ir.TUPLE else (right,)
    return alternatives_or_hole(m, frame, operands[position] if position < len(operands) else -1)


def _item(m: Machine, frame: Frame, values: Values, key: str) -> Values:
    """What mappings hold under a key."""
    held = (containers.get(m, frame, v, key) for v in sorted(values) if m.table.kinds[v] == CONT)
    return EMPTY.union(*held)


def _unknown(m: Machine) -> list[tuple[Part, ...]]:
    return [(m.table.make(HOLE, ""),)]


def joined(m: Machine, frame: Frame, register: int, separator: Value) -> Values:
    """`separator.join(...)` of what is written down, or put together of that."""
    instruction = frame.scope.code[register]
    operands: tuple[int, ...] = instruction[2] if instruction[0] == ir.CALL else ()
    if len(operands) != 1:
        return frozenset((m.table.make(HOLE, ""),))
    pieces: Pieces = []
    for piece in _elements(m, frame, operands[0], 0):
        pieces += [[text_parts(m, separator)], piece]
    return join_texts(m, pieces[1:])


def _elements(m: Machine, frame: Frame, register: int, depth: int) -> Pieces:
    """The elements of a sequence in order; one unknown one for those of which nothing is known."""
    instruction = frame.scope.code[register] if register >= 0 else (ir.CONST,)
    if instruction[0] in (ir.LIST, ir.TUPLE):
        written: Pieces = []
        for operand in instruction[1]:
            handed = _handed(m, frame, -operand - 1) if operand < 0 else None
            written += [alternatives_or_hole(m, frame, operand)] if handed is None else handed
        return written + [_unknown(m)] * _has_grown(m, frame, register)
    handed = _handed(m, frame, register)
    if handed is not None:
        return handed
    if depth < DEEPEST and instruction[0] == ir.BINARY and instruction[1] == "+":
        return [*_elements(m, frame, instruction[2], depth + 1), *_elements(m, frame, instruction[3], depth + 1)]
    if depth < DEEPEST and instruction[0] == ir.CALL:
        called = [m.table.data[v][0] for v in frame.registers[instruction[1]] if m.table.kinds[v] == EXT]
        position = _COPYING.get(called[0], -1) if len(called) == 1 else -1
        if 0 <= position < len(instruction[2]):
            return _elements(m, frame, instruction[2][position], depth + 1)
    if depth < DEEPEST and instruction[0] == ir.COLLECT:
        source = _trimmed(frame, instruction[2])
        if frame.scope.code[source][0] == ir.ITERATE:
            return _elements(m, frame, frame.scope.code[source][1], depth + 1)
    return [_unknown(m)]


def _handed(m: Machine, frame: Frame, register: int) -> Pieces | None:
    """What callers hand over as the `*args` behind a register, one by one; None where that is not known."""
    parts = joining.parts(m, frame, register) if register >= 0 else None
    return None if parts is None else [alternatives_of(m, values) or _unknown(m) for values in parts]


def _trimmed(frame: Frame, register: int) -> int:
    """What a comprehension trims: `part.strip("/") for part in parts`."""
    while register >= 0:
        call = frame.scope.code[register]
        method = frame.scope.code[call[1]] if call[0] == ir.CALL else call
        if call[0] != ir.CALL or method[0] != ir.ATTR or method[2] not in _TRIMMING:
            break
        register = method[1]
    return register


def _has_grown(m: Machine, frame: Frame, register: int) -> bool:
    """Whether something was put into a list after it was written down (`parts.append(path)`)."""
    if frame.scope.code[register][1] and min(frame.scope.code[register][1]) < 0:
        return False
    return any(
        m.table.kinds[v] == CONT and m.state.read(m.state.slots["element", v]) for v in frame.registers[register]
    )


def brace_format(m: Machine, frame: Frame, template: tuple[Part, ...], call: ir.Instruction) -> Values:
    """`"...{}...{name}".format(...)`, also of a template of which parts are unknown."""
    pieces: Pieces = []
    position = 0
    fields = (field for part in template for field in (_fields(part) if isinstance(part, str) else [(part, None)]))
    for literal, field in fields:
        pieces.append([(literal,)])
        if field is None:
            continue
        name, steps = _FIELD.findall(field)[0]  # it matches anything
        if name == "" or name.isdigit():
            index = int(name) if name else position
            position += 1
            operand = call[2][index] if index < len(call[2]) else -1
        else:
            operand = next((operand for key, operand in call[3] if key == name), -1)
        spread = [frame.registers[operand] for key, operand in call[3] if key is None] if operand < 0 else []
        if not steps and not spread:
            pieces.append(alternatives_or_hole(m, frame, operand))
            continue
        values = _item(m, frame, EMPTY.union(*spread), name) if operand < 0 else frame.registers[operand]
        pieces.append(alternatives_of(m, inside(m, frame, values, steps)) or _unknown(m))
    return join_texts(m, pieces)


def replacement_fields(template: tuple[Part, ...]) -> list[tuple[int | str, str, str]] | None:
    """The fields of a template: the place or the name of the argument, `.name` and `[key]` behind it, and the letter of the
    conversion; None for a template that is not known, or malformed."""
    text = "".join(part for part in template if isinstance(part, str))
    try:
        parsed = None if len(template) > 1 else [*string.Formatter().parse(text)]
    except ValueError:
        parsed = None
    if parsed is None or not text:
        return None
    found: list[tuple[int | str, str, str]] = []
    numbers = itertools.count()
    for _, field, _, letter in parsed:
        if field is not None:
            name, steps = _FIELD.findall(field)[0]  # it matches anything
            place = next(numbers) if name == "" else int(name) if name.isdigit() else name
            found.append((place, steps, letter or ""))
    return found


def map_format(m: Machine, frame: Frame, template: str, mapping: Values) -> Values:
    """`template.format_map(mapping)`."""
    pieces: Pieces = []
    for literal, field in _fields(template):
        pieces.append([(literal,)])
        if field is not None:
            name, steps = _FIELD.findall(field)[0]
            values = inside(m, frame, _item(m, frame, mapping, name), steps)
            pieces.append(alternatives_of(m, values) or _unknown(m))
    return join_texts(m, pieces)


def inside(m: Machine, frame: Frame, values: Values, steps: str) -> Values:
    """`.name` and `[key]` behind the name of a field."""
    for attribute, key in _STEP.findall(steps):
        values = m.load(frame, -1, values, attribute) if attribute else _item(m, frame, values, key)
    return values


def _fields(template: str) -> list[tuple[Part, str | None]]:
    """Literal texts, each with the field behind it."""
    found: list[tuple[Part, str | None]] = []
    while template:
        literal, _, rest = template.partition("{")
        field, closing, template_rest = rest.partition("}")
        found.append((literal, field if closing else None))
        template = template_rest if closing else ""
    return found
