"""What a register denotes as written: a function, class, module or external access path; no values flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.link import Definition, Symbols
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.program import Program

Definitions = tuple[Definition, ...]


class Denotations:
    """Memoised, also for function bodies, where branches and loops join one name many times."""

    def __init__(self, program: Program, symbols: Symbols) -> None:
        self._program = program
        self._symbols = symbols
        self._memo: dict[Place, Definitions] = {}

    def of(self, place: Place) -> Definitions:
        """The definitions that the value at a place may be; empty where the code alone does not tell."""
        found = self._memo.get(place)
        if found is None:
            self._memo[place] = ()  # a value that depends on itself adds nothing
            parts = (self._made(join) for join in joined(self._program, place))
            found = self._memo[place] = tuple(dict.fromkeys(item for part in parts for item in part))
        return found

    def _made(self, place: Place) -> Definitions:
        instruction = self._program.summaries[place.module].scopes[place.scope].code[place.register]
        opcode = instruction[0]
        if opcode == ir.FUNCTION:
            return (Definition("function", place.module, instruction[1]),)
        if opcode == ir.CLASS:
            return (Definition("class", place.module, instruction[1]),)
        if opcode == ir.NAME:
            return self._symbols.in_module(place.module, instruction[1])
        if opcode in (ir.IMPORT, ir.IMPORT_FROM):
            return self._symbols.imported(place.module, instruction)
        if opcode == ir.DECORATE:
            return self.of(Place(place.module, place.scope, instruction[2]))
        if opcode == ir.FREE:
            return self._captured(place, instruction)
        if opcode == ir.ATTR:
            bases = self.of(Place(place.module, place.scope, instruction[1]))
            return tuple(item for base in bases for item in self._attribute(base, instruction[2]))
        if opcode == ir.CALL:
            callees = self.of(Place(place.module, place.scope, instruction[1]))
            return tuple(Definition("external", name=f"{c.name}()") for c in callees if c.kind == "external")
        return ()

    def _captured(self, place: Place, instruction: ir.Instruction) -> Definitions:
        owner = instruction[2]
        cells = dict(self._program.summaries[place.module].scopes[owner].cells)
        found = (self.of(Place(place.module, owner, register)) for register in cells.get(instruction[1], ()))
        return tuple(item for part in found for item in part)

    def _attribute(self, base: Definition, name: str) -> Iterable[Definition]:
        if base.kind == "module":
            return self._symbols.member(base.name, name)
        if base.kind == "external":
            return (Definition("external", name=f"{base.name}.{name}"),)
        if base.kind == "class":
            registers = self._symbols.exports(base.module, base.scope).get(name, ())
            return (item for r in registers for item in self.of(Place(base.module, base.scope, r)))
        return ()


def joined(program: Program, place: Place) -> Iterator[Place]:
    """The places whose values a place joins (branches, loops, declared variables); itself where it joins none."""
    seen = {place}
    work = [place]
    while work:
        current = work.pop()
        instruction = program.summaries[current.module].scopes[current.scope].code[current.register]
        if instruction[0] == ir.PHI:
            operands = instruction[1]
        elif instruction[0] == ir.DECLARED and instruction[2] >= 0:
            operands = (instruction[2],)
        else:
            yield current
            continue
        for register in reversed(operands):
            operand = Place(current.module, current.scope, register)
            if operand not in seen:
                seen.add(operand)
                work.append(operand)
