"""Getters of settings: `config.get_option("host", default="api.example.com")`, a function of the analysed code. What it gives
is the text that it is handed as the default, or what somebody has set; what it gives to others says nothing here."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph.values import BOUND, CLASS, CONT, FUNC, INST, TEXT, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_DEFAULT: Final = re.compile(r"_*(default|fallback|if_missing|if_none)(_?(value|val|url|host))?")
_FEW: Final = 4
_OBJECTS: Final = frozenset((INST, CLASS, FUNC, BOUND, CONT))


def given(m: Machine, frame: Frame, i: ir.Instruction, callees: Values, result: Values) -> Values:
    """What a call of a getter gives: its default, where others are given so much that it tells nothing. Other calls:
    `result`."""
    register = _default(m, frame, i, callees)
    if register < 0 or frame.scope.code[register][0] != ir.CONST or m.table.text_of(*frame.registers[register]) is None:
        return result
    kinds = m.table.kinds
    objects = frozenset(value for value in result if kinds[value] in _OBJECTS)
    is_said = any(kinds[value] == TEXT or m.table.text_of(value) for value in result)
    if len(result) - len(objects) <= _FEW and is_said:
        return result
    return objects | frame.registers[register]


def _default(m: Machine, frame: Frame, i: ir.Instruction, callees: Values) -> int:
    """The register of what is handed to a parameter that is called so; -1 where there is none."""
    named = next((register for name, register in i[3] if name is not None and _is_default(name)), -1)
    if named >= 0:
        return named if any(m.table.function_of(value) >= 0 for value in callees) else -1
    if len(i[2]) < 2 or i[2][1] < 0 or frame.scope.code[i[2][1]][0] != ir.CONST:
        return -1
    names = {_second_parameter(m, value) for value in callees} - {""}
    register: int = i[2][1]
    return register if len(names) == 1 and _is_default(names.pop()) else -1


@cache
def _is_default(name: str) -> bool:
    return _DEFAULT.fullmatch(name) is not None


def _second_parameter(m: Machine, callee: Value) -> str:
    number = m.table.function_of(callee)
    position = 2 if m.table.kinds[callee] == BOUND else 1
    parameters = m.state.functions[number].scope.parameters if number >= 0 else ()
    return parameters[position].name if position < len(parameters) else ""
