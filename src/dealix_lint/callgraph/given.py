"""What methods that a class inherits from a library give by what the class says: `get_object()` of a view an object of its
`model`, whichever other libraries' mixins stand before the one that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, EMPTY, INST, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_METHOD = "()."


def method(m: Machine, receiver: Value, external: tuple[str, ...], name: str) -> Values:
    """The method of the base that has it, bound to an object; nothing where no base is known to."""
    index = m.state.rules.given.get(name)
    if index is None:
        return EMPTY
    base = next((base for base in map(m.state.rules.canonical, external) if index.find(base)), None)
    paths = m.external(f"{base}{_METHOD}{name}", 0) if base is not None else EMPTY
    return frozenset(m.bound(path, receiver) for path in paths)


def result(m: Machine, frame: Frame, register: int, path: str, receiver: Values) -> Values:
    """What calling such a method gives, if the class says it."""
    base, _, name = path.rpartition(_METHOD)
    index = m.state.rules.given.get(name)
    for rule in index.find(base)[:1] if index is not None else ():
        for maker in rule.makers:
            found = EMPTY.union(*(_objects(m, frame, register, instance, maker) for instance in m.instances(receiver)))
            if found:
                return found
    return EMPTY


def _objects(m: Machine, frame: Frame, register: int, instance: Value, maker: str) -> Values:
    """Objects of what an attribute is, or, with `()`, of what a method gives: of a class, or among rows of a table."""
    name = maker.removesuffix("()")
    if not m.has_member(instance, name):
        return EMPTY
    said = attributes.instance_attribute(m, frame, register, instance, name)
    if name != maker:
        said = m.call(frame, register, said, Arguments())
    kinds, data = m.table.kinds, m.table.data
    classes = {m.state.instance(data[value][0], 0) for value in said if kinds[value] == CLASS}
    others = frozenset(value for value in said if m.is_external_value(value))
    rows = m.iterate(frame, register, others, False) if others else EMPTY
    return frozenset((*classes, *(value for value in rows if kinds[value] == INST)))
