"""What `value.name` means, and where `value.name = x` goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import (
    containers,
    descriptors,
    enums,
    generics,
    given,
    inborn,
    inherited,
    narrower,
    options,
    owned,
    providers,
    records,
    relations,
    settings,
    standard,
    urls,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import PLAIN_EDGE
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONT,
    CORO,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    GEN,
    HOLE,
    INST,
    LONGEST_PATH,
    METHOD,
    MODULE,
    PARTIAL,
    PASSIVE_KINDS,
    PROP,
    STATICM,
    SUPER,
    UNIT,
    VIEW,
    Value,
    Values,
    View,
)
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_STEPS = 8
_WITH_ATTRIBUTES = frozenset(("namespace", "class", "record"))  # containers of which the elements are attributes
MANY = 6  # receivers: from here on, instances of one class are no longer told apart


def load(m: Machine, frame: Frame, register: int, values: Values, name: str) -> Values:
    """`values.name` at a register."""
    if len(values) == 1:
        return _load_one(m, frame, register, next(iter(values)), name)
    if len(values) > MANY:
        values = m.without_keys(values)
        m.state.work += len(values)
    known = m.loads.get((values, name))
    if known is None:
        others = [value for value in sorted(values) if not _is_settled(m, value)]
        settled = [_load_one(m, frame, register, value, name) for value in sorted(values.difference(others))]
        known = m.loads[values, name] = (EMPTY.union(*settled) or EMPTY, others)
    found, others = known
    return found.union(*[_load_one(m, frame, register, value, name) for value in others]) if others else found


def _is_settled(m: Machine, value: Value) -> bool:
    """Whether what a value's attributes are depends on nothing else."""
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == EXT:
        return m.state.rules.store(data[0]) is None
    return kind in PASSIVE_KINDS or kind in (VIEW, GEN, CORO) or (kind == CONT and data[0] not in _WITH_ATTRIBUTES)


