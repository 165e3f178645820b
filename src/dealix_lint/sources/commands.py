"""Commands that a distribution installs: which function each of them runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

Commands: TypeAlias = tuple[tuple[str, str], ...]
"""(name of the command, the function as `package.module:function`), sorted."""

_TABLES: Final = (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"))
_ENTRY: Final = r"[\w.-]+\s*=\s*[\w.]+:[\w.]+(?:\s*\[[^\]\n]*\])?"
_LISTED: Final = re.compile(rf"\b(?:console|gui)_scripts\b[\]\s\"':=(\[]*((?:{_ENTRY}[\s\"',]*)+)")
_TARGET: Final = re.compile(r"([\w.-]+)\s*=\s*([\w.]+:[\w.]+)")


def declared_commands(root: Path) -> Commands:
    """The commands that the packaging files of a project declare: pyproject.toml, setup.cfg, setup.py (as text; it is not
    run). What cannot be read declares none."""
    found = dict(_in_setup(root / "setup.py"))
    found.update(_in_setup(root / "setup.cfg"))
    found.update(_in_pyproject(root / "pyproject.toml"))
    return tuple(sorted(found.items()))


def _in_pyproject(path: Path) -> Iterator[tuple[str, str]]:
    try:
        document = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError:
        return
    for keys in _TABLES:
        yield from ((name, target) for name, target in _table(document, keys) if isinstance(target, str))


def _table(document: object, keys: Iterable[str]) -> list[tuple[str, object]]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return list(document.items()) if isinstance(document, dict) else []


def _in_setup(path: Path) -> Iterator[tuple[str, str]]:
    for listed in _LISTED.finditer(_text(path)):
        yield from _TARGET.findall(listed[1])


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ""
