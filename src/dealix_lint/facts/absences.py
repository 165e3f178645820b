"""Ways out of a function that it takes only where it is handed nothing: `if order is None: return`."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.flow import Flow
from dealix_lint.facts.points import Side
from dealix_lint.model import ir

_HOLDS: Final = {"is": True, "==": True, "is not": False, "!=": False}


def sides_of_nothing(code: ScopeCode, flow: Flow) -> frozenset[Side]:
    """Sides of tests that parameters which are None lead to, and on which the function ends at once, giving back nothing."""
    found: set[Side] = set()
    for block, record in enumerate(flow.scope.blocks):
        ways = flow.onward(block) if record.test >= 0 else ()
        for way, holds in zip(ways, (True, False), strict=True) if len(ways) == 2 else ():
            if flow.ends_with_nothing(way) and _is_nothing(code, record.test, holds):
                found.add((block, way))
    return frozenset(found)


def _is_nothing(code: ScopeCode, test: int, holds: bool) -> bool:
    """Whether a test that holds (or does not) says that all parameters which it asks for are None."""
    instruction = code.scope.code[test]
    if instruction[0] == ir.PHI:
        joins = instruction[2:] == (("and",) if holds else ("or",))
        return joins and all(_is_nothing(code, part, holds) for part in instruction[1])
    if instruction[0] != ir.LOGIC:
        return False
    if instruction[1] in ("not", "bool"):
        return _is_nothing(code, instruction[2][0], holds is (instruction[1] == "bool"))
    if _HOLDS.get(instruction[1]) is not holds or len(instruction[2]) != 2:
        return False
    asked, wanted = (code.scope.code[code.value_of(register)] for register in instruction[2])
    return asked[0] == ir.PARAM and wanted == (ir.CONST, None)
