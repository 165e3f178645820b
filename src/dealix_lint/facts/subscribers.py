"""Calls that run every function of a list: `for handler in HANDLERS[event]: handler(payload)`."""

from __future__ import annotations

from dealix_lint.facts.listed import symbols
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.text import Sequence

NO_LOOP = -1


def loop_over_all(sites: Sites, node: int, register: int) -> int:
    """The ITERATE of a loop that calls, at a register, one after the other all that it goes over: nothing in it is left out, and
    nothing ends it early. NO_LOOP for any other call."""
    code = sites.code(node).scope.code
    callee = code[register][1] if code[register][0] == ir.CALL else NO_LOOP
    if callee >= 0 and code[callee][0] == ir.ITEM:
        callee = code[callee][1]  # `for priority, handler in HANDLERS`
    if callee < 0 or code[callee][0] != ir.ITERATE:
        return NO_LOOP
    flow = sites.flow(node)
    body = flow.onward(flow.block_of(callee))
    is_whole = bool(body) and flow.is_passed_from(body[0], (register,), -1) and flow.is_followed(register, (callee,))
    return callee if is_whole else NO_LOOP


def members(sites: Sites, node: int, loop: int) -> list[frozenset[str]]:
    """The names of the functions in each list that a loop may go over; nothing where any is not known."""
    found = sites.resolution.values(node, sites.code(node).scope.code[loop][1])
    if not all(isinstance(value, Sequence) for value in found):
        return []
    return [frozenset(symbols((value,))) for value in found]
