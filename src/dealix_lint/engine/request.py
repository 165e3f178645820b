"""What a face asks of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is going on: a stage in words, how much of it is done, and of how much (0: not known)."""


def silent(stage: str, done: int, total: int) -> None:
    """The progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a face changes about the settings of a project; None and empty change nothing.

    `select` replaces the configured one, `ignore` and `extend_select` add to it; without `use_baseline` nothing is
    silenced by the configured one."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_confidence: str | None = None
    fail_on: str | None = None
    jobs: int | None = None
    use_baseline: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A question about some paths. `config` is a TOML file to read settings from instead of the project's
    pyproject.toml, `overlay` maps absolute paths to unsaved content."""

    paths: tuple[Path, ...] = (Path(),)
    config: Path | None = None
    overrides: Overrides = Overrides()
    overlay: Mapping[Path, bytes] = field(default_factory=dict)
    use_store: bool = True
    progress: Progress = silent
