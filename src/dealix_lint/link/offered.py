"""What `from module import *` binds."""

from __future__ import annotations

from collections.abc import Sequence

from dealix_lint.model import ir
from dealix_lint.model.summary import Scope


def star_names(scope: Scope) -> frozenset[str] | None:
    """The names in a module's `__all__`; None if there is none or it cannot be read statically (then: every name without
    a leading underscore)."""
    registers = dict(scope.exports).get("__all__", ())
    if not registers or any(i[0] == ir.ATTR and _is_list(scope, i[1]) for i in scope.code):
        return None
    names: set[str] = set()
    for register in registers:
        found = _texts(scope.code, register, frozenset())
        if found is None:
            return None
        names |= found
    return frozenset(names)


def _is_list(scope: Scope, register: int) -> bool:
    """Whether a register holds `__all__`, whose methods may change it."""
    return register in dict(scope.exports)["__all__"] or scope.code[register] == (ir.NAME, "__all__")


def _texts(code: Sequence[ir.Instruction], register: int, seen: frozenset[int]) -> frozenset[str] | None:
    """The texts in a list that is written out, joined with `+`, or one of several."""
    instruction = code[register]
    opcode = instruction[0]
    if opcode in (ir.LIST, ir.TUPLE):
        items: list[ir.Instruction] = [code[item] if item >= 0 else (ir.LOCALS,) for item in instruction[1]]
        texts = [item[1] for item in items if item[0] == ir.CONST and isinstance(item[1], str)]
        return frozenset(texts) if len(texts) == len(items) else None
    if opcode == ir.DECLARED and instruction[2] >= 0:
        return _texts(code, instruction[2], seen)
    if opcode == ir.BINARY and instruction[1] in ("+", "+="):
        parts = instruction[2:4]
    elif opcode == ir.PHI and register not in seen:
        parts = instruction[1]
    else:
        return None
    found = [_texts(code, part, seen | {register}) for part in parts if part not in seen]
    names = [names for names in found if names is not None]
    return frozenset().union(*names) if len(names) == len(found) else None
