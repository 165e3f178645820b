"""The resolved program: the graph, and answers to what later stages ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from dealix_lint.callgraph import (
    actors,
    background,
    branches,
    describing,
    inherited,
    preparing,
    protocols,
    strangers,
    unheld,
    wrapping,
)
from dealix_lint.callgraph.arguments import arguments_of, handed_over, with_kept
from dealix_lint.callgraph.frame import Arguments, Frame
from dealix_lint.callgraph.machine import Machine
from dealix_lint.callgraph.state import Activation
from dealix_lint.callgraph.values import BOUND, CLASS, EXT, FUNC, INST, PARTIAL, UNIT, Slot, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, MEDIUM, CallGraph, Edge, ExternalCall, Node, Place
from dealix_lint.model.resolved import CallView, Decorator, Fields, Given, Kept, Packing, Registration
from dealix_lint.model.text import ArgumentValue

Keywords = tuple[tuple[str, tuple[ArgumentValue, ...]], ...]
_CALLED = "()"
_ELEMENTWISE = frozenset(("map", "imap", "imap_unordered", "map_async"))
"""Functions that hand on an element of each of their arguments."""


class Resolved:
    """Implements `model.resolved.Resolution`."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.program = machine.state.program
        self._live = _live_activations(machine)
        self._node_of = {activation.index: node for node, activation in enumerate(self._live)}
        self._external: dict[str, list[tuple[int, int, int, Value]]] | None = None
        self._calls: dict[int, tuple[CallView, ...]] = {}
        self._names: dict[Values, tuple[str, ...]] = {}  # of callables
        self._decorators: dict[tuple[int, int], tuple[Decorator, ...]] = {}
        self._protocols: dict[ClassId, list[ClassId]] | None = None
        self.graph = CallGraph(self._nodes(), self._edges(), ())

    def release(self) -> None:
        """Let go of everything that answers are made of: nothing can be asked any more. What a large program takes hangs
        together in circles; looking for these would take longer than to cut them here."""
        machine, state = self.machine, self.machine.state
        for activation in state.activations:
            activation.frames.clear()
            _cut(activation.parameters)
            _cut((activation.result, activation.yields))
        _cut(state.slots.values())
        _cut(machine.views.values())
        for one in (machine, state, self):
            vars(one).clear()

    # -- the graph ----------------------------------------------------------------------------------------------

    def _nodes(self) -> tuple[Node, ...]:
        functions = self.machine.state.functions
        return tuple(
            Node(
                self.program.function_name(functions[a.function].module, functions[a.function].scope_index),
                functions[a.function].module,
                functions[a.function].scope_index,
            )
            for a in self._live
        )

    def _edges(self) -> tuple[tuple[Edge, ...], ...]:
        state = self.machine.state
        taken_over = background.taken_over(self.machine, self._live)
        result: list[tuple[Edge, ...]] = []
        for activation in self._live:
            module = state.functions[activation.function].module
            edges: list[Edge] = []
            for (scope, register), targets in activation.edges.items():
                for target, info in targets.items():
                    if target not in self._node_of:
                        continue
                    site = state.sites.get((activation.index, scope, register), 0)
                    kind, mechanism, confidence = taken_over.get((site, target), info)
                    if kind == CALL_EDGE and (
                        beside := background.mechanism_beside(self.machine, activation, (scope, register), target)
                    ):
                        kind, mechanism = DISPATCH_EDGE, beside
                    edges.append(
                        Edge(self._node_of[target], Place(module, scope, register), kind, mechanism, confidence)
                    )
            edges.sort(key=lambda e: (e.place, e.target, e.kind))
            result.append(tuple(edges))
        return tuple(result)

    @property
    def live(self) -> list[Activation]:
        """The activations behind the nodes."""
        return self._live

    def external_edges(self) -> Iterator[tuple[int, Place, str]]:
        """(node, place of the call, external access path) of every call that leaves the tree."""
        data = self.machine.table.data
        for node, activation in enumerate(self._live):
            module = self.graph.nodes[node].module
            for site, values in sorted(activation.external.items()):
                for value in sorted(values):
                    yield node, Place(module, *site), data[value][0]

    def throngs(self) -> Iterator[tuple[int, str]]:
        """(node, name of a function) of calls of one of so many that none is followed."""
        for node, function in unheld.throngs(self.machine, self._live):
            yield from ((node, name) for name in self._callable_name(function))

    def outside_calls(self, node: int) -> tuple[tuple[int, str], ...]:
        """See `Resolution.outside_calls`."""
        data, own = self.machine.table.data, self.graph.nodes[node].scope
        sites = self._live[node].external.items()
        return tuple(
            sorted((register, data[value][0]) for (scope, register), found in sites if scope == own for value in found)
        )

    def calls_on_strangers(self, node: int, on_classes: bool = False) -> frozenset[int]:
        """See `Resolution.calls_on_strangers`."""
        frame = self._frame(node, self.graph.nodes[node].scope)
        return frozenset(strangers.on_strangers(self.machine, self._live[node], frame, on_classes))

    def sides_never_taken(self, node: int) -> frozenset[tuple[int, int]]:
        """See `Resolution.sides_never_taken`."""
        activation = self._live[node]
        return branches.closed_sides(self.machine, activation, self.machine.state.functions[activation.function])

    def never_reached(self, node: int) -> frozenset[int]:
        """See `Resolution.never_reached`."""
        return frozenset(self._frame(node, self.graph.nodes[node].scope).dead)

    def is_unheld(self, node: int) -> bool:
        """See `Resolution.is_unheld`."""
        return self._live[node].index in self._unheld

    @cached_property
    def _unheld(self) -> frozenset[int]:
        return unheld.activations(self.machine)

    def handed_on_from(self, path: str) -> int | None:
        """See `Resolution.handed_on_from`."""
        is_elementwise = path.rpartition(".")[2] in _ELEMENTWISE
        for rule in self.machine.state.rules.facts(path).dispatches:
            if rule.rest_from is not None:
                return rule.rest_from
            positions = [target.position for target in rule.targets if target.position is not None]
            if is_elementwise and positions:
                return positions[0] + 1
        return None

    def packings(self, path: str, attribute: str) -> tuple[Packing, ...]:
        """See `Resolution.packings`."""
        rules = self.machine.state.rules
        found = tuple(
            Packing(rule.rest_from, rule.arguments, rule.keywords, not rule.by_name, rule.targets, rule.leading)
            for rule in rules.facts(path).dispatches
            if rule.edge == DISPATCH_EDGE
            and (rule.rest_from is not None or rule.arguments is not None or rule.keywords is not None)
        )
        is_packed = any(rule.packed for _, rule in rules.attributes.get(attribute, ()))
        return found or ((Packing(arguments=Argument(0, "args"), keywords=Argument(1, "kwargs")),) if is_packed else ())

    def external_calls(self, is_wanted: Callable[[str], bool]) -> tuple[ExternalCall, ...]:
        """Calls of external paths that `is_wanted`, with what is known of their arguments, in node and place order."""
        if self._external is None:
            self._external = self._external_by_path()
        wanted = [site for path, sites in self._external.items() if is_wanted(path) for site in sites]
        return tuple(self._external_call(*site) for site in sorted(wanted))

    def _external_by_path(self) -> dict[str, list[tuple[int, int, int, Value]]]:
        """Access path -> (node, scope, register, value) of its calls."""
        data = self.machine.table.data
        found: dict[str, list[tuple[int, int, int, Value]]] = {}
        for node, activation in enumerate(self._live):
            for (scope, register), values in activation.external.items():
                for value in values:
                    found.setdefault(data[value][0], []).append((node, scope, register, value))
        return found

    def declared_calls(self, is_declared: Callable[[str], bool]) -> tuple[ExternalCall, ...]:
        """Calls of first-party functions whose names are declared to be effects, as if they left the analysed code."""
        found: dict[tuple[int, int, int, str], int] = {}
        for node, edges in enumerate(self.graph.out):
            for edge in edges:
                name = self.graph.nodes[edge.target].function
                if edge.kind == CALL_EDGE and is_declared(name):
                    key = node, edge.place.scope, edge.place.register, name
                    found[key] = max(found.get(key, 0), edge.confidence)
        return tuple(
            replace(self._call_outside(*key, root=0), confidence=found[key])  # the graph's nodes are in order
            for key in sorted(found)
        )

    def unknown_calls(self, is_wanted: Callable[[str], bool]) -> tuple[ExternalCall, ...]:
        """Calls of methods of objects of which nothing is known, as `<unknown>.client.post`, where that is wanted."""
        found = strangers.calls(self.machine, self._live, is_wanted)
        return tuple(replace(self._call_outside(*each, root=0), confidence=MEDIUM) for each in found)

    def _external_call(self, node: int, scope: int, register: int, value: Value) -> ExternalCall:
        path, root = self.machine.table.data[value]
        call = (self._live[node].index, scope, register, value)
        found = self._call_outside(node, scope, register, path, root, self.machine.indirect.get(call))
        return replace(found, confidence=MEDIUM) if call in self.machine.chosen_outside else found

    def _call_outside(
        self, node: int, scope: int, register: int, path: str, root: int, indirect: Arguments | None = None
    ) -> ExternalCall:
        frame = self._frame(node, scope)
        instruction = frame.scope.code[register]
        if indirect is not None:  # `to_thread(requests.post, url)`, a call of `partial(requests.post, url)`
            positional = tuple(describing.describe(self.machine, values) for values in indirect.positional)
            keywords = self._keyword_values(indirect.keywords)
        else:
            arguments = arguments_of(self.machine, frame, instruction) if instruction[0] == ir.CALL else Arguments()
            positional, keywords = self._described(frame, instruction, arguments, True)
        site = self.machine.state.sites.get((self._live[node].index, scope, register), 0)
        told = preparing.told(self.machine, path, site) if site else {}
        keywords = (*self._keyword_values(told), *keywords)
        creation: Arguments = self.machine.state.creations.get(root) or Arguments()
        module = frame.module
        return ExternalCall(
            node=node,
            place=Place(module, scope, register),
            path=path,
            arguments=positional,
            keywords=keywords,
            creation_arguments=tuple(describing.describe(self.machine, values) for values in creation.positional),
            creation_keywords=self._keyword_values(creation.keywords),
            creation=root,
        )

    def _described(
        self, frame: Frame, instruction: ir.Instruction, arguments: Arguments, names_blanks: bool = False
    ) -> Given:
        def described(register: int, values: Values) -> tuple[ArgumentValue, ...]:
            found = describing.describe_register(self.machine, frame, register, values)
            if not names_blanks:
                return found
            found = describing.describe_blank(self.machine, frame, register, found)
            return describing.describe_open(self.machine, frame, register, found)

        positional: list[tuple[ArgumentValue, ...]] = []
        operands = [r for r in instruction[2] if r >= 0] if instruction[0] == ir.CALL else []
        spread = instruction[0] == ir.CALL and len(operands) != len(instruction[2])
        for index, values in enumerate(arguments.positional):
            register = -1 if spread or index >= len(operands) else operands[index]
            positional.append(described(register, values))
        registers = {name: r for name, r in instruction[3] if name is not None} if instruction[0] == ir.CALL else {}
        keywords = tuple(
            (name, described(registers.get(name, -1), values)) for name, values in sorted(arguments.keywords.items())
        )
        return tuple(positional), keywords

    def _keyword_values(self, keywords: dict[str, Values]) -> Keywords:
        return tuple((name, describing.describe(self.machine, values)) for name, values in sorted(keywords.items()))

    def _frame(self, node: int, scope: int) -> Frame:
        """The evaluated frame of a node (of a class body inside it, for another scope)."""
        activation = self._live[node]
        return activation.frames.get(scope) or activation.frames[self.graph.nodes[node].scope]

    # -- questions ----------------------------------------------------------------------------------------------

    def values(self, node: int, register: int) -> tuple[ArgumentValue, ...]:
        """See `Resolution.values`."""
        frame = self._frame(node, self.graph.nodes[node].scope)
        return describing.describe_register(self.machine, frame, register, frame.registers[register])

    def kept(self, node: int, register: int) -> tuple[Kept, ...]:
        """See `Resolution.kept`."""
        values = self._frame(node, self.graph.nodes[node].scope).registers[register]
        return tuple(sorted({kept for value in values for kept in self._kept(value)}))

    def _kept(self, value: Value) -> Iterator[Kept]:
        makers: list[tuple[int, Place]] = []
        names, table, state = self._callable_name(value), self.machine.table, self.machine.state
        while table.kinds[value] in (BOUND, PARTIAL, UNIT):
            if table.kinds[value] == PARTIAL:
                activation, scope, register = state.site_list[table.data[value][1]]
                module = state.functions[state.activations[activation].function].module
                makers.append((self._node_of.get(activation, -1), Place(module, scope, register)))
            value = table.data[value][0]
        yield from (Kept(name, tuple(reversed(makers))) for name in names)

    def calls(self, node: int) -> tuple[CallView, ...]:
        """See `Resolution.calls`."""
        known = self._calls.get(node)
        if known is None:
            frame = self._frame(node, self.graph.nodes[node].scope)
            registers = self.machine.state.call_registers(frame.module, frame.scope_index)
            known = self._calls[node] = tuple(self._view(frame, r, frame.scope.code[r]) for r in registers)
        return known

    def call_in_class(self, place: Place) -> CallView | None:
        """See `Resolution.call_in_class`."""
        frame = self._defining_frame(place.module, place.scope)
        instruction = frame.scope.code[place.register] if frame is not None else (ir.NOP,)
        return None if frame is None or instruction[0] != ir.CALL else self._view(frame, place.register, instruction)

    def _view(self, frame: Frame, register: int, instruction: ir.Instruction) -> CallView:
        callee = frame.scope.code[instruction[1]]
        spelling = callee[2] if callee[0] == ir.ATTR else callee[1] if callee[0] in (ir.NAME, ir.FREE) else ""
        callees = frame.registers[instruction[1]]

        def describe() -> Given:
            arguments = with_kept(self.machine, callees, arguments_of(self.machine, frame, instruction))
            return self._described(frame, instruction, arguments)

        names = self.callable_names(callees)
        if not spelling and names:
            spelling = names[0].rpartition(".")[2]
        return CallView(Place(frame.module, frame.scope_index, register), names, spelling, describe)

    def fields(self, node: int, register: int, names: frozenset[str]) -> tuple[Fields, ...]:
        """See `Resolution.fields`."""
        frame, state = self._frame(node, self.graph.nodes[node].scope), self.machine.state
        found: set[Fields] = set()
        for value in self.machine.instances(frame.registers[register]):
            slots = ((name, state.slots.get(("attribute", value, name))) for name in sorted(names))
            known = tuple((name, describing.describe(self.machine, slot.values)) for name, slot in slots if slot)
            class_id = state.class_list[self.machine.table.data[value][0]]
            found.add((self.program.function_name(*class_id), known))
        return tuple(sorted(found, key=repr))

    def callable_names(self, values: Values) -> tuple[str, ...]:
        """Dotted names of callables."""
        known = self._names.get(values)
        if known is None:
            found = {name for value in values for name in self._callable_name(value)}
            known = self._names[values] = tuple(sorted(found))
        return known

    def _callable_name(self, value: Value) -> tuple[str, ...]:
        table = self.machine.table
        kind, data = table.kinds[value], table.data[value]
        if kind in (BOUND, PARTIAL, UNIT):
            return self._callable_name(data[0])
        if kind == FUNC:
            function = self.machine.state.functions[data[0]]
            return (self.program.function_name(function.module, function.scope_index),)
        if kind == CLASS:
            return (self.program.function_name(*self.machine.state.class_list[data[0]]),)
        return (data[0],) if kind == EXT else ()

    def _wrapped_name(self, value: Value) -> tuple[str, ...]:
        """The name of the function behind a wrapper, as people know it."""
        table = self.machine.table
        while table.kinds[value] in (BOUND, PARTIAL, UNIT):
            value = table.data[value][0]
        return self._callable_name(wrapping.unwrapped(self.machine, value))

    def _called_name(self, value: Value) -> tuple[str, ...]:
        """The name of what runs of an object that can be called."""
        is_object = self.machine.table.kinds[value] == INST
        return self.callable_names(self.machine.method_values(value, "__call__")) if is_object else ()

    def decorators(self, module: int, scope: int) -> tuple[Decorator, ...]:
        """See `Resolution.decorators`."""
        definition = self.program.summaries[module].scopes[scope]
        if not definition.decorators:
            return ()
        found = self._decorators.get((module, scope))
        if found is None:
            frame = self._defining_frame(module, definition.parent)
            found = () if frame is None else tuple(self._decorator(frame, r) for r in definition.decorators)
            self._decorators[module, scope] = found
        return found

    def _decorator(self, frame: Frame, register: int) -> Decorator:
        instruction = frame.scope.code[register]
        is_call = instruction[0] == ir.CALL
        callees = frame.registers[instruction[1] if is_call else register]
        names = self.callable_names(callees)
        if is_call:
            names = tuple(sorted({*names, *self._decorators_made(frame.registers[register])}))
        own = arguments_of(self.machine, frame, instruction) if is_call else Arguments()
        arguments = with_kept(self.machine, callees, own)
        positional, keywords = self._described(frame, instruction, arguments)
        operands = handed_over(frame.scope.code, register) if is_call else ()
        handed = tuple(self._decorator(frame, r) for r in operands if frame.scope.code[r][0] == ir.CALL)
        return Decorator(names, positional, keywords, Place(frame.module, frame.scope_index, register), is_call, handed)

    def _decorators_made(self, values: Values) -> Iterator[str]:
        """Of what a function of the project gives the decorators that a library made: `return library.command(name, **attrs)`."""
        table = self.machine.table
        paths = (table.data[value][0] for value in values if table.kinds[value] == EXT)
        return (path.removesuffix(_CALLED) for path in paths if path.endswith(_CALLED))

    def _defining_frame(self, module: int, scope: int) -> Frame | None:
        """A frame of the code that a definition stands in."""
        scopes = self.program.summaries[module].scopes
        outer = scope
        while outer > 0 and scopes[outer].kind == "class":
            outer = scopes[outer].parent
        function = self.machine.state.functions[self.machine.state.function_id(module, outer)]
        nodes = [self._node_of[index] for index in function.contexts.values() if index in self._node_of]
        return self._frame(nodes[0], scope) if nodes else None

    def bases(self, module: int, scope: int) -> tuple[str, ...]:
        """See `Resolution.bases`."""
        linear = self.machine.state.classes.info((module, scope)).linear
        canonical = self.machine.state.rules.canonical
        return tuple(canonical(item) if isinstance(item, str) else self.program.function_name(*item) for item in linear)

    def protocols(self, module: int, scope: int) -> tuple[str, ...]:
        """See `Resolution.protocols`."""
        if self._protocols is None:
            self._protocols = protocols.by_implementer(self.machine)
        return tuple(self.program.function_name(*protocol) for protocol in self._protocols.get((module, scope), ()))

    def class_attributes(self, module: int, scope: int) -> tuple[tuple[str, tuple[ArgumentValue, ...]], ...]:
        """See `Resolution.class_attributes`."""
        frame = self._defining_frame(module, scope)
        if frame is None:
            return ()
        found: list[tuple[str, tuple[ArgumentValue, ...]]] = []
        for name, registers in sorted(self.program.summaries[module].scopes[scope].exports):
            values = frozenset(v for register in registers for v in frame.registers[register])
            found.append((name, describing.describe(self.machine, values)))
        return tuple(found)

    def module_variable(self, module: int, name: str) -> tuple[ArgumentValue, ...]:
        """See `Resolution.module_variable`."""
        return describing.describe(self.machine, self.machine.state.slots["global", module, name].values)

    def wrapped(self, node: int) -> tuple[int, int] | None:
        """See `Resolution.wrapped`."""
        activation, table = self._live[node], self.machine.table
        if not activation.environment:
            return None
        depth = self.machine.state.activations[activation.environment].depth
        value = table.make(FUNC, activation.function, activation.environment, depth=depth)
        inner = wrapping.unwrapped(self.machine, value)
        return None if inner == value else self.machine.definition_of(inner)

    def is_entered(self, node: int) -> bool:
        """See `Resolution.is_entered`."""
        return self._live[node].is_entered

    def entered_on(self, node: int) -> tuple[int, int] | None:
        """See `Resolution.entered_on`."""
        return inherited.entered_on(self.machine, self._live[node])

    def registrations(self) -> tuple[Registration, ...]:
        """See `Resolution.registrations`."""
        state = self.machine.state
        found: set[Registration] = set()
        for rule, known in self.machine.registrations.items():
            for value, where in known:
                for name in self._wrapped_name(value) or self._called_name(value):
                    found.add(Registration(rule.framework, rule.mechanism, rule.registers, name, Place(*where)))
        for unit in state.registry.targets:
            rule_unit = state.rules.frameworks.units[unit.rule]
            activation, scope, register = state.site_list[unit.site]
            module = state.functions[state.activations[activation].function].module
            for name in self._wrapped_name(unit.value):
                place = Place(module, scope, register)
                on = actors.class_of(self.machine, unit.value) or ()
                kind = rule_unit.framework, rule_unit.mechanism, "unit"
                found.add(Registration(*kind, name, place, unit.name, unit.rule, on))
        return tuple(sorted(found))

    def creation(self, call: ExternalCall) -> int:
        """See `Resolution.creation`."""
        activation = self._live[call.node]
        return call.creation or self.machine.state.site(activation.index, call.place.scope, call.place.register)

    def remembered(self, creation: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """See `Resolution.remembered`."""
        table, state = self.machine.table, self.machine.state
        names: set[str] = set()
        objects: set[int] = set()
        for slot in self.machine.registration_slots:
            methods = {rule.method or "__call__" for rule in state.rules.frameworks.dispatches if rule.runs == slot}
            known = state.slots.get(("registered", creation, slot))
            for value in known.values if known else ():
                names.update(self._wrapped_name(value))
                if table.kinds[value] == EXT and table.data[value][1]:
                    objects.add(table.data[value][1])
                elif table.kinds[value] == INST:
                    names.update(n for m in methods for n in self.callable_names(self.machine.method_values(value, m)))
        return tuple(sorted(names)), tuple(sorted(objects))

    def outside_values(self, path: str) -> tuple[ArgumentValue, ...]:
        """Values assigned to an attribute of external objects, by access path (`celery.Celery().conf.beat_schedule`)."""
        slots = self.machine.state.slots
        values = frozenset(
            v for key, slot in slots.items() if key[0] == "outside" and key[1] == path for v in slot.values
        )
        return describing.describe(self.machine, values)


def _cut(slots: Iterable[Slot]) -> None:
    for slot in slots:
        slot.targets = ()
        slot.views = ()


def _live_activations(machine: Machine) -> list[Activation]:
    """Contexts that matter, of all functions."""
    state = machine.state
    return [activation for function in state.functions for activation in state.live(function)]
