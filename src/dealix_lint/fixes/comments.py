"""Codes taken out of suppression comments."""

from __future__ import annotations

import re

from dealix_lint.fixes.text import Edit, SourceText
from dealix_lint.model.repairs import DropCodes

_REASON = r"(?:[\s,]*--.*?(?=\s+#\s*[a-z]|$))?"  # up to the next comment in the line: `# type: ignore`
_IGNORE = re.compile(r"#\s*dealix:\s*ignore(?:\[(?P<codes>[^\]]*)\])?" + _REASON, re.IGNORECASE)
_NOQA = re.compile(r"# noqa:\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)" + _REASON, re.IGNORECASE)
_SEPARATOR = re.compile(r"[,\s]+")


def drop_codes(source: SourceText, repair: DropCodes) -> Edit | None:
    """The change to the line; None where there is no such comment any more."""
    start = source.offset(repair.line, repair.column)
    end = source.line_end(start)
    match = _IGNORE.match(source.text, start, end) or _NOQA.match(source.text, start, end)
    if match is None:
        return None
    kept = [c for c in _SEPARATOR.split((match["codes"] or "").strip()) if c and c.upper() not in repair.codes]
    if kept:
        return Edit(*match.span("codes"), ", ".join(kept))
    following = source.text[match.end() : end].lstrip()
    if following:  # another comment comes after it, or more words of this one
        return Edit(start, end - len(following), "" if following.startswith("#") else "# ")
    before = source.text[source.line_start(start) : start]
    if before.strip():
        return Edit(start - (len(before) - len(before.rstrip())), end, "")
    is_last = end == len(source.text)
    return Edit(source.line_start(start), end if is_last else source.offset(repair.line + 1, 1), "")
