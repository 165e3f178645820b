"""Names compared by their words, whatever their spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dealix_lint.model.humps import HUMP

_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """`SendLog`, `send_log`, `X-Send-Log` -> lower-case words in order."""
    return tuple(word.lower() for part in _SEPARATOR.split(name) if part for word in HUMP.split(part))


def snake(name: str) -> str:
    """The words joined with underscores."""
    return "_".join(words(name))


def last_segment(path: str) -> str:
    """What follows the last dot of an access path: `create` of `a.B().create`."""
    return path.rsplit(".", 1)[-1]


class Phrases:
    """Phrases to look for in names: `send_log` is found in `write_send_log_row`, not in `resend_logic`."""

    __slots__ = ("_by_first", "_known")

    def __init__(self, phrases: Iterable[str]) -> None:
        self._known: dict[str, bool] = {}
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            parts = words(phrase)
            if parts:
                self._by_first.setdefault(parts[0], []).append(parts)

    def are_in(self, name: str) -> bool:
        """Whether one of the phrases stands in the name as consecutive whole words."""
        known = self._known.get(name)
        if known is None:
            parts = words(name)
            known = self._known[name] = any(
                parts[start : start + len(phrase)] == phrase
                for start, word in enumerate(parts)
                for phrase in self._by_first.get(word, ())
            )
        return known

    def end(self, name: str) -> bool:
        """Whether the name ends with one of the phrases."""
        parts = words(name)
        return any(parts[-len(phrase) :] == phrase for phrases in self._by_first.values() for phrase in phrases)


class Spellings:
    """A fixed set of names, compared by words after what only decorates them is dropped (`X-Request-ID`,
    `get_request_id`, `request_id_var`)."""

    __slots__ = ("_known", "_names")
    _BEFORE = frozenset({"x", "http", "get", "current", "new", "make", "ensure", "generate", "my", "the"})
    _AFTER = frozenset({"var", "ctx", "context", "cv", "header"})

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(parts for name in names for parts in _spelled(name))
        self._known: dict[str, bool] = {}

    def have(self, name: str) -> bool:
        """Whether `name` is one of them."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._is_one(name)
        return known

    def _is_one(self, name: str) -> bool:
        parts = words(name)
        if parts in self._names:
            return True
        start, end = 0, len(parts)
        while start < end and parts[start] in self._BEFORE:
            start += 1
        while end > start and parts[end - 1] in self._AFTER:
            end -= 1
        return parts[start:end] in self._names


def _spelled(name: str) -> tuple[tuple[str, ...], ...]:
    parts = words(name)
    return parts, ("".join(parts),)
