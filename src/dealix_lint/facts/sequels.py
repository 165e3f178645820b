"""Dispatches that are handed what the one before them gives back: `chain(count.s(1), pay.s())`, `count.s(1) | pay.s()`,
`count.apply_async((1,), link=pay.s())`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from dealix_lint.facts.code import ScopeCode, operands
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames

_PIPE: Final = "|"


class Sequels:
    """Which dispatches of a function come before which, by the names of a policy pack."""

    __slots__ = ("_before", "_deaf", "_joining", "_linking", "_sequences", "sites")

    def __init__(self, sites: Sites, names: CorrelationNames) -> None:
        self.sites = sites
        self._sequences = PatternIndex((pattern, True) for pattern in names.sequences)
        self._joining = PatternIndex((pattern, True) for pattern in names.joining)
        self._linking, self._deaf = frozenset(names.linking), frozenset(names.deaf)
        self._before: dict[int, dict[int, tuple[int, ...]]] = {}

    def before(self, node: int, register: int) -> tuple[int, ...]:
        """Registers of the dispatches whose result is the first argument of the one at a register."""
        known = self._before.get(node)
        if known is None:
            found: dict[int, set[int]] = {}
            for earlier, later in self._pairs(node):
                for place in self._ends(node, later, last=False):
                    if self.sites.code(node).callee_name(place) not in self._deaf:
                        found.setdefault(place, set()).update(self._ends(node, earlier, last=True))
            known = self._before[node] = {place: tuple(sorted(before - {place})) for place, before in found.items()}
        return known.get(register, ())

    def _pairs(self, node: int) -> Iterator[tuple[int, int]]:
        """Values of which one runs right after the other."""
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            steps = self._steps(node, register)
            yield from pairwise(steps)
            if instruction[0] == ir.CALL:
                is_linked = code.callee_name(register) in self._linking
                named = [value for keyword, value in instruction[3] if keyword in self._linking]
                handed = [value for value in instruction[2] if value >= 0] if is_linked else []
                first = code.receiver(register) if is_linked or not self._is_dispatch(node, register) else register
                yield from ((first, value) for value in (*handed, *named) if first >= 0)

    def _steps(self, node: int, register: int) -> tuple[int, ...]:
        """What runs one after the other in a value: the arguments of `chain(a, b)`, `chain([a, b])` and `chord([a, b])(c)`,
        both sides of `a | b`."""
        code = self.sites.code(node).scope.code
        instruction = code[register]
        if instruction[0] == ir.BINARY and instruction[1] == _PIPE:
            return instruction[2:4]
        if instruction[0] != ir.CALL:
            return ()
        if self._is_one_of(self._sequences, node, register):
            return _listed(code, instruction[2])
        before: tuple[int, ...] = ()
        if not self._is_one_of(self._joining, node, register):
            before = code[instruction[1]][2] if self._is_one_of(self._joining, node, instruction[1]) else ()
            if not before:
                return ()
        steps = (*before, *instruction[2], *(value for _, value in instruction[3]))
        return steps if all(value >= 0 for value in steps) else ()

    def _is_one_of(self, index: PatternIndex[bool], node: int, register: int) -> bool:
        view = self.sites.calls(node).get(register)
        return view is not None and any(map(index.find, view.names))

    def _is_dispatch(self, node: int, register: int) -> bool:
        return any(edge.kind == DISPATCH_EDGE for edge in self.sites.edges(node).get(register, ()))

    def _ends(self, node: int, register: int, *, last: bool) -> frozenset[int]:
        """The dispatches in a value that run last, or first."""
        code, found = self.sites.code(node), set[int]()
        pending, seen = [register], set[int]()
        while pending:
            place = code.value_of(pending.pop())
            if place in seen:
                continue
            seen.add(place)
            if self._is_dispatch(node, place):
                found.add(place)
                continue
            steps = self._steps(node, place)
            pending += [steps[-1] if last else steps[0]] if steps else _inside(code, place)
        return frozenset(found)


def _listed(code: tuple[Instruction, ...], given: tuple[int, ...]) -> tuple[int, ...]:
    """Positional arguments, or the elements of the one list that is given; nothing where there may be more than is seen."""
    if len(given) == 1 and given[0] >= 0 and code[given[0]][0] in (ir.LIST, ir.TUPLE):
        listed = code[given[0]][1]
        return (given[0],) if any(value < 0 for value in listed) else tuple(listed)
    return () if any(value < 0 for value in given) else given


def _inside(code: ScopeCode, register: int) -> list[int]:
    """What a value is made of: elements of displays and groups, the object that a method is called on."""
    instruction = code.scope.code[register]
    if instruction[0] == ir.CALL:
        receiver = code.receiver(register)
        return [value if value >= 0 else -value - 1 for value in instruction[2]] + ([receiver] if receiver >= 0 else [])
    return [*operands(instruction)]
