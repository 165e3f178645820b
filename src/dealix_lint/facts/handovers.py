"""With which arguments a function runs that a call hands over: `submit(send, 1)`, `to_thread(partial(send, 1), 2)`."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, Edge
from dealix_lint.model.ir import Instruction
from dealix_lint.model.resolved import Kept, Packing
from dealix_lint.model.text import Symbol

_PACKED: Final = frozenset({"args", "kwargs"})
_PACKING: Final = frozenset({"apply_async", "apply_async_on_commit", "signature", "subtask"})
_LISTS: Final = frozenset({ir.LIST, ir.TUPLE})
PARTIALS: Final = frozenset({"functools.partial"})


class Handovers:
    """Calls as they arrive at what they run in the end."""

    __slots__ = ("_calls", "_made", "_running", "sites")

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._made: dict[tuple[int, int], tuple[Kept, ...]] = {}
        self._calls: dict[tuple[int, int, int], Instruction | None] = {}  # by node, register and edge, as the next
        self._running: dict[tuple[int, int, int], Instruction | None] = {}

    def is_direct(self, node: int, register: int, edge: Edge) -> bool:
        """Whether the call runs the target with its own arguments."""
        function = self.sites.graph.nodes[edge.target].function
        if self.sites.code(node).callee_name(register) == last_segment(function):
            return True
        return self.sites.is_named(node, register, edge.target)

    def call_of_target(self, node: int, register: int, edge: Edge) -> Instruction | None:
        """The call at a site as if it were made of the edge's target: with what partials hold, and without the function
        itself where that is an argument. None where it is not known what the target is given."""
        key = (node, register, id(edge))  # the graph keeps its edges
        if key not in self._calls:
            call = self.running(node, register, edge)
            if call is not None:
                call = None if self._is_held(node, call, edge) else self._completed(node, *call[1:])
            self._calls[key] = call
        return self._calls[key]

    def holds_more(self, node: int, register: int, edge: Edge) -> bool:
        """Whether what a call runs has been given arguments elsewhere: by the maker of a partial, by a library's decorator."""
        call = self.running(node, register, edge)
        return call is not None and self._is_held(node, call, edge)

    def _is_held(self, node: int, call: Instruction, edge: Edge) -> bool:
        return bool(self.kept(node, call[1], self.sites.graph.nodes[edge.target].function))

    def running(self, node: int, register: int, edge: Edge) -> Instruction | None:
        """The same without what partials hold: which callable the call runs, and what it is given here."""
        key = (node, register, id(edge))
        if key not in self._running:
            self._running[key] = self._find_running(node, register, edge)
        return self._running[key]

    def _find_running(self, node: int, register: int, edge: Edge) -> Instruction | None:
        call = self.sites.code(node).scope.code[register]
        if call[0] != ir.CALL or (edge.kind == DISPATCH_EDGE and self._is_packed(node, register)):
            return None
        if self.is_direct(node, register, edge):
            return call
        if edge.kind != CALL_EDGE:
            return None
        rest = self._positions_handed_on(node, register)
        if rest is None:
            return None
        for value in call[2]:
            if value >= 0 and self._is_target(node, value, edge.target):
                return ir.CALL, value, call[2][rest:], call[3]
        named = (value for _, value in call[3] if self._is_target(node, value, edge.target))
        return next(((ir.CALL, value, (), ()) for value in named), None)

    def _is_packed(self, node: int, register: int) -> bool:
        """Whether a dispatch is given the arguments of what it runs in one: `apply_async((1,), {"to": 2})`."""
        code = self.sites.code(node)
        named = any(name in _PACKED for name, _ in code.scope.code[register][3])
        return named or code.callee_name(register) in _PACKING

    def dispatched(self, node: int, register: int) -> tuple[Instruction, tuple[int, ...]] | None:
        """The call of what a dispatch runs, as if it were made directly, and the arguments of the dispatch that are not for it.
        None where that is not known."""
        found = self.dispatching(node, register)
        return (self._completed(node, *found[0][1:]), found[1]) if found is not None else None

    def dispatching(self, node: int, register: int) -> tuple[Instruction, tuple[int, ...]] | None:
        """The same without what partials hold."""
        code = self.sites.code(node)
        _, callee, given, named = code.scope.code[register]
        packing = self._packing(node, register)
        if packing is None or any(value < 0 for value in given) or any(name is None for name, _ in named):
            return None
        packed = [_taken(one, given, named) for one in (packing.arguments, packing.keywords)]
        listed, keyed = (code.value_of(value) if value >= 0 else value for value in packed)
        targets = [_taken(target, given, named) for target in packing.targets]
        if listed < 0 and keyed < 0 and packing.rest_from is not None:
            rest, own = given[packing.rest_from :], named if packing.takes_keywords else ()
            own = tuple((name, value) for name, value in own if value not in targets)
        else:
            rest, own = _unpacked(code, listed), _spread(code, keyed)
        handed = {*packed, *rest, *(value for _, value in own), *targets}
        rest = (*[callee] * packing.leading, *rest)  # of those in front it is known where they come from, no more
        others = [value for value in (*given, *(value for _, value in named)) if value not in handed]
        running = [target for target in targets if target >= 0]
        return (ir.CALL, running[0] if len(running) == 1 else callee, rest, own), tuple(others)

    def _packing(self, node: int, register: int) -> Packing | None:
        """How a dispatch hands over its arguments, where that is one and the same for all that it may be."""
        view, code = self.sites.calls(node).get(register), self.sites.code(node).scope.code
        names, attribute = (view.names, view.spelling) if view is not None else ((), "")
        found = {
            packing
            for name in names
            for packing in self.sites.resolution.packings(name, attribute)
            if not packing.targets or any(_taken(t, code[register][2], code[register][3]) >= 0 for t in packing.targets)
        }
        return found.pop() if len(found) == 1 else None

    def _positions_handed_on(self, node: int, register: int) -> int | None:
        """From which position on a library's function hands its arguments to the function that it runs."""
        names = self.sites.calls(node)[register].names
        positions = {self.sites.resolution.handed_on_from(name) for name in names}
        return positions.pop() if len(positions) == 1 else None

    def _is_target(self, node: int, register: int, target: int) -> bool:
        function = self.sites.graph.nodes[target].function
        values = self.sites.resolution.values(node, register)
        return any(isinstance(value, Symbol) and value.name == function for value in values)

    def kept(self, node: int, register: int, function: str) -> list[Kept] | None:
        """What a register may be of a function, with what was made of it; None where all that partials hold for it is written
        down here."""
        known = self._made.get((node, register))
        if known is None:
            known = self.sites.resolution.kept(node, register)
            known = self._made[node, register] = known if any(one.makers for one in known) else ()
        found = [one for one in known if one.function == function]
        if not found:
            return None
        made_here = node, self.sites.code(node).value_of(register)
        makers = [[(maker, place.register) for maker, place in one.makers] for one in found]
        is_local = all(m[-1] == made_here and all(maker == node for maker, _ in m) for m in makers if m)
        return None if is_local else found

    def _completed(
        self, node: int, callee: int, given: tuple[int, ...], named: tuple[tuple[str | None, int], ...]
    ) -> Instruction:
        """A call with the arguments that the partial at a register holds before its own."""
        code = self.sites.code(node).scope.code
        callee = self.sites.code(node).value_of(callee)
        made = code[callee]
        if made[0] != ir.CALL or not made[2] or PARTIALS.isdisjoint(self.sites.calls(node)[callee].names):
            return ir.CALL, callee, given, named
        stated = {name for name, _ in named}
        held = tuple((name, value) for name, value in made[3] if name is None or name not in stated)
        return self._completed(node, max(made[2][0], 0), (*made[2][1:], *given), (*held, *named))


