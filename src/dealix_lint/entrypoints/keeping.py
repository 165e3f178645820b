"""Functions that a decorator of the project keeps in a table, or marks (`f.events = [...]`) for something that looks for the
mark: what looks for it, or through the table, runs them. A mark that nothing looks for is metadata."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.summary import Scope

_KEEPING: Final = frozenset(("append", "add", "insert", "setdefault", "register", "connect", "subscribe"))
_CAST_ARGUMENTS: Final = 2
_ORDERING: Final = frozenset(("sorted", "sort", "min", "max", "nlargest", "nsmallest", "groupby"))
_LOOKING: Final = frozenset(("getattr", "hasattr"))


class Keeping:
    """Which functions their decorators keep."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._known: dict[FunctionId, bool] = {}  # by decorator

    def is_kept(self, function: FunctionId) -> bool:
        """True for a function that one of its decorators keeps, or marks for something that looks for the mark."""
        return any(map(self._keeps, _decorators(self._code, function)))

    def _keeps(self, decorator: FunctionId) -> bool:
        """True for a decorator that keeps what it decorates, itself or in the function that it makes."""
        found = self._known.get(decorator)
        if found is None:
            found = self._known[decorator] = any(map(self._hands_on, _with_inner(self._code, decorator)))
        return found

    def _hands_on(self, function: FunctionId) -> bool:
        """True for a function that gives back its parameter, having kept it."""
        module, scope = function
        code = self._code.scope((module, scope)).code
        taken = {r for r, i in enumerate(code) if i[0] == ir.PARAM and i[1] == 0}
        taken.update(r for r, i in enumerate(code) if _is_cast(code, i, taken))
        if not any(i[0] == ir.RETURN and _may_be(code, i[1], taken) for i in code):
            return False
        return any(
            _is_keeping(code, instruction, taken) or self._is_marking(Place(module, scope, register), taken)
            for register, instruction in enumerate(code)
        )

    def _is_marking(self, place: Place, taken: set[int]) -> bool:
        """True where one of `taken` gets an attribute that something looks for, or one whose name is not known."""
        code, instruction = self._code.scope((place.module, place.scope)).code, self._code.instruction(place)
        if instruction[0] == ir.SET_ATTR:
            return _may_be(code, instruction[1], taken) and instruction[2] in self._looked_for
        if not _sets_attribute(code, instruction) or not _may_be(code, instruction[2][0], taken):
            return False
        names = set(self._names(place, instruction[2][1]))
        return not names or not names.isdisjoint(self._looked_for)

    @cached_property
    def _looked_for(self) -> frozenset[str]:
        """Attributes that something looks for on what it calls or hands on: `if hasattr(f, "events"): table.append(f)`."""
        scopes = [(function, scope) for function, scope in self._code.scopes() if function not in self._keys]
        return frozenset(name for (module, index), scope in scopes for name in self._looked(module, index, scope))

    @cached_property
    def _keys(self) -> frozenset[FunctionId]:
        """Functions that order what they are given, whatever becomes of it: `sorted(hooks, key=lambda f: f._priority)`."""
        found: set[FunctionId] = set()
        for (module, index), scope in self._code.scopes():
            for instruction in scope.code:
                if instruction[0] == ir.CALL and instruction[3] and scope.code[instruction[1]][-1] in _ORDERING:
                    keys = (Place(module, index, register) for keyword, register in instruction[3] if keyword == "key")
                    found.update((f.module, f.scope) for key in keys for f in self._code.denoted(key))
        return frozenset(found)

    def _looked(self, module: int, index: int, scope: Scope) -> Iterator[str]:
        code, here = scope.code, Place(module, index, 0)
        looks = list(_looks(code))
        used = {r for i in code for r in _used(code, i)} if looks else set()
        marked = {i[2] for i in code if i[0] == ir.SET_ATTR} if looks else set()
        marked.update(name for i in code if _sets_attribute(code, i) for name in self._names(here, i[2][1]))
        for value, name in looks:
            if value in used or scope.kind == "lambda":  # a decorator that marks may well look whether somebody did
                names = (name,) if isinstance(name, str) else tuple(self._names(here, name))
                read = {each for each in names if self._is_read(here, value, each)}
                yield from (each for each in names if each not in marked | read)

    def _is_read(self, here: Place, value: int, name: str) -> bool:
        """True where something else stands for a mark that is not there: `f.priority if hasattr(f, "priority") else 128`. What
        is done with the function is done without the mark as well."""
        code = self._code.scope((here.module, here.scope)).code
        marks = {r for r, i in enumerate(code) if i[0] == ir.ATTR and i[1:] == (value, name)}
        others = [set(i[1]) - marks for i in code if i[0] == ir.PHI and not marks.isdisjoint(i[1])]
        for instruction in code:
            if instruction[0] == ir.CALL and code[instruction[1]] == (ir.NAME, "getattr"):
                looked, asked, *default = (*instruction[2], -1, -1)[:3]
                if looked == value and name in self._names(here, asked):
                    others.append(set(default))
        return any(other and all(self._is_something(here, register) for register in other) for other in others)

    def _is_something(self, here: Place, register: int) -> bool:
        """True for a constant that is not empty."""
        if register < 0:
            return False
        made = map(self._code.instruction, self._code.origins.of(Place(here.module, here.scope, register)))
        return all(instruction[0] == ir.CONST and bool(instruction[1]) for instruction in made)

    def _names(self, place: Place, register: int) -> Iterator[str]:
        """The constant texts that a register of a place's function is."""
        if register >= 0:
            for origin in self._code.origins.of(Place(place.module, place.scope, register)):
                instruction = self._code.instruction(origin)
                if instruction[0] == ir.CONST and isinstance(instruction[1], str):
                    yield instruction[1]


