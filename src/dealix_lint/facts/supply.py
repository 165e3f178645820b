"""Whether a value brings a correlation id with it: certainly, or only if callers hand one in through certain
parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Final, NamedTuple
from weakref import WeakMethod

from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.elements import elements, is_number
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.objects import dumped
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import KEYWORDS, Scope


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A parameter that an id may arrive through. `is_id`: the parameter is the id itself, whatever its callers call
    it; otherwise it is something that may hold one (headers, a payload, a context). `part`: not all of it, but what stands
    under that key, attribute or position. `node`: where it is no parameter of the function that is looked at, but of one that a
    path has yet to come to (the maker of a partial)."""

    index: int
    is_id: bool
    part: str = ""
    node: int = -1


@dataclass(frozen=True, slots=True)
class Supply:
    """An id is there (`is_certain`), or arrives if it is handed in through one of the slots, or if one of the context variables
    (`contexts`, by number) that are read for it is set."""

    is_certain: bool = False
    slots: frozenset[Slot] = frozenset()
    contexts: frozenset[int] = frozenset()

    def __or__(self, other: Supply) -> Supply:
        return Supply(self.is_certain or other.is_certain, self.slots | other.slots, self.contexts | other.contexts)

    @property
    def may_be(self) -> bool:
        """Whether what is known of the function alone leaves room for an id."""
        return self.is_certain or bool(self.contexts) or any(slot.is_id for slot in self.slots)

    @property
    def as_id(self) -> Supply:
        """The same where an id is made of it: of parameters none of which is one, whatever they are (`f"order-{order.number}"`)."""
        if any(slot.is_id for slot in self.slots):
            return self
        return replace(self, slots=frozenset(replace(slot, is_id=True) for slot in self.slots))

    def seen_from(self, node: int) -> Supply:
        """The same where slots of a node are parameters of the function that is looked at."""
        if all(slot.node != node for slot in self.slots):
            return self
        return replace(self, slots=frozenset(replace(s, node=-1) if s.node == node else s for s in self.slots))

    def made_in(self, node: int) -> Supply:
        """The same where it is not the node's function that is looked at."""
        return replace(self, slots=frozenset(replace(s, node=node) if s.node < 0 else s for s in self.slots))

    @staticmethod
    def joined(supplies: Iterable[Supply]) -> Supply:
        """What all of these bring together."""
        return reduce(or_, supplies, NOTHING)


class State(NamedTuple):
    """A register that is followed, or one part of it; `is_id`: it stands where an id is asked for."""

    register: int
    part: str
    is_id: bool


_MEASURING: Final = frozenset(
    (ir.NAME, name) for name in ("len", "bool", "isinstance", "hasattr", "type", "callable", "any", "all")
)
"""Builtins that give back something about what they are handed, and none of it."""
_COPIERS: Final = frozenset(("replace", "evolve", "copy", "deepcopy"))
_COPYING_METHODS: Final = frozenset(("_replace", "model_copy", "copy"))
OWN: Final = "self"
"""The part of a slot that is the object whose method the function is: some of its class bring an id, others do not."""
NOTHING = Supply()
CERTAIN = Supply(is_certain=True)


