"""Control flow of a scope under construction: blocks, loops, environments, and their joins.

Reaching definitions are found while the tree is walked once (structured SSA construction after Braun et al., "Simple
and Efficient Construction of Static Single Assignment Form", CC 2013): the environment maps a local name to the
register that reaches the current point; branches are joined with `PHI`, loops get a `PHI` for every name they assign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.summarize import tree as cst

Environment = dict[str, int]
End = tuple[Environment, bool]
"""What a branch ends with: its environment, and whether its end is never reached."""


class BlockDraft:
    """A control block under construction."""

    __slots__ = ("role", "successors", "test")

    def __init__(self, role: str) -> None:
        self.successors: list[int] = []
        self.test = -1
        self.role = role


class LoopFrame:
    """A loop being walked: the `PHI` of each name it assigns, and what `break` and `continue` carry where they go."""

    __slots__ = ("break_blocks", "breaks", "continues", "head", "joined")

    def __init__(self, head: int) -> None:
        self.head = head
        self.joined: Environment = {}
        self.breaks: list[Environment] = []
        self.break_blocks: list[int] = []
        self.continues: list[Environment] = []


class FinallyFrame:
    """A `try` with a `finally` being walked: `leaving` are the blocks that leave it by "return", "break" or "continue", with
    what they carry. `loops` is the number of loops around it."""

    __slots__ = ("leaving", "loops")

    def __init__(self, loops: int) -> None:
        self.loops = loops
        self.leaving: list[tuple[str, int, Environment]] = []


class FlowBuilder:
    """Instructions and control flow of one scope."""

    def __init__(self, keeps_nodes: bool, local_names: frozenset[str]) -> None:
        self.keeps_nodes = keeps_nodes
        self.local_names = local_names
        self.code: list[Any] = []
        self.nodes: list[cst.CSTNode | None] = []
        self.environment: Environment = {}
        self.is_dead = False
        self.blocks: list[BlockDraft] = [BlockDraft("")]
        self.block = 0
        self.loops: list[LoopFrame] = []
        self.finals: list[FinallyFrame] = []
        self.logs: list[dict[str, list[int]]] = []

    # -- instructions -------------------------------------------------------------------------------------------

    def emit(self, instruction: Any, node: cst.CSTNode | None = None) -> int:
        """Append an instruction; returns its register. `node` is kept only when positions are wanted."""
        self.code.append(instruction)
        if self.keeps_nodes:
            self.nodes.append(node)
        return len(self.code) - 1

    def constant(self, value: str | int | float | bool | None, node: cst.CSTNode | None = None) -> int:
        """A constant's register."""
        return self.emit((ir.CONST, value), node)

    def unknown(self, node: cst.CSTNode | None = None) -> int:
        """A register of which nothing is known."""
        return self.emit((ir.LOCALS,), node)

    # -- blocks -------------------------------------------------------------------------------------------------

    def new_block(self, role: str = "") -> int:
        """Create a control block without entering it."""
        self.blocks.append(BlockDraft(role))
        return len(self.blocks) - 1

    def enter_block(self, block: int, first: int = -1) -> None:
        """What follows belongs to `block`; `first` (of a `finally`): the block in which its `try` begins."""
        self.block = block
        self.emit((ir.BLOCK, block) if first < 0 else (ir.BLOCK, block, first))

    def link(self, source: int, target: int) -> None:
        """Add a control edge."""
        successors = self.blocks[source].successors
        if target not in successors:
            successors.append(target)

    def branch_to(self, role: str = "") -> int:
        """Enter a new block that follows the current one."""
        block = self.new_block(role)
        self.link(self.block, block)
        self.enter_block(block)
        return block

    def branch_from(self, test: int) -> None:
        """Enter a new block that follows `test`, even where another edge goes to the same place."""
        block = self.new_block()
        self.blocks[test].successors.append(block)
        self.enter_block(block)

    def leave(self, way: str) -> None:
        """The current block ends the flow by "return", "raise", "break" or "continue"."""
        if not self.is_dead:
            self._leave(way, self.block)
        self.is_dead = True

    def _leave(self, way: str, block: int) -> None:
        final = self.finals[-1] if self.finals else None
        in_loop = len(self.loops) > (final.loops if final is not None else 0)
        if way == "raise" or (way != "return" and not self.loops):
            return
        if final is not None and (way == "return" or not in_loop):
            final.leaving.append((way, block, self.environment))
        elif way == "break":
            self.loops[-1].breaks.append(self.environment)
            self.loops[-1].break_blocks.append(block)
        elif way == "continue":
            self.loops[-1].continues.append(self.environment)
            self.link(block, self.loops[-1].head)

    def continue_dead(self) -> None:
        """Enter a block that nothing leads to: code behind `return` and the like."""
        self.environment = dict(self.environment)
        self.enter_block(self.new_block())

    # -- joins --------------------------------------------------------------------------------------------------

    def end_branch(self, after: int) -> End:
        """The end of a branch that goes on at block `after`."""
        if not self.is_dead:
            self.link(self.block, after)
        return self.environment, self.is_dead

    def join(self, ends: Sequence[End]) -> None:
        """Continue with the join of ends of branches."""
        alive = [environment for environment, dead in ends if not dead]
        self.is_dead = not alive
        self.environment = self.merged(alive or [ends[0][0]])

    def merged(self, environments: Sequence[Environment]) -> Environment:
        """The join of environments, with a `PHI` where they differ."""
        first = environments[0]
        differing: dict[str, None] = {}
        for other in environments[1:]:
            if other is not first and other != first:
                known = first.get
                differing.update({name: None for name, register in other.items() if known(name) != register})
        if not differing:
            return first
        result = dict(first)
        for name in differing:
            result[name] = self._joined([e[name] for e in environments if name in e])
        return result

    def _joined(self, registers: Iterable[int]) -> int:
        distinct = tuple(dict.fromkeys(registers))
        return distinct[0] if len(distinct) == 1 else self.emit((ir.PHI, distinct))

    # -- loops --------------------------------------------------------------------------------------------------

    def open_joins(self, names: frozenset[str]) -> Environment:
        """Give each local among `names` a `PHI` of its value here; `close_joins` adds what it is assigned later."""
        self.environment = dict(self.environment)
        joined: Environment = {}
        for name in sorted(names & self.local_names):
            register = self.environment.get(name)
            joined[name] = self.emit((ir.PHI, () if register is None else (register,)))
        self.environment.update(joined)
        return joined

    def close_joins(self, joined: Environment, environments: Iterable[Environment]) -> None:
        """Complete the `PHI`s with what reaches them from `environments`."""
        for environment in environments:
            for name, phi in joined.items():
                register = environment.get(name)
                known = self.code[phi][1]
                if register is not None and register != phi and register not in known:
                    self.code[phi] = (ir.PHI, (*known, register))

    def open_loop(self, names: frozenset[str]) -> LoopFrame:
        """Enter a loop head; `names` are those assigned inside."""
        frame = LoopFrame(self.branch_to("loop"))
        frame.joined = self.open_joins(names)
        self.loops.append(frame)
        return frame

    def close_loop(self, frame: LoopFrame) -> None:
        """The end of the body: back to the head."""
        ends = frame.continues if self.is_dead else [self.environment, *frame.continues]
        self.close_joins(frame.joined, ends)
        if not self.is_dead:
            self.link(self.block, frame.head)
        self.loops.pop()

    # -- code that may be left at any point ---------------------------------------------------------------------

    def open_log(self) -> dict[str, list[int]]:
        """Begin to note what is assigned to each name."""
        self.logs.append({})
        return self.logs[-1]

    def close_log(self) -> None:
        """End the note begun last."""
        self.logs.pop()

    def interrupted(self, before: Environment, log: dict[str, list[int]]) -> Environment:
        """What is seen when code was left at an unknown point: any assignment of it may or may not have happened."""
        result = dict(before)
        for name, registers in log.items():
            known = before.get(name)
            result[name] = self._joined(registers if known is None else (known, *registers))
        return result
