"""What functions give back where an error was caught, and what comes of tests of it: `{"status": "failed"}` is not equal to
`"refunded"`, whatever these words mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.constructing import Constructing
from dealix_lint.facts.outcome import Outcome, branch_outcome
from dealix_lint.facts.points import Side
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.text import ArgumentValue, Constant, Sequence, Symbol, Text

_DEPTH: Final = 3
_NEGATED: Final = {"!=": "==", "is not": "is", "not in": "in"}
_THROUGH: Final = frozenset({ir.AWAIT, ir.NARROW})
_LISTS: Final = frozenset({ir.TUPLE, ir.LIST, ir.SET})
_SOMETHING: Final = Sequence((Constant(None),))
"""A value of which no more is known than that it is not empty: an error, a list of some."""

Part: TypeAlias = str | int
"""A key, an attribute or an index."""
Parts: TypeAlias = tuple[Part, ...]
Known: TypeAlias = ArgumentValue | None
"""One value that is known exactly; None if it is not."""
Behind: TypeAlias = tuple[frozenset[int], int] | None
"""The blocks of a handler, and the place whose error it has caught; None where nothing was caught."""


class Fallbacks:
    """Reads what comes back from calls behind which an error was caught."""

    __slots__ = ("_closed", "_constructing", "_given", "sites")

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._constructing = Constructing(sites)
        self._given: dict[int, tuple[tuple[int, Behind], ...]] = {}
        self._closed: dict[tuple[int, int, int], frozenset[Side]] = {}

    def closed(self, node: int, register: int, target: int) -> frozenset[Side]:
        """Sides of tests in a function that are not taken with what `target`, called at a site, gives back of an error; where
        words do not say already what the test means."""
        key = node, register, target
        known = self._closed.get(key)
        if known is None:
            tested = register in self.sites.code(node).tested
            known = self._closed[key] = frozenset(self._find_closed(node, register, target) if tested else ())
        return known

    def _find_closed(self, node: int, register: int, target: int) -> Iterator[Side]:
        flow = self.sites.flow(node)
        for block, record in enumerate(flow.scope.blocks):
            ways = flow.onward(block) if record.test >= 0 else ()
            if len(ways) == 2 and branch_outcome(flow.scope, record.test, register) is Outcome.UNKNOWN:
                answer = self._holds(node, record.test, register, target)
                if answer is not None:
                    yield block, ways[answer]

    # -- tests --------------------------------------------------------------------------------------------------

    def _holds(self, node: int, test: int, call: int, target: int) -> bool | None:
        """Whether a test of what a call gives back holds; None if that is not known."""
        code = self.sites.code(node).scope.code
        instruction = code[test]
        if instruction[0] == ir.PHI and len(instruction) > 2:
            answers = [self._holds(node, part, call, target) for part in instruction[1]]
            deciding = instruction[2] == "or"
            return deciding if deciding in answers else None if None in answers else not deciding
        if instruction[0] != ir.LOGIC:
            return _truth(self._part(node, test, call, target))
        operator, operands = instruction[1], instruction[2]
        if operator in ("not", "bool"):
            answer = self._holds(node, operands[0], call, target)
            return answer if answer is None or operator == "bool" else not answer
        positive = _NEGATED.get(operator, operator)
        if len(operands) != 2 or positive not in ("==", "is", "in"):
            return None
        held, wanted = self._part(node, operands[0], call, target), code[operands[1]]
        if positive == "in":
            options = wanted[1] if wanted[0] in _LISTS and min(wanted[1], default=0) >= 0 else ()
            same = [_are_equal(held, self._value(node, option)) for option in options]
            answer = True if True in same else None if None in same or not same else False
        else:
            answer = _are_equal(held, self._value(node, operands[1]))
        return answer if answer is None or positive == operator else not answer

    def _part(self, node: int, register: int, call: int, target: int) -> Known:
        """What an expression is that names the result of a call or a part of it."""
        code, parts = self.sites.code(node), list[Part]()
        while register != call:
            instruction = code.scope.code[register]
            if instruction[0] in _THROUGH:
                register = instruction[1]
            elif instruction[0] == ir.DECLARED:
                register = instruction[2]
            else:
                holder, part = _step(code, register)
                if part is None:
                    return None
                parts.append(part)
                register = holder
            if register < 0:
                return None
        return _agreed(self._of_function(target, tuple(reversed(parts)), _DEPTH))

    # -- values -------------------------------------------------------------------------------------------------

    def _of_function(self, node: int, parts: Parts, depth: int) -> Iterator[Known]:
        """A part of what a function gives back of an error."""
        given = self._given.get(node)
        if given is None:
            given = self._given[node] = tuple(self._given_back(node))
        if not given or self.sites.code(node).scope.is_generator:
            yield None
        for register, behind in given:
            nothing = None if parts else Constant(None)
            yield from (nothing,) if register == NO_SITE else self._of_value(node, register, parts, depth, behind)

    def _given_back(self, node: int) -> Iterator[tuple[int, Behind]]:
        """Registers of what a function may give back once an error was caught in it, or by what it calls, with the handler that
        it comes from; NO_SITE for None that nothing says."""
        flow, code = self.sites.flow(node), self.sites.code(node).scope.code
        places = [
            place for place in self.sites.sites(node) if place != NO_SITE and self.sites.leads_to_effect(node, place)
        ]
        handlers = {handler: place for place in places for handler in flow.handlers(flow.block_of(place))}
        returned = [register for register, instruction in enumerate(code) if instruction[0] == ir.RETURN]
        if not handlers:
            yield from ((code[register][1], None) for register in returned)
        if not all(flow.is_passed_from(block, returned, NO_SITE) for block in handlers or (0,)):
            yield NO_SITE, None
        for handler, place in handlers.items():
            inside = flow.inside(handler)
            for register in returned:
                if flow.block_of(register) in inside or flow.leads_to(handler, register):
                    yield code[register][1], (inside, place)

    def _joined(self, node: int, register: int, behind: Behind) -> Iterator[int]:
        """What a variable holds behind a handler: what it is assigned there, else what it was before."""
        if behind is None:
            yield from self.sites.code(node).scope.code[register][1]
            return
        inside, place = behind
        flow, values = self.sites.flow(node), _alternatives(self.sites.code(node), register)
        assigned = [value for value in values if flow.block_of(value) in inside]
        before = [value for value in values if value < place and flow.dominates(value, place)]
        yield from assigned or before or values

    def _of_value(self, node: int, register: int, parts: Parts, depth: int, behind: Behind = None) -> Iterator[Known]:
        code = self.sites.code(node)
        register = code.value_of(register)
        instruction = code.scope.code[register]
        callees = self.sites.callees(node, register) if instruction[0] == ir.CALL else ()
        if depth == 0 or code.fillers(register):
            yield None
        elif instruction[0] == ir.AWAIT:
            yield from self._of_value(node, instruction[1], parts, depth, behind)
        elif instruction[0] == ir.PHI and len(instruction) == 2:
            for part in self._joined(node, register, behind):
                yield from self._of_value(node, part, parts, depth - 1, behind)
        elif callees and not all(map(self.sites.is_constructor, callees)):
            for callee in callees:
                yield from self._of_function(callee, parts, depth - 1)
        elif not parts:
            yield self._value(node, register)
        elif instruction[0] == ir.CALL:
            made_of = self._constructing.of(node, register, str(parts[0]))
            for given in made_of:
                yield from self._of_value(node, given, parts[1:], depth - 1, behind)
            if not made_of:
                yield None
        else:
            inner = _item(code, instruction, parts[0])
            yield from (None,) if inner < 0 else self._of_value(node, inner, parts[1:], depth, behind)

    def _value(self, node: int, register: int) -> Known:
        """The constant, or the member of an enumeration, that a register is."""
        instruction = self.sites.code(node).scope.code[register]
        if instruction[0] == ir.CONST:
            return Text((instruction[1],)) if isinstance(instruction[1], str) else Constant(instruction[1])
        if self._is_something(node, instruction):
            return _SOMETHING
        values = self.sites.resolution.values(node, register) if instruction[0] in (ir.NAME, ir.ATTR) else ()
        return values[0] if len(values) == 1 and _is_exact(values[0]) else None

    def _is_something(self, node: int, instruction: ir.Instruction) -> bool:
        """Whether a value is not empty, whatever it is: an error, its text, a collection with something in it."""
        if instruction[0] == ir.CALL and len(instruction[2]) == 1 and instruction[2][0] >= 0:
            code = self.sites.code(node).scope.code
            is_text = code[instruction[1]] in ((ir.NAME, "str"), (ir.NAME, "repr"))
            return is_text and code[instruction[2][0]][0] == ir.CAUGHT
        if instruction[0] == ir.TEXT:
            return any(isinstance(part, str) for part in instruction[1])
        listed = instruction[1] if instruction[0] in _LISTS else ()
        return instruction[0] == ir.CAUGHT or any(part >= 0 for part in listed)


def _agreed(values: Iterable[Known]) -> Known:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _alternatives(code: ScopeCode, register: int) -> list[int]:
    """Registers of all that a variable may hold."""
    found, pending = dict.fromkeys((register,)), [register]
    while pending:
        instruction = code.scope.code[pending.pop()]
        parts = instruction[1] if instruction[0] == ir.PHI and len(instruction) == 2 else ()
        pending += [part for part in parts if part not in found]
        found.update(dict.fromkeys(parts))
    return [one for one in found if code.scope.code[one][0] != ir.PHI or len(code.scope.code[one]) > 2]


def _step(code: ScopeCode, register: int) -> tuple[int, Part | None]:
    """The register of the object that an expression names a part of, and which one: `r.ok`, `r["ok"]`, `r.get("ok")`, `ok, _ = r`."""
    instruction = code.scope.code[register]
    if instruction[0] in (ir.ATTR, ir.ITEM):
        return instruction[1], instruction[2]
    if instruction[0] == ir.SUBSCRIPT:
        return instruction[1], _constant(code, instruction[2])
    if instruction[0] == ir.CALL and code.callee_name(register) == "get" and instruction[2]:
        return code.receiver(register), _constant(code, max(instruction[2][0], 0))
    return -1, None


def _constant(code: ScopeCode, register: int) -> Part | None:
    instruction = code.scope.code[register]
    return instruction[1] if instruction[0] == ir.CONST and isinstance(instruction[1], str | int) else None


def _item(code: ScopeCode, instruction: ir.Instruction, part: Part) -> int:
    """The register of a part of what is written in place: of a dict or a tuple; -1 if that is not known."""
    if instruction[0] == ir.DICT and all(key is not None for key, _ in instruction[1]):
        values = [value for key, value in instruction[1] if code.scope.code[key] == (ir.CONST, part)]
        return values[-1] if values else -1
    is_listed = instruction[0] in (ir.TUPLE, ir.LIST) and min(instruction[1], default=-1) >= 0
    if is_listed and isinstance(part, int) and -len(instruction[1]) <= part < len(instruction[1]):
        return int(instruction[1][part])
    return -1


def _is_exact(value: ArgumentValue) -> bool:
    """Whether nothing of a value is left open."""
    if isinstance(value, Text):
        return value.literal is not None
    return isinstance(value, Constant) or (isinstance(value, Symbol) and not value.name.endswith("()"))


def _truth(value: Known) -> bool | None:
    if isinstance(value, Text):
        return bool(value.literal)
    if value == _SOMETHING:
        return True
    return bool(value.value) if isinstance(value, Constant) else None


def _are_equal(held: Known, wanted: Known) -> bool | None:
    """Whether two values are equal; None where that is not known."""
    if held is None or wanted is None or wanted == _SOMETHING:
        return None
    if held == _SOMETHING:
        return False if _truth(wanted) is False else None
    if isinstance(held, Symbol) and isinstance(wanted, Symbol):  # two names of one thing are of one enumeration
        is_alike = held.name.rpartition(".")[0] == wanted.name.rpartition(".")[0]
        return held == wanted if is_alike else None
    return None if Symbol in (type(held), type(wanted)) else held == wanted
