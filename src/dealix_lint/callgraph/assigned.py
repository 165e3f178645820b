"""What is assigned to attributes of objects, and on which objects it is read again.

An object of which only the class is known may be one of any subclass: what is assigned to it is read on those. Where the same
instruction of a method assigns to objects of a subclass, too, which differs in nothing but the object (`self.http =
Client(self.base_url)`), they have what it was seen assigning to them, and nothing of what it might to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import Slot, Value, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Place = tuple[int, int, int]
"""The module, scope and register of an instruction."""
Attribute = tuple[ClassId, str]
_ANY: Place = (-1, -1, -1)
"""Stands for instructions that assign what others hand in."""


class Assigned:
    """Assignments to objects of which only the class is known, by place, and who reads them. One per analysis."""

    __slots__ = ("_own", "_places", "_readers")

    def __init__(self) -> None:
        self._places: dict[Attribute, dict[Place, Slot]] = {}
        self._readers: dict[Attribute, list[tuple[ClassId, Slot]]] = {}
        self._own: set[tuple[ClassId, str, Place]] = set()  # places that assign to objects of the very class

    def store(self, m: Machine, frame: Frame, register: int, holder: Value, name: str, values: Values) -> None:
        """`holder.name = values`."""
        state = m.state
        class_index, key = m.table.data[holder]
        identity = state.class_list[class_index]
        place = (frame.module, frame.scope_index, register)
        self._own.add((identity, name, place))
        if key < 0:
            self._declare(m, (identity, name), place if _is_told_nothing(frame, holder) else _ANY, values)
        else:
            state.add(state.slots["attribute", holder, name], values)
        for ancestor in state.classes.info(identity).ancestry:
            state.add(state.slots["merged", ancestor, name], values)

    def _declare(self, m: Machine, attribute: Attribute, place: Place, values: Values) -> None:
        state, (identity, name) = m.state, attribute
        state.add(state.slots["declared", identity, name], values)
        places = self._places.setdefault(attribute, {})
        slot = places.get(place)
        if slot is None:
            slot = places[place] = Slot()
            for reader, read in self._readers.get(attribute, ()):
                if self._may_have(reader, attribute, place):
                    state.link(slot, read)
        state.add(slot, values)

    def _may_have(self, reader: ClassId, attribute: Attribute, place: Place) -> bool:
        """Whether an object of a class has what is assigned there to one of which this class is known."""
        identity, name = attribute
        return reader == identity or (reader, name, place) not in self._own

    def slot(self, m: Machine, value: Value, name: str) -> Slot:
        """What an attribute of an instance holds: what is assigned to it itself, and to instances of which only the class is
        known."""
        state = m.state
        class_index, key = m.table.data[value]
        identity = state.class_list[class_index]
        slot = state.slots["data", value, name]
        state.link(state.slots["merged", identity, name] if key < 0 else state.slots["attribute", value, name], slot)
        declared = state.slots.get(("declared anywhere", identity, name))
        if declared is None:
            declared = state.slots["declared anywhere", identity, name]
            for ancestor in state.classes.info(identity).ancestry:
                attribute = ancestor, name
                self._readers.setdefault(attribute, []).append((identity, declared))
                for place, held in self._places.get(attribute, {}).items():
                    if self._may_have(identity, attribute, place):
                        state.link(held, declared)
        state.link(declared, slot)
        return slot


def _is_told_nothing(frame: Frame, holder: Value) -> bool:
    """Whether a method assigns to its own object, and knows nothing but that."""
    first, *others = frame.activation.parameters or (None,)
    is_own = first is not None and (holder in first.values or not first.values)
    return is_own and frame.function.receivers_before > 0 and not any(slot.values for slot in others)
