"""Fields that a class fills itself: `correlation_id: str = field(default_factory=uuid4)`."""

from __future__ import annotations

from collections.abc import Callable

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.described import FACTORIES, describes_field
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.text import Symbol


class GeneratedIds:
    """Calls that make an object and leave it to the class to make an id for it. `is_id`: whether a field is called like one."""

    __slots__ = ("_fields", "_is_id", "sites")

    def __init__(self, sites: Sites, is_id: Callable[[str], bool]) -> None:
        self.sites = sites
        self._is_id = is_id
        self._fields: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}

    def left_by(self, node: int, register: int, makes_one: Callable[[str], bool]) -> str:
        """The field that a call leaves out and that becomes a new id; "" if there is none. `makes_one`: whether a function of
        that name makes a new id."""
        call, names = self.sites.code(node).scope.code[register], self.sites.calls(node)[register].names
        if call[0] != ir.CALL or any(value < 0 for value in call[2]) or any(keyword is None for keyword, _ in call[3]):
            return ""
        left = {self._left(name, call, makes_one) for name in names}
        return min(left, default="") if "" not in left else ""

    def _left(self, name: str, call: ir.Instruction, makes_one: Callable[[str], bool]) -> str:
        fields = self._fields.get(name)
        if fields is None:
            place = self.sites.definitions.find_class(name)
            fields = self._fields[name] = () if place is None else self._filled(place)
        if not fields:
            return ""
        given = {keyword for keyword, _ in call[3]}
        given.update(self.sites.definitions.positional_parameters(name)[: len(call[2])])
        return next((field for field, by in fields if field not in given and all(map(makes_one, by))), "")

    def _filled(self, place: ScopeId) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The ids of a class without a constructor of its own that it fills unless they are given, with the functions by which."""
        definitions = self.sites.definitions
        if definitions.initialiser(place) is not None:
            return ()
        names = {
            name for base in definitions.mro(place) for name, _ in definitions.scope(base).exports if self._is_id(name)
        }
        found = ((name, self._factories(place, name)) for name in sorted(names))
        return tuple((name, by) for name, by in found if by)

    def _factories(self, place: ScopeId, field: str) -> tuple[str, ...]:
        definitions = self.sites.definitions
        owner = next(base for base in definitions.mro(place) if definitions.attribute_register(base, field) >= 0)
        code = self.sites.code_of(owner)
        register = code.value_of(definitions.attribute_register(owner, field))
        if not describes_field(code.scope.code, register):
            return ()
        view = self.sites.resolution.call_in_class(Place(*owner, register))
        made = [value for name, values in (view.keywords if view else ()) if name in FACTORIES for value in values]
        names = tuple(value.name for value in made if isinstance(value, Symbol))
        return names if len(names) == len(made) else ()
