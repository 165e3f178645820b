"""The raw `[tool.dealix-lint]` table of a project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeAlias

from dealix_lint.model.errors import ConfigError

Table: TypeAlias = dict[str, object]


def read_table(pyproject: Path, *, is_required: bool = False) -> Table:
    """The table of a pyproject.toml; empty where the file or the table does not exist.

    `is_required`: the user named this file, so it must exist and have the table. Raises ConfigError: invalid TOML (with
    line and column), a file that cannot be read, a table that is none."""
    try:
        text = pyproject.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        if is_required:
            raise ConfigError(f"{pyproject}: no such file; name a TOML file with [tool.dealix-lint]") from error
        return {}
    except OSError as error:
        raise ConfigError(f"{pyproject}: cannot be read: {error.strerror}; check its permissions") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{pyproject}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last_line = f"at line {len(text.splitlines())}, the end of the document"
        reason = str(error).replace("at end of document", last_line)
        raise ConfigError(f"{pyproject}: not valid TOML: {reason}") from error
    return _table(document, pyproject, is_required)


def _table(document: Table, pyproject: Path, is_required: bool) -> Table:
    tool = document.get("tool", {})
    table = tool.get("dealix-lint") if isinstance(tool, dict) else None
    misspelt = [name for name in tool if _is_like_ours(name)] if isinstance(tool, dict) else []
    if misspelt:
        raise ConfigError(f"{pyproject}: [tool.{misspelt[0]}] is read by nothing; write [tool.dealix-lint]")
    if table is None:
        if is_required:
            raise ConfigError(f"{pyproject}: has no [tool.dealix-lint] table; add one")
        return {}
    if not isinstance(table, dict):
        raise ConfigError(
            f"{pyproject}: tool.dealix-lint: must be a table; write [tool.dealix-lint] and its keys below"
        )
    return table


def _is_like_ours(name: str) -> bool:
    """Whether a table is called like ours with other marks between the words."""
    return name != "dealix-lint" and re.sub("[-_. ]", "", name.lower()) == "dealixlint"