def _looks(code: tuple[ir.Instruction, ...]) -> Iterator[tuple[int, int | str]]:
    """Where a function looks for an attribute that few objects have: the object, and the name or its register."""
    for instruction in code:
        if instruction[0] == ir.ATTR and instruction[2].startswith("_"):
            yield instruction[1], instruction[2]
        elif instruction[0] == ir.CALL and len(instruction[2]) > 1:
            callee = code[instruction[1]]
            if callee[0] == ir.NAME and callee[1] in _LOOKING and instruction[2][0] >= 0:
                yield instruction[2][0], instruction[2][1]


def _sets_attribute(code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> bool:
    """True for `setattr(x, name, value)`."""
    return instruction[0] == ir.CALL and code[instruction[1]][:2] == (ir.NAME, "setattr") and len(instruction[2]) > 1


def is_noted(code: Code, function: FunctionId) -> bool:
    """True for a function of which one of its decorators keeps the name: `NAMES.append(f.__name__)`."""
    made = (inner for decorator in _decorators(code, function) for inner in _with_inner(code, decorator))
    return any(_notes_name(code.scope(one)) for one in made)


def _decorators(code: Code, function: FunctionId) -> list[FunctionId]:
    """The decorators of a function that the project defines."""
    if not code.scope(function).decorators:
        return []
    names = [name for decorator in code.resolution.decorators(*function) for name in decorator.names]
    return [code.by_name[name] for name in names if name in code.by_name]


def _with_inner(code: Code, decorator: FunctionId) -> Iterator[FunctionId]:
    """A decorator, and the functions that it makes."""
    yield decorator
    for index, scope in enumerate(code.program.summaries[decorator[0]].scopes):
        if scope.parent == decorator[1] and scope.kind == "function":
            yield decorator[0], index


def _notes_name(scope: Scope) -> bool:
    code = scope.code
    names = {r for r, i in enumerate(code) if i[0] == ir.ATTR and i[2] == "__name__" and code[i[1]] == (ir.PARAM, 0)}
    return bool(names) and any(_is_keeping(code, i, names) or (i[0] == ir.SET_ITEM and i[2] in names) for i in code)


def _used(code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> Iterator[int]:
    """Registers that an instruction calls, hands to a call other than a look-up, keeps or gives out."""
    if instruction[0] == ir.CALL:
        callee = code[instruction[1]]
        if callee[0] != ir.NAME or callee[1] not in _LOOKING:
            yield from (instruction[1], *instruction[2], *(register for _, register in instruction[3]))
    elif instruction[0] in (ir.SET_ITEM, ir.SET_ATTR):
        yield instruction[3]
    elif instruction[0] in (ir.COLLECT, ir.YIELD, ir.RETURN):
        yield instruction[2 if instruction[0] == ir.COLLECT else 1]


def _is_keeping(code: tuple[ir.Instruction, ...], instruction: ir.Instruction, taken: set[int]) -> bool:
    """True where one of `taken` goes into a table or an attribute of something else."""
    opcode = instruction[0]
    if opcode in (ir.SET_ATTR, ir.SET_ITEM):
        return _may_be(code, instruction[3], taken)
    if opcode != ir.CALL:
        return False
    callee, given = code[instruction[1]], [*instruction[2], *(register for _, register in instruction[3])]
    return callee[0] == ir.ATTR and callee[2] in _KEEPING and any(_may_be(code, r, taken) for r in given)


def _is_cast(code: tuple[ir.Instruction, ...], instruction: ir.Instruction, taken: set[int]) -> bool:
    """True for `cast(Marked, f)`, which gives back what it is given."""
    if instruction[0] != ir.CALL or len(instruction[2]) != _CAST_ARGUMENTS:
        return False
    callee = code[instruction[1]]
    return callee[0] in (ir.NAME, ir.ATTR) and callee[-1] == "cast" and _may_be(code, instruction[2][1], taken)


def _may_be(code: tuple[ir.Instruction, ...], register: int, taken: set[int]) -> bool:
    return register in taken or (
        register >= 0 and code[register][0] == ir.PHI and not taken.isdisjoint(code[register][1])
    )
