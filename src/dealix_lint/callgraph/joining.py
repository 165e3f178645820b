"""Texts joined from `*parts`: `"/".join([base, *parts])` of a helper is what each call hands over, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.codefacts import called_name, operands
from dealix_lint.callgraph.deciding import SENDING_METHODS
from dealix_lint.callgraph.values import CONT, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_LARGEST: Final = 60  # instructions; what is longer does more than put a text together
_MADE_OF_TEXTS: Final = frozenset((ir.TEXT, ir.BINARY, ir.PHI))
_SAYING_IT: Final = frozenset(("str", "quote", "quote_plus"))


def joined_parameter(scope: Scope) -> int:
    """The `*args` of which a small function joins a text that it gives back or sends; -1 if there is none."""
    if len(scope.code) > _LARGEST or not any(parameter.kind == VARIADIC for parameter in scope.parameters):
        return -1
    code = scope.code
    for register, instruction in enumerate(code):
        if instruction[0] != ir.CALL or len(instruction[2]) != 1 or instruction[2][0] < 0:
            continue
        if code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] == "join":
            given = instruction[2][0]
            written = code[given][1] if code[given][0] in (ir.LIST, ir.TUPLE) else ()
            sources = [source_of(scope, r) for r in (given, *(-r - 1 for r in written if r < 0))]
            found = [source for source in sources if source >= 0]
            if found and _is_told(scope, register):
                return int(code[found[0]][1])
    return -1


def _is_told(scope: Scope, text: int) -> bool:
    """Whether a text is given back, or part of one that is, or where a request goes."""
    made, sent = {text}, set[int]()
    for register, instruction in enumerate(scope.code):
        if instruction[0] in _MADE_OF_TEXTS and not made.isdisjoint(operands(instruction)):
            made.add(register)
        elif instruction[0] == ir.RETURN:
            sent.add(instruction[1])
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in SENDING_METHODS:
            sent.update(instruction[2])
    return not made.isdisjoint(sent)


def source_of(scope: Scope, register: int) -> int:
    """The register of the `*args` that a register is, or goes through as texts: `(str(p) for p in parts)`; -1 for anything
    else."""
    code = scope.code
    instruction = code[register]
    if instruction[0] == ir.COLLECT and instruction[3] < 0:
        element = code[instruction[2]]
        while element[0] == ir.CALL and _says_it(code, element[1]) and len(element[2]) == 1 and element[2][0] >= 0:
            element = code[element[2][0]]
        register = element[1] if element[0] == ir.ITERATE else -1
    elif instruction[0] == ir.CALL and code[instruction[1]] == (ir.NAME, "map") and len(instruction[2]) == 2:
        register = instruction[2][1] if _says_it(code, instruction[2][0]) else -1
    if register < 0 or code[register][0] != ir.PARAM:
        return -1
    return register if scope.parameters[code[register][1]].kind == VARIADIC else -1


def _says_it(code: tuple[ir.Instruction, ...], register: int) -> bool:
    return register >= 0 and code[register][-1] in _SAYING_IT


def parts(m: Machine, frame: Frame, register: int) -> list[Values] | None:
    """What each of the `*args` behind a register is; None where nobody knows how many there are."""
    source = source_of(frame.scope, register)
    held: list[Value] = sorted(frame.registers[source]) if source >= 0 else []
    if len(held) != 1 or m.table.kinds[held[0]] != CONT or m.state.read(m.state.slots["element", held[0]]):
        return None
    known = [key for key in containers.known_keys(m, frame, held[0]) if isinstance(key, int)]
    return [m.state.read(m.state.slots["key", held[0], position]) for position in range(len(known))] or None
