"""What a parameter holds: what callers hand in, else its default and what its annotation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, branches, containers, defaults, enums, supplies, types
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONST, CONT, EMPTY, EXT, HOLE, INST, PASSIVE_KINDS, TEXT, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORDS, VARIADIC, TypeExpr

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation


_TEXT_TYPES = frozenset(("<builtin>.str", "<builtin>.basestring", "six.string_types", "six.text_type"))


def hand_in(m: Machine, function: Value, index: int, values: Values) -> None:
    """Let a framework give a function one of its arguments, where nothing analysed calls it; nothing where it has no such
    parameter of its own (`def task(*args)`). While modules are being imported it is only remembered: what runs then finds all
    that they register."""
    function_id, environment = m.table.data[function]
    parameters = m.state.functions[function_id].scope.parameters
    if index >= len(parameters) or parameters[index].kind in (VARIADIC, KEYWORDS):
        return
    if m.is_importing:
        m.handed_in[function, index] = m.handed_in.get((function, index), EMPTY) | values
    else:
        m.state.add(m.state.activation(function_id, environment, ()).parameters[index], values)


def start_handed(m: Machine) -> None:
    """Let the framework run what it was remembered to hand arguments to."""
    m.is_importing = False
    for (function, index), values in m.handed_in.items():
        hand_in(m, function, index, values)


def parameter(m: Machine, frame: Frame, index: int) -> Values:
    """Values of a parameter in the frame's activation."""
    state, activation, function = m.state, frame.activation, frame.function
    declared = function.scope.parameters[index]
    if declared.kind in (VARIADIC, KEYWORDS):
        kind = "tuple" if declared.kind == VARIADIC else "dict"
        container = m.parameter_container(activation, index, kind)
        if declared.annotation is not None and not activation.called:
            _declare_elements(m, frame, container, index)
        return frozenset((container,))
    if branches.is_nothing(m, activation, index):
        return frozenset((m.none(),))
    values = state.read(activation.parameters[index])
    if not values and function.scope.name in state.rules.made and function.owner is not None and index > 0:
        values = _made(m, frame, index)
    if index == 0 and function.owner is not None and not function.is_static and not values:
        return _receiver(m, frame)
    if declared.has_default and (index in activation.defaulted or not activation.called):
        slot = state.slots["default", activation.function, activation.environment, index]
        values |= _injected(m, frame, index, state.read(slot))
        if not activation.called and _is_up_to_requests(m, frame, index, values):
            values |= {m.table.make(HOLE, f"parameter:{declared.name}")}
    kinds = m.table.kinds
    if declared.annotation is not None and (callables := m.callables(values)) and types.is_data(declared.annotation):
        values = values.difference(callables)
    if declared.annotation is not None and all(kinds[v] in PASSIVE_KINDS for v in values):
        values |= _injected_by_annotation(m, frame, index)
        if all(kinds[v] in PASSIVE_KINDS for v in values):
            said = m.types.instances(frame.module, function.scope.parent, declared.annotation)
            instances = enums.beside(m, values, said)
            values |= instances if activation.called else supplies.of_type(m, instances)
    elif declared.annotation is not None and all(kinds[v] in PASSIVE_KINDS or kinds[v] == EXT for v in values):
        values |= declared_outside(m, frame, function.scope.parent, declared.annotation)
    elif declared.annotation is not None and declared.has_default and _is_left_open(activation, index):
        values |= defaults.beside(m, frame, index, values)
    return values


def _is_up_to_requests(m: Machine, frame: Frame, index: int, values: Values) -> bool:
    """Whether whoever uses a route, a command or a tool may hand over something else than the default of a parameter, which
    decides what the function does; a switch may be set by whoever calls a function that nothing analysed calls."""
    function = frame.function
    if values and all(m.table.kinds[v] == CONST and m.table.data[v][0] == "bool" for v in values):
        return True
    if not function.scope.decorators or index not in function.key_parameters or not values:
        return False
    return all(m.table.text_of(value) is not None for value in values)


def _is_left_open(activation: Activation, index: int) -> bool:
    """Whether nothing analysed says whether a parameter is left to its default."""
    return not activation.called or index in activation.maybe_given


def declared_outside(m: Machine, frame: Frame, scope: int, annotation: TypeExpr) -> Values:
    """The class that an annotation (in `scope`) names, for what a library handed out: `session: requests.Session` of
    `adapter.session()`, `order: Order` of `query.get(1)`; not a protocol, which the library's object itself may implement."""
    instances = m.types.instances(frame.module, scope, annotation)
    classes, data = m.state.class_list, m.table.data
    own = {v for v in m.instances(instances) if not m.hierarchy.is_protocol(classes[data[v][0]])}
    return frozenset(v for v in instances if m.table.kinds[v] == EXT or v in own)


