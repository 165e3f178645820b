"""Errors that a handler does not raise but hands to whoever waits for the result, or to a function that came as an argument."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.flow import Flow
from dealix_lint.model import ir

_SETTING: Final = "set_exception"


def is_handed_on(code: ScopeCode, instruction: ir.Instruction, error: int, is_known: bool = False) -> bool:
    """Whether an instruction hands on the error: to a function that came as an argument (unless it `is_known` what that does)
    or to one who waits."""
    if instruction[0] != ir.CALL or error < 0 or error not in call_operands(instruction):
        return False
    called = code.scope.code[instruction[1]]
    is_argument = called[0] in (ir.PARAM, ir.FREE) and not is_known
    return is_argument or (called[0] == ir.ATTR and called[2] == _SETTING)


def is_handed_to_each(code: ScopeCode, flow: Flow, handler: int, error: int) -> bool:
    """Whether a handler hands the error to each of those who wait: `for future in waiting: future.set_exception(error)`."""
    return any(is_handed_on(code, code.scope.code[register], error) for register in flow.looped_in(handler))
