"""Order inside one function: what must have happened before a place, and what must follow it. The block before a `try`
has completed when its handlers run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set

from dealix_lint.facts.exits import Exits
from dealix_lint.facts.points import Points, Side
from dealix_lint.facts.verdicts import MAYBE, YES, Sides
from dealix_lint.model import ir
from dealix_lint.model.blocks import first_predecessors, runs, with_ends, without_ended
from dealix_lint.model.summary import Scope

_RAISING = frozenset({ir.CALL, ir.AWAIT, ir.ITERATE, ir.ENTER})
_NAMING = frozenset({ir.NAME, ir.ATTR, ir.FREE, ir.TUPLE, ir.SUBSCRIPT, ir.CONST, ir.CALL})
_IMPORTING = frozenset({ir.IMPORT, ir.IMPORT_FROM, ir.IMPORT_STAR})
_LEAVES = {ir.RETURN: "return", ir.RAISE: "raise"}


class Flow:
    """Control flow of one scope. Registers are places; a mark is the register of a call that does what is asked for.
    `endings`: calls that never return."""

    __slots__ = (
        "_block_starts",
        "_blocks",
        "_ends",
        "_filled",
        "_finals",
        "_first_predecessor",
        "_points",
        "_ways",
        "_with_ends",
        "scope",
    )

    def __init__(self, scope: Scope, endings: frozenset[int] = frozenset()) -> None:
        self._block_starts, self._blocks = runs(scope)
        self.scope = without_ended(scope, {self.block_of(register) for register in endings}) if endings else scope
        self._ends = self._find_ends(endings)
        self._filled: frozenset[int] | None = None
        raising = frozenset(block for block, (_, leave) in self._ends.items() if leave == "raise")
        self._ways = Exits(self.scope, self.onward, raising)
        self._first_predecessor = first_predecessors(scope)
        self._with_ends = with_ends(scope)
        self._finals = [i[1:] for i in self.scope.code if i[0] == ir.BLOCK and len(i) > 2]
        self._points = Points(self.scope, self._first_predecessor)

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

    def is_guarded(self, place: int, marks: Iterable[int], verdicts: Mapping[int, Sides]) -> bool:
        """Whether every way to `place` has completed one of the marks, or left a test of `verdicts` (block -> what its
        sides say) by its favourable side."""
        block = self.block_of(place)
        if any(self.block_of(mark) == block and mark < place for mark in marks):
            return True
        return not self._unguarded(marks, verdicts, frozenset((2 * block,)))

    def is_exit_guarded(self, marks: Iterable[int], verdicts: Mapping[int, Sides]) -> bool:
        """The same for every normal way out of the function."""
        return not self._unguarded(marks, verdicts, self._exits())

    def is_end_guarded(self, marks: Iterable[int], verdicts: Mapping[int, Sides]) -> bool:
        """The same for the ways out that give nothing back, of which there is one."""
        ends = {point for point in self._exits() if not self._gives_something(point // 2)}
        return bool(ends) and not self._unguarded(marks, verdicts, frozenset(ends))

    def _gives_something(self, block: int) -> bool:
        register, leave = self._ends.get(block, (0, ""))
        return leave == "return" and self.scope.code[self.scope.code[register][1]] != (ir.CONST, None)

    def _unguarded(self, marks: Iterable[int], verdicts: Mapping[int, Sides], goals: frozenset[int]) -> bool:
        """Whether a goal (a point) can be reached past all marks and favourable sides."""
        barriers = frozenset(2 * self.block_of(mark) + 1 for mark in marks)
        closed = {side for block, sides in verdicts.items() for side in self._favourable(block, sides, goals)}
        return not goals.isdisjoint(self._points.reachable((0,), barriers, closed))

    def is_guarded_from(
        self, start: int, others: Set[int], target: int, marks: Iterable[int], verdicts: Mapping[int, Sides]
    ) -> bool:
        """The same for every way to the block `target` that comes through the block `start`, and after it through none of
        the others."""
        goals, barriers = frozenset((2 * target,)), frozenset(2 * block + 1 for block in others)
        passed = frozenset(2 * self.block_of(mark) + 1 for mark in marks)
        closed = {side for block, sides in verdicts.items() for side in self._favourable(block, sides, goals, barriers)}
        if 2 * start + 1 not in self._points.reachable((0,), passed, closed):
            return True
        return goals.isdisjoint(self._points.reachable((2 * start + 1,), passed | barriers, closed))

    def _exits(self) -> frozenset[int]:
        """Ends of blocks by which the function is left normally."""
        found: set[int] = set()
        for block in range(len(self.scope.blocks)):
            leave = self._ends.get(block, (0, ""))[1]
            if leave != "raise" and not self._normal_successors(block, leave):
                found.add(2 * block + 1)
        return frozenset(found)

    def _favourable(
        self, block: int, sides: Sides, goals: frozenset[int], barriers: frozenset[int] = frozenset()
    ) -> Iterator[Side]:
        """Sides of a test that are taken only after a favourable verdict. Where words do not tell, it is the one side
        that goes on to a goal while the other never does."""
        ways = self._normal_successors(block, "")
        if len(ways) != 2:
            return
        for number, (way, says) in enumerate(zip(ways, sides, strict=True)):
            if says == YES or (says == MAYBE and not self._leads_to(ways[1 - number], block, goals, barriers)):
                yield block, way

    def _leads_to(self, start: int, test: int, goals: Set[int], barriers: Set[int] = frozenset()) -> bool:
        return not goals.isdisjoint(self._points.after(2 * start, frozenset((*barriers, 2 * test + 1))))

    def is_passed_by(self, place: int, marks: Iterable[int]) -> bool:
        """Whether every way to `place` on which no error is caught, other than that of an import, comes by one of the marks; a
        loop that it is not in is run through at least once."""
        target, blocks = self.block_of(place), {self.block_of(mark) for mark in marks}
        bodies = {header: self._points.loop(header) for header in self._loops()}
        blocks |= {h for h, body in bodies.items() if target not in body and not blocks.isdisjoint(body)}
        pending = [0] if 0 not in blocks else []
        seen = set(pending)
        while pending:
            block = pending.pop()
            for successor in (*self.onward(block), *(self.handlers(block) if self._imports(block) else ())):
                if successor not in blocks and successor not in seen:
                    seen.add(successor)
                    pending.append(successor)
        return target not in seen

    def _imports(self, block: int) -> bool:
        return any(
            instruction[0] in _IMPORTING and self.block_of(register) == block
            for register, instruction in enumerate(self.scope.code)
        )

    def _loops(self) -> Iterator[int]:
        return (block for block, record in enumerate(self.scope.blocks) if record.role == "loop")

    def tests_before(self, place: int) -> Iterator[int]:
        """Registers of the tests of which only one side leads to `place` (without coming by the test again)."""
        return (test for test, _ in self.sides_before(place))

    def sides_before(self, place: int) -> Iterator[tuple[int, int]]:
        """The same, each with that side: 0 where the test holds, 1 where it does not."""
        goal = frozenset((2 * self.block_of(place),))
        for block, record in enumerate(self.scope.blocks):
            ways = self._normal_successors(block, "") if record.test >= 0 else ()
            leading = [self._leads_to(way, block, goal) for way in ways]
            if len(ways) == 2 and leading[0] != leading[1]:
                yield record.test, leading.index(True)

    def is_open_at(self, opening: int, place: int) -> bool:
        """Whether what the call at `opening` opened is still open at `place`: always from there on, or, where it is
        the context manager of a `with`, until the end of its body."""
        end = self._with_ends.get(opening)
        return self.dominates(opening, place) and (end is None or not self.dominates(end, place))

    def _reachable_without(self, blocks: frozenset[int]) -> frozenset[int]:
        """Points (2*block: start, 2*block+1: end) reachable from the entry when the end of none of `blocks` is
        passed."""
        return self._points.after(0, frozenset(2 * block + 1 for block in blocks))

    # -- what follows -------------------------------------------------------------------------------------------

    def is_followed(
        self,
        place: int,
        marks: Iterable[int],
        closed: frozenset[Side] = frozenset(),
        *,
        has_failed: bool = False,
        is_certain: bool = False,
    ) -> bool:
        """Whether every normal way from `place` out of the function passes a mark, leaving out branches on which the
        result of the call at `place` says that it failed (`has_failed`: that it did not); where it is not known what it
        says, one branch is enough, unless it has to be certain; `closed`: sides of tests that are not taken."""
        by_block = self._marks_by_block(marks)
        block = self.block_of(place)
        if any(register > place for register in by_block.get(block, ())):
            return True
        return bool(by_block) and self._ways.all_pass(
            block, by_block, place, closed, has_failed=has_failed, is_certain=is_certain
        )

    def onward(self, block: int) -> tuple[int, ...]:
        """The blocks that may come next where no error does."""
        return self._normal_successors(block, self._ends.get(block, (0, ""))[1])

    def is_always_passed(self, marks: Iterable[int]) -> bool:
        """Whether every normal way through the function passes a mark."""
        by_block = self._marks_by_block(marks)
        if not by_block:
            return False
        return bool(by_block.get(0)) or self._ways.all_pass(0, by_block, -1)

    def is_passed_from(
        self, block: int, marks: Iterable[int], known: int, closed: frozenset[Side] = frozenset()
    ) -> bool:
        """Whether every normal way from the start of a block out of the function passes a mark, leaving out branches on
        which the value at register `known` (-1: none) is not there, and closed sides of tests."""
        by_block = self._marks_by_block(marks)
        return block in by_block or self._ways.all_pass(block, by_block, known, closed)

    # -- errors -------------------------------------------------------------------------------------------------

    def handlers(self, block: int) -> tuple[int, ...]:
        """Handlers that an error in the block comes to, the innermost first and those of one `try` in their order."""
        return tuple(
            successor
            for successor in self.scope.blocks[block].successors
            if self._points.leaves_early(block, successor)
        )

    def finals(self, block: int) -> Iterator[tuple[int, int]]:
        """The `finally` blocks that an error in a block comes by, the innermost first, each with the first block of its `try`."""
        yield from sorted((final, first) for final, first in self._finals if first <= block < final)

    def tried_before(self, place: int) -> frozenset[int]:
        """The blocks of the `try` statements in whose `finally` a place stands: it runs whatever happens in them."""
        target, found = self.block_of(place), set[int]()
        for final, first in self._finals:
            if final <= target < self._end_of_final(final):
                found.update(range(first, final))
        return frozenset(found)

    def _end_of_final(self, final: int) -> int:
        depth = 0
        for block in range(final, len(self.scope.blocks)):
            role = self.scope.blocks[block].role
            depth += (role == "finally") - (role == "after")
            if depth == 0:
                return block
        return len(self.scope.blocks)

    def before_handler(self, handler: int) -> int:
        """The block that ends where the `try` of a handler begins."""
        return self._first_predecessor.get(handler, -1)

    def start_of(self, block: int) -> int:
        """The first register of a block."""
        return self._block_starts[self._blocks.index(block)]

    def caught_at(self, handler: int) -> int:
        """The `CAUGHT` of a handler; -1 if it catches everything."""
        start = self.start_of(handler)
        for register in range(start + 1, len(self.scope.code)):
            opcode = self.scope.code[register][0]
            if opcode == ir.CAUGHT:
                return register
            if opcode not in _NAMING:
                return -1
        return -1

    def raised_in(self, handler: int) -> tuple[int, ...]:
        """The places of the `raise` statements that only the handler leads to."""
        inside = self.inside(handler)
        return tuple(r for r, i in enumerate(self.scope.code) if i[0] == ir.RAISE and self.block_of(r) in inside)

    def leads_to(self, block: int, place: int) -> bool:
        """Whether a way leads from a block to a place."""
        return 2 * self.block_of(place) in self._points.after(2 * block)

    def comes_to(self, place: int, goal: int, past: Set[int]) -> bool:
        """Whether a way leads on from a place to the start of a block, through none of the others; also by an error that a
        call after it in its own block raises."""
        block = self.block_of(place)
        rest = (r for r, i in enumerate(self.scope.code) if r > place and i[0] in _RAISING)
        handlers = self.handlers(block) if any(self.block_of(r) == block for r in rest) else ()
        starts = (2 * block + 1, *(2 * handler for handler in handlers))
        return 2 * goal in self._points.reachable(starts, frozenset(2 * other + 1 for other in past))

    def returns_in(self, block: int) -> bool:
        """Whether a block ends with a `return`."""
        return self._ends.get(block, (0, ""))[1] == "return"

    def ends_with_nothing(self, block: int) -> bool:
        """Whether the function ends with a block, without an error, and gives nothing back; also where the block is empty, and
        those that it goes on to (`if order is not None: ...` at the end of a function)."""
        passed: set[int] = set()
        while not self._is_filled(block) and block not in passed and len(onward := self.onward(block)) == 1:
            passed.add(block)
            block = onward[0]
        does_more = bool(passed) and self._is_filled(block)
        return not does_more and 2 * block + 1 in self._exits() and not self._gives_something(block)

    def _is_filled(self, block: int) -> bool:
        """Whether anything is done in a block."""
        if self._filled is None:
            places = enumerate(self.scope.code)
            self._filled = frozenset(self.block_of(r) for r, i in places if i[0] not in (ir.NOP, ir.BLOCK, ir.PHI))
        return block in self._filled

    def looped_in(self, handler: int) -> frozenset[int]:
        """The registers of loops that only a handler leads to."""
        inside = self.inside(handler)
        blocks = {block for header in self._loops() if header in inside for block in self._points.loop(header)}
        return frozenset(r for r in range(len(self.scope.code)) if blocks and self.block_of(r) in blocks)

    def inside(self, handler: int) -> frozenset[int]:
        """Blocks whose start only a handler leads to."""
        elsewhere = self._points.after(0, frozenset((2 * handler,)))
        points = self._points.after(2 * handler) - elsewhere
        return frozenset(point // 2 for point in points if point % 2 == 0)

    def never_returns(self) -> bool:
        """Whether no normal way leads out of the function."""
        return self._exits().isdisjoint(self._points.after(0))

    def _marks_by_block(self, marks: Iterable[int]) -> dict[int, list[int]]:
        by_block: dict[int, list[int]] = {}
        for register in marks:
            block = self.block_of(register)
            if register <= self._ends.get(block, (len(self.scope.code), ""))[0]:
                by_block.setdefault(block, []).append(register)
        return by_block

    def _normal_successors(self, block: int, leave: str) -> tuple[int, ...]:
        blocks = self.scope.blocks
        return tuple(
            successor
            for successor in blocks[block].successors
            if blocks[successor].role != "handler" and (not leave or blocks[successor].role == "finally")
        )

    def _find_ends(self, endings: frozenset[int]) -> dict[int, tuple[int, str]]:
        """Block -> register and kind of the instruction by which it leaves the function."""
        ends: dict[int, tuple[int, str]] = {}
        for register, instruction in enumerate(self.scope.code):
            leave = "raise" if register in endings else _LEAVES.get(instruction[0])
            if leave is not None:
                ends.setdefault(self.block_of(register), (register, leave))
        return ends
