"""Whole objects that are sent: `json=event.model_dump()` carries the correlation id that is a field of `Event`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir

_DUMPING_METHODS: Final = frozenset(
    ("model_dump", "model_dump_json", "dict", "json", "to_dict", "to_json", "as_dict", "asdict", "dump", "dumps")
)
_DUMPING_FUNCTIONS: Final = frozenset(
    ("asdict", "vars", "astuple", "unstructure", "jsonable_encoder", "to_jsonable_python")
)
_DICTIONARIES: Final = frozenset(("__dict__",))
_WITHOUT, _ONLY = "exclude", "include"
_NAMES: Final = frozenset((ir.SET, ir.LIST, ir.TUPLE))


class WholeObjects:
    """Tells whether what is sent is an object of a first-party class with a field that is called like an id."""

    __slots__ = ("_ids", "_known", "sites")

    def __init__(self, sites: Sites, ids: Spellings) -> None:
        self.sites = sites
        self._ids = ids
        self._known: dict[str, frozenset[str]] = {}

    def carry_one(self, node: int, register: int) -> bool:
        """Whether a call of a node is given such an object, written out whole."""
        code = self.sites.code(node)
        operands = [value for value in code.closure((register,)) if value != register]
        return any(
            self._have_ids(node, holder, self._left_out(node, value, register))
            for value in operands
            for holder in dumped(code, value)
        )

    def _have_ids(self, node: int, register: int, is_left_out: Callable[[str], bool]) -> bool:
        classes = [name for name, _ in self.sites.resolution.fields(node, register, frozenset())]
        return bool(classes) and all(not all(map(is_left_out, self._id_fields(name))) for name in classes)

    def _left_out(self, node: int, dump: int, register: int) -> Callable[[str], bool]:
        """Which fields are no part of what is written out: left out by name, or taken out before a call is reached."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        taken = {
            code.scope.code[i[2][0]][1]
            for place, i in enumerate(code.scope.code)
            if i[0] == ir.CALL and i[2] and i[2][0] >= 0 and code.callee_name(place) == "pop"
            if code.value_of(code.receiver(place)) == dump and flow.dominates(place, register)
            if code.scope.code[i[2][0]][0] == ir.CONST
        }
        return lambda field: field in taken or not _is_written(code, dump, field)

    def _id_fields(self, name: str) -> frozenset[str]:
        known = self._known.get(name)
        if known is None:
            definitions = self.sites.definitions
            place = definitions.find_class(name)
            bases = definitions.mro(place) if place is not None else ()
            fields = (field for base in bases for field, registers in definitions.scope(base).exports if registers)
            known = self._known[name] = frozenset(filter(self._ids.have, fields))
        return known


def _is_written(code: ScopeCode, dump: int, field: str) -> bool:
    """Whether a field is part of what an object is written out to, as far as that names fields: `model_dump(exclude={"trace_id"})`."""
    instruction = code.scope.code[dump]
    for keyword, value in instruction[3] if instruction[0] == ir.CALL else ():
        names = _names(code, value) if keyword in (_WITHOUT, _ONLY) else None
        if names is not None and (field in names) == (keyword == _WITHOUT):
            return False
    return True


def _names(code: ScopeCode, register: int) -> frozenset[str] | None:
    """The names in a set or list display; None where these are not all known."""
    instruction = code.scope.code[code.value_of(register)]
    elements = instruction[1] if instruction[0] in _NAMES else (-1,)
    if not all(element >= 0 and code.scope.code[element][0] == ir.CONST for element in elements):
        return None
    return frozenset(str(code.scope.code[element][1]) for element in elements)


def dumped(code: ScopeCode, register: int) -> Iterator[int]:
    """Registers of what may be the object that the value at a register is written out from: `asdict(event)`, `event.asdict()`;
    of a function that is named with its module, what it is handed comes first."""
    instruction = code.scope.code[register]
    if instruction[0] == ir.ATTR and instruction[2] in _DICTIONARIES:
        yield instruction[1]
    if instruction[0] != ir.CALL:
        return
    if code.callee_name(register) in _DUMPING_FUNCTIONS and instruction[2] and instruction[2][0] >= 0:
        yield instruction[2][0]
    callee = code.scope.code[instruction[1]]
    if callee[0] == ir.ATTR and callee[2] in _DUMPING_METHODS:
        yield callee[1]
