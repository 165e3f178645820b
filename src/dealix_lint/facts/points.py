"""Which points of a function can be reached from which.

A block with an exception edge (to a handler) may be left before its instructions have run; therefore each block is
two points, its start (2 * block) and its end (2 * block + 1), and exception edges leave from the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TypeAlias

from dealix_lint.model.blocks import leaves_early
from dealix_lint.model.summary import Scope

Side: TypeAlias = tuple[int, int]
"""A test's block and the block that one of its sides leads to."""
_NONE: frozenset[int] = frozenset()
_NO_SIDES: frozenset[Side] = frozenset()


class Points:
    """The points of one scope. `first_predecessors`: block -> the first of the blocks that lead to it."""

    __slots__ = ("_after", "_before", "_first", "_next", "_scope")

    def __init__(self, scope: Scope, first_predecessors: Mapping[int, int]) -> None:
        self._scope = scope
        self._first = first_predecessors
        self._next = self._find_next()
        self._before: list[list[int]] | None = None
        self._after: dict[tuple[int, Set[int]], frozenset[int]] = {}

    def leaves_early(self, block: int, successor: int) -> bool:
        """Whether the edge is an exception edge from inside the block."""
        return leaves_early(self._scope, self._first, block, successor)

    def reachable(
        self, starts: Iterable[int], barriers: Set[int] = _NONE, closed: Set[Side] = _NO_SIDES
    ) -> frozenset[int]:
        """Points reachable from `starts` without passing a barrier (a point) or a closed side of a test."""
        following = self._next
        pending = list(starts)
        seen = set(pending)
        while pending:
            here = pending.pop()
            for point in following[here]:
                if point in seen or point in barriers:
                    continue
                if closed and not point % 2 and (here // 2, point // 2) in closed:
                    continue
                seen.add(point)
                pending.append(point)
        return frozenset(seen)

    def after(self, start: int, barriers: frozenset[int] = _NONE) -> frozenset[int]:
        """The same from one point, remembered."""
        known = self._after.get((start, barriers))
        if known is None:
            known = self._after[start, barriers] = self.reachable((start,), barriers)
        return known

    def loop(self, header: int) -> frozenset[int]:
        """Blocks of a loop: what its header leads to and what leads back to it."""
        if self._before is None:
            self._before = [[] for _ in self._next]
            for point, following in enumerate(self._next):
                for successor in following:
                    self._before[successor].append(point)
        start, end = 2 * header, 2 * header + 1
        pending, back = [start], {start}
        while pending:
            for point in self._before[pending.pop()]:
                if point not in back:
                    back.add(point)
                    if point != end:
                        pending.append(point)
        return frozenset(point // 2 for point in self.after(end) if point in back)

    def _find_next(self) -> tuple[tuple[int, ...], ...]:
        found: list[tuple[int, ...]] = []
        for block, record in enumerate(self._scope.blocks):
            early = {successor for successor in record.successors if self.leaves_early(block, successor)}
            found.append((2 * block + 1, *(2 * successor for successor in record.successors if successor in early)))
            found.append(tuple(2 * successor for successor in record.successors if successor not in early))
        return tuple(found)
