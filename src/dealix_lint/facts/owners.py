"""Who runs a commitment: paths out of a graph with no boundary, and paths under the system of record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dealix_lint.facts.hooks import Hooks
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import DISPATCH_EDGE, Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import OwnershipRules
from dealix_lint.model.text import Text

Owners = tuple[tuple[str, str], ...]
_GRAPHS = frozenset(("langgraph", "langchain"))
"""Frameworks whose code people know as a graph's; that of the others is an agent's."""
_INSIDE, _ABOVE = 0, 1


class Ownership:
    """Declared owners of commitments and of functions."""

    __slots__ = ("_agents", "_declared", "_markers", "_owners", "has_plugin", "rules", "sites")

    def __init__(self, sites: Sites, rules: OwnershipRules, owners: Owners, hooks: Hooks) -> None:
        self.sites = sites
        self.rules = rules
        self._owners = owners
        self._markers = PatternIndex((name, True) for name in rules.markers)
        self._declared: dict[tuple[int, int], tuple[str, ...]] = {}
        self.has_plugin = hooks.is_called(rules.plugins)
        self._agents: frozenset[str] | None = None

    def owner_of(self, effect: Effect) -> str:
        """The mechanism that owns a commitment: as configured for the most specific match, else the policy's."""
        name = effect.name
        matching = [
            (pattern.count("*"), -len(pattern), owner) for pattern, owner in self._owners if fnmatchcase(name, pattern)
        ]
        return min(matching)[2] if matching else self.rules.owner

    def is_of_agent(self, function: str) -> bool:
        """Whether a function of the graph mechanism was handed to a framework for agents that has no graphs."""
        if self._agents is None:
            known: dict[str, set[str]] = {}
            for entry in self.sites.resolution.registrations():
                if entry.mechanism == self.rules.graph:
                    known.setdefault(entry.function, set()).add(entry.framework.partition(".")[0])
            self._agents = frozenset(name for name, frameworks in known.items() if _GRAPHS.isdisjoint(frameworks))
        return function in self._agents or function.rpartition(".")[0] in self._agents

    def has_declared_owner(self, effect: Effect) -> bool:
        """Whether the configuration names an owner of a commitment."""
        return any(fnmatchcase(effect.name, pattern) for pattern, _ in self._owners)

    def is_marked(self, node: int, effect: Effect) -> bool:
        """Whether a decorator of the function, or of its class, declares an owner of that commitment."""
        place = self.sites.scope_of(node)
        known = self._declared.get(place)
        if known is None:
            owner = self.sites.definitions.enclosing_class(place)
            places = [place] if owner is None else [place, owner]
            known = self._declared[place] = tuple(pattern for one in places for pattern in self._marked(one))
        return any(fnmatchcase(effect.name, pattern) for pattern in known)

    def _marked(self, place: tuple[int, int]) -> Iterator[str]:
        """Patterns of the commitments whose owner the decorators of a function or class declare."""
        if not self.sites.definitions.scope(place).decorators:
            return
        for decorator in self.sites.resolution.decorators(*place):
            names = [form for name in decorator.names for form in (name, last_segment(name))]
            if any(map(self._markers.find, names)):
                values = dict(decorator.keywords).get("commitment", ())
                patterns = [value.literal for value in values if isinstance(value, Text) and value.literal]
                yield from patterns or ["*/*/*"]


@dataclass(frozen=True, slots=True)
class FromGraph:
    """Paths from a unit of the graph mechanism to the effect with no boundary: no dispatch into the owner, no
    declared owner, and the graph itself does not run under the owner."""

    ownership: Ownership
    effect: Effect
    owner: str

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        is_declared = self.ownership.has_declared_owner(effect) or self.ownership.is_marked(node, effect)
        return None if is_declared else _INSIDE

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        if edge.kind == DISPATCH_EDGE and edge.mechanism in (self.owner, self.ownership.rules.owner):
            return None
        if phase == _ABOVE:
            return _ABOVE
        if edge.kind == DISPATCH_EDGE and edge.mechanism == self.ownership.rules.graph:
            return _ABOVE
        return None if self.ownership.is_marked(node, self.effect) else _INSIDE

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        if phase == _INSIDE:
            return entry.mechanism == self.ownership.rules.graph and not self.ownership.has_plugin
        return entry.mechanism not in (self.owner, self.ownership.rules.owner)


@dataclass(frozen=True, slots=True)
class UnderOwner:
    """Paths to the effect that begin in, or go through, a unit of the system of record."""

    owner: str

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return _INSIDE

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        return _ABOVE if edge.kind == DISPATCH_EDGE and edge.mechanism == self.owner else phase

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == _ABOVE or entry.mechanism == self.owner


@dataclass(frozen=True, slots=True)
class Inside:
    """Paths to the effect whose last mechanism is one of `mechanisms`, with no declared owner on the way out of it."""

    ownership: Ownership
    effect: Effect
    mechanisms: frozenset[str]

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return None if self.ownership.is_marked(node, effect) else _INSIDE

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        if phase == _ABOVE:
            return _ABOVE
        if edge.kind == DISPATCH_EDGE and edge.mechanism:
            return _ABOVE if edge.mechanism in self.mechanisms else None
        return None if self.ownership.is_marked(node, self.effect) else _INSIDE

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == _ABOVE or entry.mechanism in self.mechanisms
