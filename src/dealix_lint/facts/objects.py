"""Whole objects that are sent: `json=event.model_dump()` carries the correlation id that is a field of `Event`."""

from __future__ import annotations

from collections.abc import Iterator
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


class WholeObjects:
    """Tells whether what is sent is an object of a first-party class with a field that is called like an id."""

    __slots__ = ("_ids", "_known", "sites")

    def __init__(self, sites: Sites, ids: Spellings) -> None:
        self.sites = sites
        self._ids = ids
        self._known: dict[str, bool] = {}

    def carry_one(self, node: int, register: int) -> bool:
        """Whether a call of a node is given such an object, written out whole."""
        code = self.sites.code(node)
        operands = [value for value in code.closure((register,)) if value != register]
        return any(self._have_ids(node, holder) for value in operands for holder in dumped(code, value))

    def _have_ids(self, node: int, register: int) -> bool:
        classes = [name for name, _ in self.sites.resolution.fields(node, register, frozenset())]
        return bool(classes) and all(map(self._has_id, classes))

    def _has_id(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            definitions = self.sites.definitions
            place = definitions.find_class(name)
            bases = definitions.mro(place) if place is not None else ()
            fields = (field for base in bases for field, registers in definitions.scope(base).exports if registers)
            known = self._known[name] = any(map(self._ids.have, fields))
        return known


def dumped(code: ScopeCode, register: int) -> Iterator[int]:
    """Registers of the objects that the value at a register is written out from."""
    instruction = code.scope.code[register]
    if instruction[0] == ir.ATTR and instruction[2] in _DICTIONARIES:
        yield instruction[1]
    if instruction[0] != ir.CALL:
        return
    callee = code.scope.code[instruction[1]]
    if callee[0] == ir.ATTR and callee[2] in _DUMPING_METHODS:
        yield callee[1]
    if code.callee_name(register) in _DUMPING_FUNCTIONS and instruction[2] and instruction[2][0] >= 0:
        yield instruction[2][0]
