"""Where errors come up of what was started before: where a coroutine is awaited, where a future is asked for its result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import AWAITING, ScopeCode, call_operands, operands
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex

_RESULT: Final = "result"
_COLLECTIONS: Final = frozenset(
    {ir.LIST, ir.TUPLE, ir.SET, ir.DICT, ir.COLLECT, ir.PHI, ir.ITERATE, ir.ITEM, ir.SUBSCRIPT, ir.NARROW}
)


class Waiting:
    """Calls by the place at which a function waits for them."""

    __slots__ = ("_joined", "_starts", "sites")

    def __init__(self, sites: Sites, joined: tuple[str, ...] = ()) -> None:
        """`joined`: calls that start what the context manager they are made on waits for."""
        self.sites = sites
        self._joined = PatternIndex((pattern, True) for pattern in joined)
        self._starts: dict[int, tuple[tuple[int, int], ...]] = {}

    def group(self, node: int, register: int) -> int:
        """The `ENTER` of the group of tasks that waits for what is started at a site; -1 for none."""
        code = self.sites.code(node).scope.code
        starts = self._starts.get(node)
        if starts is None:
            starts = self._starts[node] = tuple(self._find_starts(node))
        return next((enter for start, enter in starts if register in (start, *call_operands(code[start]))), NO_SITE)

    def _find_starts(self, node: int) -> Iterator[tuple[int, int]]:
        """Calls that start something in a group, with its `ENTER` (-1: not known)."""
        code = self.sites.code(node)
        for place, view in self.sites.calls(node).items():
            if any(map(self._joined.find, view.names)):
                receiver = code.receiver(place)
                yield place, receiver if receiver >= 0 and code.scope.code[receiver][0] == ir.ENTER else NO_SITE

    def place(self, node: int, register: int) -> int:
        """Where the function meets the error of the call at a site: the call itself where it is not started to be waited for."""
        code = self.sites.code(node)
        group = self.group(node, register)
        if group >= 0:
            return group
        direct = (r for r, i in enumerate(code.scope.code) if i[0] in AWAITING and register in awaited(code, r))
        found = next(direct, -1)
        if found < 0 and self._is_started(node, register):
            found = next(self._collected(code, register), -1)
        if found < 0:
            found = next(self._asked(node, register), -1)
        return found if found >= 0 else register

    def _is_started(self, node: int, register: int) -> bool:
        """Whether a call makes a coroutine."""
        edges = self.sites.edges(node).get(register, ())
        return bool(edges) and all(self.sites.code(edge.target).scope.is_async for edge in edges)

    def _collected(self, code: ScopeCode, register: int) -> Iterator[int]:
        """Where what a call started is awaited with others: `await gather(*tasks)`, `for task in tasks: await task`."""
        for place, instruction in enumerate(code.scope.code):
            if instruction[0] in AWAITING and register in elements(code, [instruction[1]], frozenset((register,))):
                yield place

    def _asked(self, node: int, register: int) -> Iterator[int]:
        """Where a future is asked for its result: `future.result()`, also of those in a collection."""
        calls, code = self.sites.calls(node), self.sites.code(node)
        names = frozenset(calls[register].names) if register in calls else frozenset()
        asking = frozenset(f"{name}().{_RESULT}" for name in names)
        futures = frozenset(place for place, view in calls.items() if not names.isdisjoint(view.names))
        for place, view in calls.items():
            is_one = view.spelling == _RESULT and not asking.isdisjoint(view.names)
            if is_one and register in elements(code, [code.receiver(place)], futures):
                yield place


def awaited(code: ScopeCode, place: int) -> tuple[int, ...]:
    """The calls whose coroutine is awaited at a place: one, the alternatives of `await (a() if x else b())`, those that a task
    is made of (`await create_task(a())`)."""
    register: int = code.scope.code[place][1]
    instruction = code.scope.code[register]
    if instruction[0] == ir.PHI:
        return (register, *instruction[1])
    handed = tuple(call_operands(instruction)) if instruction[0] == ir.CALL else ()
    return (register, *(value for value in handed if code.scope.code[value][0] == ir.CALL))


def elements(code: ScopeCode, pending: list[int], leaves: frozenset[int] | None = None) -> frozenset[int]:
    """What stands in these values by itself or as an element of a collection, what is added to one included; with `leaves`
    also what calls are handed that stand there, but for those."""
    seen: set[int] = set()
    found: set[int] = set()
    while pending:
        register = pending.pop()
        if register in seen:
            continue
        seen.add(register)
        instruction = code.scope.code[register]
        if instruction[0] in _COLLECTIONS:
            pending.extend(operands(instruction))
            added = (code.scope.code[place] for place in code.fillers(register))
            pending.extend(value for i in added for value in (call_operands(i) if i[0] == ir.CALL else i[3:]))
        else:
            found.add(register)
            if leaves is not None and instruction[0] == ir.CALL and register not in leaves:
                pending.extend(call_operands(instruction))
    return frozenset(found)
