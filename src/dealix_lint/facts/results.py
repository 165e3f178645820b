"""What functions give back of what they are handed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.handovers import Handovers
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.supply import CERTAIN, NOTHING, Asking, State, Supplies, Supply
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.ir import Instruction

_OBJECTS = frozenset((ir.CALL, ir.DICT, ir.LIST, ir.SET, ir.COLLECT))


class Results:
    """Returned values of first-party functions, as supplies of their parameters."""

    __slots__ = ("_handovers", "_readable", "_returned", "_supplies", "sites")

    def __init__(self, sites: Sites, handovers: Handovers, supplies: Callable[[int], Supplies]) -> None:
        self.sites = sites
        self._handovers = handovers
        self._supplies = Asking(supplies)
        self._returned: dict[tuple[int, str], Supply] = {}
        self._readable: dict[int, bool] = {}

    def of(self, node: int, register: int, part: str) -> tuple[Supply, list[State]] | None:
        """What the call at a site gives back, or one part of that, brings: by itself, and out of which arguments. None where
        its functions are not known, or not read through."""
        if (node, register) in self.sites.requests:
            return None if part else (NOTHING, [])  # the answer of a service is none of what it is sent
        edges = self.sites.edges(node).get(register, ())
        following: list[State] = []
        contexts: frozenset[int] = frozenset()
        for edge in edges:
            supply = self.part_of(edge.target, part)
            if supply.is_certain:
                return CERTAIN, []
            contexts |= supply.contexts
            call = self._call(node, register, edge)
            if call is None or not self._is_readable(edge.target):
                return (Supply(contexts=contexts), following) if contexts else None
            for slot in supply.slots:
                following += self._supplies(node).states(self.sites.code(edge.target).scope, call, slot)
        return (Supply(contexts=contexts), following) if edges else None

    def _call(self, node: int, register: int, edge: Edge) -> Instruction | None:
        """The call of the target, also behind a dispatch."""
        call = self._handovers.call_of_target(node, register, edge)
        if call is not None or edge.kind == CALL_EDGE:
            return call
        dispatched = self._handovers.dispatched(node, register)
        return dispatched[0] if dispatched is not None else None

    def part_of(self, node: int, part: str) -> Supply:
        """What all that a function gives back, or one part of that, brings of its parameters."""
        known = self._returned.get((node, part))
        if known is None:
            self._returned[node, part] = NOTHING
            given = [State(i[1], part, False) for _, i in _returns(self.sites.code(node))]
            known = self._returned[node, part] = self._supplies(node).follow(given)
        return known

    def _is_readable(self, node: int) -> bool:
        """Whether all that can be in what a function gives back is seen in what it returns."""
        known = self._readable.get(node)
        if known is None:
            code = self.sites.code(node)
            answers = frozenset(r for r, i in enumerate(code.scope.code) if (node, r) in self.sites.requests)
            known = self._readable[node] = _is_readable(code, answers)
        return known


def _returns(code: ScopeCode) -> Iterator[tuple[int, Instruction]]:
    return ((register, i) for register, i in enumerate(code.scope.code) if i[0] == ir.RETURN)


def _is_readable(code: ScopeCode, answers: frozenset[int]) -> bool:
    """See `Results`; `answers`: calls of services, whose results are none of what they are made on or sent."""
    scope = code.scope
    returned = [i[1] for _, i in _returns(code)]
    if scope.is_generator or not returned:
        return False
    closure = code.closure(returned, answers)
    if any(scope.code[r][0] == ir.FREE or _is_self(code, r) for r in closure):
        return False
    objects = frozenset(register for register in closure - answers if scope.code[register][0] in _OBJECTS)
    others = (r for r, i in enumerate(scope.code) if i[0] == ir.CALL and r not in closure)
    return all(objects.isdisjoint((*call_operands(scope.code[r]), code.receiver(r))) for r in others)


def _is_self(code: ScopeCode, register: int) -> bool:
    instruction = code.scope.code[register]
    return instruction[0] == ir.PARAM and code.scope.parameters[instruction[1]].name in ("self", "cls")
