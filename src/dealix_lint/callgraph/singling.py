"""One value at a time: what is computed of several values of a register goes with the one that it was computed of.

`{flow.name: flow for flow in FLOWS}` puts each flow under its own name, `next(f for f in FLOWS if f.name == name)` gives the
one of that name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, containers, iteration
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONST, CONT, EMPTY, INST, METHOD, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST = 64  # values that are looked at one by one
_DEEPEST = 4  # steps from a value to what is computed of it


def write_key(m: Machine, frame: Frame, container: Value, key: int, operand: int) -> None:
    """`container[key] = operand`, given by registers: each value under the key that was computed of it, or of what it was
    computed of, too."""
    keys, values = frame.registers[key], frame.registers[operand]
    source = _shared(frame, key, operand) if len(keys) > 1 else -1
    if source < 0 or not 1 < len(frame.registers[source]) <= MOST:
        containers.write_key(m, container, keys, values)
        return
    for value in sorted(frame.registers[source]):
        containers.write_key(m, container, _of(m, frame, key, source, value), _of(m, frame, operand, source, value))


def pairs(m: Machine, frame: Frame, r: int, element: int) -> Values:
    """The tuples that a comprehension makes, `(flow.name, flow) for flow in FLOWS`: one for each value of what the first item
    was computed of; nothing where it is not that simple."""
    instruction = frame.scope.code[element]
    items: tuple[int, ...] = instruction[1] if instruction[0] == ir.TUPLE else ()
    if len(items) != len(("key", "value")) or min(items) < 0 or len(frame.registers[items[0]]) <= 1:
        return EMPTY
    source = _shared(frame, items[0], items[1])
    if source in (-1, items[0]) or not 1 < len(frame.registers[source]) <= MOST:
        return EMPTY
    made: set[Value] = set()
    site = m.state.site(frame.activation.index, frame.scope_index, r)
    for value in sorted(frame.registers[source]):
        pair = m.table.make(CONT, "tuple", f"{site}<{value}>")
        for position, item in enumerate(items):
            containers.put(m, pair, position, _of(m, frame, item, source, value))
        made.add(pair)
    return frozenset(made)


def wanted(frame: Frame, i: ir.Instruction) -> Values:
    """What an attribute has to be equal to; nothing where that is not known."""
    if i[3] is True:
        return frame.registers[i[2]]
    items = [frame.registers[item] if item >= 0 else EMPTY for item in frame.scope.code[i[2]][1]]
    return EMPTY.union(*items) if all(items) else EMPTY


def chosen(m: Machine, frame: Frame, element: int, wanted: Values, asked: int) -> Values:
    """The values of a register of which what is asked for may be equal to one of those that are wanted."""
    values, kinds = frame.registers[element], m.table.kinds
    if not 1 < len(values) <= MOST or not wanted or any(kinds[value] != CONST for value in wanted):
        return values
    kept = set()
    for value in sorted(values):
        found = _of(m, frame, asked, element, value)
        if not found or not found.isdisjoint(wanted) or any(kinds[one] != CONST for one in found):
            kept.add(value)
    return frozenset(kept) or values


def _shared(frame: Frame, key: int, operand: int) -> int:
    """The register that both of two are computed of; -1 if there is none."""
    of_key = set(_sources(frame, key))
    return next((register for register in _sources(frame, operand) if register in of_key), -1)


def _sources(frame: Frame, register: int) -> Iterator[int]:
    """A register, and what it is an attribute or an item of, or the result of calling with nothing."""
    for _ in range(_DEEPEST):
        yield register
        instruction = frame.scope.code[register]
        if instruction[0] not in (ir.ATTR, ir.ITEM) and (instruction[0] != ir.CALL or instruction[2] or instruction[3]):
            return
        register = instruction[1]


def _of(m: Machine, frame: Frame, register: int, source: int, value: Value) -> Values:
    """What a register is where that which it is computed of is one value."""
    if register == source:
        return frozenset((value,))
    instruction = frame.scope.code[register]
    holders = _of(m, frame, instruction[1], source, value)
    if instruction[0] == ir.ATTR:
        return attributes.load(m, frame, register, holders, instruction[2])
    if instruction[0] == ir.ITEM:
        return iteration.item(m, frame, register, holders, instruction[2])
    return _called(m, frame, register, holders)


def _called(m: Machine, frame: Frame, register: int, callees: Values) -> Values:
    """What a call gave of these callees alone: objects of classes, texts that a method of a text gives; else all it gave."""
    kinds, data, found = m.table.kinds, m.table.data, frame.registers[register]
    if all(kinds[callee] == METHOD for callee in callees):
        return m.call(frame, register, callees, Arguments())
    if all(kinds[callee] == CLASS for callee in callees):
        made = {data[callee][0] for callee in callees}
        return frozenset(v for v in found if kinds[v] == INST and data[v][0] in made) or found
    return found
