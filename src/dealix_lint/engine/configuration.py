"""The settings of a project: its table, validated once, with what the request changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dealix_lint.catalog.locate import rules_folder
from dealix_lint.config.codec import decode_settings, encode_settings
from dealix_lint.config.document import Table, read_table
from dealix_lint.config.mistakes import suggestion
from dealix_lint.config.validate import check_against_project, mistakes_error, validate
from dealix_lint.engine.folder import cache_folder
from dealix_lint.engine.identity import combine, tool_digest
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.store import Store
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.settings import Settings


def configure(root: Path, request: Request) -> tuple[Settings, Store]:
    """The settings of a project and its store, opened. Raises ConfigError with every mistake."""
    origin = request.config or root / "pyproject.toml"
    table = read_table(origin, is_required=request.config is not None)
    configured = table.get("cache-dir")
    folder = cache_folder(configured if isinstance(configured, str) else "", root) if request.use_store else None
    store = Store(folder)
    try:
        return _changed(_validated(table, origin, root, store), request.overrides), store
    except ConfigError:
        store.close()
        raise


def known_codes() -> frozenset[str]:
    """The codes of the catalogue, by the names of its files."""
    return frozenset(path.stem for path in (rules_folder() / "catalog").glob("DLX*.toml"))


def _validated(table: Table, origin: Path, root: Path, store: Store) -> Settings:
    """The table as settings. Validation is remembered: an unchanged table costs no import of pydantic."""
    key = combine((tool_digest(), json.dumps(table, sort_keys=True, default=str)))
    data = store.get("settings", key) if table else None
    settings = decode_settings(data) if data else None
    if settings is None:
        settings = validate(table, origin)
        if table:
            store.put("settings", [(key, encode_settings(settings))])
    mistakes = check_against_project(settings, root, known_codes())
    if mistakes:
        raise mistakes_error(origin, mistakes)
    return settings


def _changed(settings: Settings, changes: Overrides) -> Settings:
    codes = known_codes()
    mistakes = [
        *_unknown("--select", changes.select or (), codes),
        *_unknown("--extend-select", changes.extend_select, codes),
        *_unknown("--ignore", changes.ignore, codes),
    ]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return replace(
        settings,
        select=settings.select if changes.select is None else changes.select,
        extend_select=(*settings.extend_select, *changes.extend_select),
        ignore=(*settings.ignore, *(code for code in sorted(codes) if code.startswith(changes.ignore))),
        min_confidence=changes.min_confidence or settings.min_confidence,
        fail_on=changes.fail_on or settings.fail_on,
        jobs=settings.jobs if changes.jobs is None else changes.jobs,
    )


def _unknown(option: str, chosen: Iterable[str], codes: frozenset[str]) -> list[str]:
    return [
        f"{option}: there is no code {code}{suggestion(code, codes)}"
        for code in chosen
        if not any(known.startswith(code) for known in codes)
    ]
