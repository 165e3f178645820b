"""Patterns over access paths: `*` one segment, `**` any number of them, `***` any number of attributes (segments without
`()` and `[]`), `{a,b}` alternatives, `<read>` and `<write>` a method whose verb says that it reads or writes.

A segment is what stands between dots outside quotes and brackets; `()` and its constants belong to it, so
`boto3.client('ses').send_email` has the segments `boto3`, `client('ses')`, `send_email`. A `*` inside a segment stands
for any characters of that segment: `build('gmail'*)`. Verbs are for clients all of whose methods are requests:
`Client().***.<write>` is `create`, `batch_delete` and `cancel_order` of the client and of its resources, and of nothing
that such a method gives back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_OPENING: Final = "(["
_CLOSING: Final = ")]"
_ANY: Final = "*"
_ATTRIBUTES: Final = "***"
_BRACE: Final = re.compile("[{}]")
_FIRST_END: Final = re.compile(r"[.{}(\[\"']")
_VERB: Final = re.compile("(?<=[.{,])<[^>]*>")
_VERBS: Final = {
    "<read>": (
        "all calculate check count describe download estimate exists fetch filter find get list lookup paginate preview query "
        "read retrieve search show validate view"
    ),
    "<write>": (
        "accept activate add adjust approve archive assign attach block cancel capture change charge clone complete confirm "
        "create deactivate decline delete destroy detach disable dismiss duplicate edit enable expire extend finalize import "
        "insert invite issue link lock mark merge modify move patch pause pay post publish purge put reactivate reauthorize "
        "record redeem refund register reject release remove renew replace reschedule resend reset restore resume reverse "
        "revise revoke rotate save schedule send start stop submit subscribe suspend swap terminate transfer trigger unarchive "
        "unassign unblock unlink unlock unpublish unsubscribe update upload upsert void"
    ),
}
"""By the first word of a method's name. What means the client itself as often as what it sends (`close`, `set`, `copy`,
`open`, `authorize`) is in neither."""


def segments(path: str) -> tuple[str, ...]:
    """Split an access path at its dots, leaving those in quotes and brackets alone."""
    if "'" not in path and '"' not in path and "[" not in path and path.count("(") == path.count("()"):
        return tuple(path.split("."))
    found: list[str] = []
    start = depth = 0
    quote = ""
    for position, character in enumerate(path):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "." and depth <= 0:
            found.append(path[start:position])
            start = position + 1
    found.append(path[start:])
    return tuple(found)


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """All patterns that the `{a,b}` alternatives of `pattern` (which may be nested) stand for, in the order written."""
    opening = pattern.find("{")
    if opening < 0:
        return (pattern,)
    alternatives, closing = _alternatives(pattern, opening)
    tails = expand(pattern[closing + 1 :])
    return tuple(
        pattern[:opening] + head + tail
        for alternative in alternatives
        for head in expand(alternative)
        for tail in tails
    )


def _alternatives(pattern: str, opening: int) -> tuple[list[str], int]:
    """The alternatives of the brace at `opening` and the position of its closing brace."""
    found: list[str] = []
    depth, start = 0, opening + 1
    for position in range(opening, len(pattern)):
        character = pattern[position]
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                found.append(pattern[start:position])
                return found, position
        elif character == "," and depth == 1:
            found.append(pattern[start:position])
            start = position + 1
    raise ValueError(f"pattern {pattern!r} has an opening brace without a closing one")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The expression that matches a path whose segments each end in a newline; `pattern` must be expanded."""
    return re.compile("".join(_segment_expression(segment) for segment in segments(pattern)))


def _segment_expression(segment: str) -> str:
    if segment == _ATTRIBUTES:
        return r"(?:[^\n()\[\]]+\n)*"
    if segment == "**":
        return r"(?:[^\n]+\n)*"
    if segment == "*":
        return r"[^\n]+\n"
    if segment in _VERBS:
        return rf"(?:batch_|bulk_)?(?:{_VERBS[segment].replace(' ', '|')})(?:[_A-Z][^\n]*)?\n"
    return r"[^\n]*".join(re.escape(part) for part in segment.split("*")) + r"\n"


def specificity(pattern: str) -> tuple[int, int, int]:
    """Sorts patterns: the more specific, the greater (fewest `**`, most literal characters, fewest `*`)."""
    pattern = _VERB.sub(_ANY, pattern) if "<" in pattern else pattern
    wide = pattern.count("**")
    return (-wide, len(pattern.replace("*", "")), -(pattern.count("*") - 2 * wide))


def unknown_verbs(pattern: str) -> list[str]:
    """What stands in `<>` as if it were a class of verbs and is none."""
    return [verb for verb in _VERB.findall(pattern) if verb not in _VERBS]


