"""Whether a function can be left without coming by a mark: what is known of single blocks, put together. Only what can be
reached is looked at; a function may have thousands of blocks, and the question is asked for each of its calls."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Set
from typing import TypeAlias

Ways: TypeAlias = tuple[tuple[int, ...], bool] | None
"""The blocks that may come after one (none: the function ends), and whether one of them is enough; None after `raise`."""


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
