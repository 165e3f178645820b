"""Calling the many methods of a large hierarchy at one place: the handlers of an application, the providers of a client.

Each is called once, and what is handed over flows on to all of them from then on. To call them all again whenever an
argument or a result grows would take time that grows with the square of their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers
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
from dealix_lint.callgraph.state import Activation, EdgeInfo, Function
from dealix_lint.callgraph.values import EMPTY, Slot, Value, Values
from dealix_lint.model.summary import VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_RECEIVER = -1


class Family:
    """The methods that one instruction calls, as far as it has called them.

    `arguments`: a slot for each argument; `shape`: the arguments of the call with the number of its slot in the place of
    values; `results`: the slot that their results flow into; `others`: those whose results have to be asked for."""

    __slots__ = ("arguments", "callees", "others", "results", "shape", "targets")

    def __init__(self, arguments: Arguments) -> None:
        self.callees: Values = EMPTY
        self.targets: dict[int, EdgeInfo] = {}
        self.results = Slot()
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
    state, key = m.state, frame.base + register
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
            state.link(activation.result, family.results)
    family.callees = callees
    family.targets.update(frame.activation.edges.pop((frame.scope_index, register), {}))
    frame.activation.edges[frame.scope_index, register] = {**edges, **family.targets}
    others = [result_of(m, frame, register, *found) for found in family.others.values()]
    return state.read(family.results).union(*others)


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
