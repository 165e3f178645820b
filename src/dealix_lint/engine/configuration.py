"""The settings of a project: its table, validated once, with what the request changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dealix_lint.catalog.locate import rules_folder
from dealix_lint.config.codec import decode_settings, encode_settings
from dealix_lint.config.document import Table, read_table
from dealix_lint.config.existence import LISTED, check_against_project
from dealix_lint.config.validate import KEY, mistakes_error, read_settings
from dealix_lint.engine.folder import cache_folder
from dealix_lint.engine.identity import combine, tool_digest
from dealix_lint.engine.project import from_here
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.store import Store
from dealix_lint.model.errors import CatalogError, ConfigError
from dealix_lint.model.settings import Settings


def configure(root: Path, request: Request) -> tuple[Settings, Store]:
    """The settings of a project and its store, opened. Raises ConfigError with every mistake."""
    origin = origin_of(root, request)
    table = read_table(origin, is_required=request.config is not None)
    store = _store(table, root, request)
    settings, mistakes = _validated(table, store)
    wrong_options = _wrong_options(request.overrides)
    mistakes += check_against_project(settings, root, known_codes(), _known_policies())
    if mistakes or wrong_options:
        store.close()
        raise _error(origin, mistakes, wrong_options, settings, root)
    return _changed(settings, request.overrides), store


def is_validated(root: Path, request: Request) -> bool:
    """Whether the settings of a project, as they are now, were validated before. Raises ConfigError where they cannot
    be read at all."""
    table = read_table(origin_of(root, request), is_required=request.config is not None)
    with _store(table, root, request) as store:
        return _recalled(table, store) is not None


def _store(table: Table, root: Path, request: Request) -> Store:
    return Store(store_folder(table, root) if request.use_store else None)


def store_folder(table: Table, root: Path) -> Path | None:
    """The folder of the store of a project with this table of settings; None where none can be written."""
    configured = table.get("cache-dir")
    return cache_folder(configured if isinstance(configured, str) else "", root)


def origin_of(root: Path, request: Request) -> Path:
    """The file that the settings of a project stand in."""
    return request.config or from_here(root / "pyproject.toml")


def known_codes() -> frozenset[str]:
    """The codes of the catalogue, by the names of its files."""
    return frozenset(path.stem for path in (rules_folder() / "catalog").glob("DLX*.toml"))


def _known_policies() -> frozenset[str]:
    return frozenset(path.stem for path in (rules_folder() / "policy").glob("*.toml"))


def _validated(table: Table, store: Store) -> tuple[Settings, tuple[str, ...]]:
    """The table as settings, and its mistakes. Validation is remembered: an unchanged table costs no import of
    pydantic."""
    known = _recalled(table, store)
    if known is not None:
        return known, ()
    settings, mistakes = read_settings(table)
    if not mistakes:
        store.put("settings", [(_key(table), encode_settings(settings))])
    return settings, mistakes


def _recalled(table: Table, store: Store) -> Settings | None:
    if not table:
        return Settings()
    data = store.get("settings", _key(table))
    return decode_settings(data) if data else None


def _key(table: Table) -> str:
    return combine((tool_digest(), json.dumps(table, sort_keys=True, default=str)))


def _error(
    origin: Path, mistakes: Sequence[str], wrong_options: Sequence[str], settings: Settings, root: Path
) -> ConfigError:
    """All mistakes together, with those of the rules that the settings name: nobody likes to run into them one after
    the other."""
    from dealix_lint.engine.loading import load_knowledge

    if any(mistake.startswith(f"{KEY}.policy:") for mistake in mistakes):
        settings = replace(settings, policy=Settings().policy, classify=())  # its levels are not known
    try:
        load_knowledge(root, settings)
    except CatalogError as error:
        mistakes = (*mistakes, *str(error).splitlines())
    said = str(mistakes_error(origin, mistakes)) if mistakes else ""
    return ConfigError("\n".join((*wrong_options, *((said,) if said else ()))))


def _changed(settings: Settings, changes: Overrides) -> Settings:
    ignored = (code for code in sorted(known_codes()) if code.startswith(changes.ignore))
    return replace(
        settings,
        select=settings.select if changes.select is None else changes.select,
        extend_select=(*settings.extend_select, *changes.extend_select),
        ignore=(*settings.ignore, *ignored),
        min_confidence=changes.min_confidence or settings.min_confidence,
        fail_on=changes.fail_on or settings.fail_on,
        jobs=settings.jobs if changes.jobs is None else changes.jobs,
        baseline=settings.baseline if changes.use_baseline else "",
    )


def _wrong_options(changes: Overrides) -> list[str]:
    codes = known_codes()
    return [
        f"{option}: there is no code {code}; {LISTED}"
        for option, chosen in (
            ("--select", changes.select or ()),
            ("--extend-select", changes.extend_select),
            ("--ignore", changes.ignore),
        )
        for code in chosen
        if not any(known.startswith(code) for known in codes)
    ]
