"""Texts joined from `*parts`: `"/".join([base, *parts])` of a helper is what each call hands over, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers, folding, texts
from dealix_lint.callgraph.codefacts import called_name, operands
from dealix_lint.callgraph.deciding import SENDING_METHODS
from dealix_lint.callgraph.values import CONT, EMPTY, FUNC, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.folding import Fold
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_LARGEST: Final = 60  # instructions; what is longer does more than put a text together
_MADE_OF_TEXTS: Final = frozenset((ir.TEXT, ir.BINARY, ir.PHI))


def is_joining(scope: Scope) -> bool:
    """Whether a function is small enough, and has `*args`, to join a text of them."""
    return len(scope.code) <= _LARGEST and any(parameter.kind == VARIADIC for parameter in scope.parameters)


def joined_parameter(scope: Scope, fold: Fold | None) -> int:
    """The `*args` of which a small function joins a text that it gives back or sends; -1 if there is none."""
    if not is_joining(scope):
        return -1
    code = scope.code
    if fold is not None and _is_told(scope, fold.phi):
        return int(code[fold.source][1])
    for register, instruction in enumerate(code):
        if instruction[0] != ir.CALL or not instruction[2] or instruction[2][-1] < 0:
            continue
        is_join = code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] == "join" and len(instruction[2]) == 1
        if is_join or (
            called_name(scope, instruction) == "reduce" and min(instruction[2]) >= 0 < len(instruction[2]) - 1
        ):
            given = instruction[2][0 if is_join else 1]
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
        while element[0] == ir.CALL and (inner := _said(code, element)) >= 0:
            element = code[inner]
        register = element[1] if element[0] == ir.ITERATE else -1
    elif instruction[0] == ir.CALL and code[instruction[1]] == (ir.NAME, "map") and len(instruction[2]) == 2:
        register = instruction[2][1] if _says_it(code, instruction[2][0]) else -1
    if register < 0 or code[register][0] != ir.PARAM:
        return -1
    return register if scope.parameters[code[register][1]].kind == VARIADIC else -1


def _said(code: tuple[ir.Instruction, ...], call: ir.Instruction) -> int:
    """The register of the text that a call gives as a text (`str(part)`), or trims; -1 for any other call."""
    callee = code[call[1]]
    if callee[0] == ir.ATTR and callee[2] in texts.TRIMMING:
        return int(callee[1])
    return call[2][0] if _says_it(code, call[1]) and len(call[2]) == 1 else -1


def _says_it(code: tuple[ir.Instruction, ...], register: int) -> bool:
    return register >= 0 and code[register][-1] in texts.SAYING_IT


def grown(m: Machine, frame: Frame, register: int) -> Values | None:
    """What a loop over `*args` makes of the text in a register, where it is known how many they are; else None."""
    fold = frame.function.fold
    if fold is None or fold.phi != register or frame.scope is not frame.function.scope:
        return None
    given = parts(m, frame, fold.source)
    return None if given is None else folding.folded(m, frame, fold, frame.registers[fold.start], given)


def reduced(m: Machine, frame: Frame, register: int) -> Values:
    """What `reduce(function, parts, url)` makes of the `*args` of a function."""
    instruction = frame.scope.code[register]
    operands: tuple[int, ...] = instruction[2] if instruction[0] == ir.CALL else ()
    if len(operands) not in (2, 3) or min(operands) < 0:
        return EMPTY
    called = [m.state.functions[m.table.data[v][0]] for v in frame.registers[operands[0]] if m.table.kinds[v] == FUNC]
    fold = folding.step_of(called[0].scope) if len(called) == 1 else None
    given = _given(m, frame, operands[1]) if fold is not None else None
    if fold is not None and given is None and len(operands) == 3:
        return texts.opened(m, frame.registers[operands[2]])
    if len(operands) == 3 and given is not None:
        given = [frame.registers[operands[2]], *given]
    return folding.folded(m, frame, fold, given[0], given[1:]) if fold is not None and given else EMPTY


def _given(m: Machine, frame: Frame, register: int) -> list[Values] | None:
    """The elements of `*args`, or of a display that these end."""
    instruction = frame.scope.code[register]
    written = instruction[1] if instruction[0] in (ir.LIST, ir.TUPLE) else ()
    if not written or written[-1] >= 0 or min((0, *written[:-1])) < 0:
        return parts(m, frame, register)
    handed = parts(m, frame, -written[-1] - 1)
    return None if handed is None else [*(frame.registers[r] for r in written[:-1]), *handed]


def parts(m: Machine, frame: Frame, register: int) -> list[Values] | None:
    """What each of the `*args` behind a register is; None where nobody knows how many there are."""
    source = source_of(frame.scope, register)
    held: list[Value] = sorted(frame.registers[source]) if source >= 0 else []
    if len(held) != 1 or m.table.kinds[held[0]] != CONT or m.state.read(m.state.slots["element", held[0]]):
        return None
    known = [key for key in containers.known_keys(m, frame, held[0]) if isinstance(key, int)]
    if not known and not frame.activation.called:
        return None
    return [m.state.read(m.state.slots["key", held[0], position]) for position in range(len(known))]
