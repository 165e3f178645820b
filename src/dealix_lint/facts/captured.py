"""What functions find in the functions that they stand in: `tasks.add_task(lambda: send(to, correlation_id))`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.supply import NOTHING, Asking, Slot, Supplies, Supply
from dealix_lint.model import ir
from dealix_lint.model.graph import Edge
from dealix_lint.model.ir import Instruction


class Captured:
    """Variables of enclosing functions, and what parameters are given where their function is defined."""

    __slots__ = ("_ids", "_known", "_supplies", "sites")

    def __init__(self, sites: Sites, ids: Spellings, supplies: Callable[[int], Supplies]) -> None:
        self.sites = sites
        self._ids = ids
        self._supplies = Asking(supplies)
        self._known: dict[tuple[int, str], Supply] = {}

    def supply(self, node: int, register: int) -> Supply:
        """What a variable of an enclosing function brings, as seen from that function."""
        found = NOTHING
        for owner, name, registers in self._held(node, self.sites.code(node).scope.code[register]):
            known = self._known.get((owner, name))
            if known is None:
                self._known[owner, name] = NOTHING
                known = self._known[owner, name] = self._supplies(owner).of(registers).made_in(owner)
            found |= known
        return found

    def has_id(self, node: int) -> bool:
        """Whether a function reads an id of the functions that it stands in."""
        for reader, register in self._read(node):
            name = self.sites.code(reader).scope.code[register][1]
            if self._ids.have(name) or self.supply(reader, register).may_be:
                return True
        return False

    def assigned(self, node: int) -> Iterator[tuple[int, int]]:
        """Where the variables of enclosing functions are assigned that a function reads: node and register."""
        for reader, register in self._read(node):
            for owner, _, registers in self._held(reader, self.sites.code(reader).scope.code[register]):
                yield from ((owner, one) for one in registers)

    def _read(self, node: int) -> Iterator[tuple[int, int]]:
        """Variables of enclosing functions that a function reads, or one that it defines or refers to: each as the node
        that reads it and its register."""
        pending, seen = [node], set[int]()
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            for register, instruction in enumerate(self.sites.code(current).scope.code):
                if instruction[0] == ir.FREE:
                    yield current, register
                    for owner, _, registers in self._held(current, instruction):
                        pending += self._functions(owner, registers)
                elif instruction[0] == ir.FUNCTION:
                    pending += self._nodes(self.sites.scope_of(current)[0], instruction[1])

    def by_default(self, node: int, edge: Edge, slots: frozenset[Slot]) -> Supply:
        """What those parameters of a function that the node defines are by default: `lambda ref=correlation_id: ...`."""
        return Supply.joined(
            self._supplies(node).of(self._defaults(node, edge, slot.index), is_id=slot.is_id) for slot in sorted(slots)
        )

    def defaults_to_id(self, node: int, edge: Edge) -> bool:
        """Whether some parameter of a function that the node defines is an id by default."""
        parameters = enumerate(self.sites.code(edge.target).scope.parameters)
        given = frozenset(Slot(index, False) for index, parameter in parameters if parameter.has_default)
        return bool(given) and self.by_default(node, edge, given).may_be

    def _defaults(self, node: int, edge: Edge, index: int) -> list[int]:
        module, scope = self.sites.scope_of(edge.target)
        if module != self.sites.scope_of(node)[0]:
            return []
        made = (i for i in self.sites.code(node).scope.code if i[:2] == (ir.FUNCTION, scope))
        return [default for i in made for parameter, default in i[2] if parameter == index]

    def _held(self, node: int, free: Instruction) -> Iterator[tuple[int, str, tuple[int, ...]]]:
        """The nodes of the function whose variable that is, and the registers assigned to it there."""
        for owner in self._nodes(self.sites.scope_of(node)[0], free[2]):
            yield owner, free[1], dict(self.sites.code(owner).scope.cells).get(free[1], ())

    def _functions(self, node: int, registers: tuple[int, ...]) -> Iterator[int]:
        code, module = self.sites.code(node), self.sites.scope_of(node)[0]
        for register in registers:
            instruction = code.scope.code[register]
            while instruction[0] == ir.DECORATE:
                instruction = code.scope.code[instruction[2]]
            if instruction[0] == ir.FUNCTION:
                yield from self._nodes(module, instruction[1])

    def _nodes(self, module: int, scope: int) -> list[int]:
        nodes = self.sites.nodes_of(self.sites.definitions.name((module, scope)))
        return [node for node in nodes if self.sites.scope_of(node) == (module, scope)]
