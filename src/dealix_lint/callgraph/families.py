"""Calling the many methods of a large hierarchy at one place: the handlers of an application, the providers of a client.

Each is called once, and what is handed over flows on to all of them from then on. To call them all again whenever an
argument or a result grows would take time that grows with the square of their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, results
from dealix_lint.callgraph.binding import (
    VARIADIC_BASE,
    BoundArguments,
    bind_parameters,
    call_first,
    decides,
    note_defaults,
    result_of,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import LOCAL_MASK, PLAIN_EDGE, Activation, EdgeInfo, Function
from dealix_lint.callgraph.values import EMPTY, Slot, Value, Values, View
from dealix_lint.link import ClassId
from dealix_lint.model.summary import VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MANY = 16  # callees of one call: from here on it is remembered what calling each of them came to
_RECEIVER = -1


class Family:
    """The methods that one instruction calls, as far as it has called them.

    `arguments`: a slot for each argument; `shape`: the arguments of the call with the number of its slot in the place of
    values; `results`: the slot for those of them that give back what they are handed; `plain`: those whose results `joined`
    holds; `others`: those whose results have to be asked for."""

    __slots__ = ("arguments", "callees", "joined", "others", "plain", "results", "shape", "targets")

    def __init__(self, arguments: Arguments) -> None:
        self.callees: Values = EMPTY
        self.targets: dict[int, EdgeInfo] = {}
        self.results = Slot()
        self.plain: list[Activation] = []
        self.joined = Slot()
        self.others: dict[int, tuple[Activation, Function]] = {}
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
        target, receiver = m.table.data[value]
        activation, function = _join(m, family, target, receiver)
        m.add_edge(frame, register, activation, edge)
        scope = function.scope
        if scope.is_async or scope.is_generator or scope.returns is not None:
            family.others[activation.index] = (activation, function)
        else:
            family.plain.append(activation)
    if callees != family.callees:
        family.joined = _joined_results(m, callees, family.plain)
    family.callees = callees
    family.targets.update(frame.activation.edges.pop((frame.scope_index, register), {}))
    frame.activation.edges[frame.scope_index, register] = {**edges, **family.targets}
    others = [result_of(m, frame, register, *found) for found in family.others.values()]
    return state.read(family.results).union(state.read(family.joined), *others)


def _joined_results(m: Machine, callees: Values, activations: list[Activation]) -> Slot:
    """The slot that the results of many methods flow into, one for all places that call just these."""
    found = m.joined.get(callees)
    if found is None:
        found = m.joined[callees] = Slot()
        for activation in activations:
            m.state.link(activation.result, found)
    return found


def _join(m: Machine, family: Family, target: Value, receiver: Value) -> tuple[Activation, Function]:
    """Let what is handed over flow into one more method, in the context of its receiver."""
    function_id, environment = m.table.data[target]
    function = m.state.functions[function_id]
    bound = bind_parameters(function, family.shape.with_first(frozenset((_RECEIVER,))))
    context = (0, receiver) if decides(m, function, receiver) else ()
    activation = m.state.activation(function_id, environment, context)
    if not activation.called:
        call_first(m, activation, function)
    note_defaults(m, activation, function, bound)
    for slot, numbers in _destinations(m, activation, function, bound):
        for number in numbers:
            if number == _RECEIVER:
                m.state.add(slot, frozenset((receiver,)))
            else:
                m.state.link(family.arguments[number], slot)
    if not (function.scope.is_generator or function.scope.is_async):
        for index in function.identity_parameters:
            for number in bound.values.get(index, EMPTY):
                if number == _RECEIVER:
                    m.state.add(family.results, frozenset((receiver,)))
                else:
                    m.state.link(family.arguments[number], family.results)
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


class Properties:
    """The getters behind one name in a hierarchy. Nothing is handed to them but their receiver: each is called once, for
    all who read the name.

    `joined`: getter -> what it runs; `declared`: those whose annotation counts where their code says nothing, `given`: what
    they gave when last asked, `trusted`: whether annotations were believed then."""

    __slots__ = ("declared", "family", "given", "joined", "trusted")

    def __init__(self) -> None:
        self.family = Family(Arguments())
        self.joined: dict[Value, int] = {}
        self.declared: list[Activation] = []
        self.given = View()
        self.trusted = False


def read_properties(m: Machine, frame: Frame, register: int, key: tuple[ClassId, str], getters: Values) -> Values:
    """Call the bound getters of a class's property and of its overrides."""
    if len(getters) <= MANY:
        return m.call(frame, register, getters, Arguments())
    properties = m.properties.get(key)
    if properties is None:
        properties = m.properties[key] = Properties()
    family = properties.family
    if getters != family.callees:
        for value in sorted(getters.difference(properties.joined)):
            _join_getter(m, properties, value)
        family.callees = getters
        family.targets = {properties.joined[value]: PLAIN_EDGE for value in sorted(getters)}
    m.add_edges(frame, register, family.targets)
    others = [result_of(m, frame, register, *found) for found in family.others.values()]
    return m.state.read(family.results).union(_declared_results(m, frame, properties), *others)


def _join_getter(m: Machine, properties: Properties, value: Value) -> None:
    family = properties.family
    activation, function = _join(m, family, *m.table.data[value])
    properties.joined[value] = activation.index
    scope = function.scope
    if scope.is_async or scope.is_generator:
        family.others[activation.index] = (activation, function)
    elif scope.returns is not None:
        properties.declared.append(activation)
        properties.given.is_stale = True
    else:
        m.state.link(activation.result, family.results)


def _declared_results(m: Machine, frame: Frame, properties: Properties) -> Values:
    """What getters with an annotation give, worked out once for all who ask, until one of them gives more."""
    state, view = m.state, properties.given
    if not properties.declared:
        return EMPTY
    if not state.trusting:
        frame.activation.undeclared.add(state.point & LOCAL_MASK)
    if not view.is_stale and properties.trusted == state.trusting:
        return state.read(view)
    around, state.recorded = state.recorded, []
    try:
        view.values = EMPTY.union(*[results.returned(m, frame, activation) for activation in properties.declared])
    finally:
        recorded, state.recorded = state.recorded, around
    properties.trusted = state.trusting
    if recorded is not None:
        state.watch(view, recorded)
    return state.read(view)
