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
MOST_STEPS = 40  # evaluations of one instruction in a row; a guard, not a limit that real code meets


def evaluate(m: Machine, frame: Frame) -> None:
    """Evaluate all code of a scope, then what its loops carry round."""
    state, registers, handlers, base = m.state, frame.registers, HANDLERS, frame.base
    state.steps += len(frame.scope.code)
    frame.activation.frames[frame.scope_index] = frame
    frame.users = state.users(frame.module, frame.scope_index)
    for register, instruction in enumerate(frame.scope.code):
        state.point = base + register
        registers[register] = handlers[instruction[0]](m, frame, instruction, register)
    for register, slots in frame.outflows.items():
        for slot in slots:
            state.add(slot, registers[register])
    loops = state.loop_registers(frame.module, frame.scope_index)
    if loops:
        _propagate(m, frame, list(loops))


def _propagate(m: Machine, frame: Frame, pending: list[int]) -> None:
    """Evaluate the pending instructions and whatever depends on a change, in order."""
    state, registers, handlers, base, code = m.state, frame.registers, HANDLERS, frame.base, frame.scope.code
    heapify(pending)
    queued = set(pending)
    room = MOST_STEPS * len(code)
    while pending and room:
        room -= 1
        state.steps += 1
        register = heappop(pending)
        queued.discard(register)
        state.point = base + register
        instruction = code[register]
        values = handlers[instruction[0]](m, frame, instruction, register)
        if values == registers[register]:
            continue
        registers[register] = values
        for slot in frame.outflows.get(register, ()):
            state.add(slot, values)
        for user in frame.users[register]:
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
