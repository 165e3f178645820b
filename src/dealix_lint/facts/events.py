"""Which fields an event has that a call is given, however it is put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.names import snake
from dealix_lint.facts.objects import dumped
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.text import ArgumentValue, Mapping, Symbol

Known: TypeAlias = frozenset[str] | None
"""Names of fields in snake case, those of events inside included; None where not all of them are known."""

_THROUGH: Final = {ir.AWAIT: 1, ir.NARROW: 1, ir.DECLARED: 2}
_ENCODING: Final = frozenset(("encode", "copy", "decode"))
_WRITING: Final = frozenset(("dumps", "packb", "deepcopy", "copy", "bytes", "str"))
_BODIES: Final = frozenset(("body", "data", "value", "payload"))
_CHOOSING: Final = frozenset(("include", "exclude"))


class Events:
    """Reads what is published."""

    __slots__ = ("_open", "_wrapping", "sites")

    def __init__(self, sites: Sites, wrapping: tuple[str, ...] = ()) -> None:
        """`wrapping`: classes of libraries that make a message of what they are handed."""
        self.sites = sites
        self._wrapping = PatternIndex((pattern, True) for pattern in wrapping)
        self._open: set[tuple[int, int]] = set()

    def fields(self, node: int, register: int) -> Known:
        """Fields of the event that a register holds."""
        if (node, register) in self._open:
            return None
        self._open.add((node, register))
        found = self._with_changes(node, register, self._made(node, register))
        self._open.discard((node, register))
        return found

    def _made(self, node: int, register: int) -> Known:
        code = self.sites.code(node)
        instruction = code.scope.code[register]
        opcode = instruction[0]
        if opcode in _THROUGH:
            inner: int = instruction[_THROUGH[opcode]]
            return self.fields(node, inner) if inner >= 0 else None
        if opcode == ir.DICT:
            return _united(self._entries(node, instruction[1]))
        if opcode in (ir.LIST, ir.TUPLE) and instruction[1]:  # events that are published together
            return _shared([self.fields(node, one) if one >= 0 else None for one in instruction[1]])
        if opcode == ir.COLLECT and instruction[1] != "dict":
            return self.fields(node, instruction[2])
        if opcode == ir.BINARY and instruction[1].startswith("|"):
            return _united(self.fields(node, side) for side in instruction[2:4])
        if opcode == ir.PHI and len(instruction) == 2:
            updated = {code.scope.code[r][2] for r in instruction[1] if code.scope.code[r][:2] == (ir.BINARY, "|=")}
            return _shared([self.fields(node, one) for one in instruction[1] if one not in updated])
        if opcode == ir.CALL:
            return self._called(node, code, register, instruction)
        return self._known(node, register)

    def _entries(self, node: int, entries: Iterable[tuple[int | None, int]]) -> Iterator[Known]:
        code = self.sites.code(node).scope.code
        for key, value in entries:
            if key is None:
                yield self.fields(node, value)
            elif code[key][0] != ir.CONST:
                yield None
            else:
                yield frozenset((snake(str(code[key][1])),))
                is_event = code[value][0] == ir.DICT or any(_written(self.sites.code(node), value, code[value]))
                yield (self.fields(node, value) if is_event else None) or frozenset()

    def _called(self, node: int, code: ScopeCode, register: int, call: Instruction) -> Known:
        if code.scope.code[call[1]] == (ir.NAME, "dict"):
            return self._dict(node, call)
        if any(name in _CHOOSING for name, _ in call[3]):
            return None
        written = [*_written(code, register, call), *dumped(code, register), *self._wrapped(node, register, call)]
        if written:
            return next(filter(None, (self.fields(node, one) for one in written)), None)
        known = self._known(node, register)
        if known is not None:
            return known
        return _shared([self._returned(callee) for callee in self.sites.callees(node, register)])

    def _wrapped(self, node: int, register: int, call: Instruction) -> Iterator[int]:
        """What a message of a library is made of: its first argument, or the one that is called a body."""
        view = self.sites.calls(node).get(register)
        if view is not None and any(map(self._wrapping.find, view.names)):
            yield from (value for value in call[2][:1] if value >= 0)
            yield from (value for name, value in call[3] if name in _BODIES)

    def _dict(self, node: int, call: Instruction) -> Known:
        given = [self.fields(node, value) if value >= 0 else None for value in call[2]]
        named = [frozenset((snake(name),)) if name else self.fields(node, value) for name, value in call[3]]
        return _united((*given, *named))

    def _returned(self, node: int) -> Known:
        """Fields of what a function gives back, whatever way it is left by."""
        code = self.sites.code(node).scope
        given = [i[1] for i in code.code if i[0] == ir.RETURN]
        return None if code.is_generator else _shared([self.fields(node, value) for value in given])

    def _with_changes(self, node: int, register: int, made: Known) -> Known:
        """With the keys that are set later."""
        code = self.sites.code(node)
        changes = (self._change(node, code, code.scope.code[place]) for place in code.fillers(register))
        return None if made is None else _united((made, *changes))

    def _change(self, node: int, code: ScopeCode, change: Instruction) -> Known:
        if change[0] == ir.SET_ITEM:
            return _united(self._entries(node, ((change[2], change[3]),)))
        if change[0] == ir.SET_ATTR:
            return frozenset((snake(change[2]),))
        name = code.scope.code[change[1]][2]
        if name == "update":
            return self._dict(node, change)
        if name == "setdefault" and change[2] and change[2][0] >= 0:
            return _united(self._entries(node, ((change[2][0], change[2][-1]),)))
        return None

    # -- what resolution knows ----------------------------------------------------------------------------------

    def _known(self, node: int, register: int) -> Known:
        is_parameter = self.sites.code(node).scope.code[register][0] == ir.PARAM
        values = self.sites.resolution.values(node, register)
        return _shared([self._fields_of(value, is_parameter) for value in values])

    def _fields_of(self, value: ArgumentValue, is_parameter: bool) -> Known:
        """Keys of a dict that is known as a whole; fields of an instance of a first-party class."""
        if isinstance(value, Mapping) and not is_parameter and not value.open:
            inner = (one for _, values in value.items for one in values if isinstance(one, Mapping))
            keys = frozenset(snake(key) for key, _ in value.items)
            return keys.union(*(self._fields_of(one, False) or () for one in inner))
        name = value.name.removesuffix("()") if isinstance(value, Symbol) and value.name.endswith("()") else ""
        definitions = self.sites.definitions
        place = definitions.find_class(name) if name else None
        if place is None:
            return None
        declared = (field for base in definitions.mro(place) for field, _ in definitions.scope(base).exports)
        return frozenset(map(snake, (*declared, *definitions.positional_parameters(name))))


def _written(code: ScopeCode, register: int, call: Instruction) -> Iterator[int]:
    """What a text or copy is made of: `json.dumps(event)`, `event.copy()`, `text.encode()`."""
    if call[0] != ir.CALL:
        return
    callee, name = code.scope.code[call[1]], code.callee_name(register)
    if name in _ENCODING and callee[0] == ir.ATTR and not call[2]:
        yield callee[1]
    elif name in _WRITING and call[2] and call[2][0] >= 0:
        yield call[2][0]


def _united(parts: Iterable[Known]) -> Known:
    found: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def _shared(parts: list[Known]) -> Known:
    known = [part for part in parts if part is not None]
    return frozenset.intersection(*known) if known and len(known) == len(parts) else None
