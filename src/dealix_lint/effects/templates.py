"""Addresses as a function makes them: what it says itself, with a hole for each of its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dealix_lint.effects.address import known
from dealix_lint.effects.arguments import Values
from dealix_lint.effects.registers import parameters_of
from dealix_lint.effects.settings import PARAMETER
from dealix_lint.model import ir
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.summary import Scope
from dealix_lint.model.text import Hole, Text

ID: Final = Hole(f"{PARAMETER}id")
"""What a parameter stands for, whatever callers hand over."""

_FIRST_MARK: Final = 0xE000  # letters of nobody's language, each for a hole


def written(
    resolution: Resolution, node: int, scope: Scope, register: int, *, may_be_long: bool = False
) -> Text | None:
    """What a register holds: a parameter, an f-string, or texts put together by `+`, and paths by `/`; None for anything else,
    and where a parameter is several segments, if it may not be."""
    if scope.code[register][0] == ir.PARAM:
        return Text((ID,))
    if not _operands(scope, register):
        return None
    parts = list(_parts(resolution, node, scope, register))
    values = [resolution.values(node, part) for part in parts if isinstance(part, int)]
    if not may_be_long and any(isinstance(v, Text) and "/" in known(v).strip("/") for held in values for v in held):
        return None
    return Text(tuple(_joined([ID if isinstance(part, int) else part for part in parts])))


def _operands(scope: Scope, register: int) -> tuple[str | int, ...]:
    """The texts and registers that an expression puts together, in order; nothing for other expressions."""
    instruction = scope.code[register]
    if instruction[0] == ir.TEXT:
        parts: tuple[str | int, ...] = instruction[1]
        return parts
    if instruction[0] == ir.BINARY and instruction[1] in ("+", "/"):
        return (instruction[2], *(("/",) if instruction[1] == "/" else ()), instruction[3])
    return ()


def _parts(resolution: Resolution, node: int, scope: Scope, register: int) -> Iterator[str | Hole | int]:
    """What is known of a text, holes for what is not, and the registers that hold what parameters say."""
    for operand in _operands(scope, register):
        if isinstance(operand, str):
            yield operand
        elif all(index < 0 for index in parameters_of(scope, [operand])):
            values = resolution.values(node, operand)
            (only,) = values if len(values) == 1 else (None,)
            yield from only.parts if isinstance(only, Text) else (Hole(),)
        elif _operands(scope, operand):
            yield from _parts(resolution, node, scope, operand)
        else:
            yield operand


def replaced(whole: Text, old: Values, by: Text | None) -> Text | None:
    """A text of which a known stretch that ends where segments do is another one; itself where there is no such stretch, None
    where there are several, or nobody knows what it is instead."""
    marks: dict[Hole, str] = {}
    said = _marked(whole, marks)
    for value in old:
        wanted = _marked(value, marks).strip("/") if isinstance(value, Text) else ""
        if not wanted.strip("".join(marks.values())):
            continue
        found = list(re.finditer(rf"(?<![^/?=&.]){re.escape(wanted)}(?![^/?=&.:])", said))
        if not found:
            continue
        if by is None or len(found) > 1 or (by.parts == (ID,) and "/" in wanted):
            return None
        said = said[: found[0].start()] + _marked(by, marks).strip("/") + said[found[0].end() :]
        break
    holes = {mark: hole for hole, mark in marks.items()}
    return Text(tuple(_joined([holes.get(letter, letter) for letter in said])))


def _marked(text: Text, marks: dict[Hole, str]) -> str:
    return "".join(
        part if isinstance(part, str) else marks.setdefault(part, chr(_FIRST_MARK + len(marks))) for part in text.parts
    )


def _joined(parts: list[str | Hole]) -> Iterator[str | Hole]:
    """The same parts, texts that follow one another together."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            yield from (text, part) if text else (part,)
            text = ""
    if text:
        yield text
