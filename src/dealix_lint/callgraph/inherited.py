"""Class methods that a framework runs on the classes that inherit them: on each in a context of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import descriptors
from dealix_lint.callgraph.values import CLASS, CLASSM, FUNC, Value
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation


def note(m: Machine, identity: ClassId, attribute: str) -> None:
    """The attribute by which a framework is told of its subclasses (`Pay.Field()`) is read on a class."""
    external = m.state.classes.info(identity).external
    units = [u for base in external for u in m.state.rules.registering[attribute].find(m.state.rules.canonical(base))]
    for unit in units:
        m.registered_classes.setdefault(identity, {}).update(dict.fromkeys(unit.methods))


def start(m: Machine) -> None:
    """Let the framework run what the classes that it knows have or inherit: `mutate` of a base, with `cls` the class itself."""
    for identity, methods in sorted(m.registered_classes.items()):
        for method in methods:
            definer = m.state.classes.definer(identity, method)
            if definer is not None:
                for member in sorted(descriptors.class_member(m, definer, method)):
                    _enter(m, member, m.table.make(CLASS, m.state.class_id(identity)))


def _enter(m: Machine, member: Value, receiver: Value) -> None:
    kinds, data = m.table.kinds, m.table.data
    if kinds[member] != CLASSM or kinds[data[member][0]] != FUNC:
        return
    function_id, environment = data[data[member][0]]
    if m.state.functions[function_id].owner is None:
        return  # a decorator's wrapper: it is told apart by what it wraps
    activation = m.state.activation(function_id, environment, (0, receiver))
    activation.is_entered = True
    m.state.add(activation.parameters[0], frozenset((receiver,)))


def entered_on(m: Machine, activation: Activation) -> ClassId | None:
    """The class on which a framework runs the method, in a context that is there for that."""
    if not activation.is_entered or not activation.context:
        return None
    found: ClassId = m.state.class_list[m.table.data[activation.context[1]][0]]
    return found
