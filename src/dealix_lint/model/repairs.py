"""Changes to the code that make a finding go away, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from dealix_lint.model.graph import Place

Applicability: TypeAlias = Literal["safe", "unsafe"]
SAFE: Final = "safe"
UNSAFE: Final = "unsafe"
Keywords: TypeAlias = tuple[tuple[str, str], ...]
"""Names with the code of their values."""


@dataclass(frozen=True, slots=True)
class Decorate:
    """Put a decorator `name(keywords)`, imported from `module`, next to the `def` at a place."""

    place: Place
    module: str
    name: str
    keywords: Keywords


@dataclass(frozen=True, slots=True)
class AddKeywords:
    """Pass further keywords in the call at a place. Not `is_safe`: the values may not mean the same there."""

    place: Place
    keywords: Keywords
    is_safe: bool = True


@dataclass(frozen=True, slots=True)
class AddAttributes:
    """Assign further class attributes below the one at a place."""

    place: Place
    attributes: Keywords


@dataclass(frozen=True, slots=True)
class DropCodes:
    """Take codes out of the suppression comment at a line and column (1-based); the comment goes with the last one."""

    line: int
    column: int
    codes: tuple[str, ...]


Repair: TypeAlias = Decorate | AddKeywords | AddAttributes | DropCodes


def place_of(repair: Repair | None) -> Place | None:
    """Where a repair is made; None for a comment, which knows it itself, and for no repair."""
    return None if repair is None or isinstance(repair, DropCodes) else repair.place


def applicability(repair: Repair | None) -> Applicability | None:
    """SAFE, UNSAFE, or None where there is no repair."""
    if repair is None:
        return None
    return UNSAFE if isinstance(repair, AddKeywords) and not repair.is_safe else SAFE
