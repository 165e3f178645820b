"""The inventory as values; exactly what `dealix-lint/inventory/1` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """One start from which an effect is reached: its id and mechanism, the functions of the shortest chain from it to the
    effect, how each but the first of them is entered ("call" | "dispatch"), and the mechanism that the effect itself runs
    in on that chain."""

    entry_point: str
    mechanism: str
    chain: tuple[str, ...]
    edges: tuple[str, ...]
    runs_in: str = ""


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
    """An entry point, and the file that it stands in."""

    id: str
    function: str
    mechanism: str
    detail: str
    path: str


@dataclass(frozen=True, slots=True)
class MechanismRow:
    """How many functions of a file a mechanism runs: entry points, and what is dispatched to it."""

    mechanism: str
    path: str
    functions: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """All effects by place, all starts by id, and where the mechanisms are, by name and path."""

    effects: tuple[EffectRow, ...]
    entry_points: tuple[StartRow, ...]
    mechanisms: tuple[MechanismRow, ...] = ()

    def limited_to(self, paths: Iterable[str]) -> Inventory:
        """The effects in some files and folders ("" is the whole project), with the starts that stand there or lead to
        one of them."""
        wanted = tuple(paths)
        if "" in wanted:
            return self
        effects = tuple(effect for effect in self.effects if _is_in(effect.path, wanted))
        leading = {reach.entry_point for effect in effects for reach in effect.reached_from}
        starts = (start for start in self.entry_points if start.id in leading or _is_in(start.path, wanted))
        return Inventory(effects, tuple(starts), tuple(row for row in self.mechanisms if _is_in(row.path, wanted)))


def _is_in(path: str, wanted: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in wanted)
