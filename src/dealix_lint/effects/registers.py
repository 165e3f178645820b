"""What calls in a helper are handed, by registers: arguments as written, and the parameters that they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.resolved import CallView
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope
from dealix_lint.model.text import ArgumentValue

Wanted = frozenset[int] | None
"""Parameters (by index) that make the address, and variables of the function around a closure (by `captured_by`); None: what
comes between hands on whatever it is given."""


def handed_to(
    call: ir.Instruction, view: CallView | None, callee: Scope, wanted: Wanted
) -> Iterator[tuple[int, tuple[ArgumentValue, ...]]]:
    """Registers of a call with what they hold: those that reach parameters of the callee, called on an object or not."""
    if view is None:
        return
    indexes = range(len(callee.parameters)) if wanted is None else sorted(index for index in wanted if index >= 0)
    names = {callee.parameters[index].name for index in indexes}
    rest = min((index for index in indexes if callee.parameters[index].kind == VARIADIC), default=None)
    keywords = dict(view.keywords)
    for position, register in enumerate(call[2]):
        is_wanted = wanted is None or not wanted.isdisjoint((position, position + 1))
        is_wanted |= rest is not None and position + 1 >= rest  # `*args`
        if is_wanted and register >= 0 and position < len(view.arguments):
            yield register, view.arguments[position]
    for name, register in call[3]:
        if name is not None and (wanted is None or name in names):
            yield register, keywords.get(name, ())


def registers_of(call: ir.Instruction, callee: Scope, wanted: Wanted) -> Iterator[int]:
    """Registers of a call that reach parameters of the callee, of which the first is the object it is called on, if any."""
    first = 1 if callee.parameters and callee.parameters[0].name in ("self", "cls") else 0
    rest = next((index for index, parameter in enumerate(callee.parameters) if parameter.kind == VARIADIC), None)
    names = {parameter.name for index, parameter in enumerate(callee.parameters) if wanted is None or index in wanted}
    for position, register in enumerate(call[2], first):
        index = position if rest is None else min(position, rest)
        if wanted is None or index in wanted or register < 0:
            yield register if register >= 0 else -register - 1
    yield from (register for name, register in call[3] if name is None or name in names)


def argument_registers(call: ir.Instruction, argument: Argument) -> list[int]:
    """Registers of an argument of a call as written."""
    if call[0] != ir.CALL:
        return []
    found = [register for name, register in call[3] if name and name == argument.keyword]
    position = argument.position
    if not found and position is not None and 0 <= position < len(call[2]) and min(call[2][: position + 1]) >= 0:
        found.append(call[2][position])
    spread = next((-register - 1 for register in call[2][: (position or 0) + 1] if register < 0), None)
    if not found and position is not None and spread is not None:
        found.append(spread)  # `request(method, *args)`
    return found


def parameters_of(scope: Scope, registers: Iterable[int]) -> frozenset[int]:
    """Parameters, and variables of the function around, that the registers are made of: directly, put together, or by a call
    that they are handed to."""
    found: set[int] = set()
    pending = list(registers)
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register < 0 or register in seen:
            continue
        seen.add(register)
        instruction = scope.code[register]
        if instruction[0] == ir.PARAM:
            if scope.parameters[instruction[1]].name not in ("self", "cls"):
                found.add(instruction[1])
        elif instruction[0] == ir.FREE and instruction[2] > 0:
            found.add(-register - 1)
        elif instruction[0] == ir.CALL:
            pending += [r for r in instruction[2] if r >= 0] + [r for _, r in instruction[3]]
            callee = scope.code[instruction[1]]
            pending += [callee[1]] if callee[0] == ir.ATTR else []  # `path.lstrip("/")`
        elif instruction[0] != ir.ATTR:
            pending += operands(instruction)
    return frozenset(found)


def captured_by(closure: Scope, wanted: Wanted, owner: int, around: Scope) -> list[int]:
    """Registers of the function around a closure that those variables of it hold."""
    free = [closure.code[-index - 1] for index in wanted or () if index < 0]
    names = {name for _, name, scope in free if scope == owner}
    return [register for name, registers in around.cells if name in names for register in registers]


def handed_on(scope: Scope, *registers: int) -> frozenset[int]:
    """Parameters that one of the registers is itself."""
    pending, seen = list(registers), set[int]()
    found = set[int]()
    while pending:
        register = pending.pop()
        instruction = scope.code[register]
        if instruction[0] == ir.PARAM:
            found.add(instruction[1])
        elif instruction[0] in (ir.PHI, ir.NARROW) and register not in seen:
            seen.add(register)
            pending += operands(instruction)
    return frozenset(found)


def spreads(scope: Scope, call: ir.Instruction) -> bool:
    """Whether a call hands on what its function was given, as it came: `function(*args, **kwargs)`."""
    handed = [-r - 1 for r in call[2] if r < 0] + [r for name, r in call[3] if name is None]
    given = (scope.code[register] for register in handed)
    return any(i[0] == ir.PARAM and scope.parameters[i[1]].kind in (VARIADIC, KEYWORDS) for i in given)
