"""Failures that are collected, and make the run fail in the end: `failed.append(name)`, and later `if failed: sys.exit(1)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir

_DEPTH: Final = 2
_DISPLAYS: Final = frozenset({ir.LIST, ir.DICT, ir.SET})
_MAKERS: Final = frozenset({"list", "dict", "set", "defaultdict", "deque"})


class Collected:
    """Finds where handlers note a failure so that the run will not end as if there were none."""

    __slots__ = ("_known", "sites")

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._known: dict[tuple[int, int], frozenset[int]] = {}

    def noted(self, node: int, handler: int) -> frozenset[int]:
        """Places in a handler that put something into a collection of which the function asks later on whether it is empty, and
        raises or ends the process where it is not."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        inside, found = flow.inside(handler), set[int]()
        for collection, instruction in enumerate(code.scope.code):
            if not _makes_collection(code, instruction):
                continue
            fillers = [place for place in code.fillers(collection) if flow.block_of(place) in inside]
            asked = self._asked(node, collection) if fillers else frozenset[int]()
            later = frozenset(place for place in asked if flow.block_of(place) not in inside)
            if later and all(flow.is_passed_from(flow.block_of(place), later, -1) for place in fillers):
                found.update(fillers)
        return frozenset(found)

    def _asked(self, node: int, value: int, depth: int = _DEPTH) -> frozenset[int]:
        """Places of a function that are only passed by where a value is empty: tests, calls that are handed it."""
        known = self._known.get((node, value))
        if known is None:
            self._known[node, value] = frozenset()
            places = (*self._tests(node, value), *(self._calls(node, value, depth) if depth else ()))
            known = self._known[node, value] = frozenset(places)
        return known

    def _tests(self, node: int, value: int) -> Iterator[int]:
        code, flow = self.sites.code(node), self.sites.flow(node)
        raised = (place for place, i in enumerate(code.scope.code) if i[0] == ir.RAISE)
        for end in (*raised, *self.sites.endings(node)):
            if value in code.closure(
                call_operands(code.scope.code[end]) if code.scope.code[end][0] == ir.CALL else (end,)
            ):
                yield end  # `sys.exit(len(failed))`
            for test, side in flow.sides_before(end):
                if value in code.closure((test,)) and side == _side_of_some(code, test):
                    blocks = {block for block, record in enumerate(code.scope.blocks) if record.test == test}
                    yield from (place for place in range(len(code.scope.code)) if flow.block_of(place) in blocks)

    def _calls(self, node: int, value: int, depth: int) -> Iterator[int]:
        code = self.sites.code(node)
        for register in self.sites.calls(node):
            call = code.scope.code[register]
            if call[0] == ir.CALL and value in call_operands(call):
                callees = self.sites.callees(node, register)
                if callees and all(self._leaves(register, node, callee, value, depth - 1) for callee in callees):
                    yield register

    def _leaves(self, register: int, node: int, callee: int, value: int, depth: int) -> bool:
        """Whether a function that is handed the value raises or ends the process where something is in it."""
        call, code = self.sites.code(node).scope.code[register], self.sites.code(callee)
        for place, instruction in enumerate(code.scope.code):
            if instruction[0] != ir.PARAM:
                break
            if any(given.register == value and not given.part for given in handed_to(call, code.scope, instruction[1])):
                asked = self._asked(callee, place, depth)
                return bool(asked) and self.sites.flow(callee).is_passed_from(0, asked, -1)
        return False


def _makes_collection(code: ScopeCode, instruction: ir.Instruction) -> bool:
    if instruction[0] == ir.CALL:
        callee = code.scope.code[instruction[1]]
        return callee[0] in (ir.NAME, ir.IMPORT_FROM) and callee[-1] in _MAKERS
    return instruction[0] in _DISPLAYS


def _side_of_some(code: ScopeCode, test: int) -> int:
    """The side of a test on which there is something: 0 where it holds, 1 for `if not failed`."""
    instruction = code.scope.code[test]
    while instruction[0] == ir.LOGIC and instruction[1] == "bool":
        instruction = code.scope.code[instruction[2][0]]
    is_negated = instruction[0] == ir.LOGIC and instruction[1] == "not"
    is_zero = (
        instruction[0] == ir.LOGIC
        and instruction[1] == "=="
        and (ir.CONST, 0) in map(code.scope.code.__getitem__, instruction[2])
    )
    return int(is_negated or is_zero)
