"""Abstract values as the plain values of `model.text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import preparing, texts, wrapping
from dealix_lint.callgraph.deciding import CASES
from dealix_lint.callgraph.frame import Frame
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CONST,
    CONT,
    CORO,
    EXT,
    FUNC,
    GEN,
    HOLE,
    INST,
    PARTIAL,
    TEXT,
    UNIT,
    Value,
    Values,
)
from dealix_lint.model import ir
from dealix_lint.model.effect_rules import METHODS
from dealix_lint.model.text import ArgumentValue, Constant, Hole, Mapping, Sequence, Symbol, Text

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

DEEPEST = 4
MOST_PLACES = 8
_BLANK = (Text(("",)), Constant(None))
MOST_ITEMS = 60
MOST_PARTS = (
    300  # of a container, with what its elements contain; more is data, and what is left out is said to be unknown
)

Described = tuple[tuple[ArgumentValue, ...], int]
"""Plain values, and how many parts they have in all."""


def describe(m: Machine, values: Values) -> tuple[ArgumentValue, ...]:
    """Sorted plain values; what cannot be said is left out."""
    return _describe(m, values, 0)[0]


def _describe(m: Machine, values: Values, depth: int) -> Described:
    if not values:
        return (), 0
    found = m.descriptions.get((values, depth))
    if found is None:
        found = m.descriptions[values, depth] = _describe_all(m, values, depth)
    return found


def _describe_all(m: Machine, values: Values, depth: int) -> Described:
    """Names, texts and numbers in their order, then containers in that of their making."""
    kinds = m.table.kinds
    scalars = {described for value in values if kinds[value] != CONT for described in _describe_one(m, value)}
    containers = [_describe_container(m, value, depth) for value in sorted(values) if kinds[value] == CONT]
    ordered = sorted(scalars, key=lambda value: (type(value).__name__, repr(value)))
    known = [described for described, _ in containers if described is not None]
    return (*ordered, *known), len(ordered) + sum(size for _, size in containers)


def describe_register(m: Machine, frame: Frame, register: int, values: Values) -> tuple[ArgumentValue, ...]:
    """The same for a register; where nothing is known, a hole that says where the value comes from."""
    found = describe(m, values)
    if not found and register >= 0:
        origin = texts.origin(m, frame, register)
        return (Text((Hole(origin),)),) if origin else ()
    return found


def describe_blank(
    m: Machine, frame: Frame, register: int, described: tuple[ArgumentValue, ...]
) -> tuple[ArgumentValue, ...]:
    """A value described; where it is only known to be empty in the code (`URL = ""`), also where it comes from."""
    blank = all(value in _BLANK for value in described)
    if not described or not blank or register < 0 or frame.scope.code[register][0] not in (ir.ATTR, ir.NAME):
        return described
    origin = texts.origin(m, frame, register)
    return (*described, Text((Hole(origin),))) if origin else described


def describe_open(
    m: Machine, frame: Frame, register: int, described: tuple[ArgumentValue, ...]
) -> tuple[ArgumentValue, ...]:
    """A value described; where it is the method of a request of which one possible assignment is known and another is not
    (`method = "GET"` after a redirect), also where that comes from."""
    is_method = all(isinstance(value, Text) and (value.literal or "").upper() in METHODS for value in described)
    if not described or not is_method or (source := _unknown_source(frame, register)) is None:
        return described
    return (*described, Text((Hole(texts.origin(m, frame, source)),)))


def _unknown_source(frame: Frame, register: int) -> int | None:
    """An assignment that a register may come from, whatever its case, of which nothing is known."""
    pending, seen = [register], set[int]()
    while pending:
        current = pending.pop()
        if current in seen or current < 0 or current in frame.dead:
            continue
        seen.add(current)
        instruction = frame.scope.code[current]
        callee = frame.scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        if instruction[0] == ir.PHI:
            pending += instruction[1]
        elif instruction[0] == ir.NARROW:
            pending.append(instruction[1])
        elif callee[0] == ir.ATTR and callee[2] in CASES and not frame.registers[current]:
            pending.append(callee[1])
        elif instruction[0] in (ir.PARAM, ir.CALL, ir.SUBSCRIPT, ir.ATTR) and not frame.registers[current]:
            return current
    return None


def _describe_one(m: Machine, value: Value) -> tuple[ArgumentValue, ...]:
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == CONST:
        return (Text((data[1],)) if isinstance(data[1], str) else Constant(data[1]),)
    if kind == TEXT:
        return (Text(tuple(_part(m, part) for part in data[0])),)
    if kind == HOLE:
        return (Text((Hole(data[0]),)),)
    if kind == EXT:
        return (Symbol(data[0]),)
    if kind in (INST, CLASS):
        base = preparing.base_of(m, data[0]) if kind == INST else ""
        name = base or m.state.classes.info(m.state.class_list[data[0]]).name
        return (Symbol(f"{name}()" if kind == INST else name),)
    if kind in (BOUND, PARTIAL, UNIT):
        return _describe_one(m, data[0])
    if kind == FUNC:
        function = m.state.functions[m.table.data[wrapping.unwrapped(m, value)][0]]
        return (Symbol(m.state.program.function_name(function.module, function.scope_index)),)
    if kind in (CORO, GEN):
        function = m.state.functions[m.state.activations[data[0]].function]
        return (Symbol(m.state.program.function_name(function.module, function.scope_index) + "()"),)
    return ()


def _part(m: Machine, part: texts.Part) -> str | Hole:
    if isinstance(part, str):
        return part
    return Hole(m.table.data[part][0])


def _describe_container(m: Machine, value: Value, depth: int) -> tuple[ArgumentValue | None, int]:
    state = m.state
    if depth >= DEEPEST:
        return None, 0
    if m.table.data[value][0] != "dict":
        elements, size = _describe(m, state.slots["all", value].values, depth + 1)
        return (Sequence(elements, _places(m, value, depth)), 1 + size) if size <= MOST_PARTS else (Sequence(()), 1)
    keys = [m.table.data[key][1] for key in sorted(state.slots["keys", value].values) if m.table.kinds[key] == CONST]
    items: list[tuple[str, tuple[ArgumentValue, ...]]] = []
    total = 1
    for name in sorted({key for key in keys if isinstance(key, str)})[:MOST_ITEMS]:
        described, size = _describe(m, state.slots["key", value, name].values, depth + 1)
        if total + size > MOST_PARTS:
            described, size = (), 0
        items.append((name, described))
        total += 1 + size
    return Mapping(tuple(items), bool(state.slots["element", value].values) or _has_more_keys(m, value)), total


def _places(m: Machine, value: Value, depth: int) -> tuple[tuple[ArgumentValue, ...], ...]:
    """What may stand at each place of a short list in a dict, that nothing is known to be added to."""
    slots, length = m.state.slots, m.lengths.get(value, 0)
    if depth == 0 or length > MOST_PLACES or slots["element", value].values:
        return ()
    return tuple(_describe(m, slots["key", value, place].values, depth + 1)[0] for place in range(length))


def _has_more_keys(m: Machine, value: Value) -> bool:
    """Whether a dict, or one that was copied into it, has had so many keys that they were forgotten."""
    pending, seen = [value], {value}
    while pending:
        current = pending.pop()
        if m.state.slots["keys", current].forgets_texts:
            return True
        sources = m.copied.get(current, set()) - seen
        seen |= sources
        pending.extend(sources)
    return False
