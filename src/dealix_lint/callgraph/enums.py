"""Enumerations: members are instances of their class that carry a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONST,
    EMPTY,
    FUNC,
    INST,
    PASSIVE_KINDS,
    PROP,
    STATICM,
    TEXT,
    Value,
    Values,
)
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_TEXTUAL = frozenset(("<builtin>.str", "enum.StrEnum"))
_METHODS = frozenset((FUNC, PROP, CLASSM, STATICM))


def is_enum(m: Machine, identity: ClassId) -> bool:
    """True for enumerations."""
    found = m.enums.get(identity)
    if found is None:
        bases = m.state.classes.info(identity).external
        found = m.enums[identity] = any(base.rpartition(".")[2].endswith(("Enum", "Flag")) for base in bases)
    return found


def member(m: Machine, class_index: int, name: str, values: Values) -> Values:
    """`Kind.NAME`: an instance that holds the values, next to the values themselves where they are texts and numbers."""
    held = frozenset(v for v in values if not _is_method(m, v))
    if not held or name.startswith("_"):
        return values
    is_seen_as_value = m.all_passive(held)
    if is_seen_as_value and not _has_methods(m, m.state.class_list[class_index]):
        return values
    plain = m.state.instance(class_index, 0)
    instance = m.state.instance(class_index, m.instance_key(class_index, (0, m.table.constant(name))))
    for holder in sorted({instance, plain}):
        m.state.add(m.state.slots["attribute", holder, "value"], held)
    return (values if is_seen_as_value else values - held) | {instance}


def beside(m: Machine, known: Values, declared: Values) -> Values:
    """What the annotation of a variable adds to texts and numbers that it is known to hold: not an enumeration, of which these
    are members."""
    if known <= {m.none()}:
        return declared
    kinds, data, classes = m.table.kinds, m.table.data, m.state.class_list
    return frozenset(v for v in declared if kinds[v] != INST or not is_enum(m, classes[data[v][0]]))


def texts(m: Machine, value: Value) -> Values:
    """What a member of an enumeration of texts is as a text."""
    identity = m.state.class_list[m.table.data[value][0]]
    if not is_enum(m, identity) or _TEXTUAL.isdisjoint(m.state.classes.info(identity).external):
        return EMPTY
    held = m.state.read(m.state.slots["attribute", value, "value"])
    return frozenset(v for v in held if m.table.kinds[v] in (CONST, TEXT))


def members(m: Machine, frame: Frame, class_index: int) -> Values:
    """All members, as iterating over the class gives them."""
    identity = m.state.class_list[class_index]
    found: set[Value] = {m.state.instance(class_index, 0)}
    for name in sorted(m.state.classes.info(identity).members):
        values = m.state.read(m.state.slots["class", identity, name])
        if values and not any(_is_method(m, v) for v in values):
            found |= member(m, class_index, name, values)
    return frozenset(v for v in found if m.table.kinds[v] not in PASSIVE_KINDS) if found else EMPTY


def _is_method(m: Machine, value: Value) -> bool:
    """True for what a class body holds that is no member, also for a class method that is bound to the class already."""
    kind = m.table.kinds[value]
    return kind in _METHODS or (kind == BOUND and m.table.kinds[m.table.data[value][1]] == CLASS)


def _has_methods(m: Machine, identity: ClassId) -> bool:
    found = m.enums_with_methods.get(identity)
    if found is None:
        classes = m.state.classes
        found = any(
            m.hierarchy.is_method(c, name) for c in classes.info(identity).ancestry for name in classes.info(c).members
        )
        m.enums_with_methods[identity] = found
    return found
