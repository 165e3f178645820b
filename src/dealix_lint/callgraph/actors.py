"""Objects that a framework calls (`actor(SendMail())`): what their class inherits runs on each of them, and each is a start of
its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import BOUND, FUNC, INST, Value

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation
    from dealix_lint.link import ClassId


def class_of(m: Machine, value: Value) -> ClassId | None:
    """The class of an object that is itself the unit, by the method that runs, its `__call__`."""
    kinds, data = m.table.kinds, m.table.data
    if kinds[value] != BOUND or kinds[data[value][1]] != INST or kinds[data[value][0]] != FUNC:
        return None
    if m.state.functions[data[data[value][0]][0]].scope.name != "__call__":
        return None
    identity: ClassId = m.state.class_list[data[data[value][1]][0]]
    return identity


def start(m: Machine) -> None:
    """Let the framework call the objects that nothing analysed dispatches to, where others share the method that runs."""
    data, state = m.table.data, m.state
    for value in dict.fromkeys(unit.value for unit in state.registry.targets):
        identity = class_of(m, value)
        if identity is None:
            continue
        (function_id, environment), receiver = data[data[value][0]], data[value][1]
        contexts = [state.activations[index] for index in state.functions[function_id].contexts.values()]
        called = [activation for activation in contexts if activation.called or activation.is_entered]
        if called and not any(_class_run(m, activation) == identity for activation in called):
            activation = state.activation(function_id, environment, (0, receiver))
            activation.is_entered = True
            state.add(activation.parameters[0], frozenset((receiver,)))


def run_on(m: Machine, activation: Activation) -> ClassId | None:
    """The class of the object that a framework calls in a context."""
    identity = _class_run(m, activation)
    known = m.state.registry.objects.get(activation.function)
    return identity if known is not None and identity in known else None


def _class_run(m: Machine, activation: Activation) -> ClassId | None:
    context = activation.context
    if not context or context[0] != 0 or m.table.kinds[context[1]] != INST:
        return None
    identity: ClassId = m.state.class_list[m.table.data[context[1]][0]]
    return identity
