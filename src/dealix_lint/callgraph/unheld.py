"""What was too much to tell what becomes of it: functions that came to a full slot, methods of objects that did, and those that
one call may all call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dealix_lint.callgraph import widening
from dealix_lint.callgraph.values import BOUND, CONT, FUNC, INST, Slot, Value
from dealix_lint.link import ClassId
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation

MOST_CALLEES = 64  # of one call; with more (`globals()[name]()`) nothing is known of what is called
_DEEPEST = 3  # containers in containers


def activations(machine: Machine) -> frozenset[int]:
    """Contexts of functions of which nobody can tell whether they are called for that reason."""
    state = machine.state
    lost = {value for slot in _slots(machine) for value in slot.refused} | state.uncalled
    functions = dict.fromkeys((*_functions(machine, sorted(lost), _DEEPEST), *_methods(machine)))
    return frozenset(
        index
        for function, environment in (machine.table.data[value] for value in functions)
        for key, index in state.functions[function].contexts.items()
        if key[0] == environment
    )


def throngs(machine: Machine, live: Sequence[Activation]) -> Iterator[tuple[int, Value]]:
    """(node, function) for calls of one of more functions than are followed, which the graph tells of all the same: the one that
    a decorator's object keeps, of all that it was put on."""
    for node, activation in enumerate(live):
        for scope, frame in sorted(activation.frames.items()):
            for register in machine.state.call_registers(frame.module, scope):
                callee = frame.scope.code[register][1]
                kept = _kept(machine, frame, frame.scope.code[callee]) if register not in frame.dead else ()
                if len(kept) > MOST_CALLEES:
                    yield from ((node, function) for function in _functions(machine, sorted(kept), 0))


def _kept(machine: Machine, frame: Frame, callee: ir.Instruction) -> frozenset[Value]:
    """What an attribute of an object was assigned, with all that there was no room for."""
    found: set[Value] = set()
    if callee[0] == ir.ATTR:
        state, data = machine.state, machine.table.data
        for holder in machine.instances(frame.registers[callee[1]]):
            class_index, key = data[holder]
            identity = state.class_list[class_index]
            own = ("merged", identity, callee[2]) if key < 0 else ("attribute", holder, callee[2])
            slot = state.slots.get(own)
            if slot is not None:
                found |= slot.values | slot.refused
    return frozenset(found)


def _slots(machine: Machine) -> Iterator[Slot]:
    yield from machine.state.slots.values()
    for activation in machine.state.activations:
        yield from activation.parameters
        yield activation.result


def _methods(machine: Machine) -> Iterator[Value]:
    """Methods of objects that a slot had no room for, if something asks something for what is called so."""
    state = machine.state
    lost: set[ClassId] = set()
    for slot in _slots(machine):
        for value in slot.refused:
            if machine.table.kinds[value] == INST and not _stands_for(machine, slot, value):
                lost.update(state.classes.info(state.class_list[machine.table.data[value][0]]).ancestry)
    scopes = (scope for summary in state.program.summaries if lost for scope in summary.scopes)
    asked = {i[2] for scope in scopes for i in scope.code if i[0] == ir.ATTR}
    for identity in sorted(lost):
        for name in sorted(asked.intersection(state.classes.info(identity).members)):
            yield from _functions(machine, sorted(state.slots["class", identity, name].values), 0)


def _stands_for(machine: Machine, slot: Slot, value: Value) -> bool:
    """Whether another object in a slot stands for one that it had no room for: one of its class, or of a base."""
    return machine.state.without_key(value) in slot.values or widening.is_covered(machine.state, slot, value)


def _functions(machine: Machine, values: Iterable[Value], depth: int) -> Iterator[Value]:
    kinds, data = machine.table.kinds, machine.table.data
    for value in values:
        if kinds[value] == FUNC:
            yield value
        elif kinds[value] == BOUND and kinds[data[value][0]] == FUNC:
            yield data[value][0]
        elif (
            kinds[value] == CONT
            and depth
            and ("all", value) in machine.state.slots
            and value not in machine.state.joined
        ):
            yield from _functions(machine, sorted(machine.state.slots["all", value].values), depth - 1)
