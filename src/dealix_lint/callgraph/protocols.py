"""Protocols: classes that have what a `typing.Protocol` asks for, without naming it as a base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes
from dealix_lint.callgraph.values import EMPTY, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_IMPLEMENTERS = 12


def implementers(m: Machine, identity: ClassId) -> tuple[ClassId, ...]:
    """Classes with all the methods of a protocol; none for a class that is no protocol itself."""
    found = m.implementers.get(identity)
    if found is None:
        found = m.implementers[identity] = _implementers(m, identity)
    return found


def _implementers(m: Machine, identity: ClassId) -> tuple[ClassId, ...]:
    classes = m.state.classes
    info = classes.info(identity)
    if not info.is_abstract or not m.hierarchy.is_protocol(identity):
        return ()
    wanted = sorted(n for c in info.ancestry for n in classes.info(c).members if m.hierarchy.is_method(c, n))
    rarest = min((classes.by_member.get(name, []) for name in wanted), key=len, default=[])
    heirs = {heir for definer in rarest for heir in (definer, *classes.subclasses.get(definer, ()))}
    fitting = sorted(
        c
        for c in heirs
        if c != identity and not classes.info(c).is_abstract and all(classes.definer(c, name) for name in wanted)
    )
    return tuple(fitting) if len(fitting) <= MOST_IMPLEMENTERS else ()


def is_one_of_several(m: Machine, identity: ClassId) -> bool:
    """Whether a class has what some protocol of the program asks for, and others do as well."""
    if m.structural is None:
        wanted = (implementers(m, i) for i in m.state.classes.identities if m.hierarchy.is_protocol(i))
        m.structural = frozenset(identity for fitting in wanted if len(fitting) > 1 for identity in fitting)
    return identity in m.structural


def by_implementer(m: Machine) -> dict[ClassId, list[ClassId]]:
    """The protocols that classes have all the methods of."""
    found: dict[ClassId, list[ClassId]] = {}
    for protocol in sorted(m.state.classes.identities):
        for identity in implementers(m, protocol) if m.hierarchy.is_protocol(protocol) else ():
            found.setdefault(identity, []).append(protocol)
    return found


def members(m: Machine, frame: Frame, register: int, classes: tuple[ClassId, ...], name: str) -> Values:
    """A member of the implementers that are instantiated somewhere."""
    found = EMPTY
    for identity in classes:
        for instance in m.state.population.among(identity, m.hierarchy.alone(identity)).values():
            found |= attributes.instance_attribute(m, frame, register, m.state.without_key(instance), name)
    return found
