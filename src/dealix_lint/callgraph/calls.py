"""Calling a value, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from dealix_lint.callgraph import (
    attributes,
    binding,
    branches,
    collaborators,
    containers,
    contexts,
    conversions,
    defaults,
    descriptors,
    external,
    families,
    inborn,
    iteration,
    keeping,
    overloads,
    preparing,
    providers,
    stdlib_calls,
    types,
    units,
    urls,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import PLAIN_EDGE, REGISTER_BITS, EdgeInfo, Function
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONST,
    CONT,
    CORO,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    GEN,
    GENERIC,
    HOLE,
    INST,
    METHOD,
    PARTIAL,
    STATICM,
    UNIT,
    VIEW,
    Value,
    Values,
)
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.graph import DISPATCH_EDGE, HIGH

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

PLACE = -1  # in place of the index of a parameter
DONE_EDGE: EdgeInfo = (DISPATCH_EDGE, "background", HIGH)


def call(m: Machine, frame: Frame, register: int, callees: Values, arguments: Arguments, edge: EdgeInfo) -> Values:
    """Call each of the values; returns what any of them gives back."""
    if len(callees) == 1:
        (only,) = callees
        return _call_one(m, frame, register, only, arguments, edge)
    callees = descriptors.without_abstract(m, callees)
    if len(callees) > families.MANY and register >= 0 and all(_is_method(m, value) for value in callees):
        return families.call(m, frame, register, callees, arguments, edge)
    result, others = external.call_plain(m, frame, register, callees, arguments)
    return result.union(*[_call_one(m, frame, register, value, arguments, edge) for value in others])


def _call_one(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo) -> Values:
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == FUNC:
        found, is_left = EMPTY, True
        if value in m.generics:
            found, is_left = overloads.call(m, frame, register, value, arguments, edge)
        return found | binding.call_function(m, frame, register, value, arguments, edge) if is_left else found
    if kind == BOUND and m.table.kinds[data[0]] == EXT:
        return external.call(m, frame, register, data[0], arguments, frozenset((data[1],)))
    if kind == BOUND:
        return _call_bound(m, frame, register, data[0], data[1], arguments, edge)
    if kind == EXT:
        return external.call(m, frame, register, value, arguments, EMPTY)
    if kind == CLASS:
        return instantiate(m, frame, register, value, arguments, edge)
    if kind == INST:
        return call(
            m, frame, register, attributes.instance_attribute(m, frame, register, value, "__call__"), arguments, edge
        )
    if kind == PARTIAL:
        return _call_partial(m, frame, register, data, arguments, edge)
    if kind == METHOD:
        return _call_method(m, frame, register, data, arguments)
    if kind == CONT and data[0] == types.CALLABLE:
        return containers.get(m, frame, value, None)
    if kind == CONT:
        return _call_made_class(m, frame, register, value, arguments, edge) if data[0] == "class" else EMPTY
    if kind == UNIT:
        return units.call_unit(m, frame, register, data, arguments)
    if kind in (STATICM, CLASSM):
        return _call_one(m, frame, register, data[0], arguments, edge)
    if kind == GENERIC:
        return overloads.register(m, data, arguments)
    return EMPTY


def _call_made_class(
    m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo
) -> Values:
    """Call a class made by `type()`: gives an object with its members. Where those override nothing, it is one of the bases, too."""
    bases = m.state.read(m.state.slots["bases", value])
    names = [name for name in containers.known_keys(m, frame, value) if isinstance(name, str)]
    identities = [m.state.class_list[m.table.data[base][0]] for base in bases]
    if any(_overrides(m, identity, name) for identity in identities for name in names):
        return frozenset((value,))
    return call(m, frame, register, bases, arguments, edge) | {value}


def _overrides(m: Machine, identity: ClassId, name: str) -> bool:
    definer = m.state.classes.definer(identity, name)
    return definer is not None and not m.hierarchy.is_declaration(definer, name)


def _is_method(m: Machine, value: Value) -> bool:
    return m.table.kinds[value] == BOUND and m.is_plain(m.table.data[value][0])


def _call_bound(
    m: Machine, frame: Frame, register: int, target: Value, receiver: Value, arguments: Arguments, edge: EdgeInfo
) -> Values:
    if m.is_plain(target):
        return binding.call_function(m, frame, register, target, arguments, edge, receiver)
    return _call_one(m, frame, register, target, arguments.with_first(frozenset((receiver,))), edge)


def _call_partial(
    m: Machine, frame: Frame, register: int, data: tuple[Value, int], arguments: Arguments, edge: EdgeInfo
) -> Values:
    target, site = data
    if site in m.decorator_partials:
        return stdlib_calls.wrapper(m, frame, register, frozenset((target,)), arguments)
    if site in m.provider_kinds:
        given = providers.called(m, frame, register, site, arguments)
        if given is not None:
            return given
    fixed: Arguments = m.state.partials[site]
    merged = Arguments(
        [*fixed.positional, *arguments.positional],
        fixed.rest | arguments.rest,
        {**fixed.keywords, **arguments.keywords},
        fixed.others | arguments.others,
        fixed.has_rest or arguments.has_rest,
    )
    # A library that is handed what it is called by calls it back.
    result = _unless_running(m, data, partial(_call_one, m, frame, register, target, merged, edge))
    return providers.ready(m, frame, register, site, result)


def _call_method(m: Machine, frame: Frame, register: int, data: tuple[Value, str], arguments: Arguments) -> Values:
    holder, name = data
    kind = m.table.kinds[holder]
    if kind == CONT:
        if name in conversions.ASKING:
            conversions.of_container(m, frame, register, holder, name, arguments)
        return containers.call_method(m, frame, register, holder, name, arguments.positional, arguments.keywords)
    if kind == VIEW:
        return frozenset((holder,))
    if m.table.text_of(holder) is not None or m.is_text(holder):
        return external.call_text_method(m, frame, register, holder, name, arguments)
    if kind == CLASS and name == "__subclasses__":
        return inborn.subclasses(m, frame, register, holder)
    if kind == CLASS:
        return construct(m, frame, register, holder, arguments, PLAIN_EDGE)
    if kind == HOLE and name in urls.LOOKING_UP:
        return urls.default_of(m, arguments)
    if kind == CORO and name == "add_done_callback":
        return m.call(frame, register, arguments.get(0, "fn"), Arguments([frozenset((holder,))]), DONE_EDGE)
    if kind == CORO and name == "result":
        return iteration.awaited(m, frame, register, frozenset((holder,)))
    if name in ("send", "asend") and kind == GEN:
        m.state.add(m.state.slots["sent", m.table.data[holder][0]], arguments.get(0, None))
    if name in ("__next__", "send", "asend", "__anext__"):
        return iteration.iterate(m, frame, register, frozenset((holder,)), False)
    return EMPTY


def instantiate(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo) -> Values:
    """Call a class, through its metaclass's `__call__` if it has one; gives the instances."""
    state = m.state
    class_index = m.table.data[value][0]
    identity = state.class_list[class_index]
    if identity in m.interfaces.implementers:
        return _adapted(m, frame, register, identity, arguments, edge)
    for meta in m.metaclasses_of(identity):
        definer = state.classes.definer(meta, "__call__")
        if definer is not None:
            members = descriptors.class_member(m, definer, "__call__")
            found = frozenset(m.bound(member, value) for member in members)
            made = _own_instances(m, identity, call(m, frame, register, found, arguments, edge))
            return made or frozenset((state.instance(class_index, 0),))
    return construct(m, frame, register, value, arguments, edge)


