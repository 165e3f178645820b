"""Abstract values as the plain values of `model.text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import texts
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
from dealix_lint.model.text import ArgumentValue, Constant, Hole, Mapping, Sequence, Symbol, Text

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

DEEPEST = 4
_BLANK = (Text(("",)), Constant(None))
MOST_ITEMS = 60


def describe(m: Machine, values: Values, depth: int = 0) -> tuple[ArgumentValue, ...]:
    """Sorted plain values; what cannot be said is left out."""
    found = {described for value in values for described in _describe_one(m, value, depth)}
    return tuple(sorted(found, key=lambda value: (type(value).__name__, repr(value))))


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


def _describe_one(m: Machine, value: Value, depth: int) -> tuple[ArgumentValue, ...]:
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == CONST:
        return (Text((data[1],)) if isinstance(data[1], str) else Constant(data[1]),)
    if kind == TEXT:
        return (Text(tuple(_part(m, part) for part in data[0])),)
    if kind == HOLE:
        return (Text((Hole(data[0]),)),)
    if kind == EXT:
        return (Symbol(data[0]),)
    if kind == CONT:
        return _describe_container(m, value, depth)
    if kind in (INST, CLASS):
        name = m.state.classes.info(m.state.class_list[data[0]]).name
        return (Symbol(f"{name}()" if kind == INST else name),)
    if kind in (BOUND, PARTIAL, UNIT):
        return _describe_one(m, data[0], depth)
    if kind == FUNC:
        function = m.state.functions[data[0]]
        return (Symbol(m.state.program.function_name(function.module, function.scope_index)),)
    if kind in (CORO, GEN):
        function = m.state.functions[m.state.activations[data[0]].function]
        return (Symbol(m.state.program.function_name(function.module, function.scope_index) + "()"),)
    return ()


def _part(m: Machine, part: texts.Part) -> str | Hole:
    if isinstance(part, str):
        return part
    return Hole(m.table.data[part][0])


def _describe_container(m: Machine, value: Value, depth: int) -> tuple[ArgumentValue, ...]:
    state = m.state
    if depth >= DEEPEST:
        return ()
    if m.table.data[value][0] != "dict":
        return (Sequence(describe(m, state.slot("all", value).values, depth + 1)),)
    keys = [m.table.data[key][1] for key in sorted(state.slot("keys", value).values) if m.table.kinds[key] == CONST]
    names = sorted({key for key in keys if isinstance(key, str)})[:MOST_ITEMS]
    items = tuple((name, describe(m, state.slot("key", value, name).values, depth + 1)) for name in names)
    return (Mapping(items, bool(state.slot("element", value).values)),)