def is_balanced(pattern: str) -> bool:
    """Whether every brace of `pattern` is closed, so that `expand` can read it."""
    if "{" not in pattern and "}" not in pattern:
        return True
    depth = 0
    for brace in _BRACE.findall(pattern):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def roots(patterns: Iterable[str]) -> frozenset[str]:
    """The top-level packages that patterns speak of; those that begin with a wildcard name none."""
    found = {root.partition("(")[0] for pattern in patterns for root in _roots(pattern)}
    return frozenset(found - {_ANY})


@cache
def _roots(pattern: str) -> frozenset[str]:
    """The first segments of what `pattern` stands for; `_ANY` for one with a wildcard. Raises ValueError."""
    if not is_balanced(pattern):
        raise ValueError(f"pattern {pattern!r} has a brace without its counterpart")
    end = _FIRST_END.search(pattern)
    if end is not None and end[0] == ".":  # the usual case: a plain name in front
        first = pattern[: end.start()]
        return frozenset((_ANY if "*" in first else first,))
    depth = 0
    for position, character in enumerate(pattern):
        depth += (character in "{(") - (character in "})")
        if character == "." and depth == 0:
            pattern = pattern[:position]
            break
    firsts = {segments(plain)[0] for plain in expand(pattern)}
    return frozenset(_ANY if "*" in first else first for first in firsts)


class PatternIndex(Generic[T]):
    """Values by pattern; answers are remembered.

    Patterns are grouped by their first segment and looked at when a path with that segment is first asked for."""

    __slots__ = ("_found", "_groups", "_pending")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """Index `(pattern, value)` pairs; a pattern may stand several times. Raises ValueError for an unclosed
        brace."""
        self._pending: dict[str, list[tuple[str, T, int]]] = {}
        self._groups: dict[str, _Group[T]] = {}
        self._found: dict[str, tuple[T, ...]] = {}
        for order, (pattern, value) in enumerate(entries):
            for root in _roots(pattern):
                self._pending.setdefault(root, []).append((pattern, value, order))

    def find(self, path: str) -> tuple[T, ...]:
        """Values of all patterns that match `path`, the most specific first, equal ones in the order given."""
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = self._search(path)
        return found

    def _search(self, path: str) -> tuple[T, ...]:
        root = path.partition(".")[0]
        if not self._speaks_of(root) and not self._speaks_of(_ANY) and "(" not in root and "[" not in root:
            return ()
        parts = segments(path)
        groups = [group for group in (self._group(parts[0]), self._group(_ANY)) if group is not None]
        if not groups:
            return ()
        lines = "\n".join(parts) + "\n"
        wild = [found for group in groups for found in group.wild(parts[-1], lines)]
        wild.sort(key=_Wildcard.rank)
        return (*(value for group in groups for value in group.exact(path)), *(found.value for found in wild))

    def _speaks_of(self, root: str) -> bool:
        return root in self._groups or root in self._pending

    def _group(self, root: str) -> _Group[T] | None:
        pending = self._pending.pop(root, None)
        if pending is not None:
            self._groups[root] = _Group(root, pending)
        return self._groups.get(root)


class _Group(Generic[T]):
    """Patterns with the same first segment: exact ones in a dict, those with wildcards by their last segment."""

    __slots__ = ("_exact", "_wild")

    def __init__(self, root: str, entries: Iterable[tuple[str, T, int]]) -> None:
        self._exact: dict[str, list[T]] = {}
        self._wild: dict[str, list[_Wildcard[T]]] = {}
        for pattern, value, order in entries:
            for plain in expand(pattern):
                self._add(root, plain, value, order)

    def _add(self, root: str, pattern: str, value: T, order: int) -> None:
        parts = segments(pattern)
        if (_ANY if "*" in parts[0] else parts[0]) != root:
            return
        if _ANY in pattern or parts[-1] in _VERBS:
            last = _ANY if _ANY in parts[-1] or parts[-1] in _VERBS else parts[-1]
            self._wild.setdefault(last, []).append(_Wildcard(pattern, value, order))
        else:
            self._exact.setdefault(pattern, []).append(value)

    def exact(self, path: str) -> list[T]:
        return self._exact.get(path, [])

    def wild(self, last: str, lines: str) -> list[_Wildcard[T]]:
        candidates = (*self._wild.get(last, ()), *self._wild.get(_ANY, ()))
        return [candidate for candidate in candidates if candidate.matches(lines)]


class _Wildcard(Generic[T]):
    """A pattern with wildcards; its expression is compiled when first asked for."""

    __slots__ = ("_expression", "_order", "_pattern", "value")

    def __init__(self, pattern: str, value: T, order: int) -> None:
        self.value = value
        self._pattern = pattern
        self._order = order
        self._expression: re.Pattern[str] | None = None

    def matches(self, lines: str) -> bool:
        if self._expression is None:
            self._expression = compile_pattern(self._pattern)
        return self._expression.fullmatch(lines) is not None

    def rank(self) -> tuple[int, int, int, int]:
        wide, literal, narrow = specificity(self._pattern)
        return (-wide, -literal, -narrow, self._order)
