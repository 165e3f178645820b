"""What was read of a value before: after `target.rstrip(".")` it is no object of a class that has no `rstrip`, or the function
would have ended there. So `f"{target}"` behind it asks no such object for its text."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from dealix_lint.callgraph import standard
from dealix_lint.callgraph.keeping import assigns_anything
from dealix_lint.callgraph.values import INST, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.blocks import first_predecessors, leaves_early, reached, runs
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


class Required:
    """Which attributes are read of a register on every way to an instruction, and which classes lack them."""

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._before: dict[tuple[int, int, int, int], tuple[str, ...]] = {}
        self._remaining: dict[tuple[Values, tuple[str, ...]], Values] = {}
        self._blocks: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
        self._avoiding: dict[tuple[int, int, int], int] = {}
        self._lacking: dict[tuple[int, bool, str], bool] = {}
        self._open: dict[int, bool] = {}

    def remaining(self, frame: Frame, operand: int, register: int) -> Values:
        """The values of an operand of an instruction that the function can come there with."""
        values = frame.registers[operand]
        if len(values) < 2:
            return values
        place = (frame.module, frame.scope_index, operand, register)
        names = self._before.get(place)
        if names is None:
            names = self._before[place] = self._read_before(*place)
        if not names:
            return values
        found = self._remaining.get((values, names))
        if found is None:
            left = frozenset([v for v in values if not any(self._is_lacking(v, name) for name in names)])
            found = self._remaining[values, names] = left if 0 < len(left) < len(values) else values
        return found

    def _read_before(self, module: int, index: int, operand: int, register: int) -> tuple[str, ...]:
        scope = self._m.state.program.summaries[module].scopes[index]
        code = scope.code
        reads = [
            user
            for user in self._m.state.users(module, index)[operand]
            if user < register and code[user][:2] == (ir.ATTR, operand) and not code[user][2].startswith("__")
        ]
        if not reads:
            return ()
        known = self._blocks.get((module, index))
        if known is None:
            known = self._blocks[module, index] = runs(scope)
        starts, blocks = known
        target = blocks[bisect_right(starts, register) - 1]
        found = ((code[read][2], blocks[bisect_right(starts, read) - 1]) for read in reads)
        return tuple(
            dict.fromkeys(
                name for name, block in found if block == target or not self._past(module, index, block) >> target & 1
            )
        )

    def _past(self, module: int, index: int, block: int) -> int:
        """The blocks of a scope that may be come to before a block has been gone through to its end, as bits."""
        found = self._avoiding.get((module, index, block))
        if found is None:
            found = _reached_past(self._m.state.program.summaries[module].scopes[index], block)
            self._avoiding[module, index, block] = found
        return found

    def _is_lacking(self, value: Value, name: str) -> bool:
        """True for an object of a class of which the project says all that it has, and nothing of that name."""
        m = self._m
        if m.table.kinds[value] != INST:
            return False
        class_index, key = m.table.data[value]
        found = self._lacking.get((class_index, key < 0, name))
        if found is None:
            identity = m.state.class_list[class_index]
            heirs = m.state.classes.subclasses.get(identity, ()) if key < 0 else ()
            found = all(self._lacks(heir, name) for heir in (identity, *heirs))
            self._lacking[class_index, key < 0, name] = found
        return found

    def _lacks(self, identity: ClassId, name: str) -> bool:
        hierarchy, classes = self._m.hierarchy, self._m.state.classes
        info = classes.info(identity)
        if any(classes.definer(identity, n) is not None for n in (name, "__getattr__", "__getattribute__")):
            return False
        if not standard.are_known(info.external) or standard.has(info.external, name):
            return False
        if hierarchy.is_assigned(identity, name) or hierarchy.is_assigned_outside(name):
            return False
        return classes.has_known_bases(identity) and not any(self._is_open(module) for module, _ in info.ancestry)

    def _is_open(self, module: int) -> bool:
        """Whether attributes are assigned in a file of which it does not say the names."""
        found = self._open.get(module)
        if found is None:
            found = self._open[module] = any(map(assigns_anything, self._m.state.program.summaries[module].scopes))
        return found


def _reached_past(scope: Scope, block: int) -> int:
    first = first_predecessors(scope)
    if any(leaves_early(scope, first, block, way) for way in scope.blocks[block].successors):
        return -1  # it may end anywhere
    return sum(1 << number for number in reached(scope, lambda left, _: left != block))
