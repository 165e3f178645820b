"""Which codes are on, how severe they are, and which files they are silenced in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dealix_lint.model.settings import Settings
from dealix_lint.sources.ignore import patterns

UNREADABLE, UNUSED, UNREASONED = "DLX001", "DLX002", "DLX003"
UNSUPPRESSIBLE = frozenset({UNREADABLE, UNUSED, UNREASONED})


@dataclass(frozen=True, slots=True)
class Selection:
    """The codes that a run reports. `off` are those of the catalogue that are off by default."""

    select: tuple[str, ...]
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    off: frozenset[str]

    def is_on(self, code: str) -> bool:
        """Whether a code is reported somewhere. The longest beginning that names it decides; `ignore` wins a tie."""
        if code == UNREADABLE:
            return True
        if code in self.off and code not in self.select and not _named(code, self.extend_select):
            return False
        return _named(code, (*self.select, *self.extend_select)) > _named(code, self.ignore)


def selection(settings: Settings, off: frozenset[str]) -> Selection:
    """The selection that the settings make."""
    return Selection(settings.select, settings.extend_select, settings.ignore, off)


def _named(code: str, beginnings: Iterable[str]) -> int:
    """The length of the longest beginning of the code among some, 0 for none."""
    return max((len(start) for start in beginnings if code.startswith(start)), default=0)


class PathRules:
    """Overrides of `per-path`, and severities for all files."""

    def __init__(self, settings: Settings) -> None:
        self._severity = dict(settings.severity)
        self._overrides = tuple(
            (spec, override.ignore, dict(override.severity))
            for glob, override in settings.per_path
            if (spec := patterns((glob,), f'tool.dealix-lint.per-path."{glob}"')) is not None
        )

    def is_silenced(self, code: str, path: str) -> bool:
        """Whether an override ignores a code in a file."""
        return code != UNREADABLE and any(
            _named(code, ignore) and spec.match_file(path) for spec, ignore, _ in self._overrides
        )

    def severity(self, code: str, path: str, default: str) -> str:
        """The severity of a code in a file."""
        severity = self._severity.get(code, default)
        for spec, _, severities in self._overrides:
            if code in severities and spec.match_file(path):
                severity = severities[code]
        return severity


def names_code(beginnings: Iterable[str], code: str) -> bool:
    """Whether one of some codes or beginnings of codes covers a code."""
    return _named(code, beginnings) > 0