def _declare_elements(m: Machine, frame: Frame, container: int, index: int) -> None:
    declared = frame.function.scope.parameters[index].annotation
    instances = m.types.instances(frame.module, frame.function.scope.parent, declared)
    if instances:
        containers.put(m, container, None, instances)


def _receiver(m: Machine, frame: Frame) -> Values:
    """`self` (or `cls`) of a method that nothing analysed calls on a known object."""
    owner = frame.function.owner
    if owner is None:
        return EMPTY
    if frame.function.is_class_method:
        return frozenset((m.table.make(CLASS, m.state.class_id(owner)),))
    return frozenset((m.state.declared(owner),))


def _made(m: Machine, frame: Frame, index: int) -> Values:
    """What a framework makes of what the class says, before it calls the method: `form_valid(self, form)`."""
    state, function = m.state, frame.function
    name = function.scope.parameters[index].name
    receivers = state.read(frame.activation.parameters[0]) or _receiver(m, frame)
    found: set[int] = set()
    for receiver in [heir for one in m.instances(receivers) for heir in _heirs(m, one, function.scope.name)]:
        bases = state.classes.info(state.class_list[m.table.data[receiver][0]]).external
        rules = [
            rule for base in bases for rule in state.rules.made[function.scope.name].find(state.rules.canonical(base))
        ]
        for rule in rules[:1]:
            if rule.argument.position == index - 1 or rule.argument.keyword == name:
                found |= _from_makers(m, frame, index, receiver, rule.makers)
    return frozenset(found)


def _heirs(m: Machine, receiver: int, method: str) -> list[int]:
    """An object, and where only a base of its class is known, objects of the subclasses that have its method."""
    class_index, key = m.table.data[receiver]
    heirs = m.state.classes.heirs(m.state.class_list[class_index], method) if key < 0 else []
    return [receiver, *map(m.state.declared, heirs)]


def _from_makers(m: Machine, frame: Frame, index: int, receiver: int, makers: tuple[str, ...]) -> Values:
    for maker in makers:
        name = maker.removesuffix("()")
        if "." in maker:
            return m.external(maker, 0)
        if not m.has_member(receiver, name):
            continue
        given = attributes.instance_attribute(m, frame, index, receiver, name)
        if maker.endswith("()"):
            given = m.call(frame, index, given, Arguments())
        kinds, data = m.table.kinds, m.table.data
        made = frozenset(
            m.state.instance(data[v][0], 0) if kinds[v] == CLASS else v for v in given if kinds[v] in (CLASS, INST)
        )
        if made:
            return made
    return EMPTY


def _injected(m: Machine, frame: Frame, index: int, defaults: Values) -> Values:
    """Defaults, with injection markers (`Depends(factory)`) replaced by what their factory gives."""
    found: set[int] = set()
    for value in sorted(defaults):
        factory = injected_factory(m, value)
        if factory is None:
            found.add(value)
        elif factory:
            result = m.call(frame, index, factory, Arguments())
            found |= resolved(m, frame, index, result)
        else:
            found |= _annotated_class(m, frame, index)
    return frozenset(found)


def _annotated_class(m: Machine, frame: Frame, index: int) -> Values:
    """`x: Service = Depends()`: the class itself is the factory."""
    declared = frame.function.scope.parameters[index].annotation
    instances = m.types.instances(frame.module, frame.function.scope.parent, declared)
    classes = frozenset(m.table.make(CLASS, m.table.data[v][0]) for v in instances if m.table.kinds[v] == INST)
    return m.call(frame, index, classes, Arguments()) if classes else EMPTY


def resolved(m: Machine, frame: Frame, index: int, result: Values) -> Values:
    """What a framework makes of what a factory gives: awaited, and the first thing that a generator gives."""
    from dealix_lint.callgraph import iteration
    from dealix_lint.callgraph.values import GEN

    awaited = iteration.awaited(m, frame, index, result)
    generators = frozenset(v for v in awaited if m.table.kinds[v] == GEN)
    return (awaited - generators) | iteration.iterate(m, frame, index, generators, False)


def injected_factory(m: Machine, value: int) -> Values | None:
    """The factory of an injection marker; empty for a marker without one, None for other values."""
    if m.table.kinds[value] != EXT:
        return None
    path, root = m.table.data[value]
    if not path.endswith(("()", "[]")):
        return None
    rules = m.state.rules.facts(path.removesuffix("()")).injections
    arguments = m.state.creations.get(root)
    if not rules or arguments is None:
        return None
    found: Values = arguments.get(rules[0].factory.position, rules[0].factory.keyword)
    inner = [injected_factory(m, v) for v in sorted(found)]  # `Depends(Provide["crm"])`, `Closing[Provide[crm]]`
    behind = frozenset(v for v, factory in zip(sorted(found), inner, strict=True) if factory is None)
    return behind.union(*(factory for factory in inner if factory is not None))


