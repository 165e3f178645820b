"""From the raw table to `Settings`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dealix_lint.config.document import Table
from dealix_lint.config.mistakes import describe
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.settings import ClassifyEntry, EffectEntry, FlowClass, PathSettings, Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from dealix_lint.config.schema import SettingsTable

KEY = "tool.dealix-lint"
_WITH_REQUIRED_KEYS: Final = frozenset({"effects"})
"""Tables of tables some keys of which have no default."""


def validate(table: Table, origin: Path) -> Settings:
    """The settings that a table says. `origin` is its file, for messages.

    Raises ConfigError with all mistakes at once, each with its TOML key."""
    settings, mistakes = read_settings(table)
    if mistakes:
        raise mistakes_error(origin, mistakes)
    return settings


def read_settings(table: Table) -> tuple[Settings, tuple[str, ...]]:
    """What of a table is right, as settings, and one line for everything else. pydantic is imported only here, and
    only for a table that says something."""
    if not table:
        return Settings(), ()
    from pydantic import ValidationError

    from dealix_lint.config.schema import SettingsTable

    mistakes: set[str] = set()
    rest = table
    while True:
        try:
            return _settings(SettingsTable.model_validate(rest)), tuple(sorted(mistakes))
        except ValidationError as error:
            mistakes.update(describe(error, SettingsTable, KEY))
            locations = dict.fromkeys(_to_remove(item) for item in error.errors())
            for location in reversed(locations):  # later items of a list first, so that the numbers stay true
                rest = _without(rest, location)


def _to_remove(item: ErrorDetails) -> tuple[int | str, ...]:
    """Where the mistake stands; in a table with keys that must be there, the whole of it."""
    location = tuple(part for part in item["loc"] if part != "[key]")
    return location[:2] if location[0] in _WITH_REQUIRED_KEYS else location


def _without(table: Any, location: tuple[int | str, ...]) -> Any:
    """A table or list without what stands at a location in it."""
    key, *below = location
    if isinstance(table, list):
        return [item for number, item in enumerate(table) if number != key]
    if below and isinstance(table.get(key), dict | list):
        return {**table, key: _without(table[key], tuple(below))}
    return {name: value for name, value in table.items() if name != key}


def _settings(checked: SettingsTable) -> Settings:
    values = {name: value for name, value in checked if name not in _CONVERTED and value is not None}
    limits = {"task-duration": checked.thresholds.task_duration} if checked.thresholds else {}
    return Settings(
        **values,
        register=checked.register_ or "",
        severity=tuple(sorted(checked.severity.items())),
        facades=tuple(sorted(checked.facades.items())),
        owners=tuple(sorted(checked.owners.items())),
        effects=tuple((name, EffectEntry(**dict(entry))) for name, entry in sorted(checked.effects.items())),
        flows=tuple((name, FlowClass(flow.run, flow.checkpoint)) for name, flow in sorted(checked.flows.items())),
        classify=tuple((name, ClassifyEntry(**dict(entry))) for name, entry in sorted(checked.classify.items())),
        thresholds=tuple((name, seconds) for name, seconds in limits.items() if seconds is not None),
        per_path=tuple(
            (glob, PathSettings(entry.ignore, tuple(sorted(entry.severity.items()))))
            for glob, entry in sorted(checked.per_path.items())
        ),
    )


_CONVERTED = frozenset(
    {"register_", "severity", "facades", "owners", "effects", "flows", "classify", "thresholds", "per_path"}
)


def mistakes_error(origin: Path, mistakes: Iterable[str]) -> ConfigError:
    """One error for all mistakes of a configuration and of the rules it names."""
    lines = sorted(set(mistakes))
    count = "1 mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    is_about_settings = any(line.startswith(KEY) for line in lines)
    where = f"{origin}: {count} in the configuration" if is_about_settings else f"{count} in the rules"
    return ConfigError("\n".join((f"{where}:", *(f"  {line}" for line in lines))))
