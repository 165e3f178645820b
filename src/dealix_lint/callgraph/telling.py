"""Objects that something unknown makes, and that what is asked of them tells: `app = import_string(settings.APP)("shop")` is
an application of Celery where `app.autodiscover_tasks()` is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.values import EMPTY, EXT, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Telling = dict[tuple[int, int], dict[int, str]]
"""Module and scope -> registers of calls -> the paths of what they give."""


def find(m: Machine) -> Telling:
    """The calls of which a telling attribute of the result is read."""
    found: Telling = {}
    told = m.state.rules.told
    for module, summary in enumerate(m.state.program.summaries):
        for index, scope in enumerate(summary.scopes):
            for instruction in scope.code:
                if instruction[0] == ir.ATTR and instruction[2] in told:
                    register = instruction[1]
                    if scope.code[register][0] == ir.CALL:
                        found.setdefault((module, index), {})[register] = told[instruction[2]]
    return found


def given(m: Machine, frame: Frame, i: ir.Instruction, register: int, result: Values) -> Values:
    """What a call gives; where that is an object of which nothing is known, what is asked of it counts."""
    path = m.telling.get((frame.module, frame.scope_index), {}).get(register)
    if path is None or not all(_is_unknown(m, value) for value in result):
        return result
    if not result and not m.state.guessing:
        m.state.unknown.add(m.state.point)
        return EMPTY
    return m.external(f"{path}()", m.creation_site(frame, register, arguments_of(m, frame, i)))


def _is_unknown(m: Machine, value: int) -> bool:
    if m.table.kinds[value] != EXT:
        return False
    path, root = m.table.data[value]
    return not root and m.state.rules.facts(path).is_plain