class Supplies:
    """Follows values of one function back to ids and parameters."""

    __slots__ = (
        "_brought",
        "_captured",
        "_given",
        "_ids",
        "_is_variable",
        "_left",
        "_made_of",
        "_open",
        "_results",
        "_texts",
        "_variables",
        "code",
    )

    def __init__(
        self,
        code: ScopeCode,
        ids: Spellings,
        texts: Callable[[int], Iterable[str]],
        made_of: Callable[[int, str], tuple[int, ...]],
        results: Callable[[int, str], tuple[Supply, list[State]] | None],
        variables: Callable[[int], frozenset[int] | None],
        is_variable: Callable[[int], bool],
        left: Callable[[int, str], bool],
        captured: Callable[[int], Supply],
        given: frozenset[int] = frozenset(),
    ) -> None:
        """`texts`: the constant texts that a register may be; `made_of`: arguments of a constructor's call that an
        attribute of the object holds, none if that is not known; `results`: what the call at a register gives back of what it
        is handed, or one part of that, None if that is not known; `variables`: the context variables of which alone a value
        is read; `is_variable`: whether a call reads one that is called like an id; `left`: whether the call at a register makes
        an object with nothing in an attribute; `captured`: what a variable of an enclosing function brings; `given`: parameters
        that a framework fills with an id."""
        self.code = code
        self._captured = captured
        self._brought: dict[tuple[State, ...], Supply] = {}
        self._given = given
        self._ids = ids
        self._left = left
        self._made_of = made_of
        self._open: set[int] = set()
        self._results = results
        self._texts = texts
        self._variables = variables
        self._is_variable = is_variable

    def of_call(self, register: int) -> Supply:
        """What a call's arguments bring, and the object it is a method of."""
        found = self.of_arguments(register)
        return found if found.is_certain else found | self.of((self._called(self.code.scope.code[register]),))

    def of_arguments(self, register: int) -> Supply:
        """What a call's arguments bring."""
        instruction = self.code.scope.code[register]
        found = NOTHING
        for keyword, value in instruction[3]:
            found |= self.of((value,), is_id=keyword is not None and self._ids.have(keyword))
        return found | self.of(value if value >= 0 else -value - 1 for value in instruction[2])

    def of(self, roots: Iterable[int], *, is_id: bool = False) -> Supply:
        """What the values of these registers bring. `is_id`: they stand where an id is asked for, so that any value
        is one."""
        return self.follow([State(register, "", is_id) for register in roots])

    def follow(self, pending: list[State]) -> Supply:
        """What these values, or parts of them, bring."""
        found = NOTHING
        seen: set[State] = set()
        while pending:
            state = pending.pop()
            if state in seen or found.is_certain:
                continue
            seen.add(state)
            supply, following = self._of_part(*state) if state.part else self._step(state.register, state.is_id)
            found |= supply
            pending.extend(following)
        return found

    def _step(self, register: int, is_id: bool) -> tuple[Supply, list[State]]:
        """What one register brings by itself, and what to follow."""
        instruction = self.code.scope.code[register]
        opcode = instruction[0]
        if opcode == ir.PARAM:
            parameter = self._of_parameter(instruction[1], is_id)
            return parameter, self._fillers(register, is_id) if parameter.slots else []
        if opcode == ir.PHI:
            return NOTHING, [*(State(value, "", is_id) for value in instruction[1]), *self._fillers(register, is_id)]
        if opcode == ir.CONST:
            return (CERTAIN if is_id and instruction[1] else NOTHING), []
        if opcode == ir.ITEM and not is_id and is_number(self.code, register):
            return NOTHING, []
        if opcode == ir.FREE and not (is_id or self._ids.have(instruction[1])):
            return self._captured(register), []
        if opcode == ir.CALL and (is_id or self._is_id_by_name(register, instruction) or self._is_on_id(register)):
            variables = self._variables(register)
            if variables is not None:
                return Supply(contexts=variables), []
            if self._is_variable(register):
                return CERTAIN, []
        part, holder = self._part(register, instruction)
        if part and self._is_keywords(holder):
            is_named = is_id or self._ids.have(part)
            parameter = self._of_parameter(self.code.scope.code[holder][1], is_named, part)
            return parameter, self._fillers(register, is_named)
        if part and self._is_optional(holder) and (is_id or self._ids.have(part)):
            return self._of_parameter(self.code.scope.code[holder][1], True, part), self._fillers(register, is_id)
        if part and self._is_object(holder) and (is_id or self._ids.have(part)):
            return self._of_parameter(self.code.scope.code[holder][1], True, part), self._filled(holder, part, True)
        if is_id and opcode not in (ir.AWAIT, ir.DECLARED, ir.NARROW):
            inner = self._inside(register, instruction) if opcode in (ir.TEXT, ir.CALL) else NOTHING
            return (inner.as_id if (inner.slots or inner.contexts) and not inner.is_certain else CERTAIN), []
        if self._is_id_by_name(register, instruction):
            return CERTAIN, []
        if part:
            return NOTHING, [State(holder, part, False), *self._fillers(register, is_id)]
        if opcode == ir.CALL:
            if self.code.scope.code[instruction[1]] in _MEASURING:
                return NOTHING, []
            result = self._results(register, "")
            if result is not None:
                return result[0], [*result[1], *self._fillers(register, is_id)]
        entries = [State(value, "", is_id or named) for named, value in self._entries(instruction)]
        return NOTHING, [*entries, *self._fillers(register, is_id)]

    def _inside(self, register: int, instruction: Instruction) -> Supply:
        """What the parts of a text, or the arguments of a call, bring."""
        if register in self._open:
            return NOTHING
        self._open.add(register)
        found = self.of(self._inputs(instruction))
        self._open.discard(register)
        return found

    def _fillers(self, register: int, is_id: bool) -> list[State]:
        return [State(place, "", is_id) for place in self.code.fillers(register)]

    def _is_keywords(self, register: int) -> bool:
        """Whether a register is the `**kwargs` of the function, with nothing but what callers put in."""
        instruction = self.code.scope.code[register]
        is_one = instruction[0] == ir.PARAM and self.code.scope.parameters[instruction[1]].kind == KEYWORDS
        return is_one and not self.code.fillers(register)

    def _is_optional(self, register: int) -> bool:
        """Whether a register is a parameter that callers may leave out."""
        instruction = self.code.scope.code[register]
        return instruction[0] == ir.PARAM and self.code.scope.parameters[instruction[1]].has_default

    def _is_object(self, register: int) -> bool:
        """Whether a register is a parameter other than the object whose method this is."""
        instruction = self.code.scope.code[register]
        return instruction[0] == ir.PARAM and self.code.scope.parameters[instruction[1]].name not in ("self", "cls")

    def _part(self, register: int, instruction: Instruction) -> tuple[str, int]:
        """`order.amount`, `order["amount"]`, `order.get("amount")`, `amount, _ = order`: which part of which register; "" for anything else."""
        opcode = instruction[0]
        if opcode == ir.ATTR:
            return instruction[2], instruction[1]
        if opcode == ir.SUBSCRIPT:
            return self._key(instruction[2]), instruction[1]
        if opcode == ir.ITEM and instruction[2] >= 0:
            return str(instruction[2]), instruction[1]
        callee = self.code.scope.code[instruction[1]] if opcode == ir.CALL else instruction
        if callee[0] == ir.ATTR and callee[2] in ("get", "pop") and instruction[2] and instruction[2][0] >= 0:
            return self._key(instruction[2][0]), callee[1]
        return "", register

    def _key(self, register: int) -> str:
        key = self.code.scope.code[register]
        return str(key[1]) if key[0] == ir.CONST and isinstance(key[1], (str, int)) else ""

    def _called(self, instruction: Instruction) -> int:
        """What the function of a call brings: the object that it is a method of."""
        callee = self.code.scope.code[instruction[1]]
        called: int = callee[1] if callee[0] == ir.ATTR else instruction[1]
        return called

    def _of_part(self, register: int, part: str, is_id: bool) -> tuple[Supply, list[State]]:
        """What one part of a value brings: `order.amount` holds no id because `order.correlation_id` does."""
        is_id = is_id or self._ids.have(part)
        holder = self.code.value_of(register)
        instruction = self.code.scope.code[holder]
        filled = self._filled(holder, part, is_id)
        if instruction[0] == ir.PARAM:
            return self._of_parameter(instruction[1], is_id, part), filled
        if instruction[0] == ir.PHI:
            return NOTHING, [*filled, *(State(one, part, is_id) for one in instruction[1])]
        inner = elements(self.code, holder) if not is_id and not part.isdigit() else None
        if inner is not None:
            return NOTHING, [State(one, part, False) for one in inner]
        if instruction == (ir.CONST, None) or (instruction[0] == ir.CALL and self._left(holder, part)):
            return NOTHING, filled
        entries = self._parts_of(holder, instruction, part)
        result = self._results(holder, part) if entries is None and instruction[0] == ir.CALL else None
        if result is not None:
            return result[0], [*filled, *result[1]]
        if entries is None and self._ids.have(part):
            return CERTAIN, []  # of an object of which nothing else is known
        if entries is None:
            whole_of = [State(one, part, is_id) for one in dumped(self.code, holder)]
            return NOTHING, [*filled, *(whole_of or (State(holder, "", is_id),))]
        whole, split = entries
        following = [*(State(one, "", is_id) for one in whole), *(State(one, part, is_id) for one in split)]
        return NOTHING, [*filled, *following]

    def _parts_of(self, register: int, instruction: Instruction, part: str) -> tuple[list[int], list[int]] | None:
        """What stands under a key of a display, or in an attribute of an object that is made here; and the values that it
        may also come out of. None where that is not known."""
        opcode = instruction[0]
        if opcode == ir.DICT:
            found = [value for key, value in instruction[1] if key is not None and self._key(key) in (part, "")]
            return found, [value for key, value in instruction[1] if key is None]
        if opcode in (ir.TUPLE, ir.LIST) and part.isdigit() and all(value >= 0 for value in instruction[1]):
            element = list(instruction[1][int(part) : int(part) + 1])
            return (element, []) if element else None
        made = self._made_of(register, part) if opcode == ir.CALL else ()
        return (list(made), []) if made else self._copied(instruction, part)

    def _copied(self, instruction: Instruction, part: str) -> tuple[list[int], list[int]] | None:
        """The same of a copy of an object, in which some fields are others: `dataclasses.replace(order, sku=sku)`."""
        callee = self.code.scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        if callee[0] not in (ir.NAME, ir.ATTR, ir.IMPORT_FROM) or any(name is None for name, _ in instruction[3]):
            return None
        is_function = callee[-1] in _COPIERS and len(instruction[2]) == 1 and instruction[2][0] >= 0
        if not is_function and not (callee[0] == ir.ATTR and callee[-1] in _COPYING_METHODS and not instruction[2]):
            return None
        changed = dict(instruction[3])
        if part in changed:
            return [changed[part]], []
        source = instruction[2][0] if is_function else callee[1]
        return [], [source, changed["update"]] if "update" in changed else [source]  # `model_copy(update=...)`

    def _filled(self, register: int, part: str, is_id: bool) -> list[State]:
        """What is written into that part of a value later (`order["amount"] = 3`)."""
        found: list[State] = []
        for place in self.code.fillers(register):
            instruction = self.code.scope.code[place]
            key = instruction[2] if instruction[0] == ir.SET_ATTR else ""
            key = self._key(instruction[2]) if instruction[0] == ir.SET_ITEM else key
            if key == part:
                found.append(State(instruction[3], "", is_id or self._ids.have(part)))
            elif not key:
                found.append(State(place, "", False))
        return found

    def _of_parameter(self, index: int, is_id: bool, part: str = "") -> Supply:
        name = self.code.scope.parameters[index].name
        if name in ("self", "cls"):
            return NOTHING
        if index in self._given or self._ids.have(name):
            return Supply(slots=frozenset((Slot(index, True),)))
        return Supply(slots=frozenset((Slot(index, is_id, part),)))

    def _is_id_by_name(self, register: int, instruction: Instruction) -> bool:
        """A name, attribute, key or lookup that is called like an id."""
        opcode = instruction[0]
        if opcode in (ir.NAME, ir.FREE):
            return self._ids.have(instruction[1])
        if opcode == ir.ATTR:
            return self._ids.have(instruction[2]) or self.is_run_id(register)
        if opcode == ir.SUBSCRIPT:
            return self._is_id_text(instruction[2])
        if opcode == ir.CALL:
            return self._ids.have(self.code.callee_name(register)) or any(map(self._is_id_text, instruction[2][:1]))
        return False

    def _is_on_id(self, register: int) -> bool:
        """Whether a call is a method of something that is called like an id: `request_id_var.get()`."""
        receiver = self.code.receiver(register)
        is_one = receiver >= 0 and any(map(self._ids.have, self.code.identifiers(receiver)))
        return is_one or (receiver >= 0 and self._is_variable(register))

    def is_run_id(self, register: int) -> bool:
        """`workflow.info().run_id`, `activity.info().workflow_run_id`."""
        instruction = self.code.scope.code[register]
        if instruction[0] != ir.ATTR:
            return False
        holder = self.code.scope.code[instruction[1]]
        is_info = holder[0] == ir.CALL and self.code.callee_name(instruction[1]) == "info"
        return is_info and instruction[2] in ("run_id", "workflow_id", "workflow_run_id")

    def _is_id_text(self, register: int) -> bool:
        instruction = self.code.scope.code[register] if register >= 0 else (ir.NOP,)
        if instruction[0] == ir.CONST:
            return isinstance(instruction[1], str) and self._ids.have(instruction[1])
        return instruction[0] in (ir.NAME, ir.ATTR, ir.FREE) and any(map(self._ids.have, self._texts(register)))

    def _entries(self, instruction: Instruction) -> Iterator[tuple[bool, int]]:
        """Operands, each with whether it stands under a key or keyword that is called like an id."""
        opcode = instruction[0]
        if opcode == ir.DICT:
            for key, value in instruction[1]:
                yield key is not None and self._is_id_text(key), value
        elif opcode == ir.CALL:
            for keyword, value in instruction[3]:
                yield keyword is not None and self._ids.have(keyword), value
            yield from ((False, value if value >= 0 else -value - 1) for value in instruction[2])
            yield False, self._called(instruction)
        elif opcode in (ir.SET_ITEM, ir.SET_ATTR):
            is_id = self._ids.have(instruction[2]) if opcode == ir.SET_ATTR else self._is_id_text(instruction[2])
            yield is_id, instruction[3]
        elif opcode != ir.LOGIC:
            yield from ((False, value) for value in operands(instruction))

    def _inputs(self, instruction: Instruction) -> list[int]:
        return list(call_operands(instruction)) if instruction[0] == ir.CALL else list(operands(instruction))

    def of_slot(self, callee: Scope, call: Instruction, slot: Slot) -> Supply:
        """What a call brings to a parameter of the function that it runs."""
        states = self.states(callee, call, slot)
        key = tuple(states)
        known = self._brought.get(key)
        if known is None:
            known = self._brought[key] = self.follow(states)
        return known

    def stated_parts(self, call: int, slots: frozenset[Slot]) -> list[State] | None:
        """What a call hands over under the keys that are asked for, where it states which ones it does (`graph.invoke({"ref": ref})`);
        of something else that it hands over (`graph.invoke(state)`), the ids in it."""
        given = list(call_operands(self.code.scope.code[call]))
        if not given or not slots or not all(slot.part for slot in slots):
            return None
        wanted = {slot.part for slot in slots}
        displays = [value for value in given if self._keys(value)]
        stating = [value for value in displays if not wanted.isdisjoint(self._keys(value))] or given[:1]
        if stating[0] in displays:
            return [State(stating[0], slot.part, slot.is_id) for slot in sorted(slots)]
        asked = [slot for slot in sorted(slots) if slot.is_id]
        return [State(value, slot.part, True) for value in given for slot in asked] or None

    def _keys(self, register: int) -> list[str]:
        """The keys of a dict display; "" for those that are not known."""
        display = self.code.scope.code[self.code.value_of(register)]
        items = display[1] if display[0] == ir.DICT else ()
        return [self._key(key) if key is not None else "" for key, _ in items]

    def states(self, callee: Scope, call: Instruction, slot: Slot) -> list[State]:
        """The arguments of a call that reach a parameter of the function that it runs."""
        parameter = callee.parameters[slot.index]
        own = slot.part if parameter.kind == KEYWORDS and slot.part else parameter.name
        return [
            State(value, part, is_id and (name != "" or part != ""))
            for name, value, part in handed_to(call, callee, slot.index, slot.part)
            for is_id in ((slot.is_id and name in (own, "")) or (name != "" and self._ids.have(name)),)
        ]


class Asking:
    """Asks for supplies of nodes whom its owner is asked for in turn: together they would outlive what they are about."""

    __slots__ = ("_owner",)

    def __init__(self, supplies: Callable[[int], Supplies]) -> None:
        """`supplies`: a method of the owner."""
        self._owner = WeakMethod(supplies)

    def __call__(self, node: int) -> Supplies:
        supplies = self._owner()
        assert supplies is not None
        return supplies(node)
