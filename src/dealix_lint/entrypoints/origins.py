"""Where a value is made: names, imports and module attributes followed to the instruction that produces it."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.entrypoints.denotations import Denotations, joined
from dealix_lint.link import ModuleNames, Symbols
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.program import Program

DEEPEST = 12


class Origins:
    """Follows a register to the places where its value comes into being, without running anything."""

    def __init__(self, program: Program, names: ModuleNames, symbols: Symbols, denotations: Denotations) -> None:
        self._program = program
        self._names = names
        self._symbols = symbols
        self._denotations = denotations
        self._followed: set[Place] = set()  # calls that are being followed into what they return

    def of(self, place: Place, *, into_calls: bool = True) -> Iterator[Place]:
        """The places where the value of a place is made; itself where nothing is to be followed. `into_calls`: what a call
        gives is made by the call that the function returns, not by the call itself."""
        seen = {place}
        work = [place]
        while work:
            current = work.pop()
            is_call = self._instruction(current)[0] == ir.CALL
            steps = list(self._steps(current)) if into_calls or not is_call else []
            if not steps:
                yield current
            for step in reversed(steps):
                if step not in seen:
                    seen.add(step)
                    work.append(step)

    def _steps(self, place: Place) -> Iterator[Place]:
        instruction = self._instruction(place)
        opcode = instruction[0]
        if opcode in (ir.PHI, ir.DECLARED):
            yield from (join for join in joined(self._program, place) if join != place)
        elif opcode == ir.NAME:
            yield from self._exported(place.module, 0, instruction[1])
        elif opcode == ir.FREE:
            cells = dict(self._program.summaries[place.module].scopes[instruction[2]].cells)
            yield from (Place(place.module, instruction[2], register) for register in cells.get(instruction[1], ()))
        elif opcode == ir.IMPORT_FROM:
            base = self._names.absolute(place.module, instruction[1], instruction[2])
            yield from self._member(base, instruction[3])
        elif opcode == ir.ATTR:
            yield from self._attribute(place, instruction)
        elif opcode == ir.ITERATE:
            yield from self._elements(Place(place.module, place.scope, instruction[1]))
        elif opcode == ir.CALL and place not in self._followed:
            self._followed.add(place)
            yield from self._returned(Place(place.module, place.scope, instruction[1]))
            self._followed.discard(place)

    def _elements(self, place: Place) -> Iterator[Place]:
        """What stands in the lists that a place holds: `for router in [users, orders]`."""
        for origin in self.of(place):
            instruction = self._instruction(origin)
            if instruction[0] in (ir.LIST, ir.TUPLE):
                yield from (
                    Place(origin.module, origin.scope, register) for register in instruction[1] if register >= 0
                )

    def _returned(self, callee: Place) -> Iterator[Place]:
        """What the functions of the project that a call may mean make and return: `app = create_app()`."""
        for function in self._denotations.of(callee):
            if function.kind != "function":
                continue
            code = self._program.summaries[function.module].scopes[function.scope].code
            for instruction in code:
                if instruction[0] == ir.RETURN:
                    for origin in self.of(Place(function.module, function.scope, instruction[1])):
                        if self._instruction(origin)[0] == ir.CALL:
                            yield origin

    def _instruction(self, place: Place) -> ir.Instruction:
        return self._program.summaries[place.module].scopes[place.scope].code[place.register]

    def _attribute(self, place: Place, instruction: ir.Instruction) -> Iterator[Place]:
        for base in self._denotations.of(Place(place.module, place.scope, instruction[1])):
            if base.kind == "module":
                yield from self._member(base.name, instruction[2])
            elif base.kind == "class":
                yield from self._exported(base.module, base.scope, instruction[2])

    def _member(self, module: str, name: str) -> Iterator[Place]:
        index = self._program.modules.get(module)
        if index is not None:
            yield from self._exported(index, 0, name)

    def _exported(self, module: int, scope: int, name: str, depth: int = 0) -> Iterator[Place]:
        registers = self._symbols.exports(module, scope).get(name)
        if registers is not None:
            yield from (Place(module, scope, register) for register in registers)
            return
        for star in self._symbols.star_imports(module) if scope == 0 and depth < DEEPEST else ():
            index = self._program.modules.get(star)
            if index is not None and index != module:
                yield from self._exported(index, 0, name, depth + 1)
