"""One value at a time: what is computed of several values of a register goes with the one that it was computed of.

`{flow.name: flow for flow in FLOWS}` puts each flow under its own name, `next(f for f in FLOWS if f.name == name)` gives the
one of that name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, containers, iteration, operators
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONST, CONT, EMPTY, INST, METHOD, VIEW, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST = 64  # values that are looked at one by one
_ADDING = frozenset(("append", "add", "appendleft"))
_DEEPEST = 4  # steps from a value to what is computed of it


def write_key(m: Machine, frame: Frame, container: Value, key: int, operand: int) -> None:
    """`container[key] = operand`, given by registers: each value under the key that was computed of it, or of what it was
    computed of, too."""
    together = paired(m, frame, key, operand) or ((frame.registers[key], frame.registers[operand]),)
    for keys, values in together:
        containers.write_key(m, container, keys, values)


def added(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> bool:
    """Whether a call, `hooks[name].append(hook)`, added each value to what stands under the key that was computed of it, or of
    what it was computed of, too."""
    code = frame.scope.code
    if code[i[1]][0] != ir.ATTR or code[i[1]][2] not in _ADDING or len(i[2]) != 1 or i[2][0] < 0:
        return False
    if code[code[i[1]][1]][0] not in (ir.SUBSCRIPT, ir.CALL):
        return False
    source, values = _shared(m, frame, i[1], i[2][0])
    for value in values:
        _called(m, frame, r, source, value, _of(m, frame, i[1], source, value))
    return bool(values)


def paired(m: Machine, frame: Frame, key: int, operand: int) -> list[tuple[Values, Values]]:
    """What two registers are together, for each value of what both were computed of; nothing where it is not that simple."""
    if len(frame.registers[key]) <= 1:
        return []
    source, values = _shared(m, frame, key, operand)
    return [(_of(m, frame, key, source, value), _of(m, frame, operand, source, value)) for value in values]


def pairs(m: Machine, frame: Frame, r: int, element: int) -> Values:
    """The tuples that a comprehension makes, `(flow.name, flow) for flow in FLOWS`: one for each value of what the first item
    was computed of; nothing where it is not that simple."""
    instruction = frame.scope.code[element]
    items: tuple[int, ...] = instruction[1] if instruction[0] == ir.TUPLE else ()
    if len(items) != len(("key", "value")) or min(items) < 0 or len(frame.registers[items[0]]) <= 1:
        return EMPTY
    source, values = _shared(m, frame, items[0], items[1])
    if source == items[0]:
        return EMPTY
    made: set[Value] = set()
    site = m.state.site(frame.activation.index, frame.scope_index, r)
    for value in values:
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


def _shared(m: Machine, frame: Frame, key: int, operand: int) -> tuple[int, list[Value]]:
    """The register that both of two are computed of, and its values, of which there are several; none if there is none."""
    of_key = set(_sources(frame, key))
    for register in _sources(frame, operand):
        if register in of_key:
            values = _singly(m, frame, register)
            if 1 < len(values) <= MOST:
                return register, values
    return -1, []


def _singly(m: Machine, frame: Frame, register: int) -> list[Value]:
    """The values of a register one by one: an item of a dict is one for each key, where these are known."""
    values: list[Value] = []
    for value in sorted(frame.registers[register]):
        is_item = m.table.kinds[value] == VIEW and m.table.data[value][1] == "pair"
        values += containers.items(m, m.table.data[value][0]) if is_item else [value]
    return values


def _sources(frame: Frame, register: int, steps: int = _DEEPEST) -> Iterator[int]:
    """A register, what it is an attribute or an item of or the result of calling, and what that was handed."""
    yield register
    if steps:
        for operand in _operands(frame.scope.code[register]):
            yield from _sources(frame, operand, steps - 1)


def _operands(instruction: ir.Instruction) -> tuple[int, ...]:
    if instruction[0] in (ir.ATTR, ir.ITEM):
        return (instruction[1],)
    if instruction[0] == ir.TEXT:
        return tuple(part for part in instruction[1] if not isinstance(part, str))
    if instruction[0] == ir.BINARY:
        return instruction[2:4]
    if instruction[0] == ir.SUBSCRIPT:
        return instruction[1:3]
    if instruction[0] != ir.CALL or any(operand < 0 for operand in instruction[2]):
        return ()
    return (instruction[1], *instruction[2], *(operand for name, operand in instruction[3] if name is not None))


def _of(m: Machine, frame: Frame, register: int, source: int, value: Value) -> Values:
    """What a register is where that which it is computed of is one value."""
    if register == source:
        return frozenset((value,))
    instruction = frame.scope.code[register]
    if source not in _sources(frame, register):
        return frame.registers[register]
    if instruction[0] in (ir.TEXT, ir.BINARY):
        return _written(m, frame, register, source, value)
    holders = _of(m, frame, instruction[1], source, value)
    if instruction[0] == ir.ATTR:
        return attributes.load(m, frame, register, holders, instruction[2])
    if instruction[0] == ir.ITEM:
        return iteration.item(m, frame, register, holders, instruction[2])
    if instruction[0] == ir.SUBSCRIPT:
        keys = _of(m, frame, instruction[2], source, value)
        held = [containers.read_key(m, frame, v, keys) for v in sorted(holders) if m.table.kinds[v] == CONT]
        return EMPTY.union(*held) or frame.registers[register]
    return _called(m, frame, register, source, value, holders)


def _written(m: Machine, frame: Frame, register: int, source: int, value: Value) -> Values:
    """The text that is made of one value: `f"on_{name}"`, `"on_" + name`."""
    instruction, registers = frame.scope.code[register], frame.registers
    frame.registers = list(registers)
    try:
        for operand in _operands(instruction):
            frame.registers[operand] = _of(m, frame, operand, source, value)
        make = operators.text if instruction[0] == ir.TEXT else operators.binary
        return make(m, frame, instruction, register)
    finally:
        frame.registers = registers


def _called(m: Machine, frame: Frame, register: int, source: int, value: Value, callees: Values) -> Values:
    """What a call gave of these callees, handed what was computed of one value."""
    kinds, data, found = m.table.kinds, m.table.data, frame.registers[register]
    _, _, positional, keywords = frame.scope.code[register]
    handed = (*positional, *(operand for _, operand in keywords))
    if any(source in _sources(frame, operand) for operand in handed) or all(kinds[v] == METHOD for v in callees):
        given = [_of(m, frame, operand, source, value) for operand in positional]
        named = {name: _of(m, frame, operand, source, value) for name, operand in keywords if name is not None}
        frame.single = value
        made = m.call(frame, register, callees, Arguments(given, EMPTY, named))
        frame.single = -1
        return made or found
    if all(kinds[callee] == CLASS for callee in callees):
        classes = {data[callee][0] for callee in callees}
        return frozenset(v for v in found if kinds[v] == INST and data[v][0] in classes) or found
    return found