def _adapted(
    m: Machine, frame: Frame, register: int, identity: ClassId, arguments: Arguments, edge: EdgeInfo
) -> Values:
    """Call an interface: gives what is handed over if it implements it, else what a class makes of it that does."""
    given = arguments.get(0, None)
    made = m.interfaces.among(identity, given)
    if not made or made != given:
        first = Arguments([given])
        adapters = frozenset(m.table.make(CLASS, m.state.class_id(c)) for c in m.interfaces.adapters(identity))
        made |= call(m, frame, register, adapters, first, edge)
    return made or m.interfaces.objects(identity)


def _own_instances(m: Machine, identity: ClassId, made: Values) -> Values:
    """Of what a metaclass's `__call__` gives for all its classes, what this class can have got."""
    own = frozenset(
        v
        for v in made
        if m.table.kinds[v] != INST or identity in m.state.classes.info(m.state.class_list[m.table.data[v][0]]).ancestry
    )
    return own if any(m.table.kinds[v] == INST for v in own) else made


def construct(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo) -> Values:
    """What `type.__call__` does: `__new__`, `__init__`; gives the instances."""
    state = m.state
    identity = state.class_list[m.table.data[value][0]]
    if not state.trusting and _is_to_come(m, frame, register):
        state.undeclared.add(state.point)
        return EMPTY
    constructor = state.classes.definer(identity, "__new__")
    if constructor is None:
        return _initialized(m, frame, register, value, arguments, edge)
    members = descriptors.class_member(m, constructor, "__new__")
    plain = frozenset(m.table.data[v][0] if m.table.kinds[v] == STATICM else v for v in members)
    made = call(m, frame, register, plain, arguments.with_first(frozenset((value,))), edge)
    if not made and not state.trusting:  # more may become known of it
        state.undeclared.add(state.point)
        return EMPTY
    others = frozenset(v for v in made if not _may_be_of(m, v, identity))
    if made and others == made:
        return _made_elsewhere(m, frame, register, identity, others, arguments, edge)
    own = _initialized(m, frame, register, value, arguments, edge)
    return own | _made_elsewhere(m, frame, register, identity, others, arguments, edge)


