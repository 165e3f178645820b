"""Ignore files and path patterns, both in gitignore syntax."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dealix_lint.model.errors import ConfigError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The rules of one `.gitignore`; `folder` is where it lies, relative to the project root with a trailing `/`, ""
    for the root."""

    folder: str
    rules: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """True: ignored, False: brought back by a `!` rule, None: not mentioned. Folders end in `/`."""
        return self.rules.check_file(path.removeprefix(self.folder)).include


def read_ignore_file(path: Path, folder: str) -> IgnoreFile | None:
    """The rules of a `.gitignore`; None where there is none, or none that can be read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    rules = [line for line in lines if line.strip() and not line.startswith("#")]
    spec = _lenient_spec(rules)
    return IgnoreFile(folder, spec) if rules else None


def is_ignored(path: str, chain: tuple[IgnoreFile, ...]) -> bool:
    """What git would say: the innermost ignore file that mentions the path decides. Folders end in `/`."""
    for ignore_file in reversed(chain):
        verdict = ignore_file.verdict(path)
        if verdict is not None:
            return verdict
    return False


def patterns(lines: Iterable[str], key: str) -> GitIgnoreSpec | None:
    """The patterns of a setting, relative to the project root; None for no patterns. Raises ConfigError naming
    `key`."""
    lines = tuple(lines)
    try:
        return _spec(lines) if lines else None
    except (ValueError, re.error) as error:
        raise ConfigError(f"{key}: {error}; patterns are written as in a .gitignore file") from error


def _lenient_spec(rules: list[str]) -> GitIgnoreSpec:
    """All rules that are well-formed: git, too, passes over the others."""
    try:
        return _spec(rules)
    except (ValueError, re.error):
        return _spec([rule for rule in rules if _is_rule(rule)])


def _is_rule(rule: str) -> bool:
    try:
        _spec([rule])
    except (ValueError, re.error):
        return False
    return True


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    """Raises ValueError or re.error. A rule that may mean something else in a later Python is not the user's concern."""
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings(action="ignore"):
        return GitIgnoreSpec.from_lines(lines)
