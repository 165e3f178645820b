"""Attributes of an object that its constructor assigns twice before anything can have read them: `self.cache = NoCache()`, and some
lines later `self.cache = connect(url)`. What is assigned first is never seen."""

from __future__ import annotations

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.model import ir
from dealix_lint.model.blocks import block_of, runs
from dealix_lint.model.summary import Scope

_SUPER = (ir.NAME, "super")
_INTERRUPTED = frozenset(("try", "handler", "finally", "after"))


def replaced(scope: Scope) -> frozenset[int]:
    """Registers of assignments in a constructor that another one to the same attribute follows on every way, with nothing in
    between that is handed the object, calls a method of it or reads an attribute that the function has not assigned."""
    code = scope.code
    if scope.name != "__init__" or scope.is_generator or any(block.role in _INTERRUPTED for block in scope.blocks):
        return frozenset()
    assigned: dict[str, list[int]] = {}
    for register, instruction in enumerate(code):
        if instruction[0] == ir.SET_ATTR and _is_own(code, instruction[1]):
            assigned.setdefault(instruction[2], []).append(register)
    several = {name: registers for name, registers in assigned.items() if len(registers) > 1}
    if not several or any(name == scope.parameters[0].name for name, _ in scope.cells):
        return frozenset()
    ways = _Ways(scope, frozenset(assigned))
    return frozenset(r for name, registers in several.items() for r in registers if ways.is_replaced(r, name))


class _Ways:
    """Where an object goes between two assignments."""

    def __init__(self, scope: Scope, assigned: frozenset[str]) -> None:
        self._code = scope.code
        self._blocks = scope.blocks
        self._plain = assigned
        self._scope = scope
        self._inside: dict[int, list[int]] = {}
        starts, blocks = runs(scope)
        for start, end, block in zip(starts, (*starts[1:], len(scope.code)), blocks, strict=True):
            self._inside.setdefault(block, []).extend(range(start, end))

    def is_replaced(self, register: int, name: str) -> bool:
        """Whether each way from an assignment comes to another one of that name."""
        start = block_of(self._scope, register)
        following = [r for r in self._inside[start] if r > register]
        pending: list[tuple[int, list[int]]] = [(start, following)]
        seen: set[int] = set()
        while pending:
            block, registers = pending.pop()
            answer = self._meets(registers, name)
            if answer is None:
                successors = [number for number in self._blocks[block].successors if number >= 0]
                if not successors:
                    return False
                new = [number for number in successors if number not in seen]
                seen.update(new)
                pending += [(number, self._inside.get(number, [])) for number in new]
            elif not answer:
                return False
        return True

    def _meets(self, registers: list[int], name: str) -> bool | None:
        """True where the attribute is assigned again, False where it may be read before; None if neither happens."""
        code = self._code
        for register in registers:
            instruction = code[register]
            if instruction[0] == ir.SET_ATTR and _is_own(code, instruction[1]) and not _is_own(code, instruction[3]):
                if instruction[2] == name:
                    return True
            elif instruction == _SUPER or self._uses(instruction, name):
                return False
        return None

    def _uses(self, instruction: ir.Instruction, name: str) -> bool:
        """Whether an instruction uses the object for anything but an attribute that the constructor assigns, another one."""
        is_another = instruction[0] == ir.ATTR and instruction[2] in self._plain and instruction[2] != name
        return not is_another and any(_is_own(self._code, operand) for operand in operands(instruction))


def _is_own(code: tuple[ir.Instruction, ...], register: int) -> bool:
    return register >= 0 and code[register][:2] == (ir.PARAM, 0)
