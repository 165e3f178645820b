"""Order and fingerprints of findings before their positions are known."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import EffectLabel, RawFinding


@dataclass(frozen=True, slots=True)
class Identified:
    """A raw finding with its fingerprint, the label of its effect, and how to fix it ("" as long as nobody said)."""

    raw: RawFinding
    fingerprint: str
    effect: EffectLabel | None
    fix: str = ""


def identify(raw: Iterable[RawFinding], effects: Sequence[Effect]) -> tuple[Identified, ...]:
    """All findings in the order of their files and places, each with a fingerprint.

    A fingerprint is made of code, function, effect, key and an ordinal among equals: moving lines about does not change
    it."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in sorted(raw, key=_order):
        effect = effects[finding.effect] if finding.effect >= 0 else None
        label = EffectLabel(effect.kind, effect.provider, effect.operation) if effect else None
        identity = (finding.code, finding.function, str(label or ""), finding.key)
        found.append(Identified(finding, fingerprint(*identity, str(seen[identity])), label))
        seen[identity] += 1
    return tuple(found)


def fingerprint(*identity: str) -> str:
    """Sixteen hex digits for an identity."""
    return hashlib.blake2b(json.dumps(identity).encode(), digest_size=8).hexdigest()


def _order(finding: RawFinding) -> tuple[object, ...]:
    place = (finding.place.scope, finding.place.register) if finding.place else finding.position
    return (finding.path, place, finding.code, finding.key, finding.message)
