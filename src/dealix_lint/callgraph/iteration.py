"""Iterating, entering, unpacking: protocols that call methods without a call in the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, enums, inborn, results
from dealix_lint.callgraph.containers import elements, get, pair_item, view_elements
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONT, CORO, EMPTY, EXT, GEN, HOLE, INST, VIEW, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def iterate(m: Machine, frame: Frame, register: int, values: Values, is_async: bool) -> Values:
    """What a `for` over the values binds."""
    found: set[Value] = set()
    for value in sorted(values):
        kind = m.table.kinds[value]
        if kind == CONT:
            found |= elements(m, frame, value)
        elif kind == VIEW:
            found |= view_elements(m, frame, value)
        elif kind == GEN:
            found |= results.yielded(m, frame, m.state.activations[m.table.data[value][0]])
        elif kind == INST:
            found |= _iterate_instance(m, frame, register, value, is_async)
        elif kind == EXT:
            path, root = m.table.data[value]
            element = path if path.endswith("[]") else f"{path}[]"
            found |= m.owner_of(element, root) or m.external(element, root)
        elif kind == HOLE:
            found.add(value)  # `for url in settings.webhook_urls`: known by the same name
        elif kind == CLASS:
            index = m.table.data[value][0]
            found |= enums.members(m, frame, index) if enums.is_enum(m, m.state.class_list[index]) else EMPTY
    return frozenset(found)


def special(m: Machine, frame: Frame, register: int, value: Value, name: str, *arguments: Values) -> Values:
    """Call a special method if the instance's class, or a builtin container that it extends, has it."""
    is_own = m.has_member(value, name)
    method = attributes.instance_attribute(m, frame, register, value, name) if is_own else inborn.method(m, value, name)
    return m.call(frame, register, method, Arguments(list(arguments))) if is_own or method else EMPTY


def _iterate_instance(m: Machine, frame: Frame, register: int, value: Value, is_async: bool) -> Values:
    start, step = ("__aiter__", "__anext__") if is_async else ("__iter__", "__next__")
    iterators = special(m, frame, register, value, start)
    if not iterators and not m.has_member(value, start):
        if m.has_member(
            value, step
        ):  # a subclass of `collections.abc.Iterator`, whose `__iter__` gives the object itself
            return awaited(m, frame, register, special(m, frame, register, value, step))
        fields = m.hierarchy.places(m.state.class_list[m.table.data[value][0]])
        if fields:
            return EMPTY.union(*(m.load(frame, register, frozenset((value,)), name) for name in fields))
        return special(m, frame, register, value, "__getitem__", EMPTY)
    found: set[Value] = set()
    for iterator in sorted(iterators):
        if m.table.kinds[iterator] == INST:
            found |= awaited(m, frame, register, special(m, frame, register, iterator, step))
        else:
            found |= iterate(m, frame, register, frozenset((iterator,)), is_async)
    return frozenset(found)


def enter(m: Machine, frame: Frame, register: int, values: Values, is_async: bool) -> Values:
    """What `with value as x` binds; leaving is called too."""
    found: set[Value] = set()
    for value in sorted(values):
        kind = m.table.kinds[value]
        if kind == INST:
            first, last = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
            if m.has_member(value, first):
                found |= awaited(m, frame, register, special(m, frame, register, value, first))
                special(m, frame, register, value, last, EMPTY, EMPTY, EMPTY)
            else:
                found.add(value)
        elif kind == GEN:
            found |= results.yielded(m, frame, m.state.activations[m.table.data[value][0]])
        else:
            found.add(value)
    return frozenset(found)


def finished(m: Machine, frame: Frame, values: Values) -> Values:
    """What generators return in the end, which `yield from` and `await` give."""
    found: set[Value] = set()
    for value in sorted(values):
        if m.table.kinds[value] == GEN:
            found |= m.state.read(m.state.activations[m.table.data[value][0]].result)
    return frozenset(found)


def awaited(m: Machine, frame: Frame, register: int, values: Values) -> Values:
    """What `await value` gives."""
    found: set[Value] = set()
    for value in sorted(values):
        kind, data = m.table.kinds[value], m.table.data[value]
        if kind == CORO:
            function = m.state.functions[m.state.activations[data[0]].function]
            found |= results.returned(m, frame, m.state.activations[data[0]])
            found |= _identity(m, frame, data[0], function.identity_parameters)
        elif kind == INST and m.has_member(value, "__await__"):
            found |= finished(m, frame, special(m, frame, register, value, "__await__"))
        else:
            found.add(value)
    return frozenset(found)


def _identity(m: Machine, frame: Frame, activation: int, parameters: frozenset[int]) -> Values:
    # A coroutine that returns its own parameter: what the call handed in is no longer at hand here.
    slots = m.state.activations[activation].parameters
    return EMPTY.union(*(m.state.read(slots[index]) for index in parameters))


def item(m: Machine, frame: Frame, register: int, values: Values, index: int) -> Values:
    """One place of unpacking."""
    found: set[Value] = set()
    for value in sorted(values):
        kind = m.table.kinds[value]
        if kind == CONT:
            if m.table.data[value][0] == "dict":
                found |= elements(m, frame, value)
            else:
                found |= get(m, frame, value, index)
        elif kind == VIEW and (m.table.data[value][1] == "pair" or isinstance(m.table.data[value][1], int)):
            found |= pair_item(m, frame, value, index)
        elif kind == INST and (fields := m.hierarchy.places(m.state.class_list[m.table.data[value][0]])):
            named = fields[index : index + 1 or None]
            found |= EMPTY.union(*(m.load(frame, register, frozenset((value,)), name) for name in named))
        else:
            found |= iterate(m, frame, register, frozenset((value,)), False)
    return frozenset(found)
