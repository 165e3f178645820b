"""Everything the tool knows before it sees a project: rules, effects, frameworks, policy."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from dealix_lint.model.effect_rules import EffectRules
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.patterns import roots
from dealix_lint.model.plain import from_plain, to_plain
from dealix_lint.model.policy import Policy
from dealix_lint.model.rule import Rule

if TYPE_CHECKING:
    from dealix_lint.callgraph import FrameworkRules

_FAST: Final = 1
"""How hard to compress."""
INDEXED: Final = 4
"""Of how many sets of rules a process keeps the indexes: programs of a repository, and projects, mostly share theirs."""

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

    @property
    def framework_rules(self) -> FrameworkRules:
        """What the call graph goes by, the same for all parts of a project and for all projects with the same packs."""
        return _framework_rules(
            self.frameworks, self.effects.patterns, self.effects.telling_keys, self.effects.telling_words
        )

    @cached_property
    def encoded(self) -> bytes:
        """All of it in the form that is remembered and handed to other processes: reading and validating `rules/` takes ten
        times as long as reading this."""
        document = to_plain((tuple(self.rules.values()), self.effects, self.frameworks, self.policy))
        return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), _FAST)


def decoded(data: bytes) -> Knowledge:
    """What `Knowledge.encoded` wrote. Raises ValueError or TypeError for anything else."""
    try:
        rules, effects, frameworks, policy = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return Knowledge(
        {rule.code: rule for rule in (from_plain(Rule, row) for row in rules)},
        from_plain(EffectRules, effects),
        from_plain(Frameworks, frameworks),
        from_plain(Policy, policy),
    )


@lru_cache(maxsize=INDEXED)
def _framework_rules(
    frameworks: Frameworks,
    effect_patterns: tuple[str, ...],
    telling_keys: tuple[str, ...],
    telling_words: tuple[str, ...],
) -> FrameworkRules:
    from dealix_lint.callgraph import FrameworkRules

    return FrameworkRules(frameworks, effect_patterns, telling_keys, telling_words)


def _framework_patterns(frameworks: Frameworks) -> Iterator[str]:
    for unit in frameworks.units:
        yield from (*unit.decorators, *unit.bases)
    for dispatch in frameworks.dispatches:
        yield from dispatch.paths
    for returns in frameworks.returns:
        yield from returns.paths
