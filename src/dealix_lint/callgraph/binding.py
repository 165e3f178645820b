"""Calling a first-party function: which context, which parameter gets what."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from dealix_lint.callgraph import branches, collaborators, importing, protocols, results, texts
from dealix_lint.callgraph.containers import is_dict, put
from dealix_lint.callgraph.crowding import (
    FLAG_BASE,
    HTTP_METHODS,
    MIDDLING,
    MOST_RECEIVERS,
    SITE_BASE,
    SMALL,
    VARIADIC_BASE,
)
from dealix_lint.callgraph.deciding import SENT_KEYWORDS
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import BINDING_WORK, CALL_WORK, REGISTER_BITS, Activation, EdgeInfo, Function, point
from dealix_lint.callgraph.values import (
    CALLABLE_KINDS,
    CONST,
    CONT,
    CORO,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    GEN,
    INST,
    TEXT,
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

MOST_PRODUCTS = 8
MOST_CALLABLES = 3  # handed to one parameter at one call site; with more, the site itself cannot tell them apart
MOST_STRATEGIES = 6


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
        handed = arguments if receiver < 0 else arguments.with_first(frozenset((receiver,)))
        known = m.bindings[site] = (arguments, *_bind(m, frame, register, value, handed, receiver >= 0))
    _, activations, result = known
    for activation in activations:
        m.add_edge(frame, register, activation, edge)
        result |= result_of(m, frame, register, activation, function)
    return result | _loaded(m, frame, register, function, arguments, receiver) if function.loads >= 0 else result


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
    m.state.work += BINDING_WORK
    activations: list[Activation] = []
    is_asking = function.flags or function.objects or function.counted >= 0
    more = _flags(m, frame, register, function, arguments, bound) if is_asking else ()
    more += _sites(m, frame, register, function, bound)
    receiver = min(bound.values) if is_method and bound.values else -1
    is_wrapped = receiver >= 0 and any(is_inherited(m, frame, register, value, v) for v in bound.values[receiver])
    for context in contexts(m, function, bound, receiver if is_wrapped else -1):
        context += more
        activation = m.state.activation(function_id, environment, context)
        if not activation.called:
            call_first(m, activation, function)
        chosen = dict(zip(context[::2], context[1::2], strict=True)) if activation.context else {}
        _flow(m, activation, function, bound, chosen)
        note_defaults(m, activation, function, bound)
        activations.append(activation)
    if function.scope.is_generator or function.scope.is_async:
        return tuple(activations), EMPTY
    return tuple(activations), EMPTY.union(*(bound.values[index] for index in unchanged(function, bound)))


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


def _sites(m: Machine, frame: Frame, register: int, function: Function, bound: BoundArguments) -> tuple[int, ...]:
    """The part of a context that says where a small helper is handed so many functions that it cannot tell them apart: they are
    not those that it is handed elsewhere; likewise where one is handed a dict, or keywords, of which it gives back a copy."""
    if function.size > SMALL:
        return ()
    site: tuple[int, ...] = ()
    if function.copies and _hands_over_dict(m, function, bound):
        site += (SITE_BASE + min(function.copies), _place(m, frame, register))
    for index, values in bound.values.items():
        if (
            len(values) > MOST_CALLABLES
            and index >= function.receivers_before
            and len(m.callables(values)) > MOST_CALLABLES
        ):
            site += (SITE_BASE + index, _place(m, frame, register))
    return site


def _hands_over_dict(m: Machine, function: Function, bound: BoundArguments) -> bool:
    """Whether a call hands over a dict, or keywords, of which the function gives back a copy."""
    if bound.keywords and len(function.scope.parameters) - 1 in function.copies:
        return True
    handed = (bound.values.get(index, EMPTY) for index in function.copies)
    return any(is_dict(m, value) for values in handed for value in values)


def _place(m: Machine, frame: Frame, register: int) -> Value:
    return m.table.constant(((frame.module << REGISTER_BITS) + frame.scope_index << REGISTER_BITS) + register)


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
        elif arguments.has_rest or arguments.others:
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


def contexts(m: Machine, function: Function, bound: BoundArguments, wrapped: int = -1) -> list[tuple[int, ...]]:
    """Contexts a call is analysed in: one per combination of the callables, key constants and receivers handed in. What
    arrives in `**kwargs` has the constant of its name, negative, for an index. `wrapped`: the index of an object that inherits
    the method of which a decorator made the function."""
    choices: list[list[tuple[int, Value]]] = []
    total = 1
    given = [
        (index, _deciding(m, function, index, bound.values[index], index == wrapped)) for index in sorted(bound.values)
    ]
    for name in sorted(bound.keywords):
        handed = m.callables(bound.keywords[name])
        if not handed and function.spreads and name in SENT_KEYWORDS:
            handed = tuple(v for v in sorted(bound.keywords[name]) if m.table.kinds[v] == TEXT or m.table.text_of(v))
        if len(handed) == 1:
            given.append((-m.table.constant(name), list(handed)))
    for index, deciding in given:
        if not deciding:
            continue
        if total * len(deciding) > MOST_PRODUCTS and index != 0:
            continue
        total *= len(deciding)
        choices.append([(index, value) for value in deciding])
    if not choices:
        return [()]
    return [tuple(part for pair in choice for part in pair) for choice in product(*choices)]


def context_of(m: Machine, function: Function, index: int, receiver: Value, is_wrapped: bool) -> tuple[int, ...]:
    """The context that a method gets for a receiver, which is its parameter `index`."""
    return (index, receiver) if _deciding(m, function, index, frozenset((receiver,)), is_wrapped) else ()


def _deciding(m: Machine, function: Function, index: int, values: Values, is_receiver: bool = False) -> list[Value]:
    """Values of one parameter that get a context each."""
    kinds = m.table.kinds
    makes = function.scope.name == "__init__"
    found: list[Value] = []
    instances: list[Value] = []
    for value in sorted(values):
        kind = kinds[value]
        if kind in CALLABLE_KINDS:
            within = _within(m, function, index, value) if kind == FUNC else value
            if within not in found:
                found.append(within)
        elif kind == INST:
            if index == 0 and function.owner is not None and not function.is_static:
                if (
                    m.table.data[value][1] == DECLARED_KEY
                    and m.state.class_list[m.table.data[value][0]] == function.owner
                ):
                    continue
                found.append(value)
            elif is_receiver or index in function.kinds:
                found.append(value)
            elif not m.hierarchy.is_related(value, function.owner) and (
                m.hierarchy.is_polymorphic(value)
                or (makes and (m.is_told_apart(value) or collaborators.is_one(m, function, index, value)))
                or _is_adapter(m, value)
            ):
                instances.append(value)
            elif len(values) <= MOST_STRATEGIES and m.is_told_apart(value) and _is_request(m, value):
                found.append(value)
        elif _decides_alone(m, function, index, value):
            found.append(value)
        elif makes and kind == EXT and len(values) == 1 and m.table.data[value][1]:
            found.append(value)  # a client that was made somewhere: what holds it sends where that one does
    if len(found) > (MOST_RECEIVERS if index == 0 and function.owner is not None else MOST_CALLABLES):
        return []
    if instances and len(instances) <= MOST_STRATEGIES and len(function.contexts) < 4 * MOST_STRATEGIES:
        return found + instances
    return found


def _within(m: Machine, function: Function, index: int, value: Value) -> Value:
    """What a callable counts as where a function is handed what it made itself (`for b in behaviours: step = wrap(b, step)`):
    what that was made of, so that a chain ends, and is told apart from others, by what is at its end."""
    environment = m.table.data[value][1]
    if environment:
        maker = m.state.activations[environment]
        if m.state.functions[maker.function] is function:
            made_of: Value = dict(zip(maker.context[::2], maker.context[1::2], strict=True)).get(index, value)
            return made_of
    return value


def _decides_alone(m: Machine, function: Function, index: int, value: Value) -> bool:
    """Whether a value that is no object decides: a text that is a key or makes a request, a function of a library that may be
    an effect, a container of which elements are called or say where a request goes."""
    kind = m.table.kinds[value]
    is_key = index in function.key_parameters or (index >= VARIADIC_BASE and function.joined >= 0)
    if kind == EXT:
        return m.state.rules.is_effect(m.table.data[value][0])
    if kind == CONT:
        return (is_key and _is_telling(m, value)) or _is_table(m, function, index, value)
    if is_key:
        return kind == TEXT or m.table.text_of(value) is not None
    return kind in (CONST, TEXT) and _is_handed_on(function, index) and _is_of_request(m, value)


def _is_telling(m: Machine, container: Value) -> bool:
    """Whether what is sent says by one of its keys what the request does."""
    kinds, data, rules = m.table.kinds, m.table.data, m.state.rules
    keys = m.state.slots.get(("keys", container))
    return keys is not None and any(kinds[key] == CONST and rules.is_telling(data[key][1]) for key in keys.values)


def _is_adapter(m: Machine, instance: Value) -> bool:
    """Whether an object is one of several that a protocol is there for."""
    index, key = m.table.data[instance]
    return key == 0 and protocols.is_one_of_several(m, m.state.class_list[index])


def _is_table(m: Machine, function: Function, index: int, value: Value) -> bool:
    """Whether what a function calls, or the request that it makes, stands in a container that was written down somewhere
    (not one made for the sake of another such container, which may go on without end)."""
    _, site = m.table.data[value]
    if index not in function.tables or function.size > MIDDLING or not isinstance(site, int):
        return False
    made_in = m.state.activations[m.state.site_list[site][0]]
    return all(m.table.kinds[deciding] != CONT for deciding in made_in.context[1::2])


def _is_handed_on(function: Function, index: int) -> bool:
    """Whether a wrapper hands a parameter, or an element of its `*args`, on to what it wraps."""
    if not function.hands_on:
        return False
    if index < VARIADIC_BASE:
        return index in function.hands_on
    return any(function.scope.parameters[handed].kind == VARIADIC for handed in function.hands_on)


def _is_of_request(m: Machine, value: Value) -> bool:
    """Whether a text looks like a path, an address or a method of a request."""
    parts = texts.text_parts(m, value)
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    return first.startswith(("/", "http:", "https:")) or first in HTTP_METHODS


def _is_request(m: Machine, instance: Value) -> bool:
    """Whether an object keeps where, or by which method, a request goes."""
    ancestry = m.state.classes.info(m.state.class_list[m.table.data[instance][0]]).ancestry
    return not m.state.requests.isdisjoint(ancestry)


def _flow(
    m: Machine, activation: Activation, function: Function, bound: BoundArguments, context: dict[int, Value]
) -> None:
    state = m.state
    for index, values in bound.values.items():
        chosen = context.get(index)
        if chosen is not None and len(values) > 1:
            values = _chosen(m, function, index, values, chosen)
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
            put(m, container, name, values if chosen is None else _chosen(m, function, index, values, chosen))
        if bound.others:
            put(m, container, None, bound.others)


def note_defaults(m: Machine, activation: Activation, function: Function, bound: BoundArguments) -> None:
    """Remember which parameters a call leaves to their defaults."""
    for index, parameter in enumerate(function.scope.parameters):
        if parameter.has_default and index not in bound.values and index not in activation.defaulted:
            activation.defaulted.add(index)
            if activation.frames:
                m.state.mark(point(activation.index, function.scope_index, index))


def _chosen(m: Machine, function: Function, index: int, values: Values, chosen: Value) -> Values:
    kinds = m.table.kinds
    apart = next((kind for kind in ((CONST, TEXT), (CONT,)) if kinds[chosen] in kind), (INST, *CALLABLE_KINDS))
    return frozenset(
        v
        for v in values
        if v == chosen or kinds[v] not in apart or (kinds[v] == FUNC and chosen == _within(m, function, index, v))
    )


def _flow_variadic(m: Machine, activation: Activation, function: Function, index: int, values: Values) -> None:
    for position, parameter in enumerate(function.scope.parameters):
        if parameter.kind == VARIADIC:
            container = m.parameter_container(activation, position, "tuple")
            put(m, container, None if index == VARIADIC_BASE - 1 else index - VARIADIC_BASE, values)
