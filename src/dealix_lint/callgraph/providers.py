"""Providers of containers of objects: what calls something later with what other providers give, chooses among others, or holds
what is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers, parameters, stdlib_calls
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONT, EMPTY, EXT, PARTIAL, Value, Values
from dealix_lint.model.frameworks import Provider

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_CALLING: Final = (Provider.CALLS, Provider.RESOURCE)


def made(m: Machine, frame: Frame, r: int, value: Value, kind: str, a: Arguments) -> Values:
    """What a call of a library gives that makes a provider, or tells or asks one something."""
    path, root = m.table.data[value]
    if kind in _CALLING:
        return _remembered(m, frame, r, kind, a.get(0, None), _filled(m, frame, r, a, 1))
    if kind == Provider.CONTAINER:
        return _container(m, frame, r, a)
    if kind in (Provider.CONFIGURATION, Provider.DEPENDENCY):
        made_here = m.external(f"{path}()", m.creation_site(frame, r, a))
        for one in made_here:
            _configure(m, frame, one, a.get(None, "default"))
        return made_here
    if kind in (Provider.VALUE, Provider.VALUES, Provider.VARIABLE):
        given = (
            a.get(1, "default")
            if kind == Provider.VARIABLE
            else a.get(0, "value" if kind == Provider.VALUE else "options")
        )
        for holder in m.external(path.rpartition(".")[0], root):
            _configure(m, frame, holder, given)
        return EMPTY
    if kind == Provider.READ:
        return provided(m, frame, r, frozenset((value,)))
    return _remembered(m, frame, r, kind, m.external(f"{path}()", 0), a)


def holding(m: Machine, frame: Frame, r: int, values: Values) -> Values:
    """A provider that gives values themselves (`providers.Object(x)`), which may be providers."""
    return _remembered(m, frame, r, Provider.OBJECT, frozenset(sorted(values)[:1]), Arguments([values]))


def _remembered(m: Machine, frame: Frame, r: int, kind: str, targets: Values, a: Arguments) -> Values:
    site = m.state.site(frame.activation.index, frame.scope_index, r)
    m.provider_kinds[site] = kind
    if kind in _CALLING:
        return stdlib_calls.partial(m, frame, r, Arguments([targets, *a.positional], keywords=a.keywords))
    m.state.partials[site] = a
    return frozenset(m.table.make(PARTIAL, v, site, depth=m.table.depths[v]) for v in targets)


def _filled(m: Machine, frame: Frame, r: int, a: Arguments, start: int) -> Arguments:
    """Arguments with what providers among them give in their place."""
    keywords = {name: provided(m, frame, r, values) for name, values in a.keywords.items()}
    return Arguments([provided(m, frame, r, values) for values in a.positional[start:]], keywords=keywords)


def provided(m: Machine, frame: Frame, r: int, values: Values) -> Values:
    """Values with what providers among them give in their place."""
    kinds, data = m.table.kinds, m.table.data
    asked = frozenset(v for v in values if kinds[v] == PARTIAL and data[v][1] in m.provider_kinds)
    found = (values - asked) | m.call(frame, r, asked, Arguments()) if asked else values
    for value in sorted(v for v in values if kinds[v] == EXT and data[v][1]):
        said = m.state.read(m.state.slots["configured", value])
        for holder, rest in _stands_for(m, value):
            for name in rest:
                holder = m.load(frame, r, holder, name)
            said |= provided(m, frame, r, holder) if holder else EMPTY
        found = (found - {value}) | said if said else found
    return found


def _stands_for(m: Machine, value: Value) -> list[tuple[Values, list[str]]]:
    """What an outer container gives for a place of an inner one, and what is read of it there."""
    path, root = m.table.data[value]
    _, call, rest = path.partition("()")
    if not call:
        return []
    given = m.state.read(m.state.slots["stands for", root])
    return [(frozenset((one,)), [name for name in rest.split(".") if name]) for one in sorted(given)]


def called(m: Machine, frame: Frame, r: int, site: int, a: Arguments) -> Values | None:
    """What a provider gives that calls nothing itself; None where it does."""
    kind = m.provider_kinds[site]
    fixed: Arguments = m.state.partials[site]
    if kind in _CALLING:
        return None
    if kind == Provider.OBJECT:
        return fixed.get(0, "provides")
    if kind == Provider.CHOOSES:
        return m.call(frame, r, EMPTY.union(*fixed.keywords.values()), a)
    if kind == Provider.AGGREGATES:
        names = m.constants(a.get(0, None)) or list(fixed.keywords)
        chosen = EMPTY.union(*(fixed.keywords.get(name, EMPTY) for name in names))
        return m.call(frame, r, chosen, a.from_position(1))
    container = containers.new_container(m, kind, frame, r)
    filled = _filled(m, frame, r, fixed, 0)
    for position, values in enumerate(filled.positional):
        containers.put(m, container, position, values)
    for name, values in filled.keywords.items():
        containers.put(m, container, name, values)
    return frozenset((container,))


def ready(m: Machine, frame: Frame, r: int, site: int, result: Values) -> Values:
    """What a provider gives for what its call gave: of a resource, what is set up."""
    return parameters.resolved(m, frame, r, result) if m.provider_kinds.get(site) == Provider.RESOURCE else result


def _container(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """An inner container: an object of its class, where what it is given stands for what it declares."""
    classes = frozenset(v for v in a.get(0, None) if m.table.kinds[v] == CLASS)
    for name, values in a.keywords.items():
        for place in m.load(frame, r, classes, name):
            if m.table.kinds[place] == EXT and m.table.data[place][1]:
                m.state.add(m.state.slots["stands for", m.table.data[place][1]], values)
    return m.call(frame, r, classes, Arguments())


def _configure(m: Machine, frame: Frame, holder: Value, values: Values) -> None:
    """A place of a configuration is given a value; a mapping gives values to the places under it."""
    path, root = m.table.data[holder]
    m.state.add(m.state.slots["configured", holder], frozenset(v for v in values if m.table.kinds[v] != CONT))
    for value in sorted(values):
        for key in containers.known_keys(m, frame, value) if m.table.kinds[value] == CONT else ():
            for place in m.external(f"{path}.{key}", root):
                _configure(m, frame, place, containers.get(m, frame, value, key))


def named(m: Machine, frame: Frame, r: int, patterns: tuple[str, ...], keys: Values) -> Values:
    """Providers of the program's containers by name: `Provide["gateways.crm"]`, `Provide["Container.crm"]`."""
    found = keys
    for key in sorted(keys):
        text = m.table.text_of(key)
        for identity in m.container_classes(patterns) if text else ():
            first, _, rest = text.partition(".") if text else ("", "", "")
            class_name = m.state.classes.info(identity).name.rpartition(".")[2]
            values = frozenset((m.table.make(CLASS, m.state.class_id(identity)),))
            for name in (rest if first == class_name else text or "").split("."):
                values = m.load(frame, r, values, name)
            found |= values
    return found
