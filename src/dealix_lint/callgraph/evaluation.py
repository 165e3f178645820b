"""Evaluating code: once in full, then only what depends on something that changed."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from dealix_lint.callgraph.state import REGISTER_BITS, REGISTER_MASK, Activation
from dealix_lint.callgraph.values import EMPTY, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Handler = Callable[["Machine", "Frame", ir.Instruction, int], Values]


def _nothing(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return EMPTY


HANDLERS: list[Handler] = [_nothing] * ir.OPCODE_COUNT
"""One handler per instruction, filled by `instructions`."""
CALLING = frozenset(range(ir.OPCODE_COUNT)) - {
    ir.NOP, ir.BLOCK, ir.CONST, ir.PHI, ir.FREE, ir.TUPLE, ir.IMPORT, ir.SET_NAME, ir.SET_FREE, ir.RETURN, ir.FUNCTION, ir.DECLARED,
}  # fmt: skip
"""Instructions whose evaluation may call something."""
MOST_STEPS = 40  # evaluations per instruction in a row; a guard, not a limit that real code meets
MOST_CHANGES = 20  # of one instruction in a row until what it gave before counts as well, so that it comes to an end


def evaluate(m: Machine, frame: Frame) -> None:
    """Evaluate all code of a scope, then what its loops carry round."""
    state, registers, handlers, base, outflows = m.state, frame.registers, HANDLERS, frame.base, frame.outflows
    state.work += len(frame.scope.code)
    frame.activation.frames[frame.scope_index] = frame
    constants, singles, dead = m.constant_sets, m.singles, frame.dead
    for register, instruction in enumerate(frame.scope.code):
        opcode = instruction[0]
        if opcode == ir.BLOCK or (dead and register in dead):
            continue
        if opcode == ir.CONST and (known := constants.get((instruction[1].__class__, instruction[1]))) is not None:
            registers[register] = known
            if register not in outflows:
                continue
        state.point = base + register
        values = handlers[opcode](m, frame, instruction, register)
        if len(values) < 2:
            values = singles.setdefault(values, values)
        registers[register] = values
        if register in outflows:
            for slot in outflows[register]:
                state.add(slot, values)
    loops = state.loop_registers(frame.module, frame.scope_index)
    if loops:
        _propagate(m, frame, list(loops))


def _propagate(m: Machine, frame: Frame, pending: list[int]) -> None:
    """Evaluate the pending instructions and whatever depends on a change, in order."""
    state, registers, handlers, base, code = m.state, frame.registers, HANDLERS, frame.base, frame.scope.code
    singles = m.singles
    scope_index, edges, external = frame.scope_index, frame.activation.edges, frame.activation.external
    users = frame.users or state.users(frame.module, scope_index)
    frame.users = users
    heapify(pending)
    queued = set(pending)
    changes: dict[int, int] = {}
    room = MOST_STEPS * len(code)
    while pending and room:
        room -= 1
        state.work += 1
        register = heappop(pending)
        queued.discard(register)
        if register in frame.dead:
            continue
        state.point = base + register
        instruction = code[register]
        if instruction[0] in CALLING:  # what its earlier evaluation called counts no more
            edges.pop((scope_index, register), None)
            external.pop((scope_index, register), None)
        values = handlers[instruction[0]](m, frame, instruction, register)
        if values == registers[register]:
            continue
        changes[register] = count = changes.get(register, 0) + 1
        if count > MOST_CHANGES:
            values |= registers[register]
            if values == registers[register]:
                continue
        if len(values) < 2:
            values = singles.setdefault(values, values)
        registers[register] = values
        for slot in frame.outflows.get(register, ()):
            state.add(slot, values)
        for user in users[register]:
            if user not in queued:
                queued.add(user)
                heappush(pending, user)


def update(m: Machine, activation: Activation) -> None:
    """Evaluate what is marked in an activation."""
    while activation.dirty:
        by_scope: dict[int, list[int]] = {}
        for where in activation.dirty:
            by_scope.setdefault(where >> REGISTER_BITS, []).append(where & REGISTER_MASK)
        activation.dirty.clear()
        for scope in sorted(by_scope):
            frame = activation.frames.get(scope)
            if frame is not None:
                _propagate(m, frame, sorted(by_scope[scope]))
