"""The inventory as values; exactly what `dealix-lint/inventory/1` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """One start from which an effect is reached: its id and mechanism, the functions of the shortest chain from it to the effect, and
    how each but the first of them is entered ("call" | "dispatch")."""

    entry_point: str
    mechanism: str
    chain: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """The three classes declared for an effect, the weakest where paths differ; None where one is not declared."""

    approval: str | None
    reversibility: str | None
    sensitivity: str | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """An effect with everything that leads to it."""

    path: str
    line: int
    end_line: int
    function: str
    kind: str
    provider: str
    operation: str
    confidence: str
    recognised_by: str
    classes: Classes | None
    reached_from: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class StartRow:
    """An entry point."""

    id: str
    function: str
    mechanism: str
    detail: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All effects by place and all starts by id."""

    effects: tuple[EffectRow, ...]
    entry_points: tuple[StartRow, ...]
