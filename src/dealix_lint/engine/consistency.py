"""Settings that speak of what the rules define: levels of the policy, providers of the effect catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.config.mistakes import suggestion
from dealix_lint.config.validate import KEY
from dealix_lint.model.effect_rules import EffectRules
from dealix_lint.model.policy import Policy
from dealix_lint.model.settings import Settings

_AXES: Final = ("approval", "reversibility", "sensitivity")


def wrong_levels(settings: Settings, policy: Policy | None) -> Iterator[str]:
    """Classes in `classify` that the policy (None: it could not be read) does not know."""
    for name, entry in settings.classify if policy else ():
        for key, axis in zip(_AXES, policy.axes if policy else (), strict=True):
            level = getattr(entry, key)
            if level is not None and level not in axis.levels:
                yield f'{KEY}.classify."{name}".{key}: {level!r} is no level of {key}; use {", ".join(axis.levels)}'


def unknown_providers(settings: Settings, effects: EffectRules | None) -> Iterator[str]:
    """Providers in `owners` and `facades` that there is no rule for and that are no hosts either (None: the rules
    could not be read)."""
    known = frozenset(provider.id for provider in effects.providers) if effects else frozenset()
    named = [(f'{KEY}.owners."{name}"', name.split("/")[1]) for name, _ in settings.owners]
    named += [(f"{KEY}.facades.{name}", name) for name, _ in settings.facades]
    for key, name in named if known else ():
        is_a_pattern = any(sign in name for sign in "*?[.:")
        if not is_a_pattern and name not in known:
            advice = suggestion(name, known) or "; `dealix-lint inventory` shows those that the project uses"
            yield f"{key}: there is no provider {name!r}{advice}"
