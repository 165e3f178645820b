"""Attributes that a library keeps objects of one class in: `customer = ForeignKey(Customer)`. It takes no others, whatever else
seems to be assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import INST, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def note(m: Machine, frame: Frame, register: int, objects: Values) -> None:
    """A class body says by a call what an attribute holds."""
    code = frame.scope.code
    for name, registers in frame.scope.exports:
        if any(r == register or (code[r][0] == ir.DECLARED and code[r][2] == register) for r in registers):
            m.state.add(m.state.slots["relation", (frame.module, frame.scope_index), name], objects)


def fitting(m: Machine, definer: ClassId, name: str, values: Values) -> Values:
    """What of that which is assigned to an attribute it can hold: of objects of the project those of the class that it is for,
    of subclasses and of bases."""
    relation = m.state.slots.get(("relation", definer, name))
    wanted = m.instances(m.state.read(relation)) if relation is not None else ()
    if not wanted:
        return values
    kinds, data, classes = m.table.kinds, m.table.data, m.state.classes
    lines = [classes.info(m.state.class_list[data[v][0]]).ancestry for v in wanted]
    ends = {line[0] for line in lines}

    def is_one(identity: ClassId) -> bool:
        return any(identity in line for line in lines) or not ends.isdisjoint(classes.info(identity).ancestry)

    return frozenset(v for v in values if kinds[v] != INST or is_one(m.state.class_list[data[v][0]]))
