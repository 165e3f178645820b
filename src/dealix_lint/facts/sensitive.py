"""Types and fields that are declared to hold sensitive data: `sensitivity_class = "S3"` in the class,
`Annotated[str, "S3"]` on a field or parameter, or configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.declarations import Classify
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.levels import fold
from dealix_lint.facts.names import words
from dealix_lint.facts.shapes import Shapes
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.vocabulary import names_in
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import SENSITIVITY, SensitiveNames
from dealix_lint.model.summary import Scope, TypeExpr

_DEPTH = 4


class Sensitive:
    """Levels of types, fields and parameters; "" where none is declared that needs a review."""

    __slots__ = (
        "_aliases",
        "_configured",
        "_fields",
        "_has_configured",
        "_levels",
        "_names",
        "_shapes",
        "_types",
        "sites",
    )

    def __init__(self, sites: Sites, shapes: Shapes, names: SensitiveNames, classify: Classify) -> None:
        self.sites = sites
        self._shapes = shapes
        self._names = names
        self._levels = frozenset(names.levels)
        configured = [(name, entry.sensitivity or "") for name, entry in classify if entry.sensitivity in self._levels]
        self._configured, self._has_configured = PatternIndex(configured), bool(configured)
        self._types: dict[str, str] = {}
        self._fields: dict[str, dict[str, str]] = {}
        self._aliases: dict[tuple[int, str], str] = {}

    def is_declared_anywhere(self) -> bool:
        """A cheap look at the whole program: does anything in it state one of the levels?"""
        scopes = (scope for summary in self.sites.resolution.program.summaries for scope in summary.scopes)
        return self._has_configured or any(not self._levels.isdisjoint(_spoken(scope)) for scope in scopes)

    def of_type(self, name: str) -> str:
        """The level of all instances of a class."""
        known = self._types.get(name)
        if known is None:
            known = self._types[name] = next(self._declared(name), "")
        return known

    def _declared(self, name: str) -> Iterator[str]:
        yield from self._configured.find(name)
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        axis = self._shapes.policy.axes[SENSITIVITY]
        for base in definitions.mro(place) if place is not None else ():
            for attribute, values in definitions.attributes(base).items():
                if self._shapes.long_axis(attribute) == SENSITIVITY:
                    value = fold(values, axis, definitions)
                    if value is not None and value.weakest in self._levels:
                        yield value.weakest

    def of_field(self, name: str, field: str) -> str:
        """The level of a field of a class: its own, or that of the class where it says more than which object it is."""
        own = self.fields(name).get(field, "")
        says_which = words(field)[-1:] and words(field)[-1] in self._names.identifying
        return own or ("" if says_which else self.of_type(name))

    def fields(self, name: str) -> dict[str, str]:
        """Fields of a class with a level of their own."""
        known = self._fields.get(name)
        if known is None:
            known = self._fields[name] = dict(self._declared_fields(name))
        return known

    def _declared_fields(self, name: str) -> Iterator[tuple[str, str]]:
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        for base in reversed(definitions.mro(place)) if place is not None else ():
            scope = definitions.scope(base)
            for field, registers in scope.exports:
                instruction = scope.code[registers[-1]]
                configured = self._configured.find(f"{definitions.name(base)}.{field}")[:1]
                level = self.of_annotation(base[0], instruction[1]) if instruction[0] == ir.DECLARED else ""
                if level or configured:
                    yield field, level or configured[0]

    def of_parameter(self, function: ScopeId, index: int) -> str:
        """The level that the annotation of a parameter states."""
        annotation = self.sites.definitions.scope(function).parameters[index].annotation
        return self.of_annotation(function[0], annotation) if annotation is not None else ""

    def of_annotation(self, module: int, annotation: TypeExpr, depth: int = 0) -> str:
        """The level in an annotation of a module: `Annotated[str, "S3"]`, also inside `list[...]` or `... | None`, and
        under the name of an alias."""
        if depth > _DEPTH or not annotation:
            return ""
        kind = annotation[0]
        if kind == "name":
            return self._of_alias(module, annotation[1], depth)
        if kind == "or":
            return self._first(module, annotation[1:], depth)
        if kind == "sub":
            if annotation[1][-1] == "Annotated":
                stated = (word for part in annotation[2][1:] for word in self._stated(module, part))
                level = next((word for word in stated if word in self._levels), "")
                return level or self._first(module, annotation[2][:1], depth)
            return self._first(module, annotation[2], depth)
        return ""

    def _stated(self, module: int, part: TypeExpr) -> Iterator[str]:
        """What a part of an annotation may state: a text, a name, the value of a member of an enumeration."""
        if part[0] in ("const", "attr", "name"):
            yield str(part[-1])
        if part[0] == "attr" and part[-1] in ("value", "name"):
            yield from self._stated(module, part[1])
        elif part[0] == "attr" and part[1][0] == "name":
            for register in dict(self.sites.code_of((module, 0)).scope.exports).get(part[1][1], ()):
                yield from self._members(Place(module, 0, register), part[2])

    def _members(self, holder: Place, member: str) -> Iterator[str]:
        for place in self.sites.origins(holder):
            instruction = self.sites.instruction(place)
            if instruction[0] == ir.CLASS:
                values = self.sites.definitions.attributes((place.module, instruction[1])).get(member, ())
                value = fold(values, self._shapes.policy.axes[SENSITIVITY], self.sites.definitions)
                yield from value.levels if value is not None else ()

    def _first(self, module: int, parts: Iterable[TypeExpr], depth: int) -> str:
        return next(filter(None, (self.of_annotation(module, part, depth + 1) for part in parts)), "")

    def _of_alias(self, module: int, name: str, depth: int) -> str:
        """`Ssn = Annotated[str, "S3"]`, here or where it is imported from."""
        key = module, name
        known = self._aliases.get(key)
        if known is None:
            self._aliases[key] = ""  # of a cycle
            known = self._aliases[key] = self._find_alias(module, name, depth)
        return known

    def _find_alias(self, module: int, name: str, depth: int) -> str:
        code = self.sites.code_of((module, 0))
        for register in dict(code.scope.exports).get(name, ()):
            instruction = code.scope.code[register]
            if instruction[0] == ir.IMPORT_FROM:
                named = self.sites.definitions.modules.absolute(module, instruction[1], instruction[2])
                origin = self.sites.resolution.program.modules.get(named, -1)
                return self._of_alias(origin, instruction[3], depth + 1) if origin >= 0 and depth < _DEPTH else ""
            if instruction[0] == ir.SUBSCRIPT and _is_annotated(code, instruction[1]):
                places = [Place(module, 0, part) for part in code.closure((instruction[2],))]
                made = (origin for place in places for origin in (place, *self.sites.origins(place)))
                parts = map(self.sites.instruction, made)
                stated = (
                    str(part[1] if part[0] == ir.CONST else part[2]) for part in parts if part[0] in (ir.CONST, ir.ATTR)
                )
                return next((word for word in stated if word in self._levels), "")
        return ""


def _is_annotated(code: ScopeCode, register: int) -> bool:
    instruction = code.scope.code[register]
    return instruction[0] in (ir.NAME, ir.ATTR, ir.IMPORT_FROM) and "Annotated" in instruction[1:]


def _spoken(scope: Scope) -> Iterator[str]:
    """Constant texts and last names in code and annotations."""
    for instruction in scope.code:
        if instruction[0] == ir.CONST and isinstance(instruction[1], str):
            yield instruction[1]
        elif instruction[0] == ir.ATTR:
            yield instruction[2]
        elif instruction[0] == ir.DECLARED:
            yield from names_in(instruction[1])
    for parameter in scope.parameters:
        yield from names_in(parameter.annotation)
