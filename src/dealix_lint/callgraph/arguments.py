"""What a call hands over: its operands, with spreads of what is known taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, conversions, iteration
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CONT, EMPTY, PARTIAL, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def arguments_of(m: Machine, frame: Frame, i: ir.Instruction, r: int = -1) -> Arguments:
    """The arguments of a CALL instruction, which stands at `r`."""
    registers = frame.registers
    given, keywords = i[2], i[3]
    if (not given or min(given) >= 0) and not (keywords and None in [name for name, _ in keywords]):
        positional = [registers[o] if r < 0 else m.required.remaining(frame, o, r) for o in given]
        return Arguments(positional, EMPTY, {name: registers[r] for name, r in keywords} if keywords else {})
    result = Arguments()
    for operand in i[2]:
        if operand >= 0:
            if result.has_rest:
                result.rest |= registers[operand]
            else:
                result.positional.append(registers[operand])
        else:
            _spread(m, frame, result, registers[-operand - 1])
    for name, operand in i[3]:
        if name is not None:
            result.keywords[name] = registers[operand]
        else:
            _spread_keywords(m, frame, result, registers[operand])
    return result


def _spread(m: Machine, frame: Frame, result: Arguments, values: Values) -> None:
    for value in sorted(values):
        if (
            m.table.kinds[value] == CONT
            and m.table.data[value][0] != "dict"
            and len(values) == 1
            and not result.has_rest
        ):
            keys = [key for key in containers.known_keys(m, frame, value) if isinstance(key, int)]
            for position in range(len(keys)):
                result.positional.append(containers.get(m, frame, value, position))
            result.rest |= m.state.read(m.state.slots["element", value])
        else:
            result.rest |= iteration.iterate(m, frame, -1, frozenset((value,)), False)
    result.has_rest = True


def _spread_keywords(m: Machine, frame: Frame, result: Arguments, values: Values) -> None:
    for value in sorted(values):
        if containers.is_mapping(m, value):
            result.others |= conversions.items_of(m, frame, -1, value)[1]
        if m.table.kinds[value] != CONT:
            continue
        for key in containers.known_keys(m, frame, value):
            if isinstance(key, str):
                result.keywords[key] = result.keywords.get(key, EMPTY) | containers.get(m, frame, value, key)
        result.others |= m.state.read(m.state.slots["element", value])


def with_kept(m: Machine, callees: Values, arguments: Arguments) -> Arguments:
    """The arguments of a call with the keywords that the partial which is called keeps, where it is one for certain."""
    while len(callees) == 1:
        (callee,) = callees
        if m.table.kinds[callee] != PARTIAL:
            break
        inner, site = m.table.data[callee]
        kept: Arguments = m.state.partials[site]
        arguments = replace(arguments, keywords=kept.keywords | arguments.keywords)
        callees = frozenset((inner,))
    return arguments


def handed_over(code: tuple[ir.Instruction, ...], call: int) -> Iterator[int]:
    """Registers of the arguments of a CALL, and of what stands in lists among them."""
    _, _, positional, keywords = code[call]
    for argument in (*positional, *(register for _, register in keywords)):
        register = argument if argument >= 0 else -argument - 1
        yield register
        if code[register][0] in (ir.LIST, ir.TUPLE):
            yield from (item if item >= 0 else -item - 1 for item in code[register][1])