def _injected_by_annotation(m: Machine, frame: Frame, index: int) -> Values:
    """`Annotated[T, Depends(factory)]`, also through a module-level alias."""
    found: set[int] = set()
    for marker in _annotation_markers(m, frame, frame.function.scope.parameters[index].annotation):
        factory = injected_factory(m, marker)
        if factory:
            found |= resolved(m, frame, index, m.call(frame, index, factory, Arguments()))
    return frozenset(found)


def _annotation_markers(m: Machine, frame: Frame, declared: TypeExpr | None) -> Values:
    """Values of calls in an `Annotated[...]` annotation, also behind a module-level alias."""
    if declared is None:
        return EMPTY
    if declared[0] == "sub" and declared[1][-1] == "Annotated":
        parent = frame.function.scope.parent
        found = [
            m.state.read(m.state.slots["register", frame.module, parent, part[1]])
            for part in declared[2][1:]
            if part[0] == "call"
        ]
        return EMPTY.union(*found)
    return _alias_markers(m, frame, declared) if declared[0] in ("name", "attr") else EMPTY


def _alias_markers(m: Machine, frame: Frame, declared: TypeExpr) -> Values:
    found: set[int] = set()
    for definition in m.types.definitions(frame.module, frame.function.scope.parent, declared):
        if definition.kind != "alias":
            continue
        code = m.state.program.summaries[definition.module].scopes[definition.scope].code
        instruction = code[definition.register]
        if instruction[0] == ir.SUBSCRIPT and code[instruction[2]][0] == ir.TUPLE:
            for part in code[instruction[2]][1][1:]:
                slot = m.state.slots["register", definition.module, definition.scope, part]
                found |= m.state.read(slot)
    return frozenset(found)


def instances_of(m: Machine, frame: Frame, classes: Values) -> Values:
    """Instances of classes given as values (or tuples of them, which may hold each other)."""
    found: set[int] = set()
    pending, seen = sorted(classes), set(classes)
    for value in pending:
        kind = m.table.kinds[value]
        if kind == CLASS:
            found.add(m.state.declared(m.state.class_list[m.table.data[value][0]]))
        elif kind == EXT:
            path, root = m.table.data[value]
            found |= m.external(f"{path}()", root)
        elif kind == CONT:
            inside = m.iterate(frame, -1, frozenset((value,)), False) - seen
            seen |= inside
            pending += sorted(inside)
    return frozenset(found)


def narrowed(m: Machine, frame: Frame, values: Values, types: Values, holds: bool) -> Values:
    """Values that can remain where `isinstance(values, types)` held (or did not)."""
    classes: set[tuple[int, int]] = set()
    for value in sorted(types):
        if m.table.kinds[value] == CONT:
            types |= m.iterate(frame, -1, frozenset((value,)), False)
    only_first_party = bool(types)
    for value in sorted(types):
        if m.table.kinds[value] == CLASS:
            classes.add(m.state.class_list[m.table.data[value][0]])
        else:
            only_first_party = False
    if not classes:
        are_texts = bool(types) and all(m.table.kinds[v] == EXT and m.table.data[v][0] in _TEXT_TYPES for v in types)
        return frozenset(v for v in values if _may_be_text(m, v, holds)) if are_texts else values
    kept = frozenset(v for v in values if _remains(m, v, classes, holds, only_first_party))
    if holds and not any(m.table.kinds[v] == INST for v in kept) and only_first_party:
        return kept.union(*map(m.interfaces.objects, sorted(classes)))
    return kept


def heirs_of(m: Machine, frame: Frame, values: Values, types: Values) -> Values:
    """Instances of those of the classes of which values are known only as a base."""
    data, kinds = m.table.data, m.table.kinds
    known = {m.state.class_list[data[v][0]] for v in values if kinds[v] == INST}
    classes = {t: m.state.class_list[data[t][0]] for t in types if known and kinds[t] == CLASS}
    heirs = (t for t, cls in classes.items() if not known.isdisjoint(m.state.classes.info(cls).ancestry[1:]))
    return instances_of(m, frame, frozenset(heirs))


def _may_be_text(m: Machine, value: int, holds: bool) -> bool:
    """True for what may be a text (or no text, unless this `holds`)."""
    kind = m.table.kinds[value]
    is_text = kind == TEXT or m.table.text_of(value) is not None
    return is_text or kind in (EXT, HOLE) if holds else not is_text


def _remains(m: Machine, value: int, classes: set[tuple[int, int]], holds: bool, only_first_party: bool) -> bool:
    if m.table.kinds[value] != INST:
        return not holds or not only_first_party
    index, key = m.table.data[value]
    identity = m.state.class_list[index]
    is_instance = any(m.interfaces.virtual.is_subclass(identity, c) for c in classes)
    if key < 0 and holds and not is_instance:
        return False
    return is_instance is holds
