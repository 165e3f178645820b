"""Functions of the project that import what they are given the dotted name of: `load("app.pay.Wallet")`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dealix_lint.callgraph import splitting
from dealix_lint.callgraph.codefacts import called_name, operands
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_IMPORTING: Final = frozenset(("import_module", "__import__"))
_CUTTING: Final = splitting.METHODS | {"strip", "replace"}
_JOINING: Final = frozenset((ir.PHI, ir.NARROW, ir.LOGIC))


def loaded_parameter(scope: Scope) -> int:
    """The parameter that names what a function imports and gives back; -1 for all other functions.

    That is one of which a part names the module, and another part the attribute: `getattr(import_module(a), b)`."""
    code = scope.code
    returned = [instruction[1] for instruction in code if instruction[0] == ir.RETURN]
    for register in _behind(code, returned):
        call = code[register]
        if call[0] == ir.CALL and called_name(scope, call) == "getattr" and len(call[2]) >= 2 and min(call[2]) >= 0:
            named = [code[r][2][0] for r in _behind(code, call[2][:1]) if _is_import(scope, code[r])]
            parts = {index for r in named for index in _whole(scope, r)}
            if len(parts) == 1 and parts == _whole(scope, call[2][1]):
                return parts.pop()
    return -1


def _is_import(scope: Scope, instruction: ir.Instruction) -> bool:
    return instruction[0] == ir.CALL and called_name(scope, instruction) in _IMPORTING and bool(instruction[2])


def _behind(code: tuple[ir.Instruction, ...], registers: Iterable[int]) -> Iterator[int]:
    """Registers that these may be, where ways come together."""
    pending = [register for register in registers if register >= 0]
    seen = set(pending)
    for register in pending:
        yield register
        if code[register][0] in _JOINING:
            new = [operand for operand in operands(code[register]) if operand not in seen]
            seen.update(new)
            pending += new


def _whole(scope: Scope, register: int) -> set[int]:
    """Parameters that a register is a part of, with nothing else."""
    code, found = scope.code, set[int]()
    pending, seen = [register], set[int]()
    while pending:
        register = pending.pop()
        if register < 0 or register in seen:
            continue
        seen.add(register)
        instruction = code[register]
        if instruction[0] == ir.PARAM and scope.parameters[instruction[1]].kind not in (VARIADIC, KEYWORDS):
            found.add(instruction[1])
        elif instruction[0] in (ir.ITEM, ir.SUBSCRIPT):
            pending.append(instruction[1])
        elif instruction[0] in _JOINING:
            pending += operands(instruction)
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in _CUTTING:
            pending.append(code[instruction[1]][1])
        elif instruction[0] == ir.CALL and called_name(scope, instruction) == "join":
            pending += instruction[2][:1]  # `".".join(parts[:-1])`
    return found
