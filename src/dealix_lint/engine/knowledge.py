"""Everything the tool knows before it sees a project: rules, effects, frameworks, policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.effects import load_effects
from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.catalog.policy import adapt, load_policy
from dealix_lint.catalog.stray import stray_files
from dealix_lint.engine.consistency import unknown_providers, wrong_levels
from dealix_lint.model.effect_rules import EffectRules
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.patterns import roots
from dealix_lint.model.policy import Policy
from dealix_lint.model.rule import Rule
from dealix_lint.model.settings import Settings

V = TypeVar("V")

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
        """Top-level names of the libraries that the rules speak of. What the user named may well be the project's own."""
        own = frozenset(self.effects.named)
        paths = (path for path in self.effects.patterns if path not in own)
        named = roots((*paths, *_framework_patterns(self.frameworks)))
        return frozenset(name for name in named if name.isidentifier())

    @cached_property
    def hosts(self) -> dict[str, tuple[str, ...]]:
        """Where the providers are, by id; several files may speak of one provider."""
        found: dict[str, tuple[str, ...]] = {}
        for provider in self.effects.providers:
            found[provider.id] = (*found.get(provider.id, ()), *provider.hosts)
        return found


def load_knowledge(root: Path, settings: Settings) -> Knowledge:
    """Read `rules/` and what the settings add to it. Raises CatalogError with every mistake of every file, and of every
    setting that speaks of what they define."""
    shipped = rules_folder()
    packs = [root / pack for pack in settings.packs]
    mistakes: list[str] = list(stray_files(packs))
    rules = _attempt(lambda: load_rules(shipped), mistakes)
    effects = _attempt(lambda: load_effects(shipped, packs, settings.effects), mistakes)
    frameworks = _attempt(lambda: load_frameworks(shipped, packs), mistakes)
    policy = _attempt(lambda: load_policy(shipped, settings.policy, root), mistakes)
    mistakes += wrong_levels(settings, policy)
    mistakes += unknown_providers(settings, effects)
    if rules is None or effects is None or frameworks is None or policy is None or mistakes:
        raise CatalogError("\n".join(_shortened(mistakes, root)))
    return Knowledge(rules, effects, frameworks, adapt(policy, settings))


def _attempt(load: Callable[[], V], mistakes: list[str]) -> V | None:
    try:
        return load()
    except CatalogError as error:
        mistakes.extend(str(error).splitlines())
        return None


def _shortened(mistakes: Iterable[str], root: Path) -> Iterator[str]:
    """Without the project's folder before the files in it."""
    return (mistake.removeprefix(f"{root}/") for mistake in mistakes)


def _framework_patterns(frameworks: Frameworks) -> Iterator[str]:
    for unit in frameworks.units:
        yield from (*unit.decorators, *unit.bases)
    for dispatch in frameworks.dispatches:
        yield from dispatch.paths
    for returns in frameworks.returns:
        yield from returns.paths
