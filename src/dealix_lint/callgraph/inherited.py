"""Methods that a framework runs on the classes that inherit them: class methods on each in a context of its own, others in
one where only the class that defines them is known."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dealix_lint.callgraph import actors, descriptors
from dealix_lint.callgraph.crowding import MOST_CONTEXT_CODE
from dealix_lint.callgraph.values import CLASS, CLASSM, FUNC, Value
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation, Function


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


def start_hooks(m: Machine) -> None:
    """Let the framework run what classes inherit from a base of the project (`form_valid` of a view), where all that is known
    to call it are overrides (`super().form_valid(form)`)."""
    state = m.state
    hooks = {index for index, function in enumerate(state.functions) if _is_hook_of_others(m, function)}
    for activation in state.activations[1:] if hooks else ():
        name = state.functions[activation.function].scope.name if activation.function >= 0 else ""
        called = {state.activations[target].function for targets in activation.edges.values() for target in targets}
        hooks -= {index for index in called & hooks if state.functions[index].scope.name != name}
    for index in sorted(hooks):
        activation, owner = state.activation(index, 0, ()), state.functions[index].owner
        activation.is_entered = True
        if owner is not None and not state.functions[index].is_class_method:
            state.add(activation.parameters[0], frozenset((state.declared(owner),)))


def start_keeper(m: Machine, index: int) -> None:
    """Start a method that nothing calls, and that keeps something on its object, on objects of each class that inherits it and
    of which none is seen being made: what it keeps is theirs. Many such classes share one context."""
    state, function = m.state, m.state.functions[index]
    owner, name = function.owner, function.scope.name
    if owner is None or function.is_static or function.is_class_method or not m.hierarchy.keeps(function.scope):
        return
    heirs = state.classes.heirs(owner, name)
    unseen = [c for c in heirs if not state.population.has(c) and not m.hierarchy.is_abstract(c)]
    are_few = len(unseen) * function.size <= MOST_CONTEXT_CODE
    for receiver in map(state.declared, unseen):
        context = (0, receiver) if are_few else ()
        state.add(state.activation(index, 0, context).parameters[0], frozenset((receiver,)))


def _is_hook_of_others(m: Machine, function: Function) -> bool:
    """True for a method that is called, but not on all classes that have it, and that a framework runs."""
    state, owner, name = m.state, function.owner, function.scope.name
    contexts = [state.activations[index] for index in function.contexts.values()]
    if owner is None or function.is_static or not any(activation.called for activation in contexts):
        return False
    if any(activation.is_entered and activation.context for activation in contexts):
        return False  # it is known on which classes it is run
    if name.startswith("__") or not is_run(m, owner, name):
        return False
    known = {state.class_list[m.table.data[v][0]] for v in function.receivers}
    return not known.issuperset((owner, *state.classes.heirs(owner, name)))


def is_run(m: Machine, identity: ClassId, name: str | None = None) -> bool:
    """True for a class of which a framework makes and runs objects (a method of them)."""
    found = (
        unit
        for base in m.state.classes.info(identity).external
        for unit in m.state.rules.bases.find(m.state.rules.canonical(base))
    )
    return any(any(name is None or fnmatchcase(name, glob) for glob in unit.methods) for unit in found)


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
    """The class on which a framework runs the method, in a context that is there for that, or that of an object that it
    calls."""
    if not activation.is_entered or not activation.context:
        return actors.run_on(m, activation)
    found: ClassId = m.state.class_list[m.table.data[activation.context[1]][0]]
    return found
