"""Knowledge from `rules/`, the user's packs and the settings, validated. Imported only where none is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.effects import load_effects
from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.catalog.policy import adapt, load_policy
from dealix_lint.catalog.stray import stray_files
from dealix_lint.engine.consistency import unknown_providers, wrong_levels
from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.settings import Settings

V = TypeVar("V")


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