def _is_to_come(m: Machine, frame: Frame, register: int) -> bool:
    """Whether a call is given what another one gives back of which nothing has been evaluated: one of a function that is just
    being evaluated for somebody else. An object that is made without it would be one more."""
    instruction = frame.scope.code[register] if register >= 0 else (ir.NOP,)
    if instruction[0] != ir.CALL:
        return False
    for operand in (*instruction[2], *(operand for _, operand in instruction[3])):
        if operand >= 0 and not frame.registers[operand] and frame.scope.code[operand][0] == ir.CALL:
            targets = frame.activation.edges.get((frame.scope_index, operand), ())
            if any(not m.state.activations[target].frames for target in targets):
                return True
    return False


def _may_be_of(m: Machine, value: Value, identity: ClassId) -> bool:
    """True for an instance of the very class, and for what a library made (`super().__new__(cls)` of a base outside)."""
    if m.table.kinds[value] != INST:
        return m.table.kinds[value] in (EXT, HOLE)
    made: ClassId = m.state.class_list[m.table.data[value][0]]
    return made == identity


def _made_elsewhere(
    m: Machine, frame: Frame, register: int, identity: ClassId, made: Values, arguments: Arguments, edge: EdgeInfo
) -> Values:
    """What else the `__new__` of a class gives: objects of its subclasses are initialized, as their class says."""
    for instance in m.instances(made):
        ancestry = m.state.classes.info(m.state.class_list[m.table.data[instance][0]]).ancestry
        if identity in ancestry and m.has_member(instance, "__init__"):
            method = attributes.instance_attribute(m, frame, register, instance, "__init__")
            call(m, frame, register, method, arguments, edge)
    return made


def _initialized(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, edge: EdgeInfo) -> Values:
    """New instances of the very class, after `__init__`."""
    state = m.state
    class_index = m.table.data[value][0]
    identity = state.class_list[class_index]
    definer = state.classes.definer(identity, "__init__")
    if definer is None:
        if state.classes.definer(identity, "__new__") is not None and not state.classes.info(identity).external:
            arguments = Arguments()  # `__new__` has taken them
        return _without_init(m, frame, register, class_index, identity, arguments, edge)
    members = descriptors.class_member(m, definer, "__init__")
    found_instances: set[Value] = set()
    place = defaults.place_of(m, frame, register, identity)
    for member in sorted(members):
        for key, handed in _keys(m, frame, register, class_index, member, arguments):
            instance = state.instance(class_index, key, place)
            found_instances.add(instance)
            call(m, frame, register, frozenset((m.bound(member, instance),)), handed, edge)
            _finish(m, frame, register, identity, instance, _delegates(m, identity), edge, Arguments())
    return frozenset(found_instances) or frozenset((state.instance(class_index, 0),))


