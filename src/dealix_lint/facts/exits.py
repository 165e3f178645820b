"""Whether a function can be left without coming by a mark: what is known of single blocks, put together. Only what can be
reached is looked at; a function may have thousands of blocks, and the question is asked for each of its calls."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Set
from typing import TypeAlias

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.outcome import Outcome, branch_outcome
from dealix_lint.facts.points import Side
from dealix_lint.model.summary import Scope

Ways: TypeAlias = tuple[tuple[int, ...], bool] | None
"""The blocks that may come after one (none: the function ends), and whether one of them is enough; None after `raise`."""


class Exits:
    """Of one scope. `onward`: the blocks that may come after one where no error does; `raising`: those that end with one."""

    __slots__ = ("_answers", "_known", "_leaving", "_onward", "_raising", "_returning", "_scope", "_tested")

    def __init__(self, scope: Scope, onward: Callable[[int], tuple[int, ...]], raising: Set[int]) -> None:
        self._scope, self._onward, self._raising = scope, onward, raising
        self._known: dict[tuple[int, bool], dict[int, Ways]] = {}
        self._returning: frozenset[int] | None = None
        self._tested: frozenset[int] | None = None
        self._answers: dict[tuple[int, frozenset[int], int, frozenset[Side], bool, bool], bool] = {}
        self._leaving: dict[frozenset[int], Set[int]] = {}  # marked blocks -> those that leave past them

    def all_pass(
        self,
        start: int,
        marked: Iterable[int],
        place: int,
        closed: frozenset[Side] = frozenset(),
        *,
        has_failed: bool = False,
        is_certain: bool = False,
    ) -> bool:
        """Whether no normal exit can be reached from the end of the block `start` without a marked block, leaving out branches
        on which the call at `place` (-1: none) has failed (`has_failed`: has not), and closed sides of tests; where it is not
        known what a test says of it, one branch is enough, unless it has to be certain. Contexts of a function ask the same."""
        key = start, frozenset(marked), place, closed, has_failed, is_certain
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = not self._is_left(*key)
        return known

    def _is_left(
        self,
        start: int,
        marked: frozenset[int],
        place: int,
        closed: frozenset[Side],
        has_failed: bool,
        is_certain: bool,
    ) -> bool:
        if not closed:
            leaving = self._leaving.get(marked)
            if leaving is None:
                leaving = self._leaving[marked] = failing(self._plain(), marked)
            if not fails(self._after(start, -1), leaving):
                return False
            if place not in self._tested_registers():
                return True

        def ways(block: int) -> Ways:
            found = self._after(block, place, has_failed)
            if found is not None and is_certain:
                found = (found[0], False)
            return _open_ways(found, block, closed) if closed else found

        return is_left(start, ways, marked)

    def _tested_registers(self) -> frozenset[int]:
        """Registers that a branch depends on."""
        if self._tested is None:
            self._tested = ScopeCode(self._scope).tested
        return self._tested

    def _plain(self) -> dict[int, Ways]:
        """What comes after each block, whatever a call has come to."""
        return {block: self._after(block, -1) for block in range(len(self._scope.blocks))}

    def _after(self, block: int, place: int, has_failed: bool = False) -> Ways:
        """What comes after a block, leaving out branches on which the call at `place` has failed (or has not)."""
        known = self._known.setdefault((place, has_failed), {})
        if block not in known:
            known[block] = None if block in self._raising else self._live(block, place, has_failed)
        return known[block]

    def _live(self, block: int, place: int, has_failed: bool) -> Ways:
        """The successors to look at, and whether one of them is enough (the branch is about the outcome of the call at
        `place`, but which side is success is not known)."""
        successors, test = self._onward(block), self._scope.blocks[block].test
        if test < 0 or place < 0 or len(successors) != 2:
            return successors, False
        outcome = branch_outcome(self._scope, test, place)
        outcome = outcome.opposite if has_failed else outcome
        if outcome is Outcome.SUCCESS:
            return successors[:1], False
        if outcome is Outcome.FAILURE:
            return successors[1:], False
        if outcome is Outcome.UNKNOWN:  # a side that only raises is no way out that could be marked
            if self._returning is None:
                self._returning = leading_out(self._plain())
            successors = tuple(s for s in successors if s in self._returning) or successors
        return successors, outcome is Outcome.UNKNOWN


def is_left(start: int, ways: Callable[[int], Ways], marked: Container[int]) -> bool:
    """Whether a normal exit can be reached from the end of the block `start` past all marked blocks (a cycle never exits).
    Where one way is enough, all of them have to come to an exit."""
    after: dict[int, Ways] = {}
    forks = list[int]()
    pending = [start]
    while pending:
        block = pending.pop()
        if block in after:
            continue
        found = after[block] = ways(block)
        if found is None:
            continue
        following, one_suffices = found
        if one_suffices:
            forks.append(block)
        elif not following:
            return True
        else:
            pending += [successor for successor in following if successor not in marked]
    if not forks:
        return False
    pending = [successor for fork in forks for successor in _following(after[fork]) if successor not in marked]
    while pending:
        block = pending.pop()
        if block not in after:
            after[block] = ways(block)
            pending += [successor for successor in _following(after[block]) if successor not in marked]
    return fails(after[start], failing(after, marked))


def leading_out(after: Mapping[int, Ways]) -> frozenset[int]:
    """The blocks from which a normal end of the function can be reached."""
    found = {block for block, ways in after.items() if ways is not None and not ways[0]}
    return frozenset(_spread(found, after, lambda block: True))


def failing(after: Mapping[int, Ways], marked: Container[int]) -> Set[int]:
    """Unmarked blocks from which an exit is reached whatever way is enough."""
    found = {block for block, ways in after.items() if ways is not None and not ways[0] and block not in marked}
    return _spread(found, after, lambda block: block not in marked and fails(after[block], found))


def _spread(found: set[int], after: Mapping[int, Ways], takes_part: Callable[[int], bool]) -> set[int]:
    """Blocks, and those that come before them and take part."""
    before: dict[int, list[int]] = {}
    for block, ways in after.items():
        for successor in _following(ways):
            before.setdefault(successor, []).append(block)
    pending = list(found)
    while pending:
        for block in before.get(pending.pop(), ()):
            if block not in found and takes_part(block):
                found.add(block)
                pending.append(block)
    return found


def _following(ways: Ways) -> Iterable[int]:
    return () if ways is None else ways[0]


def fails(ways: Ways, failing: Set[int]) -> bool:
    """Whether what comes after a block is an exit, or leads to one."""
    if ways is None:
        return False
    blocks, any_suffices = ways
    if not blocks:
        return True
    return all(block in failing for block in blocks) if any_suffices else any(block in failing for block in blocks)


def _open_ways(ways: Ways, block: int, closed: Set[Side]) -> Ways:
    """The ways that are left when sides of tests are closed."""
    if ways is None or not ways[0]:
        return ways
    left = tuple(way for way in ways[0] if (block, way) not in closed)
    return (left, ways[1]) if left else None
