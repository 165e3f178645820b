"""Parameters of which the class decides what is called: `handlers[type(event)](event)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealix_lint.callgraph.codefacts import called_name
from dealix_lint.callgraph.deciding import CASES, handed_as, key_operands
from dealix_lint.callgraph.state import Function
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_ROUNDS = 3  # of functions that hand an event on
_TYPE = (ir.NAME, "type")


def mark(functions: Sequence[Function]) -> None:
    """Mark parameters whose class is used as a key, and those that are handed on to such a parameter (by names)."""
    for function in functions:
        if function.scope.parameters and any(
            i == _TYPE or i[::2] == (ir.ATTR, "__class__") for i in function.scope.code
        ):
            function.kinds = _own(function, _asked(function.scope))
    changed = [function for function in functions if function.kinds]
    for _ in range(_ROUNDS):
        wanted: dict[str, set[int | str]] = {}
        for function in changed:
            wanted.setdefault(function.scope.name, set()).update(handed_as(function, function.kinds))
        changed = [function for function in functions if wanted and _mark_handed_on(function, wanted)]


def _mark_handed_on(function: Function, wanted: dict[str, set[int | str]]) -> bool:
    if not function.scope.parameters:
        return False
    found = _own(function, _handed_on(function.scope, wanted))
    if found <= function.kinds:
        return False
    function.kinds |= found
    return True


def _own(function: Function, registers: Iterator[int]) -> frozenset[int]:
    """The parameters among registers, but for receivers."""
    scope, found = function.scope, set()
    for register in registers:
        while register >= 0 and scope.code[register][0] == ir.NARROW:
            register = scope.code[register][1]
        instruction = scope.code[register] if register >= 0 else (ir.NOP,)
        if instruction[0] == ir.PARAM and instruction[1] >= function.receivers_before:
            found.add(instruction[1])
    return frozenset(index for index in found if scope.parameters[index].kind not in (VARIADIC, KEYWORDS))


def _asked(scope: Scope) -> Iterator[int]:
    """Registers of the objects whose class, or its name, is (part of) a key."""
    code = scope.code
    pending = list(key_operands(scope))
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register < 0 or register in seen:
            continue
        seen.add(register)
        instruction = code[register]
        if instruction[0] == ir.TEXT:
            pending += [part for part in instruction[1] if isinstance(part, int)]
        elif instruction[0] == ir.BINARY:
            pending += instruction[2:]
        elif instruction[0] == ir.CALL and code[instruction[1]] == _TYPE and len(instruction[2]) == 1:
            yield instruction[2][0]
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in CASES:
            pending.append(code[instruction[1]][1] if code[instruction[1]][0] == ir.ATTR else -1)
        elif instruction[0] == ir.ATTR and instruction[2] == "__class__":
            yield instruction[1]
        elif instruction[0] == ir.ATTR and instruction[2] == "__name__":
            pending.append(instruction[1])


def _handed_on(scope: Scope, wanted: dict[str, set[int | str]]) -> Iterator[int]:
    for instruction in scope.code:
        if instruction[0] == ir.CALL and (names := wanted.get(called_name(scope, instruction))):
            yield from (register for position, register in enumerate(instruction[2]) if position in names)
            yield from (register for name, register in instruction[3] if name in names)
