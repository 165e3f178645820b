"""Calling a first-party function: which parameter gets what, in the contexts that `contexts` tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dealix_lint.callgraph import branches, contexts, importing, results
from dealix_lint.callgraph.containers import put
from dealix_lint.callgraph.crowding import (
    FLAG_BASE,
    VARIADIC_BASE,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import BINDING_WORK, CALL_WORK, Activation, EdgeInfo, Function, point
from dealix_lint.callgraph.values import (
    CORO,
    EMPTY,
    GEN,
    HOLE,
    Value,
    Values,
)
from dealix_lint.callgraph.wrapping import is_inherited
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


@dataclass(slots=True)
class BoundArguments:
    """Parameter index -> values handed in (a missing index means the default; elements of `*args` are VARIADIC_BASE + n,
    of unknown position VARIADIC_BASE - 1), and what arrives in `**kwargs`: by name, and of unknown name."""

    values: dict[int, Values] = field(default_factory=dict)
    keywords: dict[str, Values] = field(default_factory=dict)
    others: Values = EMPTY


def call_function(
    m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo, receiver: Value = -1
) -> Values:
    """Call a function value (as a method of `receiver`, if there is one): record the edges, let arguments flow, give back the
    result."""
    function = m.state.functions[m.table.data[value][0]]
    site = (frame.base + register, value, receiver)
    known = m.bindings.get(site)
    if known is None and receiver < 0 and not _may_take(frame, register, function):
        return EMPTY
    m.state.work += CALL_WORK
    if known is None or known[0] != arguments:
        # Nothing of a binding depends on anything but the arguments: while they are the same, only results are read again.
        handed = (
            _for_own(m, frame, register, function, arguments)
            if receiver < 0
            else arguments.with_first(frozenset((receiver,)))
        )
        known = m.bindings[site] = (arguments, *_bind(m, frame, register, value, handed, receiver >= 0))
    _, activations, result = known
    for activation in activations:
        m.add_edge(frame, register, activation, edge)
        result |= result_of(m, frame, register, activation, function)
    return result | _loaded(m, frame, register, function, arguments, receiver) if function.loads >= 0 else result


def _for_own(m: Machine, frame: Frame, register: int, function: Function, arguments: Arguments) -> Arguments:
    """The arguments of a method that is called as a function (`method(self, *args)` of a wrapper, or of a queue of methods and
    their objects): of objects those of its own class, unless it is named where it is called (`Other.method(self)`) and there
    are none."""
    if function.owner is None or function.is_static:
        return arguments
    given = arguments.positional[0] if arguments.positional else EMPTY
    classes, data, instances = m.state.classes, m.table.data, m.instances(given)
    foreign = {v for v in instances if function.owner not in classes.info(m.state.class_list[data[v][0]]).ancestry}
    if not foreign or (foreign.issuperset(instances) and _is_named(frame, register)):
        return arguments
    return arguments.from_position(1).with_first(given - foreign)


def _is_named(frame: Frame, register: int) -> bool:
    call = frame.scope.code[register] if register >= 0 else (ir.NOP,)
    return call[0] != ir.CALL or frame.scope.code[call[1]][0] in (ir.ATTR, ir.NAME)


def _may_take(frame: Frame, register: int, function: Function) -> bool:
    """False where a call, as it is written, lacks an argument that a function needs or has one too many: it fails before
    anything in the function runs. Decorators may change what a function takes, and other calls are not written down."""
    code = frame.scope.code
    if register < 0 or code[register][0] != ir.CALL or function.scope.decorators or function.scope.kind != "function":
        return True
    callee = code[code[register][1]]
    spelled = (
        callee[1] if callee[0] in (ir.NAME, ir.FREE) else callee[-1] if callee[0] in (ir.ATTR, ir.IMPORT_FROM) else ""
    )
    if spelled != function.scope.name or function.owner is not None:
        return True
    return takes(function.scope, code[register], given=0)


def _loaded(
    m: Machine, frame: Frame, register: int, function: Function, arguments: Arguments, receiver: Value
) -> Values:
    """What the names that a function imports stand for."""
    handed = arguments if receiver < 0 else arguments.with_first(frozenset((receiver,)))
    names = bind_parameters(function, handed).values.get(function.loads, EMPTY)
    return importing.named(m, frame, register, names)


def _bind(
    m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, is_method: bool
) -> tuple[tuple[Activation, ...], Values]:
    """Let arguments flow into the activations that a call means; also gives what the function returns unchanged."""
    function_id, environment = m.table.data[value]
    function = m.state.functions[function_id]
    bound = bind_parameters(function, arguments)
    if function.joined >= 0 and arguments.has_rest and max(bound.values, default=0) < VARIADIC_BASE - 1:
        bound.values[VARIADIC_BASE - 1] = frozenset((m.table.make(HOLE, ""),))  # more texts, or none
    m.state.work += BINDING_WORK
    activations: list[Activation] = []
    is_asking = function.flags or function.objects or function.counted >= 0
    more = _flags(m, frame, register, function, arguments, bound) if is_asking else ()
    more += contexts.of_place(m, frame, register, function, bound)
    receiver = min(bound.values) if is_method and bound.values else -1
    is_wrapped = receiver >= 0 and any(is_inherited(m, frame, register, value, v) for v in bound.values[receiver])
    for context in contexts.of_call(m, function, bound, receiver if is_wrapped else -1):
        context += more
        activation = m.state.activation(function_id, environment, context)
        if not activation.called:
            call_first(m, activation, function)
        chosen = dict(zip(context[::2], context[1::2], strict=True)) if activation.context else {}
        _flow(m, activation, function, bound, chosen)
        note_defaults(m, frame, register, activation, function, bound)
        activations.append(activation)
    given_back = () if function.scope.is_generator or function.scope.is_async else unchanged(function, bound)
    return tuple(activations), EMPTY.union(*[bound.values[index] for index in given_back]) if given_back else EMPTY


def unchanged(function: Function, bound: BoundArguments) -> list[int]:
    """What of that which is handed in the function gives back as it came."""
    elements = [index for index in bound.values if index >= VARIADIC_BASE - 1] if function.identity_elements else []
    return [*(index for index in function.identity_parameters if index in bound.values), *elements]


def _flags(
    m: Machine, frame: Frame, register: int, function: Function, arguments: Arguments, bound: BoundArguments
) -> tuple[int, ...]:
    """The part of a context that says which parameters are known exactly."""
    operands = branches.operands_of(m, frame, register, arguments)
    if operands is None:
        return ()
    exact = branches.known_exactly(m, frame, function, bound, bind_parameters(function, operands))
    return tuple(part for index, value in exact for part in (FLAG_BASE + index, value))


def call_first(m: Machine, activation: Activation, function: Function) -> None:
    """Of an activation that was evaluated although nothing called it, what depended on that counts no more."""
    activation.called = True
    if activation.frames:
        for index, parameter in enumerate(function.scope.parameters):
            if parameter.has_default or parameter.kind in (VARIADIC, KEYWORDS):
                m.state.mark(point(activation.index, function.scope_index, index))


def result_of(m: Machine, frame: Frame, register: int, activation: Activation, function: Function) -> Values:
    """What a call gives back: what the function returns, or the generator or coroutine that it makes."""
    scope = function.scope
    if scope.is_generator:
        return frozenset((m.table.make(GEN, activation.index),))
    if scope.is_async:
        site = m.state.site(frame.activation.index, frame.scope_index, register)
        return frozenset((m.table.make(CORO, activation.index, site),))
    return results.returned(m, frame, activation)


def bind_parameters(function: Function, arguments: Arguments) -> BoundArguments:
    """Match arguments with parameters, by the rules of a call."""
    result = BoundArguments()
    bound = result.values
    position = 0
    given = arguments.positional
    keywords = arguments.keywords
    for index, parameter in enumerate(function.scope.parameters):
        if parameter.kind == VARIADIC:
            for extra in range(position, len(given)):
                bound[VARIADIC_BASE + extra - position] = given[extra]
            position = len(given)
        elif parameter.kind in (KEYWORD_ONLY, KEYWORDS):
            if parameter.name in keywords and parameter.kind == KEYWORD_ONLY:
                bound[index] = keywords[parameter.name]
            elif parameter.kind == KEYWORD_ONLY and arguments.others:
                bound[index] = arguments.others
        elif position < len(given):
            bound[index] = given[position]
            position += 1
        elif parameter.name in keywords:
            bound[index] = keywords[parameter.name]
        elif arguments.rest or arguments.others or (arguments.has_rest and not parameter.has_default):
            bound[index] = arguments.rest | arguments.others
    if arguments.rest:
        _bind_rest(function, bound, arguments.rest)
    _bind_keywords(function, result, arguments)
    return result


def _bind_rest(function: Function, bound: dict[int, Values], rest: Values) -> None:
    if any(parameter.kind == VARIADIC for parameter in function.scope.parameters):
        bound[VARIADIC_BASE - 1] = rest


def _bind_keywords(function: Function, bound: BoundArguments, arguments: Arguments) -> None:
    parameters = function.scope.parameters
    if parameters and parameters[-1].kind == KEYWORDS:
        names = {p.name for p in parameters if p.kind not in (VARIADIC, KEYWORDS)}
        bound.keywords = {name: values for name, values in arguments.keywords.items() if name not in names}
        bound.others = arguments.others


def _flow(
    m: Machine, activation: Activation, function: Function, bound: BoundArguments, context: dict[int, Value]
) -> None:
    state = m.state
    for index, values in bound.values.items():
        chosen = context.get(index)
        if chosen is not None and len(values) > 1:
            values = contexts.chosen(m, function, index, values, chosen)
        if index < VARIADIC_BASE - 1:
            if values:
                state.add(activation.parameters[index], values)
        else:
            _flow_variadic(m, activation, function, index, values)
    if bound.keywords or bound.others:
        container = m.parameter_container(activation, len(function.scope.parameters) - 1, "dict")
        for name, values in bound.keywords.items():
            index = -m.table.constant(name)
            chosen = context.get(index)
            put(m, container, name, values if chosen is None else contexts.chosen(m, function, index, values, chosen))
        if bound.others:
            put(m, container, None, bound.others)


def note_defaults(
    m: Machine, frame: Frame, register: int, activation: Activation, function: Function, bound: BoundArguments
) -> None:
    """Remember which parameters a call leaves to their defaults."""
    for index, parameter in enumerate(function.scope.parameters):
        if not parameter.has_default or index in bound.values:
            continue
        if index in activation.defaulted:
            if index in activation.maybe_given and not _hands_on_more(frame, register):
                activation.maybe_given -= {index}
        else:
            activation.defaulted |= {index}
            if _hands_on_more(frame, register):
                activation.maybe_given |= {index}
            if activation.frames:
                m.state.mark(point(activation.index, function.scope_index, index))


def _hands_on_more(frame: Frame, register: int) -> bool:
    """Whether a call hands on what callers hand to the function that it stands in (`cls(agents, **options)`), of which nothing
    is known as long as nothing analysed calls that."""
    call = frame.scope.code[register] if register >= 0 else (ir.NOP,)
    if call[0] != ir.CALL:
        return False
    spread = [*(-r - 1 for r in call[2] if r < 0), *(r for name, r in call[3] if name is None)]
    return any(branches.is_left_open(frame, r) for r in spread)


def _flow_variadic(m: Machine, activation: Activation, function: Function, index: int, values: Values) -> None:
    for position, parameter in enumerate(function.scope.parameters):
        if parameter.kind == VARIADIC:
            container = m.parameter_container(activation, position, "tuple")
            put(m, container, None if index == VARIADIC_BASE - 1 else index - VARIADIC_BASE, values)
