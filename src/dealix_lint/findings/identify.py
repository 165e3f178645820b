"""Order and fingerprints of findings before their positions are known."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dealix_lint.model.findings import EffectLabel, RawFinding


@dataclass(frozen=True, slots=True)
class Described:
    """A raw finding with the label of its effect, and how to fix it ("" if unknown)."""

    raw: RawFinding
    effect: EffectLabel | None = None
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """What is described, with its fingerprint."""

    raw: RawFinding
    fingerprint: str
    effect: EffectLabel | None
    fix: str = ""


def identify(described: Iterable[Described]) -> tuple[Identified, ...]:
    """All findings in the order of their files and places, each with a fingerprint.

    A fingerprint is made of code, function, effect, key and an ordinal among equals: moving lines about does not change
    it."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for one in sorted(described, key=lambda one: _order(one.raw)):
        raw = one.raw
        identity = (raw.code, raw.function, str(one.effect or ""), raw.key)
        found.append(Identified(raw, fingerprint(*identity, str(seen[identity])), one.effect, one.fix))
        seen[identity] += 1
    return tuple(found)


def fingerprint(*identity: str) -> str:
    """Sixteen hex digits for an identity."""
    return hashlib.blake2b(json.dumps(identity).encode(), digest_size=8).hexdigest()


def _order(finding: RawFinding) -> tuple[object, ...]:
    place = (finding.place.scope, finding.place.register) if finding.place else finding.position
    return (finding.path, place, finding.code, finding.key, finding.message)
