"""What the catalogue knows, in rows, for people and programs to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperationRow:
    """Something a provider does, and how it is recognised: `how` is a request (method and URL path) or an access path.
    `reversibility` and `sensitivity` are its floors, the kind's where the rule has none; empty where the policy has none
    either."""

    how: str
    operation: str
    kind: str
    reversibility: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider: its id and title, the kind of a write to it, what tells it (host globs, words of settings), the files it
    is described in, and what it does."""

    id: str
    title: str
    kind: str
    hosts: tuple[str, ...]
    settings: tuple[str, ...]
    origins: tuple[str, ...]
    operations: tuple[OperationRow, ...]
    symbols: tuple[OperationRow, ...]


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework and the file it is described in."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Providers by id and frameworks by name."""

    providers: tuple[ProviderRow, ...]
    frameworks: tuple[FrameworkRow, ...]
