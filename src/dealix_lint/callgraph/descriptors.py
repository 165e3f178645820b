"""What classes hold, as it is seen through their instances: the descriptor protocol, and overrides in subclasses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dealix_lint.callgraph import defaults, families, protocols
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    DECLARED_KEY,
    EMPTY,
    FUNC,
    HOLE,
    INST,
    PARTIAL,
    PROP,
    STATICM,
    Slot,
    Value,
    Values,
)
from dealix_lint.link import ClassId
from dealix_lint.model.text import ONE_OF

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_IMPLEMENTERS = 1000  # of one method; a guard, far above what real class hierarchies have


@dataclass(frozen=True, slots=True)
class Override:
    """What a subclass has in the place of its base's member, as seen through a receiver: `bound` without any call, the
    bound `getters` of properties, and members in `calling` that have to be called in other ways (descriptors)."""

    receiver: Value
    slot: Slot
    members: Values  # what the slot held then
    bound: Values
    getters: Values
    calling: Values


def implementations(
    m: Machine, frame: Frame, register: int, identity: ClassId, definer: ClassId | None, name: str
) -> Values:
    """Overrides in subclasses that are instantiated somewhere; all subclasses where none is and nothing else is known."""
    state = m.state
    subclasses = state.classes.subclasses.get(identity, ())
    structural = protocols.implementers(m, identity)
    if structural:
        fitting = protocols.members(m, frame, register, structural, name)
        if fitting:
            return fitting
    if not subclasses:
        return EMPTY
    overriding = m.hierarchy.overriding(identity, definer, name)
    if not overriding:
        return EMPTY
    chosen = list(state.population.among(identity, overriding).items())
    if definer is None or m.hierarchy.is_abstract_method(definer, name):
        made = dict(chosen)
        if not made or state.population.are_defaults(identity, made, partial(defaults.is_needed, m)):
            chosen = [(c, made.get(c) or state.declared(c)) for c in sorted(overriding)]
    # Handlers of an application come one by one, and their base class is asked for them each time.
    parts = m.overrides.setdefault((identity, name), {})
    del chosen[MOST_IMPLEMENTERS:]
    for subclass, receiver in chosen:
        part = parts.get(subclass)
        if part is None or part.receiver != receiver or part.slot.values is not part.members:
            slot = state.slots["class", overriding[subclass], name]
            parts[subclass] = _seen_through(m, frame, register, receiver, slot, state.class_id(subclass))
    taken = [parts[subclass] for subclass, _ in chosen]
    found = EMPTY.union(*[part.bound for part in taken])
    getters = EMPTY.union(*[part.getters for part in taken])
    calling = [part for part in taken if part.calling]
    if getters or calling:
        state.speak()
        for part in taken:
            state.read(part.slot)
        found |= families.read_properties(m, frame, register, (identity, name), getters)
        for part in calling:
            found |= _bind(m, frame, register, part.calling, part.receiver, m.table.data[part.receiver][0])
    return found


def is_left_to_subclasses(m: Machine, identity: ClassId, definer: ClassId, name: str) -> bool:
    """True for a method that a class leaves to its subclasses, as long as no object is seen being made that has this very
    method: where there are overrides, one of them runs."""
    wanted = m.hierarchy.left_to(identity, definer, name)
    return wanted is not None and not m.state.population.among(identity, wanted)


def is_never_its_own(m: Machine, identity: ClassId, definer: ClassId | None, name: str) -> bool:
    """True for a method that a class leaves to its subclasses: an object on which it is called is one of theirs, whatever was
    seen being made (`kind(config)` of a `kind: type[Exporter]`)."""
    return definer is not None and m.hierarchy.left_to(identity, definer, name) is not None


def without_abstract(m: Machine, callees: Values) -> Values:
    """Callees without the abstract methods of a base for which overrides are among them."""
    known = m.left_to_subclasses.get(callees)
    if known is None:
        known = m.left_to_subclasses[callees] = tuple(v for v in sorted(callees) if _may_be_left(m, v))
    if not known:
        return callees
    left = {value for value in known if is_left_to_subclasses(m, *_method_of(m, value))}
    others = callees - left
    return others if any(m.table.kinds[value] == BOUND for value in others) else callees


def _may_be_left(m: Machine, value: Value) -> bool:
    table = m.table
    if table.kinds[value] != BOUND:
        return False
    method, receiver = table.data[value]
    if table.kinds[method] != FUNC or table.kinds[receiver] != INST or table.data[receiver][1] >= 0:
        return False
    return (
        m.state.functions[table.data[method][0]].owner is not None
        and m.hierarchy.left_to(*_method_of(m, value)) is not None
    )


def _method_of(m: Machine, value: Value) -> tuple[ClassId, ClassId, str]:
    """The class of which the receiver of a bound method is, the one that defines the method, and its name."""
    method, receiver = m.table.data[value]
    function = m.state.functions[m.table.data[method][0]]
    return m.state.class_list[m.table.data[receiver][0]], function.owner, function.scope.name


def of_self(m: Machine, frame: Frame, receivers: Values, found: Values) -> Values:
    """What `self.name` gives in a method that runs on objects of which only the class is known: nothing of subclasses that
    override the method, or all that calls it, on whose objects it would not run; where they call it by `super()`, the object
    is theirs, unless those were so many that the base stands for them."""
    function = frame.function
    if len(receivers) != 1 or len(found) < 2 or function.owner is None or function.is_static:
        return found
    if frame.activation.parameters[0].bases:
        return found
    table, classes = m.table, m.state.class_list
    (receiver,) = receivers
    if table.kinds[receiver] != INST or table.data[receiver][1] != DECLARED_KEY:
        return found
    identity, name = classes[table.data[receiver][0]], function.scope.name
    overriding = m.hierarchy.overriding(identity, m.state.classes.definer(identity, name), name)
    others: set[Value] = set()
    for value in found:
        bound_to = table.data[value][1] if table.kinds[value] == BOUND else 0
        heir = classes[table.data[bound_to][0]] if table.kinds[bound_to] == INST else identity
        if heir in overriding or (heir != identity and m.hierarchy.bypassing.never_runs(heir, function.owner, name)):
            others.add(value)
    return found - others if others else found


def of_one(m: Machine, receivers: Values, name: str, found: Values) -> Values:
    """What `value.name` gives where the class that a value is declared with has no such field, and its subclasses have different
    texts there: who reads it knows which of them the value is."""
    if len(receivers) != 1 or len(found) < 2:
        return found
    (receiver,) = receivers
    if m.table.kinds[receiver] != INST or m.table.data[receiver][1] >= 0:
        return found
    identity = m.state.class_list[m.table.data[receiver][0]]
    if m.state.classes.definer(identity, name) is not None or not m.all_passive(found):
        return found
    return found | {m.table.make(HOLE, f"{ONE_OF}{m.state.classes.info(identity).name}.{name}")}


def _seen_through(m: Machine, frame: Frame, register: int, receiver: Value, slot: Slot, class_index: int) -> Override:
    members = m.state.read(slot)
    calling = frozenset(member for member in members if _is_called(m, member))
    getters = {member: m.table.data[member][0] for member in calling if m.table.kinds[member] == PROP}
    plain = {member: m.bound(getter, receiver) for member, getter in getters.items() if m.is_plain(getter)}
    bound = bind(m, frame, register, members - calling, receiver, class_index)
    return Override(receiver, slot, members, bound, frozenset(plain.values()), calling.difference(plain))


def class_member(m: Machine, definer: ClassId, name: str) -> Values:
    """What a class body (or a later assignment to the class) binds to a name."""
    return m.state.read(m.state.slots["class", definer, name])


def attach(m: Machine, identity: ClassId, name: str, values: Values) -> None:
    """A member is assigned to a class: `Order.add_note = add_note`, `setattr(model, "add_note", add_note)`."""
    m.state.add(m.state.slots["class", identity, name], values)
    if name not in m.state.classes.info(identity).members:
        owner = m.table.make(CLASS, m.state.class_id(identity))
        m.state.add(m.state.slots["attached", name], frozenset((owner,)))


def attached(m: Machine, frame: Frame, register: int, identity: ClassId, name: str, receiver: Value) -> Values:
    """A member that was assigned to a class or one of its bases, as an instance has it."""
    owners = m.state.read(m.state.slots["attached", name])
    for ancestor in m.state.classes.info(identity).ancestry if owners else ():
        if m.table.make(CLASS, m.state.class_id(ancestor)) in owners:
            members = class_member(m, ancestor, name)
            return bind(m, frame, register, members, receiver, m.table.data[receiver][0])
    return EMPTY


def bind(m: Machine, frame: Frame, register: int, members: Values, receiver: Value, class_index: int) -> Values:
    """Members found on a class, as seen through an instance (descriptor protocol)."""
    known = m.bound_members.get((members, receiver, class_index))
    if known is None:
        known = _bind(m, frame, register, members, receiver, class_index)
        if not any(m.table.kinds[member] == PARTIAL or _is_called(m, member) for member in members):
            m.bound_members[members, receiver, class_index] = known
    return known


def _is_called(m: Machine, member: Value) -> bool:
    """True for members that give what a call of theirs gives: properties and other descriptors."""
    kind = m.table.kinds[member]
    return kind == PROP or (kind == INST and m.has_member(member, "__get__"))


def _bind(m: Machine, frame: Frame, register: int, members: Values, receiver: Value, class_index: int) -> Values:
    found: set[Value] = set()
    for member in sorted(members):
        kind = m.table.kinds[member]
        if kind == FUNC:
            found.add(m.bound(member, receiver))
        elif kind == PARTIAL and m.table.data[member][1] in m.method_partials:
            target, site = m.table.data[member]
            found.add(m.table.make(PARTIAL, m.bound(target, receiver), site, depth=m.table.depths[member]))
        elif kind == PARTIAL and m.table.data[member][1] in m.wrapper_partials:
            found.add(m.bound(member, receiver))
        elif kind == CLASSM:
            found.add(m.bound(m.table.data[member][0], m.table.make(CLASS, class_index)))
        elif kind == STATICM:
            found.add(m.table.data[member][0])
        elif kind == PROP:
            m.state.speak()
            found |= _read_property(m, frame, register, m.table.data[member][0], receiver)
        elif kind == INST and m.has_member(member, "__get__"):
            getter = m.load(frame, register, frozenset((member,)), "__get__")
            owner = frozenset((m.table.make(CLASS, class_index),))
            m.state.speak()
            found |= m.call(frame, register, getter, Arguments([frozenset((receiver,)), owner]))
        else:
            found.add(member)
    return frozenset(found)


def _read_property(m: Machine, frame: Frame, register: int, getter: Value, receiver: Value) -> Values:
    if m.is_plain(getter):
        return m.call(frame, register, frozenset((m.bound(getter, receiver),)), Arguments())
    return m.call(frame, register, frozenset((getter,)), Arguments([frozenset((receiver,))]))
