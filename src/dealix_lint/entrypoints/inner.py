"""Functions inside functions that live and die with a call."""

from __future__ import annotations

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.references import HANDING_ON, handed_on
from dealix_lint.model import ir


def is_only_called(code: Code, function: FunctionId) -> bool:
    """True for a function with which the function around it does nothing but call it, itself or what decorators make of it."""
    if code.scope(function).parent < 0 or code.parent(function).kind not in ("function", "lambda"):
        return False
    around = code.parent(function)
    own: set[int] = set()
    for register, instruction in enumerate(around.code):
        is_made = instruction[:2] == (ir.FUNCTION, function[1])
        if is_made or (instruction[0] == ir.DECORATE and instruction[2] in own):
            own.add(register)
    is_called = any(instruction[0] == ir.CALL and instruction[1] in own for instruction in around.code)
    kept = (r for instruction in around.code if instruction[0] in HANDING_ON for r in handed_on(instruction))
    captured = (r for _, registers in around.cells for r in registers)
    joined = (r for instruction in around.code if instruction[0] == ir.PHI for r in instruction[1])
    return is_called and own.isdisjoint(kept) and own.isdisjoint(captured) and own.isdisjoint(joined)
