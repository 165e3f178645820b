"""Who acts in a function, as its decorators, its class, its calls or the configuration say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import last_segment, snake
from dealix_lint.facts.owners import Ownership
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import DISPATCH_EDGE, Edge, Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import ActorNames
from dealix_lint.model.settings import ClassifyEntry
from dealix_lint.model.text import ArgumentValue, Symbol, Text


@dataclass(frozen=True, slots=True)
class Actor:
    """A declared actor: its type, how to print the declaration, where it stands and whose it is."""

    kind: str
    label: str
    place: Place
    function: str


class Actors:
    """Actors that are forbidden to commit, by function and call site."""

    __slots__ = ("_by_function", "_configured", "_forbidden", "_keyword", "_spellings", "sites")

    def __init__(self, sites: Sites, names: ActorNames, classify: tuple[tuple[str, ClassifyEntry], ...]) -> None:
        self.sites = sites
        self._keyword = snake(names.keyword)
        head, *rest = self._keyword.split("_")
        self._spellings = frozenset({names.keyword, self._keyword, head + "".join(map(str.title, rest))})
        self._forbidden = {snake(kind): kind for kind in names.forbidden}
        self._configured = PatternIndex((name, entry) for name, entry in classify if entry.actor)
        self._by_function: dict[ScopeId, Actor | None] = {}

    def at(self, node: int, register: int) -> Actor | None:
        """The forbidden actor that leaves a function by a call site, if one is declared."""
        place = self.sites.scope_of(node)
        if place not in self._by_function:
            self._by_function[place] = next(self._of_function(place), None)
        return self._by_function[place] or self._before(node, register)

    def _of_function(self, place: ScopeId) -> Iterator[Actor]:
        definitions = self.sites.definitions
        yield from self._of_decorators(place)
        owner = definitions.enclosing_class(place)
        for base in definitions.mro(owner) if owner is not None else ():
            yield from self._of_decorators(base)
            declared = [name for name in definitions.attributes(base) if snake(name) == self._keyword]
            for name in declared:
                for kind in self._kinds(definitions.attributes(base)[name]):
                    function = definitions.name(base)
                    register = definitions.attribute_register(base, name)
                    yield Actor(kind, f"{last_segment(function)}.{name}", Place(*base, register), function)
            if declared:
                break
        yield from self._of_configuration(definitions.name(place), place)

    def _of_decorators(self, place: ScopeId) -> Iterator[Actor]:
        scope = self.sites.definitions.scope(place)
        code = self.sites.definitions.scope((place[0], max(scope.parent, 0))).code
        for register in scope.decorators:
            if code[register][0] != ir.CALL:
                yield from self._of_variable(Place(place[0], scope.parent, register), place)
        if not any(self._may_state(code[register]) for register in scope.decorators):
            return
        for decorator in self.sites.resolution.decorators(*place):
            for kind in self._stated(decorator.keywords):
                label = "@" + (last_segment(decorator.names[0]) if decorator.names else "decorator")
                yield Actor(kind, label, decorator.place, self.sites.definitions.name(place))

    def _of_variable(self, decorator: Place, place: ScopeId) -> Iterator[Actor]:
        """A decorator that a variable holds: `observing = governed(actor_type="observer_agent")`."""
        for origin in self.sites.origins(decorator):
            view = self.sites.view_at(origin) if self._may_state(self.sites.instruction(origin)) else None
            for kind in self._stated(view.keywords) if view is not None else ():
                label = "@" + (last_segment(view.names[0]) if view is not None and view.names else "decorator")
                yield Actor(kind, label, origin, self.sites.definitions.name(place))

    def _may_state(self, instruction: Instruction) -> bool:
        """A cheap look at a decorator before it is resolved: does it have the keyword, or keywords from elsewhere?"""
        return instruction[0] == ir.CALL and any(
            name is None or snake(name) == self._keyword for name, _ in instruction[3]
        )

    def _of_configuration(self, name: str, place: ScopeId) -> Iterator[Actor]:
        part = name
        while part:
            for entry in self._configured.find(part)[:1]:
                kind = self._forbidden.get(snake(entry.actor or ""))
                if kind:
                    yield Actor(kind, "configuration", Place(*place, -1), name)
                return
            part = part.rpartition(".")[0]

    def _before(self, node: int, register: int) -> Actor | None:
        """A packet with the actor that is made on every way to the call, or the call itself."""
        if register == NO_SITE or self._spellings.isdisjoint(self.sites.words(node)):
            return None
        flow = self.sites.flow(node)
        for site, view in self.sites.calls(node).items():
            for kind in self._stated(view.keywords):
                if site == register or flow.dominates(site, register):
                    function = self.sites.graph.nodes[node].function
                    return Actor(kind, f"{view.spelling or 'call'}(...)", view.place, function)
        return None

    def _stated(self, keywords: Iterable[tuple[str, tuple[ArgumentValue, ...]]]) -> Iterator[str]:
        for name, values in keywords:
            if snake(name) == self._keyword:
                yield from self._kinds(values)

    def _kinds(self, values: tuple[ArgumentValue, ...]) -> Iterator[str]:
        """Forbidden types, where a value can be nothing else."""
        kinds = [self._forbidden.get(snake(_text(value))) for value in values]
        if kinds and all(kinds):
            yield next(kind for kind in kinds if kind)


def _text(value: ArgumentValue) -> str:
    if isinstance(value, Text):
        return value.literal or ""
    return last_segment(value.name) if isinstance(value, Symbol) else ""


class Committing:
    """Paths from code of a forbidden actor to an effect with no boundary between. `met`: the declarations met, with
    the step at which each is in force."""

    __slots__ = ("actors", "effect", "met", "owners", "ownership", "sites")

    def __init__(self, sites: Sites, actors: Actors, ownership: Ownership, effect: Effect) -> None:
        self.sites, self.actors, self.ownership, self.effect = sites, actors, ownership, effect
        self.owners = frozenset({ownership.owner_of(effect), ownership.rules.owner})
        self.met: dict[tuple[int, int], Actor] = {}

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`: 0 within the boundary, 1 above a forbidden actor."""
        return self._at(node, self.sites.register(node, effect.call))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `leave`."""
        if phase == 1:
            return 1
        if edge.kind == DISPATCH_EDGE and edge.mechanism in self.owners:
            return None
        return self._at(node, self.sites.register(node, edge.place))

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == 1

    def _at(self, node: int, register: int) -> int | None:
        if self.ownership.is_marked(node, self.effect):
            return None
        actor = self.actors.at(node, register)
        if actor is None:
            return 0
        self.met[node, register] = actor
        return 1
