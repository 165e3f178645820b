"""The control blocks of one scope."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from dealix_lint.model import ir
from dealix_lint.model.summary import Scope


def runs(scope: Scope) -> tuple[list[int], list[int]]:
    """Registers at which a stretch of a block begins, and the block of each stretch."""
    starts, blocks = [0], [0]
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.BLOCK:
            starts.append(register)
            blocks.append(instruction[1])
    assert all(a <= b for a, b in pairwise(starts))
    return starts, blocks


def block_of(scope: Scope, register: int) -> int:
    """The block a register belongs to; who asks for many keeps `runs`."""
    starts, blocks = runs(scope)
    return blocks[bisect_right(starts, register) - 1]


def reached(scope: Scope, is_open: Callable[[int, int], bool]) -> set[int]:
    """The blocks that are come to from the first one over edges, from a block to another, that are open."""
    found, pending = {0}, [0]
    while pending:
        block = pending.pop()
        for successor in scope.blocks[block].successors:
            if successor >= 0 and successor not in found and is_open(block, successor):
                found.add(successor)
                pending.append(successor)
    return found


def first_predecessors(scope: Scope) -> dict[int, int]:
    """Block -> the first of the blocks that lead to it."""
    first: dict[int, int] = {}
    for block, record in enumerate(scope.blocks):
        for successor in record.successors:
            first.setdefault(successor, block)
    return first


def leaves_early(scope: Scope, first: Mapping[int, int], block: int, successor: int) -> bool:
    """Whether an edge is an exception edge from inside the block. `first`: see `first_predecessors`."""
    return scope.blocks[successor].role == "handler" and first.get(successor) != block


def with_ends(scope: Scope) -> dict[int, int]:
    """Context manager of a `with` -> where its body ends: `(NOP, r)`, r the register of its ENTER."""
    ends: dict[int, int] = {}
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.NOP and len(instruction) > 1:
            ends[scope.code[instruction[1]][1]] = register
    return ends


def without_ended(scope: Scope, ended: Iterable[int]) -> Scope:
    """The scope without the edges that are never taken because a call in their block does not return: such a block leads
    to the handlers of its errors only."""
    first, blocks = first_predecessors(scope), list(scope.blocks)
    for block in ended:
        ways = scope.blocks[block].successors
        errors = tuple(way for way in ways if leaves_early(scope, first, block, way))
        blocks[block] = replace(blocks[block], successors=errors, test=-1)
    return replace(scope, blocks=tuple(blocks))
