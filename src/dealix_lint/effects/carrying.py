"""What a call of a helper hands over of the rest of a request, so that method and body are those of the call that says the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.deciding import CASES
from dealix_lint.effects.arguments import NONE, Values, passed, with_passed
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.resolved import CallView
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope
from dealix_lint.model.text import ArgumentValue, Constant, Hole, Mapping, Text

_OTHERWISE: Final = (ir.CONST, ir.DICT, ir.LIST, ir.TUPLE)
"""What may stand beside a parameter that is handed on: `json or {}`, `method = "GET"` after a redirect."""


@dataclass(frozen=True, slots=True)
class Part:
    """An argument of a request as a call further out hands it over. `values`: what is known there (None: what the helper
    knows); `source`: the parameter that it is there, with the key where it is an element of it; None where it is made there."""

    slot: Argument
    values: Values | None
    source: tuple[int, str] | None


def parts_of_request(call: ExternalCall, sender: ir.Instruction, scope: Scope) -> tuple[Part, ...]:
    """The arguments of the call that sends a request which are parameters of the function around it."""
    if sender[0] != ir.CALL:
        return ()
    leading = next((index for index, register in enumerate(sender[2]) if register < 0), len(sender[2]))
    given: list[tuple[Argument, tuple[int, str] | None]] = [
        (Argument(position), _source(scope, register)) for position, register in enumerate(sender[2][:leading])
    ]
    named = {name: register for name, register in sender[3] if name is not None}
    given += [(Argument(keyword=name), _source(scope, register)) for name, register in named.items()]
    spread = [register for name, register in sender[3] if name is None]
    if len(spread) == 1 and (held := _source(scope, spread[0])) is not None and not held[1]:
        given += [(Argument(keyword=name), (held[0], name)) for name, _ in call.keywords if name not in named]
    return tuple(Part(slot, None, source) for slot, source in given if source is not None)


def handed_over(
    parts: Iterable[Part], known: ExternalCall, call: ir.Instruction, view: CallView, callee: Scope, scope: Scope
) -> tuple[Part, ...]:
    """The same parts as a call of the helper hands them over. `known`: the request as its function makes it."""
    return tuple(_handed(part, known, call, view, callee, scope) for part in parts)


def handed_by_name(
    parts: Iterable[Part], known: ExternalCall, call: ir.Instruction, view: CallView
) -> tuple[Part, ...]:
    """The same parts as a method of an HTTP client hands them to a method of the project's that it calls: by name, where the
    call hands over nothing but the address by position."""
    given, values = {name for name, _ in call[3]}, dict(view.keywords)
    is_whole = None not in given and len(call[2]) <= 1 and all(register >= 0 for register in call[2])
    return tuple(
        _by_name(part, known, values) if is_whole and part.slot.keyword is not None else replace(part, source=None)
        for part in parts
    )


def _by_name(part: Part, known: ExternalCall, values: dict[str, Values]) -> Part:
    if part.source is None or not part.source[1]:
        return replace(part, source=None)
    possible = passed(known, part.slot) or ()
    held = values.get(part.source[1])
    if held is None:
        return Part(part.slot, NONE if possible else part.values, None)
    return Part(part.slot, held if held and all(value in possible for value in held) else part.values, None)


def no_further(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts, of which calls further out say nothing."""
    return tuple(replace(part, source=None) for part in parts)


def together(alternatives: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    """What several calls hand over."""
    by_slot: dict[Argument, list[Part]] = {}
    for parts in alternatives:
        for part in parts:
            by_slot.setdefault(part.slot, []).append(part)
    return tuple(Part(slot, _joined(parts), None) for slot, parts in by_slot.items())


def _joined(parts: list[Part]) -> Values | None:
    known = [part.values for part in parts]
    if any(values is None for values in known):
        return None
    return tuple(dict.fromkeys(value for values in known for value in values or ()))


def as_handed_over(known: ExternalCall, parts: Iterable[Part]) -> ExternalCall:
    """The request as a call further out hands it over; the same one where that says nothing new."""
    call = known
    for part in parts:
        if part.values is not None and part.values != (passed(known, part.slot) or ()):
            call = with_passed(call, part.slot, part.values)
    return call


def _handed(part: Part, known: ExternalCall, call: ir.Instruction, view: CallView, callee: Scope, scope: Scope) -> Part:
    if part.source is None:
        return part
    index, key = part.source
    parameter = callee.parameters[index] if index < len(callee.parameters) else None
    lost = replace(part, source=None)
    if parameter is None or parameter.kind == VARIADIC or any(register < 0 for register in call[2]):
        return lost
    wanted, key = (key, "") if parameter.kind == KEYWORDS else (parameter.name, key)
    first = 1 if callee.parameters[0].name in ("self", "cls") else 0
    named = {name: register for name, register in call[3] if name is not None}
    register = named.get(wanted, -1)
    values = dict(view.keywords).get(wanted)
    if register < 0 and parameter.kind != KEYWORDS and first <= index < first + len(call[2]):
        register = call[2][index - first]
        values = view.arguments[index - first] if index - first < len(view.arguments) else None
    possible = passed(known, part.slot) or ()
    has_text = any(isinstance(value, Text) for value in possible)  # which may stand instead: `method or "GET"`
    if values is None and has_text:
        return lost
    if values is None:
        is_left_out = (
            Constant(None) in possible or parameter.kind == KEYWORDS or any(name is None for name, _ in call[3])
        )
        return Part(part.slot, NONE if is_left_out and possible else part.values, None)
    if key:
        values = tuple(_elements(values, key))
    source = _source(scope, register) if register >= 0 else None
    if source is not None and key:
        source = None if source[1] else (source[0], key)
    values = tuple(value for value in values if not _is_hole(value))
    if values == NONE and has_text:
        return lost
    plain = [value for value in values if isinstance(value, Text | Constant)]
    is_of_it = bool(possible) and all(value in possible for value in plain)
    return Part(part.slot, values, source) if is_of_it else lost


def _is_hole(value: object) -> bool:
    return isinstance(value, Text) and all(isinstance(piece, Hole) for piece in value.parts)


def _elements(values: Values, key: str) -> Iterator[ArgumentValue]:
    for value in values:
        if isinstance(value, Mapping):
            yield from dict(value.items).get(key, ())


def _source(scope: Scope, register: int) -> tuple[int, str] | None:
    """The one parameter that a register is, whatever its case, or a constant instead."""
    found: set[int] = set()
    pending, seen = [register], {register}
    while pending:
        instruction = scope.code[pending.pop()]
        more: list[int] = []
        if instruction[0] == ir.PARAM:
            found.add(instruction[1])
        elif instruction[0] == ir.NARROW:
            more = [instruction[1]]
        elif instruction[0] == ir.PHI:
            more = list(operands(instruction))
        elif instruction[0] == ir.CALL and _changes_case(scope, instruction):
            more = [scope.code[instruction[1]][1]]
        elif instruction[0] not in _OTHERWISE:
            return None
        pending += [r for r in more if r not in seen]
        seen.update(more)
    (only,) = found if len(found) == 1 else (None,)
    is_own = only is not None and scope.parameters[only].name not in ("self", "cls")
    return (only, "") if only is not None and is_own else None


def _changes_case(scope: Scope, call: ir.Instruction) -> bool:
    callee = scope.code[call[1]]
    return callee[0] == ir.ATTR and callee[2] in CASES and not call[2]
