"""What functions are given by partials that another function made: `with_retry(partial(send, to, trace_id))`."""

from __future__ import annotations

from collections.abc import Callable

from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.handovers import PARTIALS, Handovers
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.supply import NOTHING, Asking, Slot, Supplies, Supply
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE, Edge
from dealix_lint.model.ir import Instruction
from dealix_lint.model.resolved import Kept
from dealix_lint.model.summary import KEYWORDS, VARIADIC


class BoundArguments:
    """Calls of what may be partials that are made elsewhere."""

    __slots__ = ("_handovers", "_supplies", "sites")

    def __init__(self, sites: Sites, handovers: Handovers, supplies: Callable[[int], Supplies]) -> None:
        self.sites = sites
        self._handovers = handovers
        self._supplies = Asking(supplies)

    def supply(self, node: int, register: int, edge: Edge, slots: frozenset[Slot]) -> Supply | None:
        """What reaches those parameters of an edge's target, of which slots of the partial's maker are for where a path comes to
        that. None where what is called is no such partial, or what it holds is not known."""
        call = self._handovers.running(node, register, edge)
        if call is None and edge.kind == DISPATCH_EDGE:
            dispatching = self._handovers.dispatching(node, register)
            call = dispatching[0] if dispatching is not None else None
        if call is None:
            return None
        kept = self._handovers.kept(node, call[1], self.sites.graph.nodes[edge.target].function)
        if kept is None:
            return None
        found = NOTHING
        for one in kept:
            calls = self._calls(one, node, call)
            if calls is None:
                return None
            found |= Supply.joined(self._brought(calls, edge.target, slot) for slot in slots)
        return found

    def _calls(self, kept: Kept, node: int, call: Instruction) -> list[tuple[int, Instruction]] | None:
        """The calls that give the function its arguments, in order, each with those of the earlier ones left blank."""
        found: list[tuple[int, Instruction]] = []
        blank: tuple[int, ...] = ()
        for maker, place in kept.makers:
            site = self.sites.register(maker, place) if maker >= 0 else NO_SITE
            made = self.sites.code(maker).scope.code[site] if site != NO_SITE else (ir.NOP,)
            if (
                made[0] != ir.CALL
                or min(made[2][:1], default=-1) < 0
                or PARTIALS.isdisjoint(self.sites.calls(maker)[site].names)
            ):
                return None
            given = made[2][1:]
            found.append((maker, (ir.CALL, made[1], (*(made[1] for _ in blank), *given), made[3])))
            blank += given
        return [*found, (node, (ir.CALL, call[1], (*(call[1] for _ in blank), *call[2]), call[3]))]

    def _brought(self, calls: list[tuple[int, Instruction]], target: int, slot: Slot) -> Supply:
        """What the calls bring up to the first one that fills a parameter for certain."""
        callee = self.sites.code(target).scope
        collects = callee.parameters[slot.index].kind in (VARIADIC, KEYWORDS)
        found = NOTHING
        for maker, call in calls:
            found |= self._supplies(maker).of_slot(callee, call, slot).made_in(maker)
            if not collects and any(handed.name for handed in handed_to(call, callee, slot.index, slot.part)):
                break
        return found
