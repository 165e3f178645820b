"""Memoisation: what a function reads from a container under the key that it writes itself.

`if key not in cache: cache[key] = make()` and then `cache[key]` gives what this function made for this key. Where nobody
else fills the container, the callers of the function need not share what it made for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import EMPTY, Values
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_DEEPEST = 4
Shape = tuple[object, ...]


def reads(scope: Scope) -> dict[int, tuple[int, ...]]:
    """Registers that read an element -> registers of what the same code writes under the same key."""
    code = scope.code
    written: dict[tuple[Shape, Shape], list[int]] = {}
    for instruction in [instruction for instruction in code if instruction[0] == ir.SET_ITEM]:
        place = _place(code, instruction[1], instruction[2])
        if place is not None:
            written.setdefault(place, []).append(instruction[3])
    if not written:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    for register, instruction in enumerate(code):
        place = None
        if instruction[0] == ir.SUBSCRIPT:
            place = _place(code, instruction[1], instruction[2])
        elif instruction[0] == ir.CALL and instruction[2] and instruction[2][0] >= 0:
            callee = code[instruction[1]]
            if callee[0] == ir.ATTR and callee[2] == "get":
                place = _place(code, callee[1], instruction[2][0])
        if place in written:
            found[register] = tuple(written[place])
    return found


def own(m: Machine, frame: Frame, register: int, values: Values) -> Values:
    """Of what a register reads, what this very activation wrote there (nothing yet, maybe); everything, where others write
    as well."""
    sources = m.state.memo_reads(frame.module, frame.scope_index).get(register)
    if sources is None or not values:
        return values
    mine = EMPTY.union(*(frame.registers[source] for source in sources)) & values
    if mine == values:
        return values
    known = m.memoised.get((frame.module, frame.scope_index, register), EMPTY)
    if values <= known:
        return mine
    state, others = m.state, set(values - mine)
    for index in state.functions[frame.activation.function].contexts.values():
        other = state.activations[index].frames.get(frame.scope_index)
        if other is not None:
            others.difference_update(*(other.registers[source] for source in sources))
            if not others:
                m.memoised[frame.module, frame.scope_index, register] = values | known
                return mine
    return values


def _place(code: tuple[ir.Instruction, ...], holder: int, key: int) -> tuple[Shape, Shape] | None:
    """A container and a key as expressions; None for what may differ each time, and for constants."""
    if key < 0 or code[key][0] == ir.CONST:
        return None
    where, which = _shape(code, holder), _shape(code, key)
    return (where, which) if where and which else None


def _shape(code: tuple[ir.Instruction, ...], register: int, depth: int = 0) -> Shape:
    if register < 0 or depth > _DEEPEST:
        return ()
    instruction = code[register]
    opcode = instruction[0]
    if opcode in (ir.NAME, ir.FREE, ir.PARAM, ir.CONST):
        return (opcode, *instruction[1:])
    if opcode == ir.ATTR:
        inner = _shape(code, instruction[1], depth + 1)
        return (opcode, inner, instruction[2]) if inner else ()
    if opcode == ir.TUPLE:
        inside = tuple(_shape(code, item, depth + 1) for item in instruction[1])
        return (opcode, *inside) if all(inside) else ()
    return (ir.PHI, register)  # one and the same value, whatever it is
