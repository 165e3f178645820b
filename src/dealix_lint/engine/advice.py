"""What a user should know about settings that are right and yet do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import exists
from pathlib import Path
from typing import Final

from dealix_lint.config.validate import KEY
from dealix_lint.engine.configuration import known_codes
from dealix_lint.model.settings import Settings

_READ_BY: Final = {
    "thresholds": "DLX401",
    "register": "DLX701",
    "flows.*.checkpoint": "DLX406",
}
"""The rules that settings are for, where it is a single one (or the first of a family)."""


def advice(settings: Settings, root: Path) -> Iterator[str]:
    """One line for each setting that nothing reads in this version, and for a baseline that is still to be written."""
    missing = set(_READ_BY.values()) - known_codes()
    unread = [key for key in _used(settings) if _READ_BY[key] in missing]
    if unread:
        yield f"no rule of this version reads {', '.join(f'{KEY}.{key}' for key in unread)}"
    if settings.baseline and not exists(root / settings.baseline):
        yield (
            f"{KEY}.baseline: there is no file {settings.baseline!r} yet;"
            " `dealix-lint check --write-baseline` writes it"
        )


def _used(settings: Settings) -> Iterator[str]:
    for key in ("thresholds", "register"):
        if getattr(settings, key):
            yield key
    if any(flow.checkpoint for _, flow in settings.flows):
        yield "flows.*.checkpoint"
