"""Attributes of which a class says more than the base that assigns them: `config: ShopConfig` where the base takes any `Config`,
the argument for a type parameter of the base, or the class that it gives where the base leaves one to its subclasses
(`CONFIG_SCHEMA = ShopConfig` says what `self.config` is)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph import generics
from dealix_lint.callgraph.values import INST, Value
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine


def narrowed(m: Machine, holder: Value, name: str, found: set[Value]) -> set[Value]:
    """What an attribute of an object holds, where an object of which only the base is known is one of the class that the
    holder's class says; none of the base's other subclasses then."""
    kinds, data, classes, listed = m.table.kinds, m.table.data, m.state.classes, m.state.class_list
    for value in sorted(found):
        identity = listed[data[value][0]] if kinds[value] == INST else None
        if identity is None:
            continue
        is_general = data[value][1] < 0 and identity in classes.subclasses
        line = classes.info(identity).ancestry
        if not is_general and (len(found) == 1 or len(line) == 1):
            continue
        base = identity if is_general else line[-1]
        key = (holder, name, base)
        if key not in m.narrower:
            m.narrower[key] = _said(m, holder, name, base)
        own = m.narrower[key]
        if own is not None and (is_general or _is_beside(m, identity, own)):
            found = found - {value}
            if is_general or not m.instances(frozenset(found)):
                found.add(m.state.declared(own))
    return found


def _is_beside(m: Machine, identity: ClassId, own: ClassId) -> bool:
    """Whether objects of a class are none of another: neither inherits from the other."""
    info = m.state.classes.info
    return own not in info(identity).ancestry and identity not in info(own).ancestry


def _said(m: Machine, holder: Value, name: str, base: ClassId) -> ClassId | None:
    """The one subclass of `base` that the class of an object says an attribute to be of."""
    identity = m.state.class_list[m.table.data[holder][0]]
    for said in (_declared(m, identity, name), _by_parameter(m, holder, name), _left_open(m, identity, name)):
        narrow = {found for found in said if found != base and base in m.state.classes.info(found).ancestry}
        if narrow:
            return narrow.pop() if len(narrow) == 1 else None
    return None


def _declared(m: Machine, identity: ClassId, name: str) -> Iterator[ClassId]:
    """The classes of which the body of a class, or of the nearest base, declares an attribute."""
    for owner in m.state.classes.info(identity).ancestry:
        declared = generics.in_body(m, owner, name)
        if declared:
            for expression in declared:
                yield from _classes(m, m.types.instances(*owner, expression))
            return


def _by_parameter(m: Machine, holder: Value, name: str) -> Iterator[ClassId]:
    identity = m.state.class_list[m.table.data[holder][0]]
    declaration = generics.declaration(m, identity, name)
    if declaration is not None:
        owner, expression = declaration
        variables = generics.variables_of(m, frozenset((holder,)), owner)
        if variables:
            yield from _classes(m, m.types.instances_with(*owner, expression, variables))


def _left_open(m: Machine, identity: ClassId, name: str) -> Iterator[ClassId]:
    """The classes that a class, or a base of it, gives for what a base of that leaves open under a name that speaks of the
    attribute: `config_class` of `config`. None of its own kind: that would be a composite."""
    info, symbols = m.state.classes.info, m.state.symbols
    line = info(identity).ancestry
    word = name.strip("_").rpartition("_")[2].lower()
    for member in dict.fromkeys(n for owner in line for n in info(owner).members):
        if word and word in member.lower().split("_"):
            owners = [owner for owner in line if member in info(owner).members]
            for definition in symbols.class_member(owners[0], member) if len(owners) > 1 else ():
                given = (definition.module, definition.scope)
                if definition.kind == "class" and set(info(given).ancestry).isdisjoint(line):
                    yield given


def _classes(m: Machine, instances: frozenset[Value]) -> Iterator[ClassId]:
    yield from (m.state.class_list[m.table.data[v][0]] for v in sorted(instances) if m.table.kinds[v] == INST)
