"""What a persisting call writes: the names of the receiver and of the things handed to it, without what those are
filled with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.code import call_operands, operands
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.text import Symbol

_PASSED_ON = frozenset(
    {ir.PHI, ir.AWAIT, ir.LIST, ir.TUPLE, ir.SET, ir.COLLECT, ir.DECLARED, ir.ITERATE, ir.ITEM, ir.NARROW, ir.ENTER}
)
_COLLECTIONS = frozenset({ir.LIST, ir.SET, ir.COLLECT})
_BUILDERS = frozenset({"insert", "insert_into", "model_validate", "from_orm", "add", "append"})
_OPENING = frozenset({"table", "from_", "collection", "get_collection"})
"""Methods that give back the table or collection whose name they are handed."""


class Written:
    """Names in the skeleton of a writing call: `session`, `AuditLog` of
    `session.add(AuditLog(reference=payment.id))`."""

    __slots__ = ("code", "node", "sites")

    def __init__(self, sites: Sites, node: int) -> None:
        self.sites = sites
        self.node = node
        self.code = sites.code(node)

    def names(self, register: int) -> Iterator[str]:
        """Identifiers, attributes, constant keys and classes, in no particular order."""
        for part in self.parts((register, *call_operands(self.code.scope.code[register]))):
            yield from self._spoken(part)

    def parts(self, registers: Iterable[int]) -> Iterator[int]:
        """The registers of such a skeleton."""
        seen: set[int] = set()
        pending = list(registers)
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                yield current
                pending.extend(self._skeleton(current))

    def made(self, register: int) -> Iterator[tuple[int, str]]:
        """Objects that a call is handed and that the function itself makes, each with the name of its class."""
        calls = self.sites.calls(self.node)
        for part in self.parts(call_operands(self.code.scope.code[register])):
            if part in calls and part != register:
                yield from ((part, name) for name in map(_class_of, calls[part].names) if name)

    def definition(self, register: int) -> tuple[Instruction, ...]:
        """What a variable of the same module is made of."""
        instruction = self.code.scope.code[register]
        module = self.sites.scope_of(self.node)[0]
        return self.sites.definition(module, instruction[1]) if instruction[0] == ir.NAME else ()

    def _text(self, register: int) -> Iterator[str]:
        """What is written in an instruction, and the texts that a variable of the module is made of."""
        yield from self.code.identifiers(register)
        yield from (i[1] for i in self.definition(register) if i[0] == ir.CONST and isinstance(i[1], str))

    def _skeleton(self, register: int) -> Iterator[int]:
        """The receiver of calls and attributes, the parts of collections; not the arguments of constructors."""
        instruction = self.code.scope.code[register]
        opcode = instruction[0]
        if opcode == ir.CALL:
            yield instruction[1]
            if self._is_builder(register):
                yield from call_operands(instruction)
        elif opcode in (ir.ATTR, ir.SUBSCRIPT):
            yield instruction[1]
        elif opcode in _PASSED_ON:
            yield from operands(instruction)
            if opcode in _COLLECTIONS:
                yield from self.code.fillers(register)

    def _is_builder(self, register: int) -> bool:
        return not _BUILDERS.isdisjoint((self.code.callee_name(register), *self._called(register)))

    def _called(self, register: int) -> Iterator[str]:
        """Last names of what a call may run, also where it was imported under another name."""
        view = self.sites.calls(self.node).get(register)
        yield from map(last_segment, view.names if view is not None else ())

    def _spoken(self, register: int) -> Iterator[str]:
        instruction = self.code.scope.code[register]
        opcode = instruction[0]
        if opcode in (ir.NAME, ir.FREE, ir.ATTR, ir.IMPORT_FROM):
            yield from self._text(register)
        elif opcode == ir.SUBSCRIPT:
            yield from self.code.identifiers(instruction[2])
        elif opcode == ir.CALL and register in self.sites.calls(self.node):
            classes = [_class_of(name) for name in self.sites.calls(self.node)[register].names]
            yield from classes
            if self.sites.callees(self.node, register) or not any(classes):
                # What a function of the project makes, or a registry finds by its name.
                yield from self._classes(register)
            yield from (name for name in self._called(register) if name in _BUILDERS)
            if self.code.callee_name(register) in _OPENING and self.code.receiver(register) >= 0:
                yield from (name for value in instruction[2][:1] if value >= 0 for name in self._text(value))
        elif opcode == ir.PARAM:
            yield from self._classes(register)

    def _classes(self, register: int) -> Iterator[str]:
        values = self.sites.resolution.values(self.node, register)
        return (_class_of(value.name) for value in values if isinstance(value, Symbol))


def _class_of(name: str) -> str:
    """The class in an access path: `AuditLog` of `app.models.AuditLog`, of `app.models.AuditLog().save`."""
    last = last_segment(name.split("()", maxsplit=1)[0])
    return last if last[:1].isupper() else ""
