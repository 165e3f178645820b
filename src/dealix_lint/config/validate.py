"""From the raw table to `Settings`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealix_lint.config.document import Table
from dealix_lint.config.mistakes import describe, suggestion
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.settings import ClassifyEntry, FlowClass, PathSettings, Settings

KEY = "tool.dealix-lint"


def validate(table: Table, origin: Path) -> Settings:
    """The settings that a table says. `origin` is its file, for messages.

    Raises ConfigError with all mistakes at once, each with its TOML key. pydantic is imported only here, and only for a
    table that says something."""
    if not table:
        return Settings()
    from pydantic import ValidationError

    from dealix_lint.config.schema import SettingsTable

    try:
        checked = SettingsTable.model_validate(table)
    except ValidationError as error:
        raise mistakes_error(origin, describe(error, SettingsTable, KEY)) from error
    values = {name: value for name, value in checked if name not in _CONVERTED and value is not None}
    limits = {"task-duration": checked.thresholds.task_duration} if checked.thresholds else {}
    return Settings(
        **values,
        register=checked.register_ or "",
        severity=tuple(sorted(checked.severity.items())),
        facades=tuple(sorted(checked.facades.items())),
        owners=tuple(sorted(checked.owners.items())),
        flows=tuple((name, FlowClass(flow.run, flow.checkpoint)) for name, flow in sorted(checked.flows.items())),
        classify=tuple((name, ClassifyEntry(**dict(entry))) for name, entry in sorted(checked.classify.items())),
        thresholds=tuple((name, seconds) for name, seconds in limits.items() if seconds is not None),
        per_path=tuple(
            (glob, PathSettings(entry.ignore, tuple(sorted(entry.severity.items()))))
            for glob, entry in sorted(checked.per_path.items())
        ),
    )


_CONVERTED = frozenset({"register_", "severity", "facades", "owners", "flows", "classify", "thresholds", "per_path"})


def mistakes_error(origin: Path, mistakes: Sequence[str]) -> ConfigError:
    """One error for all mistakes of a file."""
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return ConfigError("\n".join((f"{origin}: {count} in the configuration:", *(f"  {line}" for line in mistakes))))


def check_against_project(settings: Settings, root: Path, codes: frozenset[str]) -> tuple[str, ...]:
    """Mistakes that only the project and the catalogue can tell: folders and files that do not exist, codes that
    there are none of. One line each, with the TOML key."""
    found = [*_missing_paths(settings, root), *_unknown_codes(settings, codes)]
    return tuple(sorted(found))


def _missing_paths(settings: Settings, root: Path) -> list[str]:
    found = []
    for key, folders in (("roots", settings.roots), ("packs", settings.packs)):
        for number, folder in enumerate(folders, 1):
            if not (root / folder).is_dir():
                found.append(f"{KEY}.{key}[{number}]: there is no folder {folder!r} in {root}")
    if settings.policy.endswith(".toml") and not (root / settings.policy).is_file():
        found.append(f"{KEY}.policy: there is no file {settings.policy!r} in {root}")
    return found


def _unknown_codes(settings: Settings, codes: frozenset[str]) -> list[str]:
    named = [(f"{KEY}.{key}", chosen) for key, chosen in _selections(settings)]
    named += [(f"{KEY}.severity", tuple(code for code, _ in settings.severity))]
    for glob, entry in settings.per_path:
        named += [(f'{KEY}.per-path."{glob}".ignore', entry.ignore)]
        named += [(f'{KEY}.per-path."{glob}".severity', tuple(code for code, _ in entry.severity))]
    return [
        f"{key}: there is no code {code}{suggestion(code, codes)}"
        for key, chosen in named
        for code in chosen
        if codes and not any(known.startswith(code) for known in codes)
    ]


def _selections(settings: Settings) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("select", settings.select),
        ("extend-select", settings.extend_select),
        ("ignore", settings.ignore),
    )
