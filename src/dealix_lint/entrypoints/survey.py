"""One walk over all instructions that notes the few this stage looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.entrypoints.code import Code
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.summary import Scope

_NOTED = frozenset((ir.CALL, ir.SET_ATTR, ir.SET_ITEM, ir.DICT))


class Survey:
    """Calls that may register, schedule or mount something, and places that assign schedule data.

    `data`: (name, place of the value) of every attribute, dict key, item or keyword argument with the name of
    schedule data."""

    def __init__(self, code: Code, rules: Rules) -> None:
        self._code = code
        self._prefix_names = rules.prefix_names | frozenset(_routers(code, rules))
        self._view_names = rules.view_names
        self._names = rules.call_names | self._prefix_names | rules.view_names
        self._data_names = frozenset(s.attribute.rpartition(".")[2] for s in rules.frameworks.schedules if s.attribute)
        self.calls: list[Place] = []
        self.data: list[tuple[str, Place]] = []
        for (module, index), scope in code.scopes():
            for register, instruction in enumerate(scope.code):
                if instruction[0] in _NOTED:
                    self._note(Place(module, index, register), instruction, scope)

    def _note(self, place: Place, instruction: ir.Instruction, scope: Scope) -> None:
        opcode = instruction[0]
        if opcode == ir.CALL:
            if self._spelling(place, scope.code[instruction[1]]) in self._names:
                self.calls.append(place)
            if instruction[3]:
                self._note_data(place, instruction[3])
        elif opcode == ir.SET_ATTR:
            self._note_data(place, ((instruction[2], instruction[3]),))
        elif opcode in (ir.DICT, ir.SET_ITEM):
            pairs = instruction[1] if opcode == ir.DICT else ((instruction[2], instruction[3]),)
            self._note_data(place, ((_constant(scope, key), value) for key, value in pairs))

    def _note_data(self, place: Place, pairs: Iterable[tuple[object, int]]) -> None:
        for name, register in pairs:
            if name in self._data_names:
                self.data.append((str(name), Place(place.module, place.scope, register)))

    def _spelling(self, place: Place, callee: ir.Instruction) -> str:
        """The last name of a callee: the attribute, the imported name, the global."""
        opcode = callee[0]
        if opcode == ir.ATTR:
            return str(callee[2])
        if opcode == ir.IMPORT_FROM:
            return str(callee[3])
        if opcode == ir.NAME:
            found = self._code.symbols.in_module(place.module, callee[1])
            return next((item.name.rpartition(".")[2] for item in found if item.kind == "external"), str(callee[1]))
        if opcode == ir.CLASS:
            return self._code.scope((place.module, callee[1])).name
        return str(callee[1]) if opcode == ir.FREE else ""

    def is_prefix_call(self, call: Place) -> bool:
        """True if the call is spelled like one that makes or mounts a router."""
        return self._called(call) in self._prefix_names

    def is_view_call(self, call: Place) -> bool:
        """True if the call is spelled like one that gives a class a route."""
        return self._called(call) in self._view_names

    def _called(self, call: Place) -> str:
        register = self._code.instruction(call)[1]
        return self._spelling(call, self._code.instruction(Place(call.module, call.scope, register)))


def _routers(code: Code, rules: Rules) -> Iterator[str]:
    """The names of the project's own classes of routers: `class Router(APIRouter)`."""
    for identity in code.classes.identities:
        if any(rules.prefixes.find(rules.canonical(base)) for base in code.classes.info(identity).external):
            yield code.scope(identity).name


def _constant(scope: Scope, register: int | None) -> object:
    instruction = scope.code[register] if register is not None else (ir.NOP,)
    return instruction[1] if instruction[0] == ir.CONST else None
