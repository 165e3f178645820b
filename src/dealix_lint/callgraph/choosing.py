"""Callees that were chosen by a key that is not known: `PROVIDERS[settings.MAIL_BACKEND]().send()` runs one of several
methods, and which one nobody can tell. Each of these edges is one of a dispatch that says more than happens.

Worked out once, when all else has settled: from the places where such a value is taken out of a table, forward to the calls
that it comes to. What a loop over the whole table calls is not chosen: all of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.containers import constant_keys
from dealix_lint.callgraph.state import ACTIVATION_SHIFT, LOCAL_MASK, REGISTER_BITS, REGISTER_MASK
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CONT,
    DECLARED_KEY,
    EMPTY,
    FUNC,
    INST,
    MODULE,
    PARTIAL,
    PASSIVE_KINDS,
    UNIT,
    Slot,
    Value,
    Values,
)
from dealix_lint.model import ir
from dealix_lint.model.graph import MEDIUM
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_TAKING_OUT = frozenset(("get", "pop", "setdefault", "__getitem__"))
_SAME = frozenset((ir.PHI, ir.NARROW, ir.DECLARED))
_PART = frozenset((ir.ATTR, ir.SUBSCRIPT, ir.ITEM, ir.REST, ir.ITERATE, ir.ENTER, ir.AWAIT))
_HOLDS = frozenset((BOUND, PARTIAL, UNIT))  # values that begin with what is called in the end


def lower(m: Machine) -> None:
    """Let calls of what an unknown key chose from several count as less certain."""
    choices = _Choices(m)
    for frame, register in _takings(m):
        if choices.are_several(choices.telling(frame.registers[register])) and _is_choice(m, frame, register):
            choices.note(frame, register, frame.registers[register])
    choices.follow()


def _takings(m: Machine) -> Iterator[tuple[Frame, int]]:
    """Where something is taken out of a table."""
    known: dict[tuple[int, int], tuple[int, ...]] = {}
    for activation in m.state.activations[1:]:
        for scope_index, frame in activation.frames.items():
            place = (frame.module, scope_index)
            if place not in known:
                code = frame.scope.code
                known[place] = tuple(r for r in range(len(code)) if _taken(frame.scope, r) is not None)
            for register in known[place]:
                yield frame, register


def _taken(scope: Scope, register: int) -> tuple[int, int] | None:
    """The registers of the table and of the key, where an instruction takes something out of a table."""
    instruction = scope.code[register]
    if instruction[0] == ir.SUBSCRIPT:
        return instruction[1], instruction[2]
    if instruction[0] != ir.CALL or not instruction[2] or instruction[2][0] < 0:
        return None
    callee = scope.code[instruction[1]]
    return (callee[1], instruction[2][0]) if callee[0] == ir.ATTR and callee[2] in _TAKING_OUT else None


def _is_choice(m: Machine, frame: Frame, register: int) -> bool:
    """True if the key is not known, or is none of those that the table is known to have. What the same code puts under the
    same key, if it is not there yet, is not chosen."""
    taken = _taken(frame.scope, register)
    if taken is None or register in m.state.memo_reads(frame.module, frame.scope_index):
        return False
    keys = constant_keys(m, frame.registers[taken[1]])
    is_counted = frame.scope.code[taken[1]][0] in (ir.ITERATE, ir.ITEM)  # `for i in range(len(steps)): steps[i]()`
    for table in frame.registers[taken[0]]:
        if m.table.kinds[table] != CONT:
            continue
        if m.table.data[table][0] != "dict":
            if keys is None and not is_counted:
                return True
        elif keys is None or not any(_holds(m, ("key", table, key)) for key in keys):
            return True
    return False


def _holds(m: Machine, key: tuple[object, ...]) -> bool:
    slot = m.state.slots.get(key)
    return slot is not None and bool(slot.values)


class _Choices:
    """What is known to be chosen: by instruction of an activation the values that are."""

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._known: dict[int, Values] = {}
        self._pending: list[tuple[Frame, int]] = []

    def telling(self, values: Values) -> Values:
        """Those of the values that a call can depend on."""
        kinds = self._m.table.kinds
        return frozenset(value for value in values if kinds[value] not in PASSIVE_KINDS)

    def are_several(self, values: Values) -> bool:
        """True if it depends on the choice what runs: of several values, or of an object of which only the class is known and
        that stands for those of its subclasses."""
        return len(values) > 1 or any(map(self._stands_for_several, values))

    def _stands_for_several(self, value: Value) -> bool:
        kinds, data, state = self._m.table.kinds, self._m.table.data, self._m.state
        holder = data[value][1] if kinds[value] == BOUND else value
        if kinds[holder] != INST or data[holder][1] > DECLARED_KEY:
            return False
        return state.population.count(state.class_list[data[holder][0]]) > 1

    def note(self, frame: Frame, register: int, values: Values) -> None:
        """Values of a register are chosen from each other."""
        chosen = self.telling(values)
        known = self._known.get(frame.base + register, EMPTY)
        if self.are_several(chosen) and not chosen <= known:
            self._known[frame.base + register] = known | chosen
            self._pending.append((frame, register))

    def follow(self) -> None:
        """Go on from all that is known to where it comes to."""
        while self._pending:
            frame, register = self._pending.pop()
            chosen = self._known[frame.base + register]
            for slot in frame.outflows.get(register, ()):
                self._flow(slot, chosen)
            for user in self._m.state.users(frame.module, frame.scope_index)[register]:
                self._use(frame, user, register, chosen)

    def _use(self, frame: Frame, user: int, register: int, chosen: Values) -> None:
        instruction = frame.scope.code[user]
        opcode = instruction[0]
        if opcode in _SAME:
            self.note(frame, user, frame.registers[user] & chosen)
        elif opcode in _PART and instruction[1] == register:
            self._lower(frame, user, chosen, EMPTY)  # a property, an iterator
            self.note(frame, user, frame.registers[user])
        elif opcode == ir.CALL and instruction[1] == register:
            self._lower(frame, user, chosen, frame.registers[register] - chosen)
            self.note(frame, user, frame.registers[user])
        elif opcode == ir.CALL:
            self._hand_over(frame, user, register, chosen)
        else:
            for slot in self._written(frame, instruction, register):
                self._flow(slot, chosen)

    def _flow(self, slot: Slot | None, chosen: Values) -> None:
        """What is chosen comes to a slot: who reads it there reads what is chosen."""
        common = slot.values & chosen if slot is not None else EMPTY
        if slot is None or not self.are_several(common):
            return
        for point in slot.reading():
            frame = self._m.state.activations[point >> ACTIVATION_SHIFT].frames.get(
                (point & LOCAL_MASK) >> REGISTER_BITS
            )
            if frame is not None:
                self.note(frame, point & REGISTER_MASK, frame.registers[point & REGISTER_MASK] & common)
        for other in (*slot.views, *slot.targets):
            if other is not slot:
                self._flow(other, common)

    def _written(self, frame: Frame, instruction: ir.Instruction, register: int) -> Iterator[Slot | None]:
        """The slots that an instruction lets a register flow into."""
        opcode, slots = instruction[0], self._m.state.slots
        if opcode == ir.RETURN:
            yield frame.activation.result
        elif opcode == ir.YIELD:
            yield frame.activation.yields
        elif opcode == ir.SET_NAME:
            yield slots.get(("global", frame.module, instruction[1]))
        elif opcode == ir.SET_ATTR and instruction[3] == register:
            for holder in frame.registers[instruction[1]]:
                yield from self._attribute(holder, instruction[2])

    def _attribute(self, holder: Value, name: str) -> Iterator[Slot | None]:
        state, kind, data = self._m.state, self._m.table.kinds[holder], self._m.table.data[holder]
        if kind == MODULE:
            yield state.slots.get(("global", state.program.modules.get(data[0]), name))
        elif kind == CLASS:
            yield state.slots.get(("class", state.class_list[data[0]], name))
        elif kind == INST:
            identity = state.class_list[data[0]]
            yield state.slots.get(("attribute", holder, name))
            yield state.slots.get(("declared", identity, name)) if data[1] <= DECLARED_KEY else None
            for ancestor in state.classes.info(identity).ancestry:
                yield state.slots.get(("merged", ancestor, name))

    def _hand_over(self, frame: Frame, call: int, register: int, chosen: Values) -> None:
        """What is chosen is handed to a function: each has a context of its own for it, or one takes it all in."""
        state, result = self._m.state, frame.registers[call]
        is_lowered = self._lower(frame, call, chosen, EMPTY, called=False)
        for target in frame.activation.edges.get((frame.scope_index, call), ()):
            for parameter in state.activations[target].parameters:
                self._flow(parameter, chosen)
        self.note(frame, call, result if is_lowered else result & chosen)
        for instance in self._m.instances(result):
            identity = state.class_list[self._m.table.data[instance][0]]
            names = [*self._m.hierarchy.field_names(identity)]
            instruction = frame.scope.code[call]
            given = [*zip(names, instruction[2], strict=False), *instruction[3]]
            for name in [name for name, operand in given if operand == register and name is not None]:
                for slot in self._attribute(instance, name):
                    self._flow(slot, chosen)

    def _lower(self, frame: Frame, call: int, chosen: Values, sure: Values, called: bool = True) -> bool:
        """Let the edges of a call count as less certain, but for those to what is sure to be called; where what is chosen is
        handed over, those that lead to it. True if there are any."""
        state, site = self._m.state, (frame.scope_index, call)
        functions, certain = self._functions(chosen), self._functions(sure)
        targets = frame.activation.edges.get(site, {})
        is_lowered = False
        for target, (kind, mechanism, confidence) in targets.items():
            other = state.activations[target]
            if called:
                is_meant = other.function not in certain or other.function in functions
            else:
                is_meant = other.function in functions or not chosen.isdisjoint(other.context[1::2])
            if is_meant:
                targets[target] = (kind, mechanism, min(confidence, MEDIUM))
                is_lowered = True
        outside = frame.activation.external.get(site, EMPTY) - sure
        self._m.chosen_outside.update((frame.activation.index, *site, value) for value in outside)
        return is_lowered

    def _functions(self, values: Values) -> frozenset[int]:
        """The functions that values are, or are bound to."""
        kinds, data = self._m.table.kinds, self._m.table.data
        found: set[int] = set()
        for value in values:
            while kinds[value] in _HOLDS:
                value = data[value][0]
            if kinds[value] == FUNC:
                found.add(data[value][0])
        return frozenset(found)
