"""Order inside one function: what must have happened before a place, and what must follow it.

A block with an exception edge (to a handler) may be left before its instructions have run; therefore each block is
two points, its start and its end, and exception edges leave from the start. The block before the `try` has completed
when its handlers run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dealix_lint.facts.outcome import Outcome, branch_outcome
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_LEAVES = {ir.RETURN: "return", ir.RAISE: "raise"}


class Flow:
    """Control flow of one scope. Registers are places; a mark is the register of a call that does what is asked for."""

    __slots__ = ("_block_starts", "_blocks", "_bypass", "_ends", "_first_predecessor", "_with_ends", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._block_starts, self._blocks = _runs(scope)
        self._ends = self._find_ends()
        self._first_predecessor = _first_predecessors(scope)
        self._bypass: dict[frozenset[int], frozenset[int]] = {}
        self._with_ends = _with_ends(scope)

    def block_of(self, register: int) -> int:
        """The control block a register belongs to."""
        return self._blocks[bisect_right(self._block_starts, register) - 1]

    def dominates(self, first: int, second: int) -> bool:
        """Whether every way to `second` has completed `first` (a place dominates itself)."""
        block, target = self.block_of(first), self.block_of(second)
        if block == target:
            return first <= second
        return 2 * target not in self._reachable_without(frozenset((block,)))

    def is_preceded(self, place: int, marks: Iterable[int]) -> bool:
        """Whether every way to `place` has completed one of the marks."""
        target = self.block_of(place)
        blocks = {mark: self.block_of(mark) for mark in marks}
        if any(block == target and mark <= place for mark, block in blocks.items()):
            return True
        return bool(blocks) and 2 * target not in self._reachable_without(frozenset(blocks.values()))

    def is_open_at(self, opening: int, place: int) -> bool:
        """Whether what the call at `opening` opened is still open at `place`: always from there on, or, where it is
        the context manager of a `with`, until the end of its body."""
        end = self._with_ends.get(opening)
        return self.dominates(opening, place) and (end is None or not self.dominates(end, place))

    def _reachable_without(self, blocks: frozenset[int]) -> frozenset[int]:
        """Points (2*block: start, 2*block+1: end) reachable from the entry when the end of none of `blocks` is
        passed."""
        known = self._bypass.get(blocks)
        if known is None:
            barriers = {2 * block + 1 for block in blocks}
            seen = {0}
            pending = [0]
            while pending:
                for point in self._next_points(pending.pop()):
                    if point not in barriers and point not in seen:
                        seen.add(point)
                        pending.append(point)
            known = self._bypass[blocks] = frozenset(seen)
        return known

    def _next_points(self, point: int) -> Iterator[int]:
        block, at_end = divmod(point, 2)
        if not at_end:
            yield point + 1
        for successor in self.scope.blocks[block].successors:
            if bool(at_end) is not self._leaves_early(block, successor):
                yield 2 * successor

    def _leaves_early(self, block: int, successor: int) -> bool:
        """Whether the edge is an exception edge from inside the block."""
        return self.scope.blocks[successor].role == "handler" and self._first_predecessor.get(successor) != block

    # -- what follows -------------------------------------------------------------------------------------------

    def is_followed(self, place: int, marks: Iterable[int]) -> bool:
        """Whether every normal way from `place` out of the function passes a mark, leaving out branches on which the
        result of the call at `place` says that it failed."""
        by_block = self._marks_by_block(marks)
        block = self.block_of(place)
        if any(register > place for register in by_block.get(block, ())):
            return True
        return bool(by_block) and self._all_ways_pass(block, by_block, place)

    def is_always_passed(self, marks: Iterable[int]) -> bool:
        """Whether every normal way through the function passes a mark."""
        by_block = self._marks_by_block(marks)
        if not by_block:
            return False
        return bool(by_block.get(0)) or self._all_ways_pass(0, by_block, -1)

    def _marks_by_block(self, marks: Iterable[int]) -> dict[int, list[int]]:
        by_block: dict[int, list[int]] = {}
        for register in marks:
            block = self.block_of(register)
            if register <= self._ends.get(block, (len(self.scope.code), ""))[0]:
                by_block.setdefault(block, []).append(register)
        return by_block

    def _all_ways_pass(self, start: int, marked: dict[int, list[int]], place: int) -> bool:
        """Whether no normal exit can be reached from the end of `start` without a mark (greatest fixpoint: a cycle
        never exits)."""
        failing: set[int] = set()
        blocks = range(len(self.scope.blocks) - 1, -1, -1)
        changed = True
        while changed:
            before = len(failing)
            failing.update(
                block for block in blocks if block not in failing and not self._passes(block, marked, place, failing)
            )
            changed = len(failing) > before
        return not self._fails_after(start, place, failing)

    def _passes(self, block: int, marked: dict[int, list[int]], place: int, failing: set[int]) -> bool:
        return block in marked or not self._fails_after(block, place, failing)

    def _fails_after(self, block: int, place: int, failing: set[int]) -> bool:
        """Whether leaving `block` at its end reaches an exit, or a block known to fail."""
        _, leave = self._ends.get(block, (0, ""))
        if leave == "raise":
            return False
        successors = self._normal_successors(block, leave)
        if not successors:
            return True
        ways, any_suffices = self._live_ways(block, successors, place)
        failed = [way in failing for way in ways]
        return all(failed) if any_suffices else any(failed)

    def _normal_successors(self, block: int, leave: str) -> tuple[int, ...]:
        blocks = self.scope.blocks
        return tuple(
            successor
            for successor in blocks[block].successors
            if blocks[successor].role != "handler" and (not leave or blocks[successor].role == "finally")
        )

    def _live_ways(self, block: int, successors: tuple[int, ...], place: int) -> tuple[tuple[int, ...], bool]:
        """The successors to look at, and whether one of them is enough (the branch is about the outcome of the call at
        `place`, but which side is success is not known)."""
        test = self.scope.blocks[block].test
        if test < 0 or place < 0 or len(successors) != 2:
            return successors, False
        outcome = branch_outcome(self.scope, test, place)
        if outcome is Outcome.SUCCESS:
            return successors[:1], False
        if outcome is Outcome.FAILURE:
            return successors[1:], False
        return successors, outcome is Outcome.UNKNOWN

    def _find_ends(self) -> dict[int, tuple[int, str]]:
        """Block -> register and kind of the instruction by which it leaves the function."""
        ends: dict[int, tuple[int, str]] = {}
        for register, instruction in enumerate(self.scope.code):
            leave = _LEAVES.get(instruction[0])
            if leave is not None:
                ends.setdefault(self.block_of(register), (register, leave))
        return ends


def _runs(scope: Scope) -> tuple[list[int], list[int]]:
    """Registers at which a stretch of a block begins, and the block of each stretch."""
    starts, blocks = [0], [0]
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.BLOCK:
            starts.append(register)
            blocks.append(instruction[1])
    assert all(a <= b for a, b in pairwise(starts))
    return starts, blocks


def _first_predecessors(scope: Scope) -> dict[int, int]:
    first: dict[int, int] = {}
    for block, record in enumerate(scope.blocks):
        for successor in record.successors:
            first.setdefault(successor, block)
    return first


def _with_ends(scope: Scope) -> dict[int, int]:
    """Context manager of a `with` -> where its body ends: `(NOP, r)`, r the register of its ENTER."""
    ends: dict[int, int] = {}
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.NOP and len(instruction) > 1:
            ends[scope.code[instruction[1]][1]] = register
    return ends
