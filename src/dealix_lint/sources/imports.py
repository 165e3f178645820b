"""Which dotted names a file imports absolutely, read off its bytes without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_STATEMENT: Final = re.compile(
    rb"^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]*\(?\s*([A-Za-z_]\w*)?|import[ \t]+([A-Za-z_][^\n#;]*))",
    re.MULTILINE,
)

_RELATIVE: Final = re.compile(rb"^[ \t]*from[ \t]*\.", re.MULTILINE)


def imports_relatively(data: bytes) -> bool:
    """Whether there seems to be a relative import in a file."""
    return _RELATIVE.search(data) is not None


def defines(data: bytes, name: str) -> bool:
    """Whether a file seems to define or bind a name at its top level, otherwise than by importing it from elsewhere."""
    plain = re.escape(name).encode()
    return (
        re.search(rb"^(?:(?:async[ \t]+def|def|class)[ \t]+%b\b|%b[ \t]*[:=])" % (plain, plain), data, re.MULTILINE)
        is not None
    )


def imported_names(data: bytes) -> frozenset[str]:
    """Dotted names after `import` and `from` (with the first name imported), as far as they look like statements.

    `from app.core import db` gives `app.core.db`. Text inside strings may be taken for an import; names that nothing
    in the project provides have no consequence."""
    return frozenset(_names(data))


def _names(data: bytes) -> Iterator[str]:
    for module, member, modules in _STATEMENT.findall(data):
        if module:
            yield (module + b"." + member if member else module).decode("ascii", "replace")
        else:
            for part in modules.split(b","):
                name = part.split()[:1]
                if name:
                    yield name[0].decode("ascii", "replace")
