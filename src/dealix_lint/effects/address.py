"""Where a request goes: host and path of a URL of which parts may be unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dealix_lint.model.text import Hole, Text

HOLE: Final = "\0"
"""Stands for an unknown stretch in the hosts and paths of this stage."""

UNKNOWN_URL: Final = "an unknown URL"
_WHOLE_HOST: Final = re.compile(rf"((?:[a-z0-9-]+\.)+[a-z]{{2,}}){HOLE}+")
_SCHEME_AND_HOST: Final = re.compile(rf"https?{HOLE}+(?=/)")  # "http{'s://' + host}/path"
_PORT: Final = re.compile(r":[^:]*$")


@dataclass(frozen=True, slots=True)
class Address:
    """`host` is "" where nothing of it is known; `path` begins with `/` or is "". `origin` is where an unknown
    beginning comes from. `text` is for people. `is_partial`: a stretch of the path may be missing in front."""

    host: str = ""
    path: str = ""
    origin: str = ""
    text: str = UNKNOWN_URL
    is_partial: bool = True


def address(url: Text, base: Text | None = None) -> Address:
    """The address of `url`, relative to `base` where it is not absolute."""
    whole = url if base is None or _is_absolute(url) else _join(base, url)
    flat = _SCHEME_AND_HOST.sub(HOLE, known(whole), count=1)
    host, path, is_known = _split(flat)
    origin = next((part.origin for part in whole.parts if isinstance(part, Hole)), "") if not is_known else ""
    return Address(host if is_known else "", _clean(path), origin, str(whole) or UNKNOWN_URL, not is_known)


def may_stand_alone(url: Text) -> bool:
    """Whether a text can be the URL of a request without a base: what begins with a mere word is another value that came to
    the same place (`True`, a name of a setting)."""
    flat = known(url)
    return _is_absolute(url) or flat.startswith((HOLE, "/", "http")) or "/" in flat or "." in flat.partition(HOLE)[0]


def shown(text: str) -> str:
    """A host or path for people."""
    return text.replace(HOLE, "{}")


def _is_absolute(url: Text) -> bool:
    return "://" in known(url)


def _join(base: Text, url: Text) -> Text:
    head, tail = base.parts, url.parts
    if head and isinstance(head[-1], str):
        head = (*head[:-1], head[-1].rstrip("/"))
    if tail and isinstance(tail[0], str):
        tail = (tail[0].lstrip("/"), *tail[1:])
    return Text((*head, "/", *tail))


def known(text: Text) -> str:
    """A text with its unknown stretches as holes."""
    return "".join(part if isinstance(part, str) else HOLE for part in text.parts)


def _split(flat: str) -> tuple[str, str, bool]:
    """Host, rest, and whether enough of the host is known to say whose it is."""
    if "://" in flat:
        authority, rest = _at_slash(flat.partition("://")[2])
        host = _host(authority)
        if _says_whose(host):
            return host, rest, True
        whole = _WHOLE_HOST.fullmatch(host)  # "https://api.example.com{path}"
        return (whole.group(1), "/" + HOLE + rest, True) if whole else ("", rest, False)
    if flat.startswith(HOLE):
        authority, rest = _at_slash(flat)
        host = _host(authority)
        if "." in host and _says_whose(host):  # "{scheme and tenant}.zendesk.com/api"
            return host, rest, True
        known = authority.lstrip(HOLE)
        return "", ("/" + known if known and not known.startswith(":") else "") + rest, False
    return "", flat if flat.startswith("/") else "/" + flat, False


def _at_slash(text: str) -> tuple[str, str]:
    end = next((position for position, character in enumerate(text) if character in "/?#"), len(text))
    return text[:end], text[end:]


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2].lower()
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    return _PORT.sub("", host)


def _says_whose(host: str) -> bool:
    """A single label without holes, or a name whose last two labels have none (`{tenant}.zendesk.com`, `{x}.local`)."""
    labels = host.split(".")
    if len(labels) == 1:
        return bool(host) and HOLE not in host
    return (
        HOLE not in labels[-1] and _may_end(labels) and (HOLE not in labels[-2] or labels[-1] in ("local", "internal"))
    )


def _may_end(labels: list[str]) -> bool:
    """No name ends in a number (`{address}5.14.3/deploys` holds a version); an IP address does."""
    return labels[-1] != "" and (not labels[-1].isdigit() or "".join(labels).isdigit())


def _clean(rest: str) -> str:
    """The path of what follows the host: no query, no empty segments, any segment with a hole unknown as a whole."""
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    parts = [HOLE if HOLE in part and not _has_known_end(part) else part for part in path.split("/") if part]
    return "/" + "/".join(parts) if parts else ""


def _has_known_end(part: str) -> bool:
    """`{name}.json`, `bot{token}`, `{id}:send` say more than a bare hole."""
    return part.strip(HOLE) != "" and HOLE * 2 not in part
