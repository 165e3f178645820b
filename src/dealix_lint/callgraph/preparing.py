"""Requests that a subclass of the library's class prepares: `class Put(urllib.request.Request)`, whose `get_method` says the
verb, `request.get_method = lambda: "PUT"` and `request.data = body`. They are calls of the library's class, wherever its
constructor is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import HOLE, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.model.frameworks import Delegation

_CALLED = "()"


def base_of(m: Machine, class_index: int) -> str:
    """The library's class whose objects those of a class are for everybody else; "" where there is none."""
    bases = m.state.classes.info(m.state.class_list[class_index]).external
    return next((path for path in map(m.state.rules.canonical, bases) if _telling(m, path)), "")


def constructed(m: Machine, frame: Frame, register: int, instance: Value, arguments: Arguments) -> None:
    """The constructor of the library's class is called for an object of a subclass."""
    base = base_of(m, m.table.data[instance][0])
    if not base:
        return
    if arguments.positional and instance in arguments.positional[0]:
        arguments = arguments.from_position(1)  # `Request.__init__(self, url)`
    for rule in _telling(m, base):
        if rule.gives and m.has_member(instance, rule.method) and rule.gives not in arguments.keywords:
            method = m.load(frame, register, frozenset((instance,)), rule.method)
            told = m.call(frame, register, method, Arguments())
            arguments = replace(arguments, keywords={**arguments.keywords, rule.gives: told})
    for value in m.external(base, 0):
        m.indirect[frame.activation.index, frame.scope_index, register, value] = arguments
        m.add_external(frame, register, value)


def stored(m: Machine, frame: Frame, register: int, holder: Value, name: str, values: Values) -> None:
    """An object's method is replaced, or a field of it: what the new one gives, or what is assigned, is an argument of the
    call that made the object."""
    path, root = m.table.data[holder]
    rules = _telling(m, path.removesuffix(_CALLED)) if path.endswith(_CALLED) and root > 0 else ()
    for rule in rules:
        if rule.gives and rule.method == name:
            told = m.call(frame, register, values, Arguments())
            m.state.add(m.state.slots["told", root, rule.gives], told)
        elif name in rule.fields:
            m.state.add(m.state.slots["told", root, name], values or frozenset((m.table.make(HOLE, ""),)))


def told(m: Machine, path: str, site: int) -> dict[str, Values]:
    """Arguments of a call of the library's class that replaced methods and fields of the object give."""
    names = {name for rule in _telling(m, path) for name in (rule.gives, *rule.fields) if name}
    found = {name: m.state.slots["told", site, name].values for name in sorted(names)}
    return {name: values for name, values in found.items() if values}


def _telling(m: Machine, path: str) -> tuple[Delegation, ...]:
    return tuple(rule for rule in m.state.rules.facts(path).delegations if rule.gives or rule.fields)
