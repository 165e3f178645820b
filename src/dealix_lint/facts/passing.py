"""Whether a function that has a correlation id hands it on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode, call_operands, is_empty, operands
from dealix_lint.facts.constructing import Constructing
from dealix_lint.facts.correlation import Correlation
from dealix_lint.facts.holders import Holders
from dealix_lint.facts.names import Spellings, last_segment, words
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.supply import Slot
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, Edge
from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import KEYWORDS, VARIADIC

UNNAMED: Final = "a correlation id"
"""What an argument is called that has no name where it is wanted (`retry(send, *args)`)."""
_MAKERS: Final = ("__init__", "__new__", "__post_init__")
_MAKING = (("new",), ("make",), ("generate",), ("create",), ("ensure",))


class Passing:
    """Ids that functions have, and calls that leave them behind."""

    __slots__ = (
        "_captured",
        "_carried",
        "_constructing",
        "_ids",
        "_in_scope",
        "_read_by",
        "correlation",
        "holders",
        "sites",
    )

    def __init__(self, sites: Sites, correlation: Correlation, names: tuple[str, ...]) -> None:
        self.sites = sites
        self.correlation = correlation
        self._ids = Spellings(names)
        self._constructing = Constructing(sites)
        self._in_scope: dict[tuple[int, int], dict[int, str]] = {}
        self._captured: dict[int, bool] = {}
        self._carried: dict[tuple[int, int], bool] = {}
        self._read_by: dict[tuple[int, int], str] = {}
        self.holders = Holders(sites, self._ids)

    def drops(self, node: int, edge: Edge, slots: frozenset[Slot]) -> str:
        """The name of the parameter that takes an id on to the effect and is not given the one that the caller has;
        "" if nothing is dropped. `slots`: parameters of the target through which an id would reach the effect."""
        register = self.sites.register(node, edge.place)
        wanted = list(self._wanted(edge.target, slots))
        if edge.kind != CALL_EDGE or not wanted or not self._leaves_behind(node, register):
            return ""
        if self.correlation.handovers.call_of_target(node, register, edge) is None:
            return ""
        return min(wanted, key=lambda name: name == UNNAMED)

    def _wanted(self, node: int, slots: frozenset[Slot]) -> Iterator[str]:
        """Names of ids under which a function takes one: its own, or the field that it has in an object."""
        callee, given = self.sites.code(node).scope, self.correlation.given(node)
        for slot in sorted(slot for slot in slots if slot.node < 0 and slot.is_id):
            parameter = callee.parameters[slot.index]
            if parameter.kind in (VARIADIC, KEYWORDS):
                yield slot.part if parameter.kind == KEYWORDS and slot.part else UNNAMED
            elif slot.index in given or self._ids.have(parameter.name) or (slot.part and self._ids.have(slot.part)):
                is_field = slot.part and not parameter.has_default
                yield f"{parameter.name}.{slot.part}" if is_field else parameter.name

    def loses(self, node: int, edge: Edge) -> bool:
        """Whether a dispatch carries no id although the function has one."""
        if edge.kind != DISPATCH_EDGE or self.correlation.crosses(edge) or self.correlation.is_completed(edge):
            return False
        starts = self.correlation.resuming.starts(node, edge)
        if any(self.carries(start, self.sites.register(start, one.place)) for start, one in starts):
            return False  # what goes on has it already
        is_left = self._leaves_behind(node, self.sites.register(node, edge.place))
        return is_left and not self._closes_over_one(node, edge)

    def _closes_over_one(self, node: int, edge: Edge) -> bool:
        """Whether what a dispatch runs has an id from where it is defined."""
        captured, known = self.correlation.captured, self._captured.get(edge.target)
        if known is None:
            held = (value for place in captured.assigned(edge.target) for value in self.sites.resolution.values(*place))
            known = captured.has_id(edge.target) or any(map(self.holders.is_one, held))
            self._captured[edge.target] = known
        return known or captured.defaults_to_id(node, edge)

    def _leaves_behind(self, node: int, register: int) -> bool:
        if register == NO_SITE or self.sites.code(node).scope.code[register][0] != ir.CALL:
            return False
        return bool(self.in_scope(node, register)) and not self.carries(node, register)

    def in_scope(self, node: int, register: int, wanted: str = "") -> str:
        """What the function calls the id that it has before the call at a site, the one called like `wanted` first; "" if
        it has none."""
        place = self.place_in_scope(node, register, wanted)
        own = self._found(node).get(place, "")
        if "." in own and not is_called(own, wanted) and self.sites.code(node).scope.code[place][0] == ir.PARAM:
            holder, fields = own.partition(".")[0], self.holders.fields(node, place)
            own = next((f"{holder}.{field}" for field in fields if is_called(field, wanted)), own)
        return own or self._around(node, wanted)

    def _around(self, node: int, wanted: str) -> str:
        """The id among the parameters of the functions that a function stands in."""
        module, index = self.sites.scope_of(node)
        index = self.sites.definitions.scope((module, index)).parent
        while index > 0:
            scope = self.sites.definitions.scope((module, index))
            names = [p.name for p in scope.parameters if self._ids.have(p.name)]
            if names:
                return min(names, key=lambda name: not is_called(name, wanted))
            index = scope.parent
        return ""

    def place_in_scope(self, node: int, register: int, wanted: str = "") -> int:
        """Where the function gets the id that it has before the call at a site; -1 if it has none."""
        flow, found = self.sites.flow(node), self._found(node)
        places = (place for place in sorted(found) if place < register and flow.dominates(place, register))
        if not wanted:
            return next(places, -1)
        return min(places, key=lambda place: not is_called(found[place], wanted), default=-1)

    def reads(self, node: int) -> dict[int, str]:
        """Registers at which the function reads an id that it was given, with its name."""
        code = self.sites.code(node).scope.code
        read = self._found(node).items()
        return {r: name for r, name in read if code[r][0] != ir.CALL or not self._states(code[r])}

    def _states(self, instruction: Instruction) -> bool:
        """Whether a call states an id by keyword."""
        return any(keyword is not None and self._ids.have(keyword) for keyword, _ in instruction[3])

    def holding(self, node: int) -> frozenset[int]:
        """Registers of parameters that hold an id in a field."""
        code = self.sites.code(node).scope.code
        return frozenset(r for r, name in self._found(node).items() if code[r][0] == ir.PARAM and "." in name)

    def is_id(self, name: str) -> bool:
        """Whether something is called like an id."""
        return self._ids.have(name)

    def carries(self, node: int, register: int) -> bool:
        """Whether the arguments of a call, or the object it is made on, bring an id."""
        key = node, register
        known = self._carried.get(key)
        if known is None:
            supply = self.correlation.supply_of(node, register)
            known = supply.may_be
            known = known or self.hands_a_holder(node, register)
            known = self._carried[key] = known or self.correlation.carries_object(node, register)
        return known

    def _found(self, node: int) -> dict[int, str]:
        place = self.sites.scope_of(node)
        known = self._in_scope.get(place)
        if known is None:
            known = self._in_scope[place] = dict(self._find(node))
        return known

    def _find(self, node: int) -> Iterator[tuple[int, str]]:
        code = self.sites.code(node).scope
        given = self.correlation.given(node)
        for register, instruction in enumerate(code.code):
            if instruction[0] == ir.PARAM:
                name = code.parameters[instruction[1]].name
                if instruction[1] in given or self._ids.have(name):
                    yield register, name
                elif code.name not in _MAKERS:
                    field = self.holders.field(node, register)
                    if field:
                        yield register, f"{name}.{field}"
            else:
                name = self._named(code.code, instruction) or self._looked_up(node, register, instruction)
                name = name or (self._given_back(node, register) if instruction[0] == ir.CALL else "")
                if name:
                    yield register, name

    def _named(self, code: tuple[Instruction, ...], instruction: Instruction) -> str:
        """The id that an instruction reads, or that it states under the name of one."""
        opcode = instruction[0]
        if opcode == ir.ATTR and self._ids.have(instruction[2]):
            return str(instruction[2])
        if opcode == ir.SUBSCRIPT:
            return self._text(code[instruction[2]])
        if opcode == ir.CALL:
            texts = [self._text(code[value]) for value in instruction[2][:1] if value >= 0]
            keywords = [
                k for k, value in instruction[3] if k is not None and self._ids.have(k) and not is_empty(code[value])
            ]
            return next((name for name in (*texts, *keywords) if name), "")
        return ""

    def _looked_up(self, node: int, register: int, instruction: Instruction) -> str:
        """A variable of an enclosing function, or what a function or context variable called like an id gives back."""
        if instruction[0] == ir.FREE:
            return str(instruction[1]) if self._ids.have(instruction[1]) else ""
        if instruction[0] != ir.CALL:
            return ""
        code = self.sites.code(node)
        name = code.callee_name(register)
        if name == "get" and code.scope.code[instruction[1]][0] == ir.ATTR:
            holder = code.scope.code[code.scope.code[instruction[1]][1]]
            name = str(holder[1]) if holder[0] in (ir.NAME, ir.FREE) else ""
        return name if words(name)[:1] not in _MAKING and self._ids.have(name) else ""

    def _given_back(self, node: int, register: int) -> str:
        """The id that the function of a call reads and gives back: `def current(): return request.headers.get("X-Request-ID")`."""
        callees = self.sites.callees(node, register)
        names = {self._returned(callee) for callee in callees if register != NO_SITE}
        return min(names) if names and "" not in names else ""

    def _returned(self, node: int) -> str:
        """The name of an id that a function reads, where that is what it gives back, if anything."""
        place = self.sites.scope_of(node)
        known = self._read_by.get(place)
        if known is None:
            self._read_by[place] = ""
            if any(map(self._ids.have, self.sites.words(node))):
                self._read_by[place] = self._find_returned(node)
            known = self._read_by[place]
        return known

    def _find_returned(self, node: int) -> str:
        code, found = self.sites.code(node), self._found(node)
        if code.scope.is_generator:
            return ""
        names: list[str] = []
        for instruction in (i for i in code.scope.code if i[0] == ir.RETURN):
            given = self._alternatives(code, instruction[1])
            read = [found[r] for r in given if code.scope.code[r][0] != ir.PARAM and r in found]
            if not read and not all(is_empty(code.scope.code[r]) for r in given):
                return ""
            names += read
        return min(names, default="")

    def _alternatives(self, code: ScopeCode, register: int) -> list[int]:
        """The registers of what a value may be: either side of `or`, behind `str(...)` and `await`."""
        pending, found = [register], dict[int, None]()
        while pending:
            current = code.value_of(pending.pop())
            if current not in found:
                found[current] = None
                instruction = code.scope.code[current]
                pending += instruction[1] if instruction[0] == ir.PHI else ()
                pending += instruction[1:2] if instruction[0] == ir.AWAIT else ()
                is_text = instruction[0] == ir.CALL and code.scope.code[instruction[1]] == (ir.NAME, "str")
                pending += [value for value in instruction[2] if value >= 0] if is_text else ()
        return list(found)

    def _text(self, instruction: Instruction) -> str:
        is_id = instruction[0] == ir.CONST and isinstance(instruction[1], str) and self._ids.have(instruction[1])
        return str(instruction[1]) if is_id else ""

    # -- objects that hold an id --------------------------------------------------------------------------------

    def hands_a_holder(self, node: int, register: int) -> bool:
        """Whether a call is given an object that holds an id, alone, in a collection or in an object that is made here."""
        code, values = self.sites.code(node), self.sites.resolution.values
        pending, held = [*call_operands(code.scope.code[register])], set[int]()
        while pending:
            place = pending.pop()
            if place not in held:
                held.add(place)
                pending += self._enclosed(node, code.value_of(place))
        kept = (place for place in sorted(held) if not self._is_left_empty(node, code.value_of(place)))
        return any(self.holders.is_one(value) for place in kept for value in values(node, place))

    def _enclosed(self, node: int, place: int) -> Iterator[int]:
        """What a collection, or an object of a first-party class, is made of here."""
        instruction = self.sites.code(node).scope.code[place]
        if instruction[0] in (ir.LIST, ir.TUPLE, ir.DICT):
            yield from operands(instruction)
        names = self.sites.calls(node)[place].names if instruction[0] == ir.CALL else ()
        if any(map(self.sites.definitions.find_class, names)):
            yield from call_operands(instruction)

    def _is_left_empty(self, node: int, register: int) -> bool:
        """Whether an object is made here without the id that it could hold."""
        code = self.sites.code(node)
        if code.scope.code[register][0] != ir.CALL or code.fillers(register):
            return False
        fields = {self.holders.field(node, register)} - {""}
        return any(self._constructing.leaves_empty(node, register, field) for field in fields)


def is_called(name: str, wanted: str) -> bool:
    """Whether two names of ids mean the same one: `X-Correlation-ID`, `context.correlation_id`, `correlation_id`."""
    return bool(wanted) and Spellings((last_segment(wanted),)).have(last_segment(name))
