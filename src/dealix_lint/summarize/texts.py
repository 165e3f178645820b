"""Values of string literals, computed as CPython does."""

from __future__ import annotations

import re
import unicodedata

from dealix_lint.summarize import tree as cst

LONGEST_TEXT = 400

_ESCAPE = re.compile(
    r"""\\(?:(?P<simple>[\\'"abfnrtv]) | (?P<line>\r\n?|\n) | (?P<octal>[0-7]{1,3}) | x(?P<hex>[0-9A-Fa-f]{2})
        | u(?P<short>[0-9A-Fa-f]{4}) | U(?P<long>[0-9A-Fa-f]{8}) | N\{(?P<name>[^}]+)\})""",
    re.VERBOSE,
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def string_value(node: cst.SimpleString) -> str:
    """The value of a string literal; bytes are read as Latin-1 text, very long texts are cut."""
    raw = node.value
    if "\\" not in raw and raw[0] in "'\"" and raw[1:2] != raw[0]:
        return raw[1:-1][:LONGEST_TEXT]
    start = 0
    while raw[start] not in "'\"":
        start += 1
    width = 3 if raw[start : start + 3] in ("'''", '"""') and len(raw) >= start + 6 else 1
    return unescaped(raw[start + width : -width], raw[:start])


def unescaped(text: str, prefix: str) -> str:
    """The value of the text between the quotes of a literal with that prefix (`rb`, `f`, ...), cut if very long."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" in text and "r" not in prefix and "R" not in prefix:
        text = _ESCAPE.sub(_byte if "b" in prefix or "B" in prefix else _character, text)
        if _SURROGATE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # JSON has no halves of pairs
    return text[:LONGEST_TEXT]


def _character(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind in ("short", "long"):
        code = int(match[kind], 16)
        return chr(code) if code <= 0x10FFFF else match[0]
    if kind == "name":
        try:
            return unicodedata.lookup(match["name"])
        except KeyError:
            return match[0]
    return _byte(match)


def _byte(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "simple":
        return _SIMPLE.get(match["simple"], match["simple"])
    if kind == "line":
        return ""
    if kind == "octal":
        return chr(int(match["octal"], 8))
    return chr(int(match["hex"], 16)) if kind == "hex" else match[0]
