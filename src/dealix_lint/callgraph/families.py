"""Calling the many methods of a large hierarchy at one place: the handlers of an application, the providers of a client.

Each is called once, and what is handed over flows on to all of them from then on. To call them all again whenever an
argument or a result grows would take time that grows with the square of their number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, contexts, results, widening
from dealix_lint.callgraph.binding import (
    BoundArguments,
    bind_parameters,
    call_first,
    note_defaults,
    result_of,
    unchanged,
)
from dealix_lint.callgraph.crowding import VARIADIC_BASE
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import PLAIN_EDGE, Activation, EdgeInfo, Function
from dealix_lint.callgraph.values import EMPTY, FUNC, Slot, Value, Values, View
from dealix_lint.callgraph.wrapping import is_inherited
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MANY = 16  # callees of one call: from here on it is remembered what calling each of them came to
_RECEIVER = -1


def are_one(m: Machine, frame: Frame, callee: int, callees: Values, most: int) -> bool:
    """True, but for at most so many, for the overrides of one method, for classes of one hierarchy (the handlers of an
    application) and their methods, and for what one decorator made of many functions."""
    if frame.scope.code[callee][0] == ir.ATTR:
        return True
    made = Counter(m.table.data[value][0] for value in callees if m.table.kinds[value] == FUNC)
    largest = max(*made.values(), *widening.bases(m.state, callees).values(), 0, 0)
    return len(callees) - largest <= most


class Results:
    """What many methods give back.

    `plain`: the slot for what those without an annotation return; `declared`: those whose annotation counts where their code
    says nothing, `given`: what they gave when last asked, `trusted`: whether annotations were believed then; `makers`:
    those that make a generator or coroutine for each who calls them; `users`: places that call just these."""

    __slots__ = ("declared", "given", "makers", "plain", "taken", "trusted", "users")

    def __init__(self) -> None:
        self.users = 0
        self.taken: set[int] = set()  # activations: several receivers may share one
        self.plain = Slot()
        self.declared: list[Activation] = []
        self.given = View()
        self.trusted = False
        self.makers: list[tuple[Activation, Function]] = []

    def add(self, m: Machine, activation: Activation, function: Function) -> None:
        """Take in one more method."""
        if activation.index in self.taken:
            return
        self.taken.add(activation.index)
        scope = function.scope
        if scope.is_async or scope.is_generator:
            self.makers.append((activation, function))
        elif scope.returns is not None:
            self.declared.append(activation)
            self.given.is_stale = True
        else:
            m.state.link(activation.result, self.plain)

    def read(self, m: Machine, frame: Frame, register: int) -> Values:
        """What a call of all of them gives."""
        made = [result_of(m, frame, register, *maker) for maker in self.makers]
        return m.state.read(self.plain).union(self._declared(m, frame), *made)

    def _declared(self, m: Machine, frame: Frame) -> Values:
        """What methods with an annotation give, worked out once for all who ask, until one of them gives more."""
        state, view = m.state, self.given
        if not self.declared:
            return EMPTY
        if not state.trusting:
            state.undeclared.add(state.point)
        if not view.is_stale and self.trusted == state.trusting:
            return state.read(view)
        around = state.record([])
        try:
            view.values = EMPTY.union(*[results.returned(m, frame, activation) for activation in self.declared])
        finally:
            recorded = state.record(around)
        self.trusted = state.trusting
        if recorded is not None:
            state.watch(view, recorded)
        return state.read(view)


class Family:
    """The methods that one instruction calls, as far as it has called them.

    `joined`: what each runs; `arguments`: a slot for each argument; `shape`: the arguments of the call with the number of its slot in the place of
    values; `unchanged`: the slot for what methods give back as it was handed to them; `results`: all else they give."""

    __slots__ = ("arguments", "callees", "joined", "results", "shape", "targets", "unchanged")

    def __init__(self, arguments: Arguments) -> None:
        self.callees: Values = EMPTY
        self.targets: dict[int, EdgeInfo] = {}
        self.joined: dict[Value, tuple[Activation, Function]] = {}
        self.unchanged = Slot()
        self.results = Results()
        numbers = [frozenset((number,)) for number in range(len(_parts(arguments)))]
        positional, keywords = len(arguments.positional), len(arguments.keywords)
        named = dict(zip(arguments.keywords, numbers[positional:], strict=False))
        rest, others = numbers[positional + keywords :]
        self.shape = Arguments(
            numbers[:positional], rest if arguments.rest else EMPTY, named, others if arguments.others else EMPTY,
            arguments.has_rest,
        )  # fmt: skip
        self.arguments = [Slot() for _ in numbers]

    def fits(self, callees: Values, arguments: Arguments) -> bool:
        """True if a call is the one seen before, with more callees or values at most."""
        shape = self.shape
        return (
            self.callees <= callees
            and len(shape.positional) == len(arguments.positional)
            and shape.keywords.keys() == arguments.keywords.keys()
            and shape.has_rest == arguments.has_rest
            and bool(shape.rest) == bool(arguments.rest)
            and bool(shape.others) == bool(arguments.others)
        )


def _parts(arguments: Arguments) -> list[Values]:
    return [*arguments.positional, *arguments.keywords.values(), arguments.rest, arguments.others]


def call(m: Machine, frame: Frame, register: int, callees: Values, arguments: Arguments, edge: EdgeInfo) -> Values:
    """Call many methods. As long as only more of them come, those that were called before are not called again."""
    # One instruction may call several: `x.name` by the `__getattr__` of each thing that `x` may be.
    state, key = m.state, (frame.base + register, min(callees))
    family = m.families.get(key)
    if family is None or not family.fits(callees, arguments):
        family = m.families[key] = Family(arguments)
    for slot, values in zip(family.arguments, _parts(arguments), strict=True):
        state.add(slot, values)
    edges = frame.activation.edges.pop((frame.scope_index, register), {})
    for value in sorted(callees - family.callees):
        family.joined[value] = _join(m, frame, register, family, *m.table.data[value])
        m.add_edge(frame, register, family.joined[value][0], edge)
    if callees != family.callees:
        family.results = _results_of(m, family, callees, family.results if family.callees else None)
    family.callees = callees
    family.targets.update(frame.activation.edges.pop((frame.scope_index, register), {}))
    frame.activation.edges[frame.scope_index, register] = {**edges, **family.targets}
    return state.read(family.unchanged) | family.results.read(m, frame, register)


def _results_of(m: Machine, family: Family, callees: Values, before: Results | None) -> Results:
    """What many methods give back, one object for all places that call just these; `before`: what those gave that this place
    called so far. It takes in the further ones, unless another place calls only the former."""
    found = m.results.get(callees)
    if found is None:
        fewer = family.callees
        if before is not None and before.users == 1 and m.results.pop(fewer, None) is before:
            found = before
        else:
            found, fewer = Results(), EMPTY
        m.results[callees] = found
        for value in sorted(callees - fewer):
            found.add(m, *family.joined[value])
    if found is not before:
        found.users += 1
        if before is not None:
            before.users -= 1
    return found


def read_properties(m: Machine, frame: Frame, register: int, key: tuple[ClassId, str], getters: Values) -> Values:
    """Call the bound getters of a class's property and of its overrides. Nothing is handed to them but their receiver: where
    there are many, each is called once for all who read the name."""
    if len(getters) <= MANY:
        return m.call(frame, register, getters, Arguments())
    family = m.properties.get(key)
    if family is None:
        family = m.properties[key] = Family(Arguments())
    if getters != family.callees:
        for value in sorted(getters.difference(family.joined)):
            family.joined[value] = _join(m, frame, register, family, *m.table.data[value])
            family.results.add(m, *family.joined[value])
        family.callees = getters
        family.targets = {family.joined[value][0].index: PLAIN_EDGE for value in sorted(getters)}
    m.add_edges(frame, register, family.targets)
    return m.state.read(family.unchanged) | family.results.read(m, frame, register)


def _join(
    m: Machine, frame: Frame, register: int, family: Family, target: Value, receiver: Value
) -> tuple[Activation, Function]:
    """Let what is handed over flow into one more method, in the context of its receiver."""
    function_id, environment = m.table.data[target]
    function = m.state.functions[function_id]
    bound = bind_parameters(function, family.shape.with_first(frozenset((_RECEIVER,))))
    is_wrapped = is_inherited(m, frame, register, target, receiver)
    context = contexts.of_receiver(m, function, min(bound.values, default=0) if is_wrapped else 0, receiver, is_wrapped)
    activation = m.state.activation(function_id, environment, context)
    if not activation.called:
        call_first(m, activation, function)
    note_defaults(m, frame, register, activation, function, bound)
    for slot, numbers in _destinations(m, activation, function, bound):
        for number in numbers:
            if number == _RECEIVER:
                m.state.add(slot, frozenset((receiver,)))
            else:
                m.state.link(family.arguments[number], slot)
    if not (function.scope.is_generator or function.scope.is_async):
        for index in unchanged(function, bound):
            for number in bound.values[index]:
                if number == _RECEIVER:
                    m.state.add(family.unchanged, frozenset((receiver,)))
                else:
                    m.state.link(family.arguments[number], family.unchanged)
    return activation, function


def _destinations(
    m: Machine, activation: Activation, function: Function, bound: BoundArguments
) -> list[tuple[Slot, Values]]:
    """Where arguments go, with their numbers: parameters, elements of `*args` and `**kwargs`."""
    parameters = function.scope.parameters
    found: list[tuple[Slot, Values]] = []
    for index, numbers in bound.values.items():
        if index < VARIADIC_BASE - 1:
            found.append((activation.parameters[index], numbers))
            continue
        position = next(p for p, parameter in enumerate(parameters) if parameter.kind == VARIADIC)
        container = m.parameter_container(activation, position, "tuple")
        key = None if index == VARIADIC_BASE - 1 else index - VARIADIC_BASE
        found.append((containers.place(m, container, key), numbers))
    if bound.keywords or bound.others:
        container = m.parameter_container(activation, len(parameters) - 1, "dict")
        found += [(containers.place(m, container, name), numbers) for name, numbers in bound.keywords.items()]
        if bound.others:
            found.append((containers.place(m, container, None), bound.others))
    return found
