"""Dicts handed on: parameters of which a function gives back the contents, in a dict that it makes of them.

`def with_meta(event): return {**event, "sent_at": now()}` gives each caller what that caller handed in, and nothing of what
others did."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC, Scope

_SAME = frozenset((ir.NARROW, ir.ITERATE, ir.ITEM, ir.AWAIT))
_MAKING = frozenset(("dict", "copy", "deepcopy", "OrderedDict", "sorted", "list", "reversed"))
_READING = frozenset(("copy", "items", "values", "__or__"))
_WRITING = frozenset(("update",))


def handed_on(scope: Scope) -> frozenset[int]:
    """The parameters of which the contents are given back in another dict."""
    code = scope.code
    if not scope.parameters or scope.is_generator:
        return frozenset()
    written = _written(scope)
    pending = [i[1] for i in code if i[0] == ir.RETURN and code[i[1]][0] != ir.PARAM]
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register not in seen:
            seen.add(register)
            pending += [*_parts(scope, register), *written.get(register, ())]
    found = {code[register][1] for register in seen if code[register][0] == ir.PARAM}
    return frozenset(index for index in found if scope.parameters[index].kind != VARIADIC)


def _parts(scope: Scope, register: int) -> Iterator[int]:
    """What the dict at a register is made of, or what it is itself."""
    instruction = scope.code[register]
    opcode = instruction[0]
    if opcode in _SAME:
        yield instruction[1]
    elif opcode == ir.PHI:
        yield from instruction[1]
    elif opcode == ir.DECLARED and instruction[2] >= 0:
        yield instruction[2]
    elif opcode == ir.DICT:
        yield from (value for _, value in instruction[1])
    elif opcode == ir.COLLECT and instruction[1] == "dict":
        yield instruction[2]
    elif opcode == ir.BINARY and instruction[1] == "|":
        yield from instruction[2:4]
    elif opcode == ir.CALL:
        yield from _taken_in(scope, instruction)


def _taken_in(scope: Scope, call: ir.Instruction) -> Iterator[int]:
    """`dict(event)`, `event.copy()`, `event.items()`."""
    callee = scope.code[call[1]]
    if callee[0] == ir.ATTR and callee[2] in _READING:
        yield callee[1]
    if callee[0] in (ir.NAME, ir.ATTR) and callee[-1] in _MAKING:
        yield from (value for value in call[2] if value >= 0)
        yield from (value for name, value in call[3] if name is None)


def _written(scope: Scope) -> dict[int, list[int]]:
    """Registers of dicts -> what is put into them: `found.update(event)`, `found[key] = value`."""
    found: dict[int, list[int]] = {}
    for instruction in scope.code:
        if instruction[0] == ir.SET_ITEM:
            found.setdefault(instruction[1], []).append(instruction[3])
        elif instruction[0] == ir.CALL and scope.code[instruction[1]][0] == ir.ATTR:
            _, holder, name = scope.code[instruction[1]]
            if name in _WRITING:
                given = [value for value in instruction[2] if value >= 0]
                found.setdefault(holder, []).extend((*given, *(value for key, value in instruction[3] if key is None)))
    return found
