"""Classes that a call states by what it leaves at its default."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.shapes import Shapes, filled
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.facts import NO_CLASSES, ClassTriple
from dealix_lint.model.graph import Place
from dealix_lint.model.text import Text


class Defaults:
    """Reads the defaults of parameters, and those of the fields of what is constructed."""

    __slots__ = ("_constructed", "_parameters", "shapes", "sites")

    def __init__(self, sites: Sites, shapes: Shapes) -> None:
        self.sites = sites
        self.shapes = shapes
        self._constructed: dict[str, ClassTriple] = {}
        self._parameters: dict[ScopeId, ClassTriple] = {}

    def completed(self, stated: ClassTriple, names: tuple[str, ...]) -> ClassTriple:
        """What a call of one of these names states that states this much in its arguments."""
        if all(stated) or not names:
            return stated
        if stated != NO_CLASSES:
            stated = filled(stated, self.of_parameters(names))
        left = {self.of_constructed(name, is_alone=stated == NO_CLASSES) for name in names}
        return filled(stated, left.pop()) if len(left) == 1 else stated

    def of_constructed(self, name: str, *, is_alone: bool) -> ClassTriple:
        """Levels that constructing a class leaves in place. Where they are all there is (`is_alone`), they are not said of
        the path by an object that acts by itself - attributes of its class are about its methods - nor by data that only
        says how sensitive it is."""
        known = self._constructed.get(name)
        if known is None:
            found = self.shapes.read(self.sites.definitions.defaults(name).items())
            parts = [value if value is not None and value.levels and not value.is_open else None for value in found]
            known = self._constructed[name] = parts[0], parts[1], parts[2]
        if is_alone and (not any(known[:2]) or self.acts(name)):
            return NO_CLASSES
        return known

    def acts(self, name: str) -> bool:
        """Whether methods of a class, inherited ones too, lead to effects."""
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        bases = definitions.mro(place) if place is not None else ()
        return any(not self.sites.reaching.isdisjoint(self.sites.nodes_of(definitions.name(base))) for base in bases)

    def of_parameters(self, names: tuple[str, ...]) -> ClassTriple:
        """Classes that parameters of functions or constructors have by default."""
        found = NO_CLASSES
        for name in names:
            place = self.sites.definitions.find(name)
            if place is not None and self.sites.definitions.scope(place).kind == "class":
                place = self.sites.definitions.initialiser(place)
            if place is not None:
                found = filled(found, self._of_function(place))
        return found

    def _of_function(self, function: ScopeId) -> ClassTriple:
        known = self._parameters.get(function)
        if known is None:
            known = self._parameters[function] = self.shapes.read(self._texts(function))
        return known

    def made(self, function: ScopeId) -> frozenset[int]:
        """The parameters of a function that have a default other than a constant, by their indexes."""
        outer, registers = self.sites.definitions.default_registers(function)
        code = self.sites.definitions.scope(outer).code
        return frozenset(index for index, register in registers if code[register][0] != ir.CONST)

    def _texts(self, function: ScopeId) -> Iterator[tuple[str, tuple[Text, ...]]]:
        scope = self.sites.definitions.scope(function)
        outer, registers = self.sites.definitions.default_registers(function)
        for index, register in registers:
            name = scope.parameters[index].name
            if self.shapes.is_keyword(name):
                made = map(self.sites.instruction, self.sites.origins(Place(*outer, register)))
                texts = [value[1] if value[0] == ir.CONST else None for value in made]
                if None not in texts:
                    yield name, tuple(Text((str(text),)) for text in texts)
