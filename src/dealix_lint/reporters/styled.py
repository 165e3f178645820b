"""Lines of text whose parts carry the name of a style; a terminal may colour them, a file does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Part: TypeAlias = tuple[str, str]
"""Style and text. Styles: "" | "path" | "code" | "error" | "warning" | "note" | "dim" | "strong" | "mechanism" |
"ok"."""

Line: TypeAlias = tuple[Part, ...]


def line(*parts: str | Part) -> Line:
    """A line of parts; plain strings have no style."""
    return tuple(("", part) if isinstance(part, str) else part for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without styles."""
    return "".join("".join(text for _, text in parts) + "\n" for parts in lines)
