"""Which contexts a call of a first-party function is analysed in: what it is handed that decides what the function does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from dealix_lint.callgraph import collaborators, protocols, texts
from dealix_lint.callgraph.containers import is_dict
from dealix_lint.callgraph.crowding import (
    HTTP_METHODS,
    MIDDLING,
    MOST_RECEIVERS,
    SITE_BASE,
    SMALL,
    VARIADIC_BASE,
)
from dealix_lint.callgraph.deciding import SENT_KEYWORDS
from dealix_lint.callgraph.state import REGISTER_BITS, Function
from dealix_lint.callgraph.values import (
    CALLABLE_KINDS,
    CONST,
    CONT,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    INST,
    TEXT,
    Value,
    Values,
)
from dealix_lint.model import ir
from dealix_lint.model.summary import VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.binding import BoundArguments
    from dealix_lint.callgraph.frame import Arguments, Frame
    from dealix_lint.callgraph.machine import Machine

MOST_PRODUCTS = 8
MOST_CALLABLES = 3  # handed to one parameter at one call site; with more, the site itself cannot tell them apart
MOST_STRATEGIES = 6


def of_call(m: Machine, function: Function, bound: BoundArguments, wrapped: int = -1) -> list[tuple[int, ...]]:
    """Contexts a call is analysed in: one per combination of the callables, key constants and receivers handed in. What
    arrives in `**kwargs` has the constant of its name, negative, for an index. `wrapped`: the index of an object that inherits
    the method of which a decorator made the function."""
    choices: list[list[tuple[int, Value]]] = []
    total = 1
    given = [
        (index, _deciding(m, function, index, values, index == wrapped))
        for index in sorted(bound.values)
        if (values := bound.values[index])
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


def of_receiver(m: Machine, function: Function, index: int, receiver: Value, is_wrapped: bool) -> tuple[int, ...]:
    """The context that a method gets for a receiver, which is its parameter `index`."""
    return (index, receiver) if _deciding(m, function, index, frozenset((receiver,)), is_wrapped) else ()


def of_place(m: Machine, frame: Frame, register: int, function: Function, bound: BoundArguments) -> tuple[int, ...]:
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
        elif _decides_alone(m, function, index, value) or _are_words_of_body(m, function, index, values):
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


def chosen(m: Machine, function: Function, index: int, values: Values, one: Value) -> Values:
    """What flows into a parameter in the context of one of the values that are handed in."""
    kinds = m.table.kinds
    apart = next((kind for kind in ((CONST, TEXT), (CONT,)) if kinds[one] in kind), (INST, *CALLABLE_KINDS))
    return frozenset(
        v
        for v in values
        if v == one or kinds[v] not in apart or (kinds[v] == FUNC and one == _within(m, function, index, v))
    )


def combined(m: Machine, function: Function, context: tuple[int, ...], arguments: Arguments) -> Arguments:
    """Of what a constructor is handed beside the object, the combination that is one of its contexts."""
    positional, keywords = list(arguments.positional), dict(arguments.keywords)
    for index, one in zip(context[::2], context[1::2], strict=True):
        if not 0 < index < len(function.scope.parameters):
            continue
        name = function.scope.parameters[index].name
        if name in keywords:
            keywords[name] = chosen(m, function, index, keywords[name], one)
        elif index <= len(positional):
            positional[index - 1] = chosen(m, function, index, positional[index - 1], one)
    return replace(arguments, positional=positional, keywords=keywords)


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


def _are_words_of_body(m: Machine, function: Function, index: int, values: Values) -> bool:
    """Whether texts, and nothing else, go into what a function writes down, and each says by itself what the request does that
    is made of it."""
    if function.size > SMALL or index not in _displayed(function):
        return False
    said = (m.table.text_of(value) for value in values)
    return all(text is not None and m.state.rules.is_telling_word(text) for text in said)


def _displayed(function: Function) -> frozenset[int]:
    """Parameters that a function puts into a dict or list that it writes down, of which a request may be made."""
    found = function.displayed
    if found is None:
        code = function.scope.code
        put = {value for i in code if i[0] == ir.DICT for _, value in i[1]}
        put |= {value for i in code if i[0] in (ir.LIST, ir.TUPLE) for value in i[1] if value >= 0}
        found = function.displayed = frozenset(code[r][1] for r in put if code[r][0] == ir.PARAM)
    return found


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
