"""Dotted names back to where they are defined, and what a definition says about its parameters, fields and members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.described import default_values
from dealix_lint.link.imports import ModuleNames
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.program import Program
from dealix_lint.model.resolved import Decorator, Resolution
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, VARIADIC, Scope
from dealix_lint.model.text import ArgumentValue, Symbol

ScopeId = tuple[int, int]


class Definitions:
    """Functions and classes of the program by dotted name."""

    __slots__ = ("_attributes", "_by_name", "_defaults", "_modules", "_names", "program", "resolution")

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.program: Program = resolution.program
        self._by_name: dict[str, ScopeId] | None = None
        self._modules: ModuleNames | None = None
        self._names: dict[ScopeId, str] = {}
        self._attributes: dict[ScopeId, dict[str, tuple[ArgumentValue, ...]]] = {}
        self._defaults: dict[str, dict[str, tuple[ArgumentValue, ...]]] = {}

    @property
    def modules(self) -> ModuleNames:
        """What import statements name."""
        if self._modules is None:
            self._modules = ModuleNames(self.program)
        return self._modules

    def scope(self, place: ScopeId) -> Scope:
        """The scope at (module, scope)."""
        return self.program.summaries[place[0]].scopes[place[1]]

    def name(self, place: ScopeId) -> str:
        """Dotted name of a scope."""
        if place not in self._names:
            self._names[place] = self.program.function_name(*place)
        return self._names[place]

    def find(self, name: str) -> ScopeId | None:
        """Where a function or class of that dotted name is defined; the module that can be imported wins."""
        if self._by_name is None:
            self._by_name = {}
            importable = set(self.program.modules.values())
            order = sorted(range(len(self.program.summaries)), key=lambda module: (module not in importable, module))
            for module in order:
                for index in range(1, len(self.program.summaries[module].scopes)):
                    self._by_name.setdefault(self.name((module, index)), (module, index))
        return self._by_name.get(name)

    def find_class(self, name: str) -> ScopeId | None:
        """Where a class of that dotted name is defined."""
        place = self.find(name)
        return place if place is not None and self.scope(place).kind == "class" else None

    def classes(self) -> Iterator[ScopeId]:
        """All classes, in path and source order."""
        return (place for place in self._places() if self.scope(place).kind == "class")

    def derived(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """Names of classes that inherit from one of these external classes."""
        index = PatternIndex((pattern, True) for pattern in patterns)
        derived = (p for p in self.classes() if any(map(index.find, self.resolution.bases(*p)[1:])))
        return tuple(self.name(place) for place in derived)

    def decorated(self) -> Iterator[ScopeId]:
        """All functions and classes with decorators, in path and source order."""
        return (place for place in self._places() if self.scope(place).decorators)

    def _places(self) -> Iterator[ScopeId]:
        for module, summary in enumerate(self.program.summaries):
            for index in range(1, len(summary.scopes)):
                yield module, index

    def enclosing_class(self, place: ScopeId) -> ScopeId | None:
        """The class a method is defined in."""
        parent = self.scope(place).parent
        return (place[0], parent) if parent >= 0 and self.scope((place[0], parent)).kind == "class" else None

    def class_around(self, place: ScopeId) -> ScopeId | None:
        """The class that a method, or a function inside one, stands in."""
        index = place[1]
        while index > 0 and self.scope((place[0], index)).kind != "class":
            index = self.scope((place[0], index)).parent
        return (place[0], index) if index > 0 else None

    def methods(self, owner: ScopeId) -> Iterator[ScopeId]:
        """The functions that stand in a class, in source order."""
        scopes = self.program.summaries[owner[0]].scopes
        return ((owner[0], index) for index, scope in enumerate(scopes) if scope.parent == owner[1])

    def method_around(self, place: ScopeId, name: str) -> ScopeId | None:
        """The method of that name of the class that a function stands in."""
        owner = self.class_around(place)
        found = self.find(f"{self.name(owner)}.{name}") if owner is not None else None
        return found if found is not None and self.scope(found).kind == "function" else None

    def mro(self, place: ScopeId) -> tuple[ScopeId, ...]:
        """The first-party part of a class's method resolution order, itself first."""
        found = (self.find_class(name) for name in self.resolution.bases(*place))
        return tuple(dict.fromkeys((place, *(base for base in found if base is not None))))

    def default_registers(self, function: ScopeId) -> tuple[ScopeId, tuple[tuple[int, int], ...]]:
        """Where a function is defined, and the registers there of the defaults of its parameters, by their indexes."""
        outer = function[0], max(self.scope(function).parent, 0)
        made = (i[2] for i in self.scope(outer).code if i[0] == ir.FUNCTION and i[1] == function[1])
        return outer, next(made, ())

    def bases_of_task(self, decorator: Decorator, tasks: PatternIndex[bool]) -> Iterator[ScopeId]:
        """The classes of the task that one of the decorators `tasks` makes: `@shared_task(base=GovernedTask)`."""
        named = dict(decorator.keywords).get("base", ()) if any(map(tasks.find, decorator.names)) else ()
        places = (self.find_class(value.name) for value in named if isinstance(value, Symbol))
        return (place for place in places if place is not None)

    def attributes(self, place: ScopeId) -> dict[str, tuple[ArgumentValue, ...]]:
        """Names assigned in a class body with their possible values; those of described fields are their defaults."""
        if place not in self._attributes:
            attributes = self.resolution.class_attributes(*place)
            ends = dict(self.scope(place).exports)
            self._attributes[place] = {
                name: default_values(self.resolution, place, ends[name][-1]) or self._without_annotation(values)
                for name, values in attributes
            }
        return self._attributes[place]

    def _without_annotation(self, values: tuple[ArgumentValue, ...]) -> tuple[ArgumentValue, ...]:
        """What is known of `level: Level = Level.HIGH` by its value, not by its type: some member of an enumeration."""
        told = tuple(value for value in values if not (isinstance(value, Symbol) and self._is_any_member(value.name)))
        return told or values

    def _is_any_member(self, name: str) -> bool:
        place = self.find_class(name.removesuffix("()")) if name.endswith("()") else None
        return place is not None and any(base.startswith("enum.") for base in self.resolution.bases(*place))

    def attribute_register(self, place: ScopeId, name: str) -> int:
        """The register in the class body that a class attribute has at the end of it; -1 if it has none."""
        return dict(self.scope(place).exports).get(name, (-1,))[-1]

    def positional_parameters(self, name: str) -> tuple[str, ...]:
        """Names that positional arguments of a call of `name` are bound to: parameters of the function, of the
        class's `__init__`, or the fields of a dataclass-like class. `self` and `cls` are left out."""
        place = self.find(name)
        if place is None:
            return ()
        scope = self.scope(place)
        if scope.kind != "class":
            return self._parameters(place)
        initialiser = self.initialiser(place)
        if initialiser is not None:
            return self._parameters(initialiser)
        return tuple(field for base in reversed(self.mro(place)) for field in self._fields(base))

    def initialiser(self, place: ScopeId) -> ScopeId | None:
        """The `__init__` that constructing the class at a place runs."""
        found = (self.find(f"{self.name(base)}.__init__") for base in self.mro(place))
        return next((initialiser for initialiser in found if initialiser is not None), None)

    def takes(self, place: ScopeId, keyword: str) -> bool:
        """Whether a call of the function or class at a place can be given that keyword."""
        if self.scope(place).kind == "class":
            initialiser = self.initialiser(place)
            if initialiser is None:
                return any(keyword in self._fields(base) for base in self.mro(place))
            place = initialiser
        return self.scope(place).takes(keyword)

    def asks_for_more(self, place: ScopeId, keywords: frozenset[str]) -> bool:
        """Whether a call of the function or class at a place cannot do with those keywords."""
        is_class = self.scope(place).kind == "class"
        initialiser = self.initialiser(place) if is_class else place
        parameters = self.scope(initialiser).parameters[is_class:] if initialiser is not None else ()
        needed = {p.name for p in parameters if not p.has_default and p.kind not in (VARIADIC, KEYWORDS)}
        return not needed <= keywords

    def _parameters(self, place: ScopeId) -> tuple[str, ...]:
        scope = self.scope(place)
        names = [p.name for p in scope.parameters if p.kind not in (VARIADIC, KEYWORDS, KEYWORD_ONLY)]
        is_method = self.enclosing_class(place) is not None and names[:1] in (["self"], ["cls"])
        return tuple(names[1:] if is_method else names)

    def _fields(self, place: ScopeId) -> tuple[str, ...]:
        scope = self.scope(place)
        declared = [
            (registers[-1], name) for name, registers in scope.exports if scope.code[registers[-1]][0] == ir.DECLARED
        ]
        return tuple(name for _, name in sorted(declared))

    def defaults(self, name: str) -> dict[str, tuple[ArgumentValue, ...]]:
        """Field defaults that constructing the class `name` leaves in place: its class attributes, inherited ones
        included."""
        known = self._defaults.get(name)
        if known is None:
            place = self.find_class(name)
            known = {}
            for base in reversed(self.mro(place)) if place is not None else ():
                known.update(self.attributes(base))
            self._defaults[name] = known
        return known
