"""Errors that a function raises itself because of what a call gave back: `if response.status_code >= 400: raise GatewayError`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from dealix_lint.facts.catching import Raised
from dealix_lint.facts.code import AWAITING, ScopeCode, call_operands
from dealix_lint.facts.failures import ESCAPES, Failures
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.outcome import Outcome, branch_outcome, is_harmless
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir

Rejection: TypeAlias = tuple[int, str]
"""The place at which an error comes up, and the class of the error ("" where it is one of the library's)."""
_DEPTH: Final = 2
_RAISING: Final = "raise_for_status"
_THROUGH: Final = frozenset((*AWAITING, ir.ENTER))


class Rejections:
    """Reads what functions do with the answers of calls."""

    __slots__ = ("_failures", "_known", "_parts", "sites")

    def __init__(self, sites: Sites, failures: Failures) -> None:
        self.sites = sites
        self._failures = failures
        self._known: dict[tuple[int, int, frozenset[str]], tuple[Rejection, ...]] = {}
        self._parts: dict[tuple[int, int], tuple[Rejection, ...]] = {}

    def of(self, node: int, answer: int, libraries: frozenset[str], depth: int = _DEPTH) -> tuple[Rejection, ...]:
        """Those of the function because of the answer in a register, also by functions that it leaves the answer to."""
        key = node, answer, libraries
        known = self._known.get(key)
        if known is None:
            self._known[key] = ()
            known = self._known[key] = tuple(self._find(node, answer, libraries, depth))
        return known

    def of_part(self, node: int, answer: int) -> tuple[Rejection, ...]:
        """Those of the function itself because of what it finds in the answer: not because there is none."""
        known = self._parts.get((node, answer))
        if known is None:
            found = self._raised(node, answer)
            known = tuple((place, error) for place, error, test in found if self._looks_into(node, test, answer))
            self._parts[node, answer] = known
        return known

    def _find(self, node: int, answer: int, libraries: frozenset[str], depth: int) -> Iterator[Rejection]:
        yield from ((place, error) for place, error, _ in self._raised(node, answer))
        code = self.sites.code(node)
        for call in self.sites.calls(node):
            if call <= answer or code.scope.code[call][0] != ir.CALL:
                continue
            if code.callee_name(call) == _RAISING and _unwrapped(code, code.receiver(call)) == answer:
                yield call, ""
            elif depth and any(_unwrapped(code, value) == answer for value in call_operands(code.scope.code[call])):
                yield from ((call, error) for error in self._escaping(node, call, answer, libraries, depth - 1))

    def _raised(self, node: int, answer: int) -> Iterator[tuple[int, str, int]]:
        """Places of `raise` statements that only a bad answer leads to, with the class and the test."""
        code, flow = self.sites.code(node).scope, self.sites.flow(node)
        for place, instruction in enumerate(code.code):
            if instruction[0] != ir.RAISE or place < answer:
                continue
            for test, side in flow.sides_before(place):
                outcome = branch_outcome(code, test, answer)
                bad = {Outcome.FAILURE: 0, Outcome.SUCCESS: 1}.get(outcome, -1)
                error = self._failures.class_raised(node, place) if bad == side and not is_harmless(code, test) else ""
                if error:
                    yield place, error, test
                    break

    def _looks_into(self, node: int, test: int, answer: int) -> bool:
        """Whether a test asks for a part of the answer: its status, what it says under a key."""
        code = self.sites.code(node)
        closure = (code.scope.code[register] for register in code.closure((test,)))
        return any(i[0] in (ir.ATTR, ir.SUBSCRIPT) and _unwrapped(code, i[1]) == answer for i in closure)

    def _escaping(self, node: int, call: int, answer: int, libraries: frozenset[str], depth: int) -> tuple[str, ...]:
        """Classes of the errors that functions raise because of the answer that a call hands them."""
        found: set[str] = set()
        code = self.sites.code(node)
        for callee in self.sites.callees(node, call):
            scope = self.sites.code(callee).scope
            for register, instruction in enumerate(scope.code):
                if instruction[0] != ir.PARAM:
                    break
                handed = (h.register for h in handed_to(code.scope.code[call], scope, instruction[1]) if not h.part)
                if any(_unwrapped(code, value) == answer for value in handed):
                    for place, error in self.of(callee, register, libraries, depth):
                        fates = self._failures.fates(callee, place, None, Raised(libraries, error))
                        found.update(fate.error for fate in fates if fate.kind == ESCAPES)
        return tuple(sorted(found))


def _unwrapped(code: ScopeCode, register: int) -> int:
    """The register of the call that made a value, behind `await` and `async with`."""
    while register >= 0:
        register = code.value_of(register)
        if code.scope.code[register][0] not in _THROUGH:
            break
        register = code.scope.code[register][1]
    return register