def _taken(argument: Argument | None, given: tuple[int, ...], named: tuple[tuple[str | None, int], ...]) -> int:
    """The register of an argument of a call; -1 where it is left out."""
    if argument is None:
        return NO_SITE
    if argument.position is not None and 0 <= argument.position < len(given):
        return given[argument.position]
    return next((value for name, value in named if name == argument.keyword), NO_SITE)


def _unpacked(code: ScopeCode, register: int) -> tuple[int, ...]:
    """Positional arguments that travel as a list."""
    if register < 0:
        return ()
    instruction = code.scope.code[register]
    if instruction[0] in _LISTS and not code.fillers(register):
        elements: tuple[int, ...] = instruction[1]
        return elements
    return (-register - 1,)


def _spread(code: ScopeCode, register: int) -> tuple[tuple[str | None, int], ...]:
    """Named arguments that travel as a dict."""
    if register < 0:
        return ()
    instruction = code.scope.code[register]
    entries = instruction[1] if instruction[0] == ir.DICT and not code.fillers(register) else ((None, register),)
    keys = [code.scope.code[key] if key is not None else (ir.CONST, None) for key, _ in entries]
    if any(key[0] != ir.CONST for key in keys):
        return ((None, register),)
    return tuple((key[1], value) for key, (_, value) in zip(keys, entries, strict=True))
