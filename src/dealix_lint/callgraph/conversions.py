"""Copies, orders and texts that builtins make: the special methods they call of what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, containers, formatting, iteration
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CONT, EMPTY, EXT, INST, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.texts import Part

ASKING = frozenset(("sort", "update"))  # methods of containers that ask something of what they are given
_FORMAT = ("__format__", "__str__", "__repr__")
_TEXT = ("__str__", "__repr__")
_REPRESENTING = frozenset("ra")  # conversions that ask for `__repr__`


def items_of(m: Machine, frame: Frame, register: int, value: Value) -> tuple[Values, Values]:
    """Keys and values that a copy of an object of the project takes from it."""
    keys = iteration.iterate(m, frame, register, iteration.special(m, frame, register, value, "keys"), False)
    return keys, iteration.special(m, frame, register, value, "__getitem__", keys)


def of_container(m: Machine, frame: Frame, register: int, container: Value, name: str, a: Arguments) -> None:
    """What `xs.sort()` and `d.update(x)` call."""
    if name == "sort":
        order(m, frame, register, containers.get(m, frame, container, None), a.get(None, "key"))
    elif name == "update" and containers.is_dict(m, container):
        for value in sorted(a.get(0, None)):
            if containers.is_mapping(m, value):
                containers.write_key(m, container, *items_of(m, frame, register, value))


def call_first(m: Machine, frame: Frame, register: int, values: Values, names: tuple[str, ...], *given: Values) -> None:
    """Call the first of several special methods that an object has."""
    for value in m.instances(values):
        name = next((name for name in names if m.has_member(value, name)), None)
        if name is not None:
            iteration.special(m, frame, register, value, name, *given)


def iterated(m: Machine, frame: Frame, register: int, values: Values) -> Values:
    """What iterating gives of the project's own; what a library gave has no special methods that are known."""
    own = frozenset(v for v in values if m.table.kinds[v] != EXT)
    return iteration.iterate(m, frame, register, own, False) if own else EMPTY


def order(m: Machine, frame: Frame, register: int, elements: Values, keys: Values) -> None:
    """Elements are compared: by `keys`, else by themselves."""
    for key in sorted(keys):
        m.call(frame, register, frozenset((key,)), Arguments([elements]))
    if not keys:
        call_first(m, frame, register, elements, ("__lt__", "__gt__"), elements)


def format_with(m: Machine, frame: Frame, register: int, template: tuple[Part, ...]) -> None:
    """`"{} {name!r} {0.code}".format(...)`: what its arguments are asked for, or what is read from them. Of a template that is
    not known any of them may be part."""
    instruction = frame.scope.code[register]
    if instruction[0] != ir.CALL:
        return
    named: list[tuple[int | str | None, int]] = [*enumerate(instruction[2]), *instruction[3]]
    is_spread = any(operand < 0 for operand in instruction[2]) or any(name is None for name, _ in named)
    fields = None if is_spread else formatting.replacement_fields(template)
    if fields is None:
        fields = [(place, "", "") for place, operand in named if operand >= 0 and place is not None]
    operands = dict(named)
    for place, steps, letter in fields:
        values = m.required.remaining(frame, operands[place], register) if place in operands else EMPTY
        values = formatting.inside(m, frame, values, steps) if steps else values
        names = _TEXT[1:] if letter in _REPRESENTING else _TEXT if letter == "s" else _FORMAT
        call_first(m, frame, register, values, names)


def interpolate(m: Machine, frame: Frame, register: int, right: int, asked: Mapping[str | int, frozenset[str]]) -> None:
    """`"%s %(name)r" % values`: what the values are asked for. `asked`: letters of the conversions by place or name."""
    instruction = frame.scope.code[right]
    operands: list[tuple[str | int | None, int]] = [(0, right)]
    if instruction[0] == ir.TUPLE:
        first_spread = next((place for place, operand in enumerate(instruction[1]) if operand < 0), len(instruction[1]))
        operands = [(place if place < first_spread else None, operand) for place, operand in enumerate(instruction[1])]
    elif instruction[0] == ir.DICT:
        operands = [(_constant(frame, key), operand) for key, operand in instruction[1]]
    for place, operand in operands:
        letters = frozenset[str]() if place is None else asked.get(place, frozenset())
        if operand >= 0:
            names = _TEXT[1:] if letters and letters <= _REPRESENTING else _TEXT
            call_first(m, frame, register, m.required.remaining(frame, operand, register), names)


def _constant(frame: Frame, key: int | None) -> str | int | None:
    """What a key says, where it is written down."""
    instruction = frame.scope.code[key] if key is not None else (ir.NOP,)
    return instruction[1] if instruction[0] == ir.CONST and isinstance(instruction[1], str) else None


def has_attribute(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`hasattr(x, name)` reads the attribute: properties and `__getattr__` are called."""
    for name in m.constants(a.get(1, None)):
        for value in m.instances(a.get(0, None)):
            attributes.instance_attribute(m, frame, r, value, name)
    return EMPTY


def turned_round(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`reversed(x)`."""
    container = containers.new_container(m, "list", frame, r)
    for value in sorted(a.get(0, None)):
        if m.table.kinds[value] == INST and m.has_member(value, "__reversed__"):
            elements = iteration.iterate(m, frame, r, iteration.special(m, frame, r, value, "__reversed__"), False)
            containers.put(m, container, None, elements)
        elif m.table.kinds[value] == INST and m.has_member(value, "__getitem__"):
            call_first(m, frame, r, frozenset((value,)), ("__len__",))
            containers.put(m, container, None, iteration.special(m, frame, r, value, "__getitem__", EMPTY))
        elif m.table.kinds[value] == CONT:
            containers.copy_into(m, frame, value, container)
        else:
            containers.put(m, container, None, iteration.iterate(m, frame, r, frozenset((value,)), False))
    return frozenset((container,))


def any_or_all(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`any(xs)`, `all(xs)`."""
    call_first(m, frame, r, iterated(m, frame, r, a.get(0, None)), ("__bool__", "__len__"))
    return EMPTY