def _identity_key(m: Machine, frame: Frame, register: int, class_index: int) -> int:
    """The key of an object made once, as its module is imported, on which a library remembers callables, or that keeps them
    itself; else 0."""
    if frame.function.scope_index != 0:
        return 0
    identity = m.state.class_list[class_index]
    external = m.state.classes.info(identity).external
    is_keeping = any(m.state.rules.is_remembering(base) for base in external) or m.hierarchy.keeps_functions(identity)
    if not is_keeping and not inborn.kind_of(m, identity):
        return 0
    return m.identity_key(class_index, m.state.site(frame.activation.index, frame.scope_index, register))


def _place(m: Machine, frame: Frame, register: int, class_index: int) -> tuple[int, ...]:
    """The part of a context that says where a function makes an object that keeps callables (a unit of work): those that it
    makes there, time and again, are one."""
    if register < 0 or not m.hierarchy.keeps_functions(m.state.class_list[class_index]):
        return ()
    return (PLACE, m.table.constant(((frame.module << REGISTER_BITS) + frame.scope_index << REGISTER_BITS) + register))


def _keys(
    m: Machine, frame: Frame, register: int, class_index: int, member: Value, arguments: Arguments
) -> list[tuple[int, Arguments]]:
    """Instance keys, one per combination of callables and constants that the constructor is given, and that combination."""
    own = _identity_key(m, frame, register, class_index)
    if own:
        return [(own, arguments)]
    if m.table.kinds[member] != FUNC:
        return [(0, arguments)]
    function = m.state.functions[m.table.data[member][0]]
    bound = binding.bind_parameters(function, arguments.with_first(EMPTY))
    place = _place(m, frame, register, class_index)
    found = contexts.of_call(m, function, bound)
    if function.keeps:
        flags = _kept_flags(m, frame, register, class_index, function, arguments, bound)
        keys = [_keeping(m, class_index, context + place, flags) for context in found]
    else:
        keys = [m.instance_key(class_index, context + place) for context in found]
    if len(set(keys)) == 1:
        return [(keys[0], arguments)]
    handed = (contexts.combined(m, function, context, arguments) for context in found)
    return list(zip(keys, handed, strict=True))


def _kept_flags(
    m: Machine,
    frame: Frame,
    register: int,
    class_index: int,
    function: Function,
    arguments: Arguments,
    given: binding.BoundArguments,
) -> dict[str, Value]:
    """What a call says exactly of parameters that the object keeps, by attribute. `given`: the arguments, bound to them."""
    operands = branches.operands_of(m, frame, register, arguments)
    if operands is None:
        return {}
    handed = binding.bind_parameters(function, operands.with_first(EMPTY))
    names = keeping.names_of(m, function, m.state.class_list[class_index])
    found = {name: branches.exactly(m, frame, function, function.keeps[name], given, handed) for name in names}
    return {name: value for name, value in found.items() if value is not None and m.table.kinds[value] == CONST}


def _keeping(m: Machine, class_index: int, context: tuple[int, ...], flags: dict[str, Value]) -> int:
    """The key of instances that keep flags."""
    parts = tuple(part for name, value in flags.items() for part in (-m.table.constant(name), value))
    key = m.instance_key(class_index, context + parts)
    if m.instance_keys.get(class_index, {}).get(context + parts) == key:
        m.kept[class_index, key] = flags
    return key


