"""What runs, and what becomes known, when a class statement is executed."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, containers, descriptors, parameters
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import BOUND, CLASS, CONT, FUNC, INST, STATICM, Value, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def define(m: Machine, frame: Frame, register: int, identity: ClassId, keywords: dict[str, Values]) -> Value:
    """The class value, after what its definition calls has been called."""
    value = m.table.make(CLASS, m.state.class_id(identity))
    created = frozenset((value,))
    _name_descriptors(m, frame, register, identity, created)
    for owner in metaclasses(m, identity):
        _create(m, frame, register, owner, value)
    hook = m.state.classes.definer(identity, "__init_subclass__", after=identity)
    if hook is not None:
        for member in sorted(descriptors.class_member(m, hook, "__init_subclass__")):
            target = m.table.data[member][0] if m.table.kinds[member] != FUNC else member
            m.call(frame, register, frozenset((target,)), Arguments([created], keywords=keywords))
    _register_by_base(m, frame, identity)
    _register_by_attribute(m, frame, identity)
    return value


def metaclasses(m: Machine, identity: ClassId) -> list[ClassId]:
    """First-party metaclasses of a class, its own or an ancestor's."""
    found = m.metaclasses.get(identity)
    if found is None:
        found = []
        for ancestor in m.state.classes.info(identity).ancestry:
            found = [(d.module, d.scope) for d in m.state.classes.info(ancestor).metaclass if d.kind == "class"]
            if found:
                break
        m.metaclasses[identity] = found
    return found


def _create(m: Machine, frame: Frame, register: int, metaclass: ClassId, value: Value) -> None:
    for name in ("__new__", "__init__"):
        definer = m.state.classes.definer(metaclass, name)
        if definer is None:
            continue
        first = m.table.make(CLASS, m.state.class_id(metaclass)) if name == "__new__" else value
        members = descriptors.class_member(m, definer, name)
        plain = frozenset(m.table.data[v][0] if m.table.kinds[v] == STATICM else v for v in members)
        m.call(frame, register, plain, Arguments([frozenset((first,))], has_rest=True))


def _name_descriptors(m: Machine, frame: Frame, register: int, identity: ClassId, created: Values) -> None:
    for name in sorted(m.state.classes.info(identity).members):
        for member in sorted(descriptors.class_member(m, identity, name)):
            if m.table.kinds[member] == INST and m.has_member(member, "__set_name__"):
                hook = attributes.instance_attribute(m, frame, register, member, "__set_name__")
                m.call(frame, register, hook, Arguments([created, frozenset((m.table.constant(name),))]))


def _register_by_base(m: Machine, frame: Frame, identity: ClassId) -> None:
    """Methods of a subclass of a framework's class answer to the name that the class gives."""
    for base in m.state.classes.info(identity).external:
        for unit in m.state.rules.bases.find(m.state.rules.canonical(base)):
            if not unit.methods:
                continue
            names = _names(m, frame, identity, unit.name_attribute) or [_default_name(m, unit.default_name, identity)]
            for method in unit.methods:
                targets = m.method_values(m.state.declared(identity), method)
                for name in names:
                    m.state.add(m.state.slots["unit", unit.framework, name], targets)


def _names(m: Machine, frame: Frame, identity: ClassId, attribute: str) -> list[str]:
    definer = m.state.classes.definer(identity, attribute) if attribute else None
    return [] if definer is None else m.constants(descriptors.class_member(m, definer, attribute))


def _default_name(m: Machine, pattern: str, identity: ClassId) -> str:
    module = m.state.program.sources[identity[0]].module
    name = m.state.program.summaries[identity[0]].scopes[identity[1]].name
    return (
        pattern.replace("{module}", module)
        .replace("{file}", module.rpartition(".")[2])
        .replace("{class}", name)
        .replace("{function}", name)
    )


def _register_by_attribute(m: Machine, frame: Frame, identity: ClassId) -> None:
    """Functions listed in a class attribute (`WorkerSettings.functions`) are run by their own names."""
    given = _given_contexts(m, frame, identity)
    for framework, class_name, attribute in m.state.rules.listing_classes:
        for value in _listed(m, frame, identity, class_name, attribute):
            module, scope = m.definition_of(value)
            name = m.state.program.summaries[module].scopes[scope].name
            m.state.add(m.state.slots["unit", framework, name], frozenset((given.get(value, value),)))


def _listed(m: Machine, frame: Frame, identity: ClassId, class_name: str, attribute: str) -> list[Value]:
    """The functions in an attribute of a class of that name: one, or a list."""
    own = m.state.program.summaries[identity[0]].scopes[identity[1]].name
    if not fnmatchcase(own, class_name) or attribute not in m.state.classes.info(identity).members:
        return []
    listed = descriptors.class_member(m, identity, attribute)
    found = listed | m.iterate(frame, -1, listed, False)
    return sorted(value for value in found if m.table.kinds[value] in (FUNC, BOUND))


def _given_contexts(m: Machine, frame: Frame, identity: ClassId) -> dict[Value, Value]:
    """Functions whose first argument is a dictionary that they share, as methods of it."""
    given: dict[Value, Value] = {}
    for index, class_name, attribute in m.state.rules.contexts:
        for value in _listed(m, frame, identity, class_name, attribute):
            context = m.table.make(CONT, "dict", f"context {index}")
            for key, path in m.state.rules.frameworks.contexts[index].holds:
                containers.put(m, context, key, m.external(path, 0))
            given[value] = m.bound(value, context)
            if m.table.kinds[value] == FUNC and m.state.functions[m.table.data[value][0]].scope.parameters:
                parameters.hand_in(m, value, 0, frozenset((context,)))
    return given
