"""How much of a program was resolved, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.unheld import MOST_CALLEES
from dealix_lint.callgraph.values import CLASS, METHOD
from dealix_lint.model import ir
from dealix_lint.model.callmap import Statistics
from dealix_lint.model.graph import CONFIDENCE_NAMES

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.resolution import Resolved

Key = tuple[int, int, int]

_REASONS = {
    ir.PARAM: "a parameter that no caller gives a known value",
    ir.NAME: "a name that nothing in the tree defines",
    ir.FREE: "a variable of an enclosing function without a known value",
    ir.CALL: "what a call gives back is not known",
    ir.AWAIT: "what a call gives back is not known",
    ir.ATTR: "an attribute that its receiver is not known to have",
    ir.SUBSCRIPT: "an element of a container of unknown content",
    ir.ITERATE: "an element of a container of unknown content",
    ir.ITEM: "an element of a container of unknown content",
    ir.REST: "an element of a container of unknown content",
    ir.ENTER: "what a context manager gives is not known",
    ir.YIELD: "what is sent to a generator is not known",
    ir.LOCALS: "a name that is not bound where it is used",
}
_TOO_MANY = "more callees than one call can have"
_SCALAR = "a value of unknown type"
_OTHER = "an expression of unknown value"


def statistics(resolved: Resolved) -> Statistics:
    """Counts over the live contexts of a program."""
    state = resolved.machine.state
    unknown = resolved.machine.unknown
    first_party: set[Key] = set()
    external: set[Key] = set()
    unresolved: dict[Key, str] = {}
    for activation in resolved.live:
        module = state.functions[activation.function].module
        first_party.update((module, *site) for site, targets in activation.edges.items() if targets)
        external.update((module, *site) for site, values in activation.external.items() if values != {unknown})
        for frame in activation.frames.values():
            for register in state.call_registers(module, frame.scope_index):
                site = (module, frame.scope_index, register)
                if site in first_party or site in external or register in frame.dead:
                    continue
                kinds = {
                    resolved.machine.table.kinds[value] for value in frame.registers[frame.scope.code[register][1]]
                }
                if METHOD in kinds:
                    external.add(site)
                elif CLASS in kinds:
                    first_party.add(site)
                else:
                    unresolved.setdefault(site, _reason(frame, register))
    external -= first_party
    reasons = Counter(why for site, why in unresolved.items() if site not in first_party and site not in external)
    edges = Counter(
        f"{edge.kind}, {CONFIDENCE_NAMES[edge.confidence]} confidence"
        for edges in resolved.graph.out
        for edge in set(edges)
    )
    return Statistics(
        functions=sum(function.scope.kind != "module" for function in state.functions),
        calls=len(first_party) + len(external) + reasons.total(),
        first_party=len(first_party),
        external=len(external),
        unknown=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        edges=tuple(sorted(edges.items())),
    )


def _reason(frame: Frame, register: int) -> str:
    callee = frame.scope.code[register][1]
    if len(frame.registers[callee]) > MOST_CALLEES:
        return _TOO_MANY
    if frame.registers[callee]:
        return _SCALAR
    return _REASONS.get(frame.scope.code[next(_origins(frame, callee))][0], _OTHER)


def _origins(frame: Frame, register: int) -> Iterator[int]:
    """The first instructions, on the way to a register, of which nothing is known."""
    pending, seen = [register], {register}
    while pending:
        register = pending.pop()
        instruction = frame.scope.code[register]
        sources = (
            (instruction[1],)
            if instruction[0] in (ir.ATTR, ir.SUBSCRIPT, ir.ITERATE, ir.ITEM, ir.REST, ir.ENTER, ir.AWAIT, ir.CALL)
            else tuple(instruction[1])
            if instruction[0] == ir.PHI
            else ()
        )
        empty = [source for source in sources if not frame.registers[source] and source not in seen]
        if not empty:
            yield register
        seen.update(empty)
        pending += empty