def _without_init(
    m: Machine, frame: Frame, register: int, class_index: int, identity: ClassId, arguments: Arguments, edge: EdgeInfo
) -> Values:
    """A class whose constructor is inherited from outside or generated: keyword arguments become attributes."""
    state = m.state
    context: list[int] = []
    fields = m.hierarchy.field_names(identity)
    renamed = m.hierarchy.renamed_fields(identity)
    named = {renamed.get(name, name): values for name, values in arguments.keywords.items()}
    given = dict(zip(fields, arguments.positional, strict=False)) | named
    for ancestor in state.classes.info(identity).ancestry:
        for name in m.constants(state.read(state.slots["factory fields", ancestor])):
            factories = state.read(state.slots["factory", ancestor, name])
            if name not in given:
                making = partial(call, m, frame, register, factories, Arguments(), edge)
                given[name] = _unless_running(m, (ancestor, name), making)
    passed_on = m.hierarchy.parameters_of(identity, "__post_init__")
    for position, name in enumerate(fields):
        is_sent = name in m.state.sent_attributes or name in passed_on
        held = sorted(given.get(name, EMPTY))
        deciding = [v for v in held if _decides(m, v, is_sent) or collaborators.is_kept(m, identity, name, v)]
        if len(deciding) == 1:
            context += [position, deciding[0]]
    context += _place(m, frame, register, class_index)
    key = _identity_key(m, frame, register, class_index) or m.instance_key(class_index, tuple(context))
    instance = state.instance(class_index, key, defaults.place_of(m, frame, register, identity))
    for name, values in given.items():
        attributes.store(m, frame, register, frozenset((instance,)), name, values)
    inborn.fill(m, frame, instance, arguments)
    initial = {name: given.get(name) or m.load(frame, register, frozenset((instance,)), name) for name in passed_on}
    _finish(m, frame, register, identity, instance, ["__post_init__"], edge, Arguments(keywords=initial))
    _finish(
        m, frame, register, identity, instance, ["__attrs_post_init__", *_delegates(m, identity)], edge, Arguments()
    )
    external_base = next((b for b in state.classes.info(identity).external if m.state.rules.is_tracked(b)), None)
    if external_base is not None:
        m.created(frozenset((instance,)), arguments)
        preparing.constructed(m, frame, register, instance, arguments)
    return frozenset((instance,))


def _delegates(m: Machine, identity: ClassId) -> list[str]:
    """Methods that the constructor of a library's class calls in the end: `model_post_init` of a model."""
    bases = m.state.classes.info(identity).external
    return [
        rule.method
        for base in bases
        for rule in m.state.rules.facts(base).delegations
        if rule.method and not rule.gives
    ]


def _finish(
    m: Machine,
    frame: Frame,
    register: int,
    identity: ClassId,
    instance: Value,
    names: list[str],
    edge: EdgeInfo,
    arguments: Arguments,
) -> None:
    """Call what a constructor that is generated, or is a library's, calls of a new object."""
    for name in names:
        if m.has_member(instance, name):
            method = attributes.instance_attribute(m, frame, register, instance, name)
            _unless_running(m, (identity, name), partial(call, m, frame, register, method, arguments, edge))


def _unless_running(m: Machine, what: tuple[object, object], call_it: Callable[[], Values]) -> Values:
    """Call what may come to call itself again: from within, it gives nothing more."""
    if what in m.running:
        return EMPTY
    m.running.add(what)
    try:
        return call_it()
    finally:
        m.running.discard(what)


def _decides(m: Machine, value: Value, is_sent: bool) -> bool:
    """Whether a field's value tells instances apart: a callable, a text that decides where a request goes."""
    return m.table.kinds[value] in (FUNC, BOUND, PARTIAL) or (is_sent and m.table.text_of(value) is not None)


def as_target(m: Machine, value: Value) -> Value:
    """A function handed to a framework, ready to be called: a plain function found in a class gets an instance."""
    if m.table.kinds[value] != FUNC:
        return value
    function = m.state.functions[m.table.data[value][0]]
    if function.owner is None or function.is_static:
        return value
    class_index = m.state.class_id(function.owner)
    if function.is_class_method:
        return m.bound(value, m.table.make(CLASS, class_index))
    return m.bound(value, m.table.make(INST, class_index, DECLARED_KEY))
