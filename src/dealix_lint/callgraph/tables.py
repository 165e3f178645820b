"""Parameters that are tables of functions: what a function calls stands in a list or dict that it is handed."""

from __future__ import annotations

from dealix_lint.callgraph.codefacts import called_name
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_TAKING_OUT = frozenset((ir.ITERATE, ir.ITEM, ir.SUBSCRIPT))
_SAME = frozenset((ir.REST, ir.NARROW))
_METHODS = frozenset(("items", "values", "get", "pop", "copy", "popleft"))
_FUNCTIONS = frozenset(("enumerate", "zip", "reversed", "sorted", "list", "tuple", "iter", "next"))

Found = dict[int, set[tuple[int, bool]]]
"""Register -> the parameters that it is (part of), and whether it was taken out of them."""


def table_parameters(scope: Scope) -> frozenset[int]:
    """The parameters of which a function calls elements: `for name, step in steps: step(x)`, `handlers[key](x)`."""
    calls = [i for i in scope.code if i[0] == ir.CALL]
    if not scope.parameters or not any(scope.code[call[1]][0] not in (ir.NAME, ir.ATTR, ir.FREE) for call in calls):
        return frozenset()
    found: Found = {r: {(i[1], False)} for r, i in enumerate(scope.code) if i[0] == ir.PARAM}
    size = -1
    while size != (size := sum(map(len, found.values()))):
        for register, instruction in enumerate(scope.code):
            parts = _parts(scope, found, instruction)
            if parts:
                found.setdefault(register, set()).update(parts)
    return frozenset(index for call in calls for index, is_taken in found.get(call[1], ()) if is_taken)


def _parts(scope: Scope, found: Found, instruction: ir.Instruction) -> set[tuple[int, bool]]:
    opcode = instruction[0]
    if opcode in _TAKING_OUT:
        return {(index, True) for index, _ in found.get(instruction[1], ())}
    if opcode in _SAME:
        return found.get(instruction[1], set())
    if opcode == ir.DECLARED:
        return found.get(instruction[2], set())
    if opcode == ir.PHI:
        return {part for register in instruction[1] for part in found.get(register, ())}
    if opcode != ir.CALL:
        return set()
    callee, name = scope.code[instruction[1]], called_name(scope, instruction)
    if callee[0] == ir.ATTR and name in _METHODS:
        return {(index, True) for index, _ in found.get(callee[1], ())}
    if callee[0] == ir.NAME and name in _FUNCTIONS:
        return {part for register in instruction[2] for part in found.get(register, ())}
    return set()
