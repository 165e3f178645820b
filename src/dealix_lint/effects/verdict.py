"""What one external call is judged to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dealix_lint.model.effect_rules import TELEMETRY, TOKEN, Floor, Operation, Provider, Symbols
from dealix_lint.model.effects import (
    COMMITMENTS,
    CONTRACT,
    EXTERNAL_READ,
    EXTERNAL_WRITE,
    LLM,
    MESSAGING,
    PAYMENT,
)

_GRAVITY: Final = (EXTERNAL_READ, LLM, EXTERNAL_WRITE, MESSAGING, CONTRACT, PAYMENT)
_LEAST: Final = ("R0", "S0")


@dataclass(frozen=True, slots=True)
class Verdict:
    """An effect without its place. `is_told`: what it is was told by a service that is known or by what is sent where. `others`:
    providers that the same request may go to instead."""

    kind: str
    provider: str
    operation: str
    confidence: int
    reason: str
    reversibility: str
    sensitivity: str
    is_told: bool = True
    others: tuple[str, ...] = ()

    @property
    def gravity(self) -> tuple[bool, str, int]:
        """Orders verdicts: commitments above the rest, then by their floor, then by kind."""
        return (self.kind in COMMITMENTS, self.reversibility, _GRAVITY.index(self.kind))


class Floors:
    """The policy's floors per kind of effect."""

    __slots__ = ("_by_kind",)

    def __init__(self, floors: Iterable[Floor]) -> None:
        """Kinds without a floor have the least classes."""
        self._by_kind = {floor.kind: (floor.reversibility, floor.sensitivity) for floor in floors}

    def of(self, kind: str, provider: Provider, outcome: Operation | Symbols | None) -> tuple[str, str]:
        """Reversibility and sensitivity: the operation's own, else its provider's (for the provider's kind), else the
        kind's."""
        reversibility, sensitivity = self._by_kind.get(kind, _LEAST)
        if kind == provider.kind:
            reversibility, sensitivity = provider.reversibility or reversibility, provider.sensitivity or sensitivity
        if outcome is None:
            return reversibility, sensitivity
        return outcome.reversibility or reversibility, outcome.sensitivity or sensitivity


def outcome_kind(provider: Provider, outcome: Operation | Symbols | None) -> str | None:
    """The kind of an operation of a provider; None where that is no effect (telemetry)."""
    kind = (outcome.kind if outcome else "") or provider.kind
    return None if kind == TELEMETRY else EXTERNAL_READ if kind == TOKEN else kind
