"""Text that is safe to print: names of files and strings in the code analysed may hold anything."""

from __future__ import annotations

import re
from typing import Final

# Control characters but the tab, line separators, marks that reorder what stands around them, lone surrogates (bytes of a
# file name that are no text), and what no XML document may hold.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """The text with such characters as `\\u202e`, which JSON and Python both read."""
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
