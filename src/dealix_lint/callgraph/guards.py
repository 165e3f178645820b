"""Keys that are one of a few where a test before says so: `if kind in ("email", "sms"): return getattr(senders, kind)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph.values import CONT, EMPTY
from dealix_lint.model import ir
from dealix_lint.model.blocks import block_of, reached
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_TYPED: Final = {ir.NARROW: 1, ir.DECLARED: 2}
_AMONG: Final = {("in", True), ("not in", False)}
_EQUAL: Final = {("==", True), ("!=", False)}


def options(m: Machine, frame: Frame, register: int, key: int) -> list[str]:
    """The texts one of which a key is wherever an instruction is come to; none where no test says that."""
    if key < 0 or len(frame.scope.blocks) < 2:
        return []
    place = (frame.module, frame.scope_index, register)
    tests = m.guards.get(place)
    if tests is None:
        tests = m.guards[place] = tuple(_tests(frame.scope, register, key))
    found = (_texts(m, frame, test, holds) for test, holds in tests)
    return min(filter(None, found), key=len, default=[])


def _tests(scope: Scope, register: int, key: int) -> Iterator[tuple[int, bool]]:
    """Comparisons of a key that have come out in one way, wherever an instruction is come to."""
    key, place = _value_of(scope, key), block_of(scope, register)
    for number, block in enumerate(scope.blocks):
        for side, successor in enumerate(block.successors[:2]) if block.test >= 0 and len(block.successors) > 1 else ():
            asked = [test for test in _implied(scope, block.test, side == 0) if _is_of(scope, test[0], key)]
            if asked and place not in reached(scope, lambda *edge, closed=(number, successor): edge != closed):
                yield from asked


def _implied(scope: Scope, test: int, holds: bool) -> Iterator[tuple[int, bool]]:
    """The comparisons of which a test says how they came out, where it held or did not."""
    instruction = scope.code[test]
    if instruction[0] == ir.PHI and len(instruction) > 2 and (instruction[2] == "and") is holds:
        for part in instruction[1]:
            yield from _implied(scope, part, holds)
    elif instruction[0] == ir.LOGIC and instruction[1] in ("not", "bool"):
        yield from _implied(scope, instruction[2][0], holds is (instruction[1] == "bool"))
    elif instruction[0] == ir.LOGIC and len(instruction[2]) == 2:
        yield test, holds


def _is_of(scope: Scope, comparison: int, key: int) -> bool:
    asked = _value_of(scope, scope.code[comparison][2][0])
    return asked == key or (scope.code[key][0] == ir.ATTR and scope.code[asked] == scope.code[key])


def _texts(m: Machine, frame: Frame, comparison: int, holds: bool) -> list[str]:
    """The texts that a comparison leaves, if it came out like that."""
    operator, (_, wanted) = frame.scope.code[comparison][1], frame.scope.code[comparison][2]
    values = frame.registers[wanted]
    if (operator, holds) in _AMONG:
        listed = frozenset(v for v in values if m.table.kinds[v] == CONT)
        values = m.iterate(frame, -1, listed, False) if len(listed) == len(values) == 1 else EMPTY
    elif (operator, holds) not in _EQUAL:
        values = EMPTY
    texts = m.constants(values)
    return texts if len(texts) == len(values) else []


def _value_of(scope: Scope, register: int) -> int:
    while register >= 0 and scope.code[register][0] in _TYPED:
        register = scope.code[register][_TYPED[scope.code[register][0]]]
    return register
