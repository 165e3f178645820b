"""What frameworks run before a function because of its decorator or its router: `@app.post("/pay", dependencies=[Depends(f)])`,
`APIRouter(dependencies=...)`, `include_router(router, dependencies=...)`; and what such calls say of its parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from dealix_lint.callgraph import containers, iteration, parameters, supplies
from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.frame import Arguments, Frame
from dealix_lint.callgraph.layers import Layers
from dealix_lint.callgraph.values import CONT, EMPTY, EXT, FUNC, GEN, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Dependency, Supply

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

Router: TypeAlias = int
"""The site at which a router was made."""
Site: TypeAlias = tuple[int, int, int]
"""Module, scope and register of a call."""


@dataclass(slots=True)
class _Known:
    """What is known of routers and of the functions behind their routes."""

    of_router: defaultdict[Router, set[Value]] = field(default_factory=lambda: defaultdict(set))
    mounted_on: defaultdict[Router, set[Router]] = field(default_factory=lambda: defaultdict(set))
    of_route: defaultdict[tuple[Value, Site], set[Value]] = field(default_factory=lambda: defaultdict(set))
    router_of: defaultdict[tuple[Value, Site], set[Router]] = field(default_factory=lambda: defaultdict(set))

    def before(self, route: tuple[Value, Site]) -> Values:
        """Everything that runs before a route: its own, and what its router and those that it is mounted on ask for."""
        found = set(self.of_route[route])
        pending = sorted(self.router_of[route])
        seen = set(pending)
        while pending:
            router = pending.pop()
            found |= self.of_router.get(router, set())
            new = self.mounted_on.get(router, set()) - seen
            seen |= new
            pending += sorted(new)
        return frozenset(found)


def start(m: Machine) -> None:
    """Let functions behind routes run what they depend on. Asked for again, it adds what has become known since."""
    known, layers = _Known(), Layers()
    for frame, register, value, rule in _calls(m):
        if isinstance(rule, Supply):
            _note_supply(m, frame, register, rule)
        elif rule.named:
            _note_layers(m, layers, frame, register, rule)
        else:
            _note(m, known, frame, register, value, rule)
    for route in sorted(known.of_route.keys() | known.router_of.keys()):
        markers = known.before(route)
        if markers:
            _run(m, route, markers)
    layers.hand_in(m)


def _calls(m: Machine) -> Iterator[tuple[Frame, int, Value, Dependency | Supply]]:
    """The calls and decorators that say what runs before a route, or how something is made."""
    rules: dict[Value, tuple[Dependency | Supply, ...]] = {}
    for activation in m.state.activations[1:]:
        for (scope, register), values in sorted(activation.external.items()):
            for value in sorted(values):
                if value not in rules:
                    rules[value] = m.state.rules.dependencies.find(m.table.data[value][0])
                frame = activation.frames.get(scope) if rules[value] else None
                if frame is not None:
                    yield from ((frame, register, value, rule) for rule in rules[value] if _fits(frame, register, rule))


def _fits(frame: Frame, register: int, rule: Dependency | Supply) -> bool:
    opcode = frame.scope.code[register][0]
    return opcode == ir.CALL or (opcode == ir.DECORATE and isinstance(rule, Supply) and rule.maker is None)


def _note_supply(m: Machine, frame: Frame, register: int, rule: Supply) -> None:
    instruction = frame.scope.code[register]
    if instruction[0] == ir.DECORATE:
        makers = frame.registers[instruction[2]]
    elif rule.maker is None:
        makers = frozenset(_decorated(m, frame, register))
    else:
        makers = arguments_of(m, frame, instruction).get(rule.maker.position, rule.maker.keyword)
    supplies.note(m, frame, rule, makers)


def _note_layers(m: Machine, layers: Layers, frame: Frame, register: int, rule: Dependency) -> None:
    arguments = arguments_of(m, frame, frame.scope.code[register])
    named = arguments.get(rule.argument.position, rule.argument.keyword)
    inside = arguments.get(rule.of.position, rule.of.keyword) if rule.of is not None else EMPTY
    site = m.state.site(frame.activation.index, frame.scope_index, register)
    decorated = _decorated(m, frame, register)
    for layer in [(FUNC, function) for function in decorated] or [(EXT, site)]:
        layers.note(m, frame, layer, named, inside, rule.attribute)


def _note(m: Machine, known: _Known, frame: Frame, register: int, callee: Value, rule: Dependency) -> None:
    path, root = m.table.data[callee]
    arguments = arguments_of(m, frame, frame.scope.code[register])
    markers = _listed(m, frame, arguments.get(rule.argument.position, rule.argument.keyword))
    site = (frame.module, frame.scope_index, register)
    if "()." not in path:
        known.of_router[m.state.site(frame.activation.index, frame.scope_index, register)] |= markers
    elif rule.of is None:
        for function in _decorated(m, frame, register):
            known.of_route[function, site] |= markers
            known.router_of[function, site].add(root)
    else:
        for value in arguments.get(rule.of.position, rule.of.keyword):
            if m.table.kinds[value] == EXT and m.table.data[value][1]:
                known.of_router[m.table.data[value][1]] |= markers
                known.mounted_on[m.table.data[value][1]].add(root)
            elif m.table.kinds[value] == FUNC:
                known.of_route[value, site] |= markers
                known.router_of[value, site].add(root)


def _listed(m: Machine, frame: Frame, values: Values) -> Values:
    return EMPTY.union(*(containers.get(m, frame, v, None) for v in sorted(values) if m.table.kinds[v] == CONT))


def _decorated(m: Machine, frame: Frame, register: int) -> list[Value]:
    """The functions that the decorator which a call makes is put on."""
    found = [frame.registers[i[2]] for i in frame.scope.code if i[0] == ir.DECORATE and i[1] == register]
    return sorted(v for values in found for v in values if m.table.kinds[v] == FUNC)


def _run(m: Machine, route: tuple[Value, Site], markers: Values) -> None:
    """Run dependencies where a framework enters a function. The place of these calls is that of the decorator."""
    value, (module, scope, register) = route
    function_id, environment = m.table.data[value]
    function = m.state.functions[function_id]
    activation = m.state.activation(function_id, environment, ())
    activation.is_entered = True
    if (module, scope) != (function.module, function.scope.parent):
        scope, register = function.scope_index, 0
    code = m.state.program.summaries[function.module].scopes[scope]
    if register >= len(code.code):
        return
    frame = Frame(activation, function, scope, code)
    m.state.point = frame.base + register
    for marker in sorted(markers):
        factory = parameters.injected_factory(m, marker)
        if factory:
            made = iteration.awaited(m, frame, register, m.call(frame, register, factory, Arguments()))
            generators = frozenset(v for v in made if m.table.kinds[v] == GEN)
            iteration.iterate(m, frame, register, generators, False)