def _load_one(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == INST:
        return instance_attribute(m, frame, register, value, name)
    if kind == MODULE:
        return module_attribute(m, frame, register, data[0], name)
    if kind == EXT:
        return external_attribute(m, frame, value, name)
    if kind == CLASS:
        return class_attribute(m, frame, register, value, name)
    if kind == CONT and data[0] in _WITH_ATTRIBUTES and name != records.REPLACE:
        return containers.attribute(m, frame, value, name) or _inherited(m, frame, register, value, name)
    if kind in (CONT, VIEW):
        return frozenset((m.table.make(METHOD, value, name),))
    if kind in (FUNC, BOUND, PARTIAL):
        return _function_attribute(m, frame, register, value, name)
    if kind == SUPER:
        return _super_attribute(m, frame, register, data, name)
    if kind == PROP:
        return frozenset((value,)) if name in ("setter", "deleter", "getter") else EMPTY
    if kind in (GEN, CORO):
        return frozenset((m.table.make(METHOD, value, name),))
    if kind in (STATICM, CLASSM, UNIT):
        return _load_one(m, frame, register, data[0], name)
    if kind in PASSIVE_KINDS and value != m.none():
        if name == "value":
            return frozenset((value,))  # a member of an enumeration, seen as its value
        if name in urls.PARTS:
            part = urls.part_of(m, value, name)
            if part:
                return part
        return frozenset((m.table.make(METHOD, value, name),))
    return EMPTY


def _inherited(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    """What a class made by `type()` has from its bases; methods are found on its objects, which are such of the bases."""
    bases = m.state.read(m.state.slots["bases", value])
    found = EMPTY.union(*[class_attribute(m, frame, register, base, name) for base in sorted(bases)])
    return frozenset(v for v in found if m.table.kinds[v] != FUNC)


def external_attribute(m: Machine, frame: Frame, value: Value, name: str) -> Values:
    """The access path one step further."""
    found = m.attribute_paths.get((value, name))
    if found is None:
        path = m.table.data[value][0]
        if path in m.state.rules.mirrors:
            return settings.mirrored(m, frame, path, name) or _extended(m, value, name)
        if path in m.state.rules.option_holders and m.table.data[value][1]:
            return options.parsed(m, value, name) | _extended(m, value, name)
        store = m.state.rules.store(path)
        if store is not None:
            stored = m.state.read(m.state.slots["store", store, name])
            return stored or _extended(m, value, name)
        found = m.attribute_paths[value, name] = _extended(m, value, name)
    return found


def _extended(m: Machine, value: Value, name: str) -> Values:
    path, root = m.table.data[value]
    if len(path) > LONGEST_PATH or path.count(".") > MOST_STEPS:
        return EMPTY
    if path.endswith(f".{name}.{name}"):  # `node.parent.parent.parent`, round a loop
        return frozenset((value,))
    if root < 0 and owned.is_unknown(m, path, root, f"{path}.{name}"):
        return EMPTY
    return m.external(f"{path}.{name}", root)


def module_attribute(
    m: Machine, frame: Frame, register: int, module: str, name: str, on_the_way: frozenset[str] = frozenset()
) -> Values:
    """A module's attribute: its own names before star imports before submodules. `on_the_way`: modules whose star imports are
    being followed, which may lead back to them."""
    state = m.state
    index = state.program.modules.get(module)
    if index is not None:
        if name in m.module_names(index):
            return state.read(state.slots["global", index, name])
        on_the_way |= {module}
        for star in reversed(state.symbols.star_imports(index)):
            if star not in on_the_way and state.names.is_module(star):
                found = module_attribute(m, frame, register, star, name, on_the_way)
                if found and not (len(found) == 1 and m.table.kinds[next(iter(found))] == EXT):
                    return found
    if name == "__name__":
        return frozenset((m.table.constant(module),))
    lazy = state.symbols.lazily(index, name) if index is not None else None
    if lazy is not None:
        return module_attribute(m, frame, register, *lazy)
    child = f"{module}.{name}"
    if state.names.is_module(child):
        return frozenset((m.table.make(MODULE, state.names.canonical(child)),))
    if index is not None and "__getattr__" in m.module_names(index) and not name.startswith("__"):
        fallback = state.read(state.slots["global", index, "__getattr__"])
        return m.call(frame, register, fallback, Arguments([frozenset((m.table.constant(name),))]), PLAIN_EDGE)
    return m.external(child, 0)


def instance_attribute(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    """An attribute of an instance: data from its slots, methods and class data through the MRO. Worked out once for all who
    ask, until something that it depends on grows, unless it takes a call (a property)."""
    state = m.state
    view = m.views.get((value, name))
    if view is not None and not view.is_stale:
        return state.read(view)
    around = state.record([])
    try:
        found = _instance_attribute(m, frame, register, value, name)
    finally:
        recorded = state.record(around)
    if recorded is None:
        state.speak()
        return found
    if view is None:
        view = m.views[value, name] = View()
    view.values = m.singles.setdefault(found, found) if len(found) < 2 else found
    state.watch(view, recorded)
    return state.read(view)


def _instance_attribute(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    state = m.state
    class_index, key = m.table.data[value]
    identity = state.class_list[class_index]
    if name == "__class__":
        return frozenset((m.table.make(CLASS, class_index),))
    data = state.read(state.slots.get(("data", value, name)) or m.assigned.slot(m, value, name))
    found: set[Value] = set(data)
    definer = state.classes.definer(identity, name)
    is_of_heirs = key < 0 or descriptors.is_never_its_own(m, identity, definer, name)
    overrides = descriptors.implementations(m, frame, register, identity, definer, name) if is_of_heirs else EMPTY
    if definer is not None and not (data and _is_only_declared(m, value, definer, name, data)):
        members = descriptors.class_member(m, definer, name)
        if overrides and descriptors.is_left_to_subclasses(m, identity, definer, name):
            members = frozenset(v for v in members if m.table.kinds[v] != PROP)  # of others, calls decide
        found |= _as_in_a_row(m, definer, name, descriptors.bind(m, frame, register, members, value, class_index))
    found |= overrides
    if found:
        found = narrower.narrowed(m, value, name, found)
    if key < DECLARED_KEY or m.all_passive(found):
        found = generics.attribute(m, frame, value, name, found)
    if not found and definer is None:
        found |= descriptors.attached(m, frame, register, identity, name, value)
    is_asked = not found and definer is None and not name.startswith("__") and m.has_member(value, "__getattr__")
    if is_asked and not standard.has(state.classes.info(identity).external, name):
        fallback = instance_attribute(m, frame, register, value, "__getattr__")
        state.speak()
        return m.call(frame, register, fallback, Arguments([frozenset((m.table.constant(name),))]), PLAIN_EDGE)
    if not found and definer is None:
        info = state.classes.info(identity)
        found |= _outside(m, value, info.external, info.name, name)
    return frozenset(found)


def _is_only_declared(m: Machine, value: Value, definer: ClassId, name: str, data: Values) -> bool:
    """Whether what a class has under a name says nothing beside what was assigned: a declaration, or the default of a field
    where an object is told apart by what its constructor was given."""
    if not m.hierarchy.is_declaration(definer, name):
        return False
    class_index, key = m.table.data[value]
    if not m.all_passive(data):
        return True
    if key <= 0:
        return False
    is_bare = all(m.table.kinds[v] == HOLE for v in descriptors.class_member(m, definer, name))
    return is_bare or m.hierarchy.is_filled(m.state.class_list[class_index], name)


def _as_in_a_row(m: Machine, definer: ClassId, name: str, members: Values) -> Values:
    """Members of a class as an object has them: where the class describes a column, a value of which the name is known."""
    columns = {v for v in members if m.table.kinds[v] == EXT and _is_column(m, m.table.data[v][0])}
    if not columns:
        return members
    return members - columns | {m.table.make(HOLE, f"{m.state.classes.info(definer).name}.{name}")}


def _is_column(m: Machine, path: str) -> bool:
    return path.endswith("()") and m.state.rules.facts(path[:-2]).is_column


def _outside(m: Machine, value: Value, external: tuple[str, ...], class_name: str, name: str) -> Values:
    if name == "__call__":
        return _outside_call(m, value, external)
    if name.startswith("__") or not external:
        return EMPTY if name.startswith("__") else frozenset((m.table.make(HOLE, f"{class_name}.{name}"),))
    inside = inborn.method(m, value, name)
    if inside:
        return inside
    base = _outside_base(external)
    if base is None:
        return frozenset((m.table.make(HOLE, f"{class_name}.{name}"),))
    texts = enums.texts(m, value) if hasattr(str, name) else EMPTY
    if texts:
        return frozenset(m.table.make(METHOD, text, name) for text in texts)
    units = m.class_unit_attribute(value, external, name)
    if units:
        return units
    base = m.state.rules.canonical(base)
    if m.hierarchy.is_assigned(m.state.class_list[m.table.data[value][0]], name) and not m.state.rules.is_spoken_of(
        f"{base}().{name}"
    ):  # `self.bot = bot`, whatever that is: nothing that the library's class has
        return frozenset((m.table.make(HOLE, f"{class_name}.{name}"),))
    said = given.method(m, value, external, name)
    if not said and name in m.state.rules.typed_names:
        said = generics.of_library_base(m, m.state.class_list[m.table.data[value][0]], name)
    if said:
        return said
    found = m.external(f"{base}().{name}", -value if m.state.rules.is_tracked(base) else 0)
    if m.state.rules.facts(f"{base}().{name}").wants_receiver:
        return frozenset(m.bound(path, value) for path in found)
    return found


def _outside_call(m: Machine, value: Value, external: tuple[str, ...]) -> Values:
    """What calling an object runs whose library calls a method of it: `Mail()("hello")` of a tool that has `forward`."""
    base = _outside_base(external)
    path = f"{m.state.rules.canonical(base)}()" if base else ""
    if not path or not m.state.rules.facts(path).wants_receiver:
        return EMPTY
    return frozenset(m.bound(found, value) for found in m.external(path, 0))


def _outside_base(external: tuple[str, ...]) -> str | None:
    """The library's class that an object's class inherits from."""
    return next((path for path in external if not path.startswith(("typing.", "abc.", "<builtin>"))), None)


def class_attribute(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    """An attribute looked up on a class."""
    state = m.state
    class_index = m.table.data[value][0]
    identity = state.class_list[class_index]
    definer = state.classes.definer(identity, name)
    found: set[Value] = set()
    if name in state.rules.registering:
        inherited.note(m, identity, name)
    if name == "__name__":
        return frozenset((m.table.constant(state.classes.info(identity).name.rpartition(".")[2]),))
    if definer is not None:
        for member in sorted(descriptors.class_member(m, definer, name)):
            kind = m.table.kinds[member]
            if kind == CLASSM:
                found.add(m.bound(m.table.data[member][0], value))
            elif kind == STATICM:
                found.add(m.table.data[member][0])
            elif kind != PROP:
                found.add(member)
        if enums.is_enum(m, identity):
            return enums.member(m, class_index, name, frozenset(found))
        return owned.declared(m, state.classes.info(identity).external, value, name, frozenset(found))
    if name == "__subclasses__":
        return frozenset((m.table.make(METHOD, value, name),))
    for meta in m.metaclasses_of(identity):
        owner = state.classes.definer(meta, name)
        if owner is not None:
            return descriptors.bind(m, frame, register, descriptors.class_member(m, owner, name), value, class_index)
    external = state.classes.info(identity).external
    base = next((path for path in external if not path.startswith(("typing.", "abc."))), None)
    if base is None:
        return EMPTY
    return owned.undeclared(m, external, value, name) or m.external(f"{base}.{name}", 0)


def _function_attribute(m: Machine, frame: Frame, register: int, value: Value, name: str) -> Values:
    state = m.state
    units = m.unit_attribute(frame, value, name)
    if units:
        return units
    if name == "__wrapped__":
        return state.read(state.slots["function", value, name]) or frozenset((value,))
    if name in ("__func__", "__call__", "func"):
        return frozenset((value,))
    if m.table.kinds[value] == PARTIAL and m.table.data[value][1] in m.provider_kinds:
        if name == "provider":
            return providers.holding(m, frame, register, frozenset((value,)))
        return frozenset((value,)) if name in state.rules.frameworks.provider_methods else EMPTY
    if name == "__self__" and m.table.kinds[value] == BOUND:
        return frozenset((m.table.data[value][1],))
    if name == "__name__" and m.table.kinds[value] == FUNC:
        return frozenset((m.table.constant(state.functions[m.table.data[value][0]].scope.name),))
    if name == "register" and value in m.generics:
        return frozenset((m.generic_register(value),))
    return state.read(state.slots["function", value, name])


def _super_attribute(m: Machine, frame: Frame, register: int, data: tuple[int, int], name: str) -> Values:
    state = m.state
    owner_index, receiver = data
    owner = state.class_list[owner_index]
    receiver_kind, receiver_data = m.table.kinds[receiver], m.table.data[receiver]
    class_index = receiver_data[0] if receiver_kind in (INST, CLASS) else owner_index
    identity = state.class_list[class_index]
    start = identity if owner in state.classes.info(identity).ancestry else owner
    definer = state.classes.definer(start, name, after=owner)
    if definer is not None:
        held = descriptors.class_member(m, definer, name)
        if receiver_kind == CLASS and name != "__new__":
            return frozenset(m.bound(m.table.data[v][0] if m.table.kinds[v] == CLASSM else v, receiver) for v in held)
        return descriptors.bind(m, frame, register, held, receiver, class_index)
    if name == "__call__" and receiver_kind == CLASS and start == owner:
        return frozenset((m.table.make(METHOD, receiver, name),))  # `type.__call__` on behalf of a metaclass
    inside = inborn.method(m, receiver, name) if name not in ("__init__", "__new__") else EMPTY
    if inside:
        return inside
    external = state.classes.info(owner).external
    base = next((path for path in external if not path.startswith(("typing.", "abc."))), "<builtin>.object")
    if not name.startswith("__"):
        said = given.method(m, receiver, external, name) if receiver_kind == INST else EMPTY
        if said:
            return said
        template = next((b for b in external if m.state.rules.facts(f"{b}().{name}").wants_receiver), "")
        if template and receiver_kind == INST:  # what it calls of the object itself is the program's
            return frozenset(m.bound(path, receiver) for path in m.external(f"{template}().{name}", 0))
        is_known = receiver_kind == INST and m.state.rules.is_remembering(base)
        return m.external(f"{base}().{name}", -receiver if is_known else 0)
    found = m.external(f"{base}.{name}", 0)
    if name == "__init__" and receiver_kind == INST and m.state.rules.is_tracked(base):
        return frozenset(m.bound(path, receiver) for path in found)
    return found


def store(m: Machine, frame: Frame, register: int, holders: Values, name: str, values: Values) -> None:
    """`holder.name = values`."""
    state = m.state
    for holder in sorted(holders):
        kind, data = m.table.kinds[holder], m.table.data[holder]
        if kind == INST:
            _store_instance(m, frame, register, holder, name, values)
        elif kind == CLASS:
            descriptors.attach(m, state.class_list[data[0]], name, values)
        elif kind == MODULE:
            index = state.program.modules.get(data[0])
            if index is not None:
                state.add(state.slots["global", index, name], values)
        elif kind in (FUNC, BOUND):
            state.add(state.slots["function", holder, name], values)
        elif kind == CONT:
            containers.put(m, holder, name, values)
        elif kind == EXT:
            m.external_store(frame, register, holder, name, values)


def _store_instance(m: Machine, frame: Frame, register: int, holder: Value, name: str, values: Values) -> None:
    state = m.state
    identity = state.class_list[m.table.data[holder][0]]
    definer = state.classes.definer(identity, name)
    if definer is not None:
        for member in sorted(descriptors.class_member(m, definer, name)):
            if m.table.kinds[member] == PROP and m.table.data[member][1]:
                setter = frozenset((m.table.data[member][1],))
                m.call(frame, register, setter, Arguments([frozenset((holder,)), values]), PLAIN_EDGE)
                return
            if m.table.kinds[member] == INST and m.has_member(member, "__set__"):
                setter = instance_attribute(m, frame, register, member, "__set__")
                m.call(frame, register, setter, Arguments([frozenset((holder,)), values]), PLAIN_EDGE)
                return
        values = relations.fitting(m, definer, name, values)
    m.assigned.store(m, frame, register, holder, name, values)
    for base in state.classes.info(identity).external:  # `app.mail = Mail(app)` of a subclass of Flask's application
        shared = state.rules.store(f"{state.rules.canonical(base)}()")
        if shared is not None:
            state.add(state.slots["store", shared, name], values)
