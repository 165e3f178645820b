"""Query texts that write a row: whether they do, and into what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_NAME: Final = r"[\"'`\[]?([\w.\"`\]\[]+)"
_INTO: Final = r"(?:insert\s+(?:or\s+\w+\s+)?into|merge\s+into|replace\s+into|upsert\s+into)"
_INSERT: Final = re.compile(rf"\s*(?:with\s.*?\)\s*)?{_INTO}\s+{_NAME}", re.IGNORECASE | re.DOTALL)
_UNNAMED: Final = re.compile(rf"\s*(?:with\s.*?\)\s*)?{_INTO}\s*(?:$|%|\{{)", re.IGNORECASE | re.DOTALL)
"""The table is put in (`f"INSERT INTO {table}"`, `"INSERT INTO %s" % table`)."""
_OBJECT: Final = re.compile(rf"\s*insert\s+{_NAME}\s*\{{", re.IGNORECASE)
_COPY: Final = re.compile(rf"\s*copy\s+{_NAME}\s*(?:\([^)]*\)\s*)?from\b", re.IGNORECASE)
_ROUTINE: Final = re.compile(r"\s*(?:select|call|exec(?:ute)?)\s+([\w.]+)\s*\(", re.IGNORECASE)


def tables(texts: Iterable[str]) -> Iterator[str]:
    """Names of the tables into which statements write a row."""
    for text in texts:
        match = _INSERT.match(text) or _OBJECT.match(text) or _COPY.match(text)
        if match is not None:
            yield match[1]


def write(texts: Iterable[str]) -> bool:
    """Whether one of the statements writes a row into some table."""
    known = list(texts)
    return any(tables(known)) or any(map(_UNNAMED.match, known))


def routines(texts: Iterable[str]) -> Iterator[str]:
    """Names of what statements only call: `SELECT write_audit(%s)`."""
    return (match[1] for text in texts if (match := _ROUTINE.match(text)))
