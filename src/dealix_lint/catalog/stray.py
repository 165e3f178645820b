"""Files in a pack that no loader would read: a mistyped folder or table that would silently do nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from dealix_lint.catalog.effect_tables import EffectFile
from dealix_lint.catalog.framework_tables import FrameworkFile
from dealix_lint.catalog.load import read_toml


def stray_files(packs: Iterable[Path]) -> Iterator[str]:
    """One line for each pack without any file, and for each file at its top that has no table of `rules/`."""
    tables = sorted({*EffectFile.model_fields, *FrameworkFile.model_fields} - {"name"})
    for pack in packs:
        top = sorted(pack.glob("*.toml"))
        if (
            pack.is_dir()
            and not top
            and not any(pack.glob("effects/*.toml"))
            and not any(pack.glob("frameworks/*.toml"))
        ):
            yield f"{pack}: holds no TOML files, neither itself nor in `effects` or `frameworks`; add one or drop the pack"
        for path in top:
            if not _is_known(path, tables):
                yield f"{path}: has no table that a pack may have; those are {', '.join(tables)}"


def _is_known(path: Path, tables: Iterable[str]) -> bool:
    try:
        return not read_toml(path).keys().isdisjoint(tables)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True  # said by the loader
