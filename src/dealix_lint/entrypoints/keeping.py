"""Functions that a decorator of the project marks (`f.events = [...]`) or keeps in a table: what looks for the mark, or
through the table, runs them."""

from __future__ import annotations

from typing import Final

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_KEEPING: Final = frozenset(("append", "add", "insert", "setdefault", "register", "connect", "subscribe"))


def is_kept(code: Code, function: FunctionId) -> bool:
    """True for a function that one of its decorators marks or keeps."""
    if not code.scope(function).decorators:
        return False
    names = [name for decorator in code.resolution.decorators(*function) for name in decorator.names]
    return any(name in code.by_name and _keeps(code, code.by_name[name]) for name in names)


def _keeps(code: Code, decorator: FunctionId) -> bool:
    """True for a decorator that marks or keeps what it decorates, itself or in the function that it makes."""
    scopes = code.program.summaries[decorator[0]].scopes
    inner = [scope for scope in scopes if scope.parent == decorator[1] and scope.kind == "function"]
    return any(_marks(scope) for scope in (scopes[decorator[1]], *inner))


def _marks(scope: Scope) -> bool:
    """True for a function that gives back its parameter, having marked or kept it."""
    code = scope.code
    taken = {r for r, i in enumerate(code) if i[0] == ir.PARAM and i[1] == 0}
    if not any(i[0] == ir.RETURN and _may_be(code, i[1], taken) for i in code):
        return False
    return any(_is_marking(code, instruction, taken) for instruction in code)


def _is_marking(code: tuple[ir.Instruction, ...], instruction: ir.Instruction, taken: set[int]) -> bool:
    opcode = instruction[0]
    if opcode == ir.SET_ATTR:
        return _may_be(code, instruction[1], taken) or _may_be(code, instruction[3], taken)
    if opcode == ir.SET_ITEM:
        return _may_be(code, instruction[3], taken)
    if opcode != ir.CALL:
        return False
    callee, given = code[instruction[1]], [*instruction[2], *(register for _, register in instruction[3])]
    if callee[:2] == (ir.NAME, "setattr"):
        return bool(given) and _may_be(code, given[0], taken)
    return callee[0] == ir.ATTR and callee[2] in _KEEPING and any(_may_be(code, r, taken) for r in given)


def _may_be(code: tuple[ir.Instruction, ...], register: int, taken: set[int]) -> bool:
    return register in taken or (
        register >= 0 and code[register][0] == ir.PHI and not taken.isdisjoint(code[register][1])
    )
