"""Requests that one call prepares and another one sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.effects.arguments import Values
from dealix_lint.effects.registers import argument_registers
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CALL_EDGE, CallGraph, Edge, ExternalCall, Place
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope
from dealix_lint.model.text import ArgumentValue, Symbol

_DEEPEST: Final = 3  # helpers around helpers
_SAME: Final = (ir.PHI, ir.NARROW, ir.AWAIT, ir.DECLARED, ir.ENTER)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call that prepares a request, and the calls by which the function that sends it comes to have it, the outermost
    first; none where it is in that function."""

    call: ExternalCall
    way: tuple[Edge, ...] = ()


class PreparedRequests:
    """Calls that only prepare a request (`urllib.request.Request(...)`), by what they make, to be found from the call
    that sends it: in the same function, or in one that returns the request to it. What is sent of which no such call is
    found somebody else prepared: an effect where it is prepared."""

    __slots__ = ("_calls", "_graph", "_made", "_program", "_sent", "_strays")

    def __init__(self, calls: list[ExternalCall], program: Program, graph: CallGraph | None) -> None:
        """`calls`: those of clients that build."""
        self._strays: set[str] = set()
        self._sent: set[tuple[int, Place]] = set()
        self._calls: dict[tuple[int, str], list[ExternalCall]] = {}
        for call in sorted(calls, key=lambda call: call.place):
            self._calls.setdefault((call.node, f"{call.path}()"), []).append(call)
        self._made = frozenset(name for _, name in self._calls)
        self._program = program
        self._graph = graph

    def behind(self, sender: ExternalCall, url: Argument, values: Values) -> list[Prepared]:
        """The last call before `sender`, in the same function, that made one of `values`; else those by which functions
        made them that the function calls. `url`: which argument of `sender` they are."""
        names = [value.name for value in values if isinstance(value, Symbol)]
        if self._made.isdisjoint(names):
            return []
        made = [
            call for name in names for call in self._calls.get((sender.node, name), ()) if call.place < sender.place
        ]
        found = [Prepared(max(made, key=lambda call: call.place))] if made else []
        if not made and self._graph is not None and sender.place.scope == self._graph.nodes[sender.node].scope:
            registers = argument_registers(self._scope(sender.node).code[sender.place.register], url)
            found = [one for one in self._returned(sender.node, registers, ()) if f"{one.call.path}()" in names]
        if not found:
            self._strays.update(self._made.intersection(names))
        self._sent.update((one.call.node, one.call.place) for one in found)
        return found

    def sent_elsewhere(self) -> Iterator[ExternalCall]:
        """Calls that prepare requests which are sent nobody knows where."""
        for (_, name), calls in sorted(self._calls.items()):
            if name in self._strays:
                yield from (call for call in calls if (call.node, call.place) not in self._sent)

    def has_made(self, value: ArgumentValue) -> bool:
        """Whether a value is a request that one of these calls prepared, wherever."""
        return isinstance(value, Symbol) and value.name in self._made

    def _returned(self, node: int, registers: list[int], way: tuple[Edge, ...]) -> Iterator[Prepared]:
        """What made the requests that registers of a node hold, in the functions that they come from."""
        scope, seen = self._scope(node), set[int]()
        pending = [register for register in registers if register >= 0]
        made = {call.place.register: call for call in self._in(node)} if way else {}
        while pending:
            register = pending.pop(0)
            if register in seen:
                continue
            seen.add(register)
            instruction = scope.code[register]
            if register in made:
                sure = min(made[register].confidence, *(edge.confidence for edge in way))
                yield Prepared(replace(made[register], confidence=sure), way)
            elif instruction[0] in _SAME:
                pending += operands(instruction)
            elif instruction[0] == ir.CALL:
                edges = self._edges(node, register)
                for edge in edges if len(way) < _DEEPEST else ():
                    returned = [i[1] for i in self._scope(edge.target).code if i[0] == ir.RETURN]
                    yield from self._returned(edge.target, returned, (*way, edge))
                pending += [] if edges else _handed_back(scope, instruction)

    def _in(self, node: int) -> Iterator[ExternalCall]:
        for name in self._made:
            yield from self._calls.get((node, name), ())

    def _edges(self, node: int, register: int) -> list[Edge]:
        assert self._graph is not None
        scope = self._graph.nodes[node].scope
        return [
            edge
            for edge in self._graph.out[node]
            if edge.place.register == register and edge.place.scope == scope and edge.kind == CALL_EDGE
        ]

    def _scope(self, node: int) -> Scope:
        assert self._graph is not None
        record = self._graph.nodes[node]
        return self._program.summaries[record.module].scopes[record.scope]


def _handed_back(scope: Scope, call: ir.Instruction) -> list[int]:
    """What a call of a library may hand back: `request.prepare()`, `session.prepare_request(request)`."""
    callee = scope.code[call[1]]
    return [*([callee[1]] if callee[0] == ir.ATTR else []), *(r for r in call[2] if r >= 0)]
