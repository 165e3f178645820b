"""Coroutines that run together, with their errors handed back among the results."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.waiting import elements
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.resolved import CallView
from dealix_lint.model.text import Constant

_GATHER: Final = "asyncio.gather"
_KEEPING: Final = "return_exceptions"
_PASSED_ON: Final = frozenset(
    {ir.AWAIT, ir.ITERATE, ir.ITEM, ir.REST, ir.PHI, ir.DECLARED, ir.TUPLE, ir.LIST, ir.SET, ir.DICT, ir.COLLECT}
)
_LEAVING: Final = frozenset({ir.YIELD, ir.YIELD_FROM, ir.RAISE, ir.SET_ATTR})
_ARRANGING: Final = frozenset(
    {"zip", "enumerate", "list", "tuple", "set", "dict", "sorted", "reversed", "filter", "iter"}
)
_LOOKING: Final = frozenset(
    {"len", "bool", "isinstance", "type", "sum", "any", "all", "str", "repr", "print", "hasattr"}
)
_ERRORS: Final = frozenset({"Exception", "BaseException"})


class Gathering:
    """`gather(..., return_exceptions=True)`."""

    __slots__ = ("sites",)

    def __init__(self, sites: Sites) -> None:
        self.sites = sites

    def hiding(self, node: int, register: int, lines: frozenset[int]) -> int:
        """The `gather` that hands the errors of the call at a site back to a function which does nothing with them, or only
        gives them back; -1 for none. `lines`: log lines of the function."""
        code = self.sites.code(node)
        keeping = (r for r, view in self.sites.calls(node).items() if r > register and _keeps_errors(view))
        around = (gather for gather in keeping if register in _gathered(code, gather, register))
        return next((gather for gather in around if not self.are_used(node, gather, lines)), -1)

    def are_used(self, node: int, register: int, lines: frozenset[int]) -> bool:
        """Whether one of the errors among the results at a register is raised or kept, or handed to another function."""
        code = self.sites.code(node)
        return _are_used(code, _errors(code, register), lines)

    def are_returned(self, node: int, register: int) -> bool:
        """Whether a function gives back one of the errors among the results at a register."""
        code = self.sites.code(node)
        returned = (i[1] for i in code.scope.code if i[0] == ir.RETURN)
        return not _errors(code, register).isdisjoint(returned)


def _keeps_errors(view: CallView) -> bool:
    kept = dict(view.keywords).get(_KEEPING, ())
    return _GATHER in view.names and bool(kept) and all(isinstance(v, Constant) and v.value is True for v in kept)


def _gathered(code: ScopeCode, gather: int, register: int) -> frozenset[int]:
    """The calls whose coroutines are gathered, by themselves, as elements of a collection, or as tasks."""
    return elements(code, [*call_operands((*code.scope.code[gather][:3], ()))], frozenset((register,)))


def _errors(code: ScopeCode, gather: int) -> frozenset[int]:
    """Registers that may hold an error from among the results, by itself or in a collection."""
    found, size = {gather}, 0
    while size != len(found):
        size = len(found)
        for register, instruction in enumerate(code.scope.code):
            if _passes_on(code, register, instruction, found):
                found.add(register)
            elif (
                code.is_filler(register)
                and instruction[0] == ir.CALL
                and not found.isdisjoint(call_operands(instruction))
            ):
                found.add(code.receiver(register))
            elif instruction[0] == ir.SET_ITEM and instruction[3] in found:
                found.add(instruction[1])
    return frozenset(found)


def _passes_on(code: ScopeCode, register: int, instruction: Instruction, found: set[int]) -> bool:
    if instruction[0] == ir.NARROW:
        is_error = code.scope.code[instruction[2]][-1] in _ERRORS
        return instruction[1] in found and is_error is instruction[3]
    if instruction[0] == ir.SUBSCRIPT:
        return instruction[1] in found
    if instruction[0] == ir.CALL:
        return code.callee_name(register) in _ARRANGING and not found.isdisjoint(call_operands(instruction))
    return instruction[0] in _PASSED_ON and not found.isdisjoint(operands(instruction))


def _are_used(code: ScopeCode, errors: frozenset[int], lines: frozenset[int]) -> bool:
    """Whether one of the errors leaves the function other than by `return`, or is handed to another."""
    for register, instruction in enumerate(code.scope.code):
        if instruction[0] in _LEAVING and not errors.isdisjoint(operands(instruction)):
            return True
        if instruction[0] in (ir.SET_NAME, ir.SET_FREE) and instruction[-1] in errors:
            return True
        if instruction[0] == ir.CALL and not errors.isdisjoint(call_operands(instruction)):
            is_harmless = register in errors or register in lines or code.is_filler(register)
            if not is_harmless and code.callee_name(register) not in _LOOKING:
                return True
    return False
