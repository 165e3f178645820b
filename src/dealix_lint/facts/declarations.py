"""Classes declared outside the flow of a function: by its decorators, by its class, by configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.defaults import Defaults
from dealix_lint.facts.definitions import Definitions, ScopeId
from dealix_lint.facts.injecting import injecting_calls
from dealix_lint.facts.levels import fold
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.shapes import Shapes, certain, filled
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.facts import (
    FROM_CLASS,
    FROM_CONFIGURATION,
    FROM_DECORATOR,
    NO_CLASSES,
    ClassTriple,
    ClassValue,
    Declared,
    Evidence,
    declared_from,
)
from dealix_lint.model.graph import Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.resolved import CallView, Decorator
from dealix_lint.model.settings import ClassifyEntry
from dealix_lint.model.text import Text

Classify = tuple[tuple[str, ClassifyEntry], ...]


class Declarations:
    """Evidence that holds for a whole function, innermost first."""

    __slots__ = (
        "_by_function",
        "_configured",
        "_markers",
        "_tasks",
        "defaults",
        "definitions",
        "has_configuration",
        "shapes",
        "sites",
        "telling",
    )

    def __init__(self, sites: Sites, shapes: Shapes, classify: Classify, tasks: tuple[str, ...]) -> None:
        """`tasks`: decorators that make a task of a function, and may be told its class."""
        self.sites = sites
        self.shapes = shapes
        self.defaults = Defaults(sites, shapes)
        stating = sites.vocabulary.defining(shapes.telling())
        self.telling = stating | sites.vocabulary.made_by(stating)  # names of what is defined with a class
        self.definitions: Definitions = shapes.definitions
        self._markers = PatternIndex((name, True) for name in shapes.policy.markers)
        self._tasks = PatternIndex((name, True) for name in tasks)
        self._configured = PatternIndex(classify)
        self.has_configuration = bool(classify)
        self._by_function: dict[ScopeId, tuple[Evidence, ...]] = {}

    def of_function(self, place: ScopeId) -> tuple[Evidence, ...]:
        """Evidence for the function at (module, scope)."""
        known = self._by_function.get(place)
        if known is None:
            owner = self.definitions.enclosing_class(place)
            found = [*self.of_decorators(place)]
            for base in self.definitions.mro(owner) if owner is not None else ():
                found += self.of_decorators(base)
                found += self.of_class_attributes(base)
            found += self._of_injected(place)
            for base in self._bases_of_task(place):
                found += [*self.of_decorators(base), *self.of_class_attributes(base)]
            known = self._by_function[place] = (*found, *self._of_configuration(place, owner))
        return known

    def layers(self, place: ScopeId) -> tuple[Declared, ...]:
        """What is declared for a function, the innermost first: what it and its class say together, and one by one what further
        decorators say again that are put around it."""
        name, layers = self.definitions.name(place), list[list[Evidence]]()
        for evidence in self.of_function(place):
            is_around = evidence.source == FROM_DECORATOR and evidence.function == name
            if not layers or (is_around and _say_the_same(layers[-1], evidence)):
                layers.append([])
            layers[-1].append(evidence)
        return tuple(map(declared_from, map(tuple, layers)))

    def _of_injected(self, place: ScopeId) -> Iterator[Evidence]:
        """Evidence in what fills a parameter: `Depends(classified(approval_class="A3"))`."""
        for call in injecting_calls(self.sites, place) if self.definitions.scope(place).kind == "function" else ():
            view = self.sites.view_at(call)
            classes = self._written(view) if view is not None else NO_CLASSES
            if view is not None and classes != NO_CLASSES:
                yield self._decorated(view.names, call, place, classes)

    def by_hand(self, node: int, callee: Place, call: CallView) -> Iterator[Evidence]:
        """Evidence in a decorator that was applied by hand to what a call of a node runs: `send = governed(approval_class="A2")(raw)`,
        also in the body of a class."""
        place = self.sites.scope_of(node)
        for origin in self._made_at(node, callee) if call.spelling in self.telling else ():
            applied = self.sites.instruction(origin)
            if applied[0] != ir.CALL or not applied[2]:
                continue
            decorator = Place(origin.module, origin.scope, applied[1])
            if self.sites.instruction(decorator)[0] != ir.CALL:
                yield from self._bound(decorator, place)
                view = self.sites.view_at(origin)
                made = self._made(view.names) if view is not None else NO_CLASSES
            else:
                view = self.sites.view_at(decorator)
                made = NO_CLASSES if view is None else self._written(view)
                made = self._made(view.names) if view is not None and made == NO_CLASSES else made
            if view is not None and made != NO_CLASSES:
                yield self._decorated(view.names, decorator, place, made)

    def _made_at(self, node: int, callee: Place) -> Iterator[Place]:
        """Where that which a call runs is made; of a member of an object, the places in the bodies of its class."""
        instruction = self.sites.instruction(callee)
        yield from self.sites.origins(callee)
        if instruction[0] != ir.ATTR:
            return
        for name, _ in self.sites.resolution.fields(node, instruction[1], frozenset()):
            owner = self.definitions.find(name)
            bases = self.definitions.mro(owner) if owner is not None else ()
            held = [(base, self.definitions.attribute_register(base, instruction[2])) for base in bases]
            member = next((Place(*base, register) for base, register in held if register >= 0), None)
            yield from self.sites.origins(member) if member is not None else ()

    def _bases_of_task(self, place: ScopeId) -> Iterator[ScopeId]:
        """The classes of the task that a decorator makes of a function: `@shared_task(base=GovernedTask)`."""
        if self.definitions.scope(place).kind != "function" or not self.definitions.scope(place).decorators:
            return
        for decorator in self.definitions.resolution.decorators(*place):
            for base in self.definitions.bases_of_task(decorator, self._tasks):
                yield from self.definitions.mro(base)

    def of_decorators(self, place: ScopeId) -> tuple[Evidence, ...]:
        """Evidence in the decorators of a function or class, the innermost decorator first."""
        if not self._may_state_classes(place):
            return ()
        decorators = self.definitions.resolution.decorators(*place)
        return tuple(evidence for d in reversed(decorators) for evidence in self._of_decorator(d, place))

    def _may_state_classes(self, place: ScopeId) -> bool:
        """A cheap look at the decorators before they are resolved: does one of them have arguments, or the name of
        something that is defined with a class?"""
        scope = self.definitions.scope(place)
        code = self.definitions.scope((place[0], max(scope.parent, 0))).code
        return any(_has_arguments(code, r) or _last_name(code, r) in self.telling for r in scope.decorators)

    def _of_decorator(self, decorator: Decorator, place: ScopeId) -> Iterator[Evidence]:
        classes = self._stated(decorator)
        if decorator.place.scope and self.definitions.scope((place[0], decorator.place.scope)).kind == "function":
            classes = certain(classes)
        if classes != NO_CLASSES:
            yield self._decorated(decorator.names, decorator.place, place, classes)
        elif not decorator.is_call:
            yield from self._bound(decorator.place, place)
        else:
            yield from self._named(decorator.place, place)

    def _named(self, decorator: Place, place: ScopeId) -> Iterator[Evidence]:
        """Evidence in the calls that make what a decorator is handed by name: `@app.post("/", dependencies=[Depends(REFUND)])`."""
        code = self.sites.code_of((decorator.module, decorator.scope))
        for part in sorted(code.closure((decorator.register,))):
            is_name = code.scope.code[part][0] in (ir.NAME, ir.FREE, ir.IMPORT_FROM)
            if is_name and _last_name(code.scope.code, part) in self.telling:
                yield from self._bound(Place(decorator.module, decorator.scope, part), place)

    def _decorated(self, names: tuple[str, ...], where: Place, place: ScopeId, classes: ClassTriple) -> Evidence:
        label = "@" + (last_segment(names[0]) if names else "decorator")
        return Evidence(FROM_DECORATOR, label, where, self.definitions.name(place), classes)

    def _bound(self, decorator: Place, place: ScopeId) -> Iterator[Evidence]:
        """Evidence in the calls that make what a variable holds: `governed_payment = governed(approval_class="A3")`. Those that
        a function returns say it, or the call of that function."""
        found = list(self._stated_by(self.sites.origins(decorator), place))
        yield from found or self._stated_by(self.sites.origins(decorator, into_calls=False), place)

    def _stated_by(self, origins: Iterable[Place], place: ScopeId) -> Iterator[Evidence]:
        for origin in origins:
            view = self.sites.view_at(origin) if self.sites.instruction(origin)[0] == ir.CALL else None
            if view is None:
                continue
            classes = self._written(view)
            classes = classes if classes != NO_CLASSES else self._made(view.names)
            if classes != NO_CLASSES:
                yield self._decorated(view.names, origin, place, classes)

    def _stated(self, decorator: Decorator) -> ClassTriple:
        """Classes among the arguments, then those of calls that it is handed (`@method_decorator(governed(...))`), then
        those of the decorator that a function of the project makes."""
        found = self._written(decorator)
        for handed in decorator.handed:
            found = filled(found, self._stated(handed))
        return found if found != NO_CLASSES else self._made(decorator.names)

    def _written(self, call: CallView | Decorator) -> ClassTriple:
        is_marker = any(self._markers.find(name) for name in call.names)
        bound = () if self._holds_arguments(call.place) else self.shapes.bound(call)
        found = self.shapes.read([*self.shapes.named(call), *bound], call.arguments, trusts_short=is_marker)
        return found if found == NO_CLASSES or all(found) else filled(found, self.defaults.of_parameters(call.names))

    def _holds_arguments(self, call: Place) -> bool:
        """Whether what is called was made by a call (a partial), so that its own positions are not those of the function."""
        instruction = self.sites.instruction(call)
        callee = Place(call.module, call.scope, instruction[1] if instruction[0] == ir.CALL else call.register)
        return any(self.sites.instruction(origin)[0] == ir.CALL for origin in self.sites.origins(callee))

    def _made(self, names: tuple[str, ...]) -> ClassTriple:
        """Classes in the calls that make what a decorator function returns."""
        found = NO_CLASSES
        for name in names if self.telling.intersection(map(last_segment, names)) else ():
            for node in self.sites.nodes_of(name):
                for view in self._returned_calls(node):
                    found = filled(found, self.shapes.read(self.shapes.named(view), view.arguments))
        return found

    def _returned_calls(self, node: int) -> Iterator[CallView]:
        code = self.sites.code(node)
        parts = code.closure(i[1] for i in code.scope.code if i[0] == ir.RETURN)
        return (view for register, view in self.sites.calls(node).items() if register in parts)

    def of_class_attributes(self, owner: ScopeId) -> Iterator[Evidence]:
        """What a class says in its own attributes."""
        for name in self.definitions.attributes(owner):
            axis = self.shapes.long_axis(name)
            evidence = None if axis is None else self._of_attribute(owner, name, axis)
            if evidence is not None:
                yield evidence

    def _of_attribute(self, owner: ScopeId, name: str, axis: int) -> Evidence | None:
        value = fold(self.definitions.attributes(owner)[name], self.shapes.policy.axes[axis], self.definitions)
        if value is None or not (value.levels or value.invalid):
            return None  # a field, a column: it says that instances have a class, not which
        place = Place(*owner, self.definitions.attribute_register(owner, name))
        owner_name = self.definitions.name(owner)
        return Evidence(FROM_CLASS, f"{last_segment(owner_name)}.{name}", place, owner_name, _only(axis, value))

    def _of_configuration(self, place: ScopeId, owner: ScopeId | None) -> tuple[Evidence, ...]:
        name = self.definitions.name(place)
        candidates = [name]
        if owner is not None:
            candidates += [
                f"{self.definitions.name(base)}.{last_segment(name)}" for base in self.definitions.mro(owner)
            ]
        return self.configured(candidates, Place(*place, -1), name)

    def configured(self, names: list[str], place: Place, function: str) -> tuple[Evidence, ...]:
        """Evidence from `[tool.dealix-lint.classify]` for things of these names, or for what they are part of."""
        for name in names:
            while name:
                for entry in self._configured.find(name)[:1]:
                    classes = self._of_entry(entry)
                    return (
                        (Evidence(FROM_CONFIGURATION, "configuration", place, function, classes),)
                        if any(classes)
                        else ()
                    )
                name = name.rpartition(".")[0]
        return ()

    def _of_entry(self, entry: ClassifyEntry) -> ClassTriple:
        axes = self.shapes.policy.axes
        stated = (entry.approval, entry.reversibility, entry.sensitivity)
        values = [
            None if text is None else fold((Text((text,)),), axis, self.definitions)
            for text, axis in zip(stated, axes, strict=True)
        ]
        return values[0], values[1], values[2]


def _say_the_same(layer: list[Evidence], evidence: Evidence) -> bool:
    """Whether a declaration states a class that one of a layer has stated."""
    return any(a and b for inner in layer for a, b in zip(inner.classes, evidence.classes, strict=True))


def _has_arguments(code: tuple[Instruction, ...], register: int) -> bool:
    """Whether a decorator, or a call that makes what it is (`rated = partial(...)`), has arguments."""
    instruction = code[register]
    return instruction[0] == ir.CALL and bool(instruction[2] or instruction[3] or _has_arguments(code, instruction[1]))


def _last_name(code: tuple[Instruction, ...], register: int) -> str:
    """The last name written in a decorator, or in what it calls."""
    instruction = code[register]
    if instruction[0] == ir.CALL:
        return _last_name(code, instruction[1])
    index = {ir.NAME: 1, ir.ATTR: 2, ir.IMPORT_FROM: 3, ir.FREE: 1}.get(instruction[0], 0)
    return str(instruction[index])


def _only(axis: int, value: ClassValue) -> ClassTriple:
    return value if axis == 0 else None, value if axis == 1 else None, value if axis == 2 else None
