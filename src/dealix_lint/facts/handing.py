"""What a call hands to a parameter of the function that it calls directly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, VARIADIC, Scope


class Handed(NamedTuple):
    """A register of the call, the name that it is bound to ("" for spreads), and which part of it arrives: a key, an
    attribute or a position ("" for all of it)."""

    name: str
    register: int
    part: str


def handed_to(call: Instruction, callee: Scope, index: int, part: str = "") -> Iterator[Handed]:
    """What reaches a parameter, or (`part`) one element of it: `kwargs["to"]`, `args[0]`, `order.amount`."""
    parameter = callee.parameters[index]
    shift = 1 if callee.parameters[0].name in ("self", "cls") else 0
    wanted = index + int(part) if parameter.kind == VARIADIC and part.isdigit() else index
    is_whole = parameter.kind == VARIADIC and wanted == index and not part.isdigit()
    rest = part if parameter.kind not in (VARIADIC, KEYWORDS) else ""
    spread = False
    for position, value in enumerate(call[2] if parameter.kind not in (KEYWORDS, KEYWORD_ONLY) else ()):
        if value < 0:
            element = wanted - shift - position
            yield Handed("", -value - 1, "" if spread or is_whole or element < 0 else str(element))
            spread = True
        elif position + shift == wanted or (is_whole and position + shift > index):
            yield Handed(parameter.name, value, rest)
    name = part if parameter.kind == KEYWORDS and part else parameter.name
    for keyword, value in call[3]:
        if keyword is None:
            yield Handed("", value, "" if parameter.kind == KEYWORDS and not part else name)
        elif keyword == name or (parameter.kind == KEYWORDS and not part):
            yield Handed(keyword, value, rest)
