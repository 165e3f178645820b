"""Methods of which nobody can tell whether they are called: what is called by their names is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.cycles import Callers
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir

_UNKNOWN = "<unknown>"
SHORTEST_BEGINNING = 3  # characters of a name that say something of it


class UnknownCallers:
    """Which of some methods may be called where the object that a method of that name is called on is not known, where only a
    base of its class is, or where the name is computed."""

    def __init__(self, code: Code, callers: Callers, functions: Iterable[FunctionId]) -> None:
        self._code = code
        self._callers = callers
        names = {code.scope(function).name for function in functions if code.is_method(function)}
        self._methods: dict[FunctionId, dict[str, FunctionId]] = {}
        self._own_lookups: dict[FunctionId, tuple[str, ...]] = {}
        self._calls: dict[str, dict[ir.Instruction, None]] = {}
        for name, call in self._on_unknown_objects(names) if names else ():
            self._calls.setdefault(name, {})[call] = None

    def has(self, function: FunctionId) -> bool:
        """True for a method that such a call may run."""
        if not self._code.is_method(function):
            return False
        scope = self._code.scope(function)
        if (function[0], scope.parent) in self._code.named_in_texts:
            return True  # something imports the class by its name
        if scope.name in self._texts or scope.name.startswith(self._beginnings):
            return True  # something may look it up by its name
        if any(scope.name.startswith(self._looked_up(base)) for base in self._ancestry(function)):
            return True  # an object of the class looks its methods up and calls them
        calls = self._calls.get(scope.name, {})
        return any(takes(scope, call, given=1) for call in calls) or self._is_called_on_a_base(function)

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Texts that may be names of methods, if the code looks up any method by a name that is computed."""
        codes = [scope.code for _, scope in self._code.scopes()]
        if not any(_is_lookup(code, call) for code in codes for call in code if call[0] == ir.CALL):
            return frozenset()
        return frozenset(i[1] for code in codes for i in code if i[0] == ir.CONST and isinstance(i[1], str))

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What names that the code puts together begin with: `"on_task_" + phase`."""
        codes = [scope.code for _, scope in self._code.scopes()] if self._texts else []
        found = {beginning for code in codes for instruction in code for beginning in _beginning(code, instruction)}
        return tuple(sorted(text for text in found if text.endswith("_") and len(text) >= SHORTEST_BEGINNING))

    def _on_unknown_objects(self, names: set[str]) -> Iterator[tuple[str, ir.Instruction]]:
        """Name and call, for calls of methods of these names."""
        wanted = {identity: calls for identity, scope in self._code.scopes() if (calls := _calls(scope.code, names))}
        for identity, calls in wanted.items():
            for node in self._code.nodes.get(identity, ()):
                unknown = {r for r, path in self._code.resolution.outside_calls(node) if path == _UNKNOWN}
                yield from ((name, call) for register, (name, call) in calls.items() if register in unknown)

    def _ancestry(self, method: FunctionId) -> tuple[FunctionId, ...]:
        return tuple(self._code.classes.info((method[0], self._code.scope(method).parent)).ancestry)

    def _looked_up(self, cls: FunctionId) -> tuple[str, ...]:
        """What the names begin with of methods that a class looks up on `self` and calls: `getattr(self, name)(*args)`."""
        found = self._own_lookups.get(cls)
        if found is None:
            codes = [self._code.scope(method).code for method in self._members(cls).values()]
            found = self._own_lookups[cls] = tuple(
                sorted({text for code in codes for text in _looked_up_on_self(code)})
            )
        return found

    def _is_called_on_a_base(self, function: FunctionId) -> bool:
        """True where something calls the first-party method that a method overrides, or another override of it: on what, only
        running it tells."""
        name = self._code.scope(function).name
        own = (function[0], self._code.scope(function).parent)
        bases = [base for base in self._code.classes.info(own).ancestry[1:] if name in self._members(base)]
        family = {heir for base in bases for heir in (base, *self._code.classes.subclasses.get(base, ()))} - {own}
        return any(self._callers.has_any(self._members(cls)[name]) for cls in family if name in self._members(cls))

    def _members(self, cls: FunctionId) -> dict[str, FunctionId]:
        """The methods that a class defines itself."""
        found = self._methods.get(cls)
        if found is None:
            scopes = self._code.program.summaries[cls[0]].scopes
            members = self._code.members.get(cls, ())
            found = self._methods[cls] = {scopes[i].name: (cls[0], i) for i in members if scopes[i].kind == "function"}
        return found


def _is_lookup(code: tuple[ir.Instruction, ...], call: ir.Instruction) -> bool:
    """True for `getattr(x, name)` of which the name is no constant."""
    if code[call[1]][:2] != (ir.NAME, "getattr") or len(call[2]) < 2:
        return False
    name: int = call[2][1]
    return name < 0 or bool(code[name][0] != ir.CONST)


def _looked_up_on_self(code: tuple[ir.Instruction, ...]) -> Iterator[str]:
    """What the names of attributes begin with that are looked up on `self` by a computed name, and called or handed to
    another method of it, which may call them ("": any name)."""
    called = {o for i in code if i[0] == ir.CALL for o in (i[1], *(i[2] if _is_own_method(code, i[1]) else ()))}
    for register, instruction in enumerate(code):
        if register in called and instruction[0] == ir.CALL and _is_lookup(code, instruction):
            holder, name = instruction[2][0], instruction[2][1]
            if holder >= 0 and code[holder] == (ir.PARAM, 0):
                yield next(_beginning(code, code[name]), "") if name >= 0 else ""


def _is_own_method(code: tuple[ir.Instruction, ...], register: int) -> bool:
    """True for `self.name`."""
    return code[register][0] == ir.ATTR and code[code[register][1]] == (ir.PARAM, 0)


def _beginning(code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> Iterator[str]:
    """The constant that a text put together begins with."""
    first = None
    if instruction[0] == ir.TEXT and instruction[1]:
        first = instruction[1][0]
    elif instruction[0] == ir.BINARY:
        left = code[instruction[2]]
        first = left[1] if left[0] == ir.CONST else None
    if isinstance(first, str):
        yield first.partition("%")[0]


def _calls(code: tuple[ir.Instruction, ...], names: set[str]) -> dict[int, tuple[str, ir.Instruction]]:
    """Calls of methods of these names, by register."""
    return {
        register: (code[instruction[1]][2], instruction)
        for register, instruction in enumerate(code)
        if instruction[0] == ir.CALL and code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] in names
    }
