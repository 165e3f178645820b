"""What a check is given, and how it says something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from dealix_lint.checks.words import Words
from dealix_lint.facts import Facts
from dealix_lint.facts.paths import Found, trace
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.findings import RawFinding, Step
from dealix_lint.model.graph import Place
from dealix_lint.model.policy import Policy
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.rule import Rule
from dealix_lint.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Way:
    """A path that was found to an effect, and the effect's index (-1: what it leads to is no effect)."""

    effect: Effect
    found: Found
    index: int = -1


@dataclass(frozen=True, slots=True)
class Context:
    """An analysed program, the policy it is held against, and the catalogue."""

    resolution: Resolution
    effects: tuple[Effect, ...]
    entry_points: tuple[EntryPoint, ...]
    policy: Policy
    settings: Settings
    rules: Mapping[str, Rule]
    facts: Facts
    words: Words
    hosts: Mapping[str, tuple[str, ...]]
    """Host patterns of the providers that the effect rules know, by id."""

    @property
    def commitments(self) -> Iterator[tuple[int, Effect]]:
        """The effects that the policy governs, with their indexes."""
        return ((index, effect) for index, effect in enumerate(self.effects) if effect.is_commitment)

    def path_of(self, place: Place) -> str:
        """The file of a place."""
        return self.resolution.program.sources[place.module].path

    def trace(self, effect: Effect, found: Found) -> tuple[Step, ...]:
        """The steps of a found path."""
        return trace(self.resolution.graph, effect, found.entry, found.start, found.edges)

    def start(self, found: Found) -> str:
        """Where a found path starts, in words; of the handler classes that share a start, the one it goes through."""
        nodes = self.resolution.graph.nodes
        functions = [nodes[edge.target].function.split(".") for edge in found.edges]
        return self.words.start(found.entry, [parts[-2] for parts in functions if len(parts) > 1])

    def at_effect(self, code: str, index: int, found: Found, message: str, severity: str = "") -> RawFinding:
        """A finding at the call of an effect, with the path that shows it."""
        effect = self.effects[index]
        confidence = min(effect.confidence, found.confidence)
        way = Way(effect, found, index)
        finding = self.at(code, effect.place, effect.function, message, confidence, way)
        return replace(finding, severity=severity) if severity else finding

    def at(
        self, code: str, place: Place, function: str, message: str, confidence: int, way: Way | None = None
    ) -> RawFinding:
        """A finding anywhere in a function, with the way to show for it."""
        return RawFinding(
            code=code,
            message=message,
            place=place,
            path=self.path_of(place),
            function=function,
            severity=self.rules[code].severity,
            confidence=confidence,
            effect=-1 if way is None else way.index,
            entry_points=0 if way is None else way.found.entry_points,
            starts=frozenset() if way is None else way.found.starts,
            trace=() if way is None else self.trace(way.effect, way.found),
        )


Check = Callable[[Context], Iterator[RawFinding]]
"""A check: everything one code has to say about a program."""


def make_context(
    resolution: Resolution,
    effects: tuple[Effect, ...],
    entry_points: tuple[EntryPoint, ...],
    policy: Policy,
    settings: Settings,
    rules: Mapping[str, Rule],
    titles: Mapping[str, str] | None = None,
    hosts: Mapping[str, tuple[str, ...]] | None = None,
    clients: tuple[str, ...] = (),
) -> Context:
    """The context of a program. `titles`: how people call the providers, `hosts`: where they are, by id; `clients`: access
    paths of HTTP clients."""
    facts = Facts(resolution, effects, entry_points, policy, settings, clients)
    return Context(resolution, effects, entry_points, policy, settings, rules, facts, Words(titles or {}), hosts or {})
