"""Which operation a request is: URL-path patterns, the most specific first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final, TypeAlias

from dealix_lint.effects.address import HOLE
from dealix_lint.model.effect_rules import READ_METHODS, Operation
from dealix_lint.model.patterns import expand, specificity

_VERSION: Final = re.compile(r"v?\d+([.\-]\d+)*")
_ANY_VERSION: Final = "v*"
_ANY: Final = re.escape("*")
_WILD: Final = re.compile(r"[*^]")
_NEXT_WORD: Final = "(?:[_-]|(?-i:(?=[A-Z])))"


@dataclass(frozen=True)
class PathPattern:
    """One URL-path pattern without alternatives. (No slots: its expressions are made when first asked for.)"""

    pattern: str

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """Matches a whole path."""
        return _expression(self.pattern.split("/")[1:])

    @cached_property
    def tails(self) -> tuple[re.Pattern[str], ...]:
        """Match a path that lacks some beginning of the pattern, but never all that is peculiar to it."""
        parts = self.pattern.split("/")[1:]
        return tuple(_expression(parts[start:]) for start in range(1, len(parts)) if _is_telling(parts, start))

    @cached_property
    def ending(self) -> str:
        """What every path that it matches ends with, in small letters."""
        return _WILD.split(self.pattern.rpartition("/")[2])[-1].lower()

    def matches(self, path: str) -> bool:
        """Whether a path is one of these."""
        return self._may_match(path) and self.whole.fullmatch(path) is not None

    def matches_end(self, path: str) -> bool:
        """Whether a path, of which a stretch in front may be missing, is the end of one of these."""
        return self._may_match(path) and any(expression.fullmatch(path) for expression in self.tails)

    def _may_match(self, path: str) -> bool:
        return path.lower().rstrip(HOLE).endswith(self.ending)


def _is_telling(parts: list[str], start: int) -> bool:
    only_versions = all(_VERSION.fullmatch(part) for part in parts[:start])
    return only_versions or any("*" not in part for part in parts[start:])


def _expression(parts: list[str]) -> re.Pattern[str]:
    """A word at the end may have something unknown behind it, as a query that begins in another variable has."""
    open_end = "" if parts[-1].endswith("*") else f"{HOLE}?"
    return re.compile("".join(_part_expression(part) for part in parts) + open_end, re.IGNORECASE)


def _part_expression(part: str) -> str:
    if part == "**":
        return "(?:/[^/]+)*"
    if part == _ANY_VERSION or _VERSION.fullmatch(part):  # which version is often a setting
        return f"/(?:{re.escape(part).replace(_ANY, '[^/]*')}|v?{HOLE}(?:[.]{HOLE})*)"
    return "/" + "[^/]*".join(map(_words, part.split("*")))


def _words(literal: str) -> str:
    return _NEXT_WORD.join(map(re.escape, literal.split("^")))


Match: TypeAlias = tuple[PathPattern, Operation]


class OperationIndex:
    """Operations of one provider (or of every host) in order of specificity; answers are remembered."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Index operations, when the first one is looked for; equally specific ones keep their order."""
        self._operations = tuple(operation for operation in operations if operation.paths)
        self._found: dict[tuple[str, str, bool, frozenset[str]], Match | None] = {}

    @cached_property
    def _entries(self) -> tuple[Match, ...]:
        entries = [
            (text, operation) for operation in self._operations for path in operation.paths for text in expand(path)
        ]
        entries.sort(key=lambda entry: (*(-part for part in _specificity(entry[0])), not entry[1].body))
        return tuple((PathPattern(text), operation) for text, operation in entries)

    @cached_property
    def _told(self) -> frozenset[str]:
        return frozenset(field for operation in self._operations for field in operation.body)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(pattern.pattern.split("/")[1].lower() for pattern, _ in self._entries)

    def has(self, operation: Operation) -> bool:
        """Whether an operation is one of these."""
        return operation in self._operations

    def begins_like(self, path: str) -> bool:
        """Whether an operation's path begins with the same word."""
        return path.lstrip("/").partition("/")[0].lower() in self._beginnings

    def find(self, method: str, path: str, is_partial: bool, fields: frozenset[str] = frozenset()) -> Match | None:
        """The most specific operation of `method` ("": any that writes) on `path`, with those fields in the body
        (`status=created`)."""
        told = frozenset(glob for glob in self._told if any(fnmatchcase(field, glob) for field in fields))
        key = (method, path, is_partial, told)
        if key not in self._found:
            self._found[key] = next(self._matching(*key), None)
        return self._found[key]

    def _matching(self, method: str, path: str, is_partial: bool, fields: frozenset[str]) -> Iterator[Match]:
        """Those that match the path as it is come before those that would if something stood in front of it."""
        for matches in (PathPattern.matches, *((PathPattern.matches_end,) if is_partial else ())):
            for pattern, operation in self._entries:
                is_told = not operation.body or not fields.isdisjoint(operation.body)
                if is_told and _allows(operation, method) and matches(pattern, path):
                    yield pattern, operation


def _allows(operation: Operation, method: str) -> bool:
    return method in operation.methods if method else not set(operation.methods) <= set(READ_METHODS)


def _specificity(pattern: str) -> tuple[int, int, int]:
    return specificity(pattern.replace("/", "."))


def more_specific(one: PathPattern, other: PathPattern) -> bool:
    """Whether `one` says more than `other`: first of how the path ends, then as a whole."""
    return (_ends_known(one), _specificity(one.pattern)) > (_ends_known(other), _specificity(other.pattern))


def _ends_known(pattern: PathPattern) -> bool:
    return "*" not in pattern.pattern.rpartition("/")[2]
