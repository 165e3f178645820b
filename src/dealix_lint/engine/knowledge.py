"""Everything the tool knows before it sees a project: rules, effects, frameworks, policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.effects import load_effects
from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.catalog.policy import adapt, load_policy
from dealix_lint.model.effect_rules import EffectRules
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.patterns import expand, segments
from dealix_lint.model.policy import Policy
from dealix_lint.model.rule import Rule
from dealix_lint.model.settings import Settings

ANY_EFFECT: Final = {
    "effect": "the effect",
    "provider": "the provider",
    "kind": "the kind of effect",
    "approval": "A_",
    "reversibility": "R_",
    "sensitivity": "S_",
}
"""What stands for the fields of a rule's `how_to_fix` where it is about no effect in particular."""


@dataclass(frozen=True)
class Knowledge:
    """The catalogue by code, the effect and framework rules with the user's packs, and the policy with the user's
    names."""

    rules: dict[str, Rule]
    effects: EffectRules
    frameworks: Frameworks
    policy: Policy

    @cached_property
    def libraries(self) -> frozenset[str]:
        """Top-level names of the libraries that the rules speak of."""
        return frozenset(_libraries((*self.effect_patterns, *_framework_patterns(self.frameworks))))

    @cached_property
    def effect_patterns(self) -> tuple[str, ...]:
        """The access paths that the effect rules speak of."""
        symbols = (path for provider in self.effects.providers for s in provider.symbols for path in s.paths)
        return (*symbols, *(path for client in self.effects.clients for path in client.calls))


def load_knowledge(root: Path, settings: Settings) -> Knowledge:
    """Read `rules/` and what the settings add to it. Raises CatalogError with every mistake of every file."""
    rules = rules_folder()
    packs = [root / pack for pack in settings.packs]
    policy = adapt(load_policy(rules, settings.policy, root), settings)
    return Knowledge(load_rules(rules), load_effects(rules, packs), load_frameworks(rules, packs), policy)


def _framework_patterns(frameworks: Frameworks) -> Iterator[str]:
    for unit in frameworks.units:
        yield from (*unit.decorators, *unit.bases)
    for dispatch in frameworks.dispatches:
        yield from dispatch.paths
    for returns in frameworks.returns:
        yield from returns.paths


def _libraries(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        for pattern in expand(path):
            top = segments(pattern)[0].partition("(")[0]
            if top.isidentifier():
                yield top
