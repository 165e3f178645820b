"""Facts about single scopes that never change, computed when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope


def loop_registers(scope: Scope) -> tuple[int, ...]:
    """`PHI` registers with an operand that is assigned later."""
    return tuple(
        register
        for register, instruction in enumerate(scope.code)
        if instruction[0] == ir.PHI and any(operand > register for operand in instruction[1])
    )


def called_name(scope: Scope, call: ir.Instruction) -> str:
    """The last name of a callee as written; nothing for what has none."""
    callee = scope.code[call[1]]
    name: str = callee[2] if callee[0] == ir.ATTR else callee[1] if callee[0] == ir.NAME else ""
    return name


def called_names(scope: Scope, call: ir.Instruction) -> Iterator[str]:
    """The same, also of a variable that is one of several functions: `send = requests.post` in one branch."""
    pending, seen = [call[1]], set[int]()
    while pending:
        register = pending.pop()
        instruction = scope.code[register]
        if instruction[0] == ir.PHI and register not in seen:
            pending += instruction[1]
        elif instruction[0] in (ir.ATTR, ir.NAME):
            yield instruction[2] if instruction[0] == ir.ATTR else instruction[1]
        seen.add(register)


def operands(instruction: ir.Instruction) -> tuple[int, ...]:
    """Registers that an instruction uses."""
    opcode = instruction[0]
    if opcode in _FIXED:
        return tuple(instruction[position] for position in _FIXED[opcode] if instruction[position] >= 0)
    if opcode == ir.CALL:
        spread = tuple(r if r >= 0 else -r - 1 for r in instruction[2])
        return (instruction[1], *spread, *(r for _, r in instruction[3]))
    if opcode in (ir.TUPLE, ir.LIST, ir.SET):
        return tuple(r if r >= 0 else -r - 1 for r in instruction[1])
    if opcode == ir.PHI:
        return tuple(instruction[1])
    if opcode == ir.TEXT:
        return tuple(part for part in instruction[1] if not isinstance(part, str))
    if opcode == ir.LOGIC:
        return tuple(instruction[2])
    if opcode == ir.DICT:
        return tuple(r for pair in instruction[1] for r in pair if r is not None)
    if opcode == ir.FUNCTION:
        return tuple(r for _, r in instruction[2])
    if opcode == ir.CLASS:
        return tuple(r if r >= 0 else -r - 1 for r in (*instruction[2], *(r for _, r in instruction[3])))
    return ()


_FIXED = {
    ir.ATTR: (1,), ir.SUBSCRIPT: (1, 2), ir.BINARY: (2, 3), ir.COLLECT: (2, 3), ir.DECORATE: (1, 2), ir.SET_ATTR: (1, 3),
    ir.SET_ITEM: (1, 2, 3), ir.SET_NAME: (2,), ir.SET_FREE: (3,), ir.RETURN: (1,), ir.YIELD: (1,), ir.YIELD_FROM: (1,),
    ir.RAISE: (1,), ir.AWAIT: (1,), ir.ITERATE: (1,), ir.ENTER: (1,), ir.ITEM: (1,), ir.REST: (1,), ir.CAUGHT: (1,),
    ir.NARROW: (1, 2), ir.DECLARED: (2,),
}  # fmt: skip
_WITHOUT_OPERANDS = frozenset((ir.NOP, ir.BLOCK, ir.CONST, ir.NAME, ir.FREE, ir.PARAM, ir.IMPORT, ir.IMPORT_FROM))


def users(scope: Scope, memoised: Mapping[int, Sequence[int]]) -> tuple[Sequence[int], ...]:
    """For each register the instructions that use it, in order. `memoised`: see `memo.reads`."""
    code = scope.code
    found: list[list[int]] = [[] for _ in code]
    for register, instruction in enumerate(code):
        opcode = instruction[0]
        if opcode in _FIXED:
            for position in _FIXED[opcode]:
                operand = instruction[position]
                if operand >= 0:
                    found[operand].append(register)
            if opcode == ir.BINARY and instruction[1] == "%" and code[instruction[3]][0] in (ir.TUPLE, ir.DICT):
                for operand in operands(code[instruction[3]]):
                    found[operand].append(register)
        elif opcode not in _WITHOUT_OPERANDS:
            for operand in operands(instruction):
                found[operand].append(register)
    for register, sources in memoised.items():
        for source in sources:
            found[source].append(register)
    return tuple(map(tuple, found))


def attribute_names(scope: Scope) -> dict[int, frozenset[str]]:
    """Attributes read from each register."""
    found: dict[int, set[str]] = {}
    for instruction in scope.code:
        if instruction[0] == ir.ATTR:
            found.setdefault(instruction[1], set()).add(instruction[2])
    return {register: frozenset(names) for register, names in found.items()}


def scopes_with_captures(program: Program, module: int) -> frozenset[int]:
    """Function scopes that use a variable of an enclosing function, themselves or in nested scopes, or keep one in a default
    (`lambda fn=fn: fn()`)."""
    scopes = program.summaries[module].scopes
    found: set[int] = set()
    for index, scope in enumerate(scopes):
        if index and scope.kind not in ("class", "module"):
            found.update(i[1] for i in scope.code if i[0] == ir.FUNCTION and _keeps_a_variable(scope, i[2]))
        owners = {i[2] for i in scope.code if i[0] in (ir.FREE, ir.SET_FREE) and i[2] != index}
        for owner in owners:
            current = index
            while current not in (owner, -1):
                found.add(current)
                current = scopes[current].parent
    return frozenset(found)


def parameters_in(scope: Scope, names: set[str]) -> frozenset[int]:
    """The parameters among captured variables that the scope itself does not assign."""
    registers = [registers for name, registers in scope.cells if name in names]
    assigned = [scope.code[held[0]] for held in registers if len(held) == 1]
    return frozenset(instruction[1] for instruction in assigned if instruction[0] == ir.PARAM)


def _keeps_a_variable(scope: Scope, defaults: Iterable[tuple[int, int]]) -> bool:
    """Whether a default differs from one call of the enclosing function to the next."""
    return any(scope.code[register][0] in _VARYING for _, register in defaults)


_VARYING = frozenset((ir.PARAM, ir.PHI, ir.CALL, ir.ITERATE, ir.ITEM, ir.AWAIT, ir.SUBSCRIPT, ir.NARROW))


def constant_keys(code: tuple[ir.Instruction, ...], pairs: Iterable[tuple[int | None, int]]) -> frozenset[str | int]:
    """Keys of a dict display that are constants."""
    written = (code[key] for key, _ in pairs if key is not None)
    return frozenset(i[1] for i in written if i[0] == ir.CONST and isinstance(i[1], (str, int)))
