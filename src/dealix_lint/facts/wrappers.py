"""First-party code that runs around a function without being seen to call it: what library decorators make of it
(`@method_decorator(require_approval)`, `@wrapt.decorator`), the base class of a task, and
the methods by which a view handles its requests."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.sites import Sites
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import RequestNames
from dealix_lint.model.resolved import Decorator
from dealix_lint.model.text import Symbol, Text


class Wrappers:
    """Which functions run around one."""

    __slots__ = ("_adapting", "_following", "_handling", "_makers", "_tasks", "_units", "_views", "sites")

    def __init__(self, sites: Sites, names: RequestNames) -> None:
        self.sites = sites
        self._handling = names.handling
        self._following = names.following
        self._adapting, self._makers, self._tasks, self._views, self._units = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.adapting, names.makers, names.tasks, names.views, names.units)
        )

    def of(self, place: ScopeId) -> Iterator[str]:
        """Dotted names of what runs around the function at (module, scope)."""
        definitions = self.sites.definitions
        for decorator in self._decorators(place):
            yield from self._made_by(decorator)
            yield from self._adapted_by(decorator)
            yield from self._called_by(decorator)
        owner = definitions.enclosing_class(place)
        if owner is None or not any(map(self._views.find, definitions.resolution.bases(*owner)[1:])):
            return
        method = definitions.scope(place).name
        for base in definitions.mro(owner):
            for decorator in self._decorators(base):
                if not {method, *self._handling}.isdisjoint(_texts(decorator)):
                    yield from self._adapted_by(decorator)
            yield from (f"{definitions.name(base)}.{handling}" for handling in self._handling if handling != method)

    def _decorators(self, place: ScopeId) -> tuple[Decorator, ...]:
        is_decorated = bool(self.sites.definitions.scope(place).decorators)
        return self.sites.definitions.resolution.decorators(*place) if is_decorated else ()

    def _made_by(self, decorator: Decorator) -> Iterator[str]:
        """The decorator itself, where a library turned a function into it."""
        for name in decorator.names:
            place = self.sites.definitions.find(name)
            made = self._decorators(place) if place is not None else ()
            if any(self._makers.find(maker) for outer in made for maker in outer.names):
                yield name

    def _called_by(self, decorator: Decorator) -> Iterator[str]:
        """The method of a task's base class that calls it: `@shared_task(base=Approved)`."""
        for place in self.sites.definitions.bases_of_task(decorator, self._tasks):
            for base in self.sites.definitions.mro(place):
                yield f"{self.sites.definitions.name(base)}.__call__"

    def after(self, place: ScopeId) -> Iterator[str]:
        """Dotted names of what a framework runs after the function at (module, scope) has succeeded."""
        definitions = self.sites.definitions
        owners = [
            base
            for decorator in self._decorators(place)
            for base in self.sites.definitions.bases_of_task(decorator, self._tasks)
        ]
        owner = definitions.enclosing_class(place)
        if owner is not None and any(map(self._units.find, definitions.resolution.bases(*owner)[1:])):
            owners.append(owner)
        for base in owners:
            for method in self._following:
                names = (f"{definitions.name(one)}.{method}" for one in definitions.mro(base))
                yield from [name for name in names if definitions.find(name) is not None][:1]

    def _adapted_by(self, decorator: Decorator) -> Iterator[str]:
        """The wrapper in a decorator that is handed to another one."""
        if not decorator.arguments or not any(map(self._adapting.find, decorator.names)):
            return
        definitions = self.sites.definitions
        for value in decorator.arguments[0]:
            place = definitions.find(value.name) if isinstance(value, Symbol) else None
            scopes = definitions.program.summaries[place[0]].scopes if place is not None else ()
            for index, scope in enumerate(scopes):
                if place is not None and scope.parent == place[1] and scope.kind == "function":
                    yield definitions.name((place[0], index))


def _texts(decorator: Decorator) -> Iterator[str]:
    yield from (v.literal for _, values in decorator.keywords for v in values if isinstance(v, Text) and v.literal)
