"""Functions in functions that nothing calls: where each stands alone, in which activations of the function that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import external
from dealix_lint.callgraph.values import EXT
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Function


def uncalled_environments(m: Machine, index: int) -> list[int]:
    """Activations of the enclosing function (0: none matters) that make a function which is not called in them."""
    state = m.state
    function = state.functions[index]
    if not state.needs_environment(index):
        return [] if function.contexts else [0]
    scopes = state.program.summaries[function.module].scopes
    parent = function.scope.parent
    while parent > 0 and scopes[parent].kind == "class":
        parent = scopes[parent].parent
    enclosing = state.functions[state.function_id(function.module, parent)].contexts.values()
    called = {environment for environment, *_ in function.contexts}
    left = [environment for environment in enclosing if environment not in called]
    standing = [environment for environment in left if not _is_left_out(m, function, environment)]
    return standing or ([] if called else [0])


def _is_left_out(m: Machine, function: Function, environment: int) -> bool:
    """True for a function in a branch that an activation of the enclosing one does not come to, and for one that is used in
    such branches alone: the wrapper of coroutines that a decorator makes where what it decorates is none."""
    frame = m.state.activations[environment].frames.get(function.scope.parent)
    if frame is None or not frame.dead:
        return False
    code, users = frame.scope.code, m.state.users(frame.module, frame.scope_index)
    pending = [r for r, instruction in enumerate(code) if instruction[:2] == (ir.FUNCTION, function.scope_index)]
    left_out = 0
    while pending:
        register = pending.pop()
        if register in frame.dead:
            left_out += 1
        elif _is_only_named(m, frame, register):
            pending += users[register]
        else:
            return False
    return left_out > 0


def _is_only_named(m: Machine, frame: Frame, register: int) -> bool:
    """True where a function is made, and where a decorator of a library that calls nothing gives it back (`@wraps(view)`)."""
    instruction, kinds, data = frame.scope.code[register], m.table.kinds, m.table.data
    if instruction[0] not in (ir.FUNCTION, ir.DECORATE) or register in frame.outflows:
        return False
    decorators = frame.registers[instruction[1]] if instruction[0] == ir.DECORATE else ()
    return all(kinds[v] == EXT and not external.may_call_back(data[v][0]) for v in decorators)
