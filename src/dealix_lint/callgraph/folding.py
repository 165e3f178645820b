"""Texts that a loop over `*parts` makes longer: `for part in parts: url = url.rstrip("/") + "/" + part`. What a call hands
over is gone through part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import texts
from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.values import Values

_DEEPEST: Final = 8  # texts in texts
_ADDING: Final = ("+", "+=")
_SLASH: Final = "/"

Pieces = list[list[tuple[texts.Part, ...]]]


@dataclass(frozen=True, slots=True)
class Fold:
    """A `PHI` that begins as the register `start` and goes on as itself with `step` behind it, of which the register
    `element` is one of the `*args` in the register `source`."""

    phi: int
    start: int
    step: tuple[str | int, ...]
    element: int
    source: int
    is_trimmed: bool


def fold_of(scope: Scope) -> Fold | None:
    """The first text of a scope that grows by each of its `*args`."""
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.PHI and len(instruction[1]) == 2 and instruction[1][0] < register < instruction[1][1]:
            found = _fold(scope, register, *instruction[1])
            if found is not None:
                return found
    return None


def _fold(scope: Scope, phi: int, start: int, grown: int) -> Fold | None:
    code = scope.code
    flat: list[str | int] = []
    if code[grown][0] == ir.PHI and phi in code[grown][1] and len(code[grown][1]) == 2:
        grown = max(code[grown][1])  # in place, or not for an empty part
    if not _flatten(scope, grown, flat, 0) or flat[0] != phi or flat.count(phi) != 1:
        return None
    elements = [part for part in flat if isinstance(part, int) and code[part][0] == ir.ITERATE]
    source = code[elements[0]][1] if len(elements) == 1 else -1
    if source < 0 or code[source][0] != ir.PARAM or scope.parameters[code[source][1]].kind != VARIADIC:
        return None
    is_trimmed = any(i[0] == ir.ATTR and i[1] in (phi, elements[0]) and i[2] in texts.TRIMMING for i in code)
    return Fold(phi, start, tuple(flat[1:]), elements[0], source, is_trimmed)


def step_of(scope: Scope) -> Fold | None:
    """The same of a function that `reduce` is handed: what it gives for the text so far and the next part."""
    code = scope.code
    given = [i[1] for i in code if i[0] == ir.RETURN]
    flat: list[str | int] = []
    if code[:2] != ((ir.PARAM, 0), (ir.PARAM, 1)) or len(given) != 1 or not _flatten(scope, given[0], flat, 0):
        return None
    if flat[0] != 0 or [part for part in flat if isinstance(part, int)] != [0, 1]:
        return None
    is_trimmed = any(i[0] == ir.ATTR and i[1] in (0, 1) and i[2] in texts.TRIMMING for i in code)
    return Fold(0, -1, tuple(flat[1:]), 1, -1, is_trimmed)


def _flatten(scope: Scope, register: int, found: list[str | int], depth: int) -> bool:
    """Put what a text is made of into `found`, in order; False for what is no text put together."""
    code = scope.code
    instruction = code[register]
    if depth > _DEEPEST:
        return False
    if instruction[0] == ir.CALL:
        callee = code[instruction[1]]
        if callee[0] == ir.ATTR and callee[2] in texts.TRIMMING:
            return _flatten(scope, callee[1], found, depth + 1)
        is_said = callee[-1] in texts.SAYING_IT and len(instruction[2]) > 0 and instruction[2][0] >= 0
        return is_said and _flatten(scope, instruction[2][0], found, depth + 1)
    if instruction[0] == ir.BINARY and instruction[1] in _ADDING:
        return all(_flatten(scope, operand, found, depth + 1) for operand in instruction[2:])
    if instruction[0] == ir.TEXT:
        for part in instruction[1]:
            if isinstance(part, str):
                found.append(part)
            elif not _flatten(scope, part, found, depth + 1):
                return False
        return True
    if instruction[0] == ir.CONST and isinstance(instruction[1], str):
        found.append(instruction[1])
        return True
    found.append(register)
    return instruction[0] in (ir.PHI, ir.ITERATE, ir.PARAM)


def folded(m: Machine, frame: Frame, fold: Fold, begun: Values, given: list[Values]) -> Values:
    """The text that has gone through all of what is handed over."""
    trim = _bare if fold.is_trimmed else _as_it_is
    start = texts.alternatives_of(m, begun) or texts.alternatives_or_hole(m, frame, fold.start)
    pieces: Pieces = [[_without_end(parts) if fold.is_trimmed else parts for parts in start]]
    for values in given:
        for part in fold.step:
            if isinstance(part, str):
                pieces.append([(part,)])
            elif part == fold.element:
                known = texts.alternatives_of(m, values)
                pieces.append([trim(parts) for parts in known] or texts.alternatives_or_hole(m, frame, -1))
            else:
                pieces.append(texts.alternatives_or_hole(m, frame, part))
    return texts.join_texts(m, pieces)


def _as_it_is(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    return parts


def _bare(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    first, rest = parts[0], parts[1:]
    return _without_end((first.lstrip(_SLASH), *rest) if isinstance(first, str) else parts)


def _without_end(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    return (*parts[:-1], parts[-1].rstrip(_SLASH)) if isinstance(parts[-1], str) else parts
