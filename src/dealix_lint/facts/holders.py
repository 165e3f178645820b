"""Objects that hold a correlation id in a field."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.text import ArgumentValue, Sequence, Symbol


class Holders:
    """First-party classes by the field of theirs that is called like an id."""

    __slots__ = ("_fields", "_ids", "_taking", "sites")

    def __init__(self, sites: Sites, ids: Spellings) -> None:
        self.sites = sites
        self._ids = ids
        self._fields: dict[str, str] = {}
        self._taking: dict[str, bool] = {}

    def field(self, node: int, register: int) -> str:
        """The field of what a register holds, whichever object that is; "" if one has none, or something else is held."""
        values = self.sites.resolution.values(node, register)
        fields = {self._field_of(value) for value in values}
        return min(fields) if fields and "" not in fields else ""

    def fields(self, node: int, register: int) -> tuple[str, ...]:
        """All fields of that kind that whatever a register holds has."""
        names = map(_class_name, self.sites.resolution.values(node, register))
        found = [frozenset(filter(self._ids.have, self._attributes(name))) for name in names]
        return tuple(sorted(frozenset.intersection(*found))) if found else ()

    def is_one(self, value: ArgumentValue) -> bool:
        """Whether a value is such an object, or a sequence with one; an object that is made of an id is one, too."""
        if isinstance(value, Sequence):
            return any(map(self.is_one, value.elements))
        name = _class_name(value)
        return bool(name) and (bool(self._field_in(name)) or self._is_made_of_one(name))

    def _field_of(self, value: ArgumentValue) -> str:
        name = _class_name(value)
        return self._field_in(name) if name else ""

    def _field_in(self, name: str) -> str:
        known = self._fields.get(name)
        if known is None:
            known = self._fields[name] = min(filter(self._ids.have, self._attributes(name)), default="")
        return known

    def _attributes(self, name: str) -> Iterator[str]:
        """Fields and properties of a class and its bases, and what their constructors assign."""
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        for base in definitions.mro(place) if place is not None else ():
            scope = definitions.scope(base)
            yield from (
                field for field, made in scope.exports if made and all(scope.code[r][0] != ir.FUNCTION for r in made)
            )
            constructor = definitions.find(f"{definitions.name(base)}.__init__")
            code = definitions.scope(constructor).code if constructor is not None else ()
            yield from (i[2] for i in code if i[0] == ir.SET_ATTR and code[i[1]] == (ir.PARAM, 0))

    def _is_made_of_one(self, name: str) -> bool:
        known = self._taking.get(name)
        if known is None:
            is_class = self.sites.definitions.find_class(name) is not None
            taken = self.sites.definitions.positional_parameters(name) if is_class else ()
            known = self._taking[name] = any(map(self._ids.have, taken))
        return known


def _class_name(value: ArgumentValue) -> str:
    is_object = isinstance(value, Symbol) and value.name.endswith("()")
    return value.name.removesuffix("()") if is_object and isinstance(value, Symbol) else ""
