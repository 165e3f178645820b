"""URLs: joined, taken apart and put together, as texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import texts
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CONT, EMPTY, HOLE, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

PARTS: Final = frozenset(("scheme", "netloc", "hostname", "host", "path", "url"))
"""Attributes of a URL that is known to that point."""
MOVING: Final = frozenset(("joinpath", "with_path", "copy_with", "add"))
"""Methods of a URL that give another; `join`, which plain texts have too, is one of a URL's only."""
_ADDING: Final = frozenset(("joinpath", "add"))
UNCHANGING: Final = frozenset(
    ("geturl", "tostr", "with_query", "update_query", "include_query_params", "copy_merge_params", "with_fragment")
)
"""Methods that leave host and path."""

LOOKING_UP: Final = frozenset(("get", "pop", "setdefault"))
"""Methods of mappings that are given a default."""


def default_of(m: Machine, arguments: Arguments) -> Values:
    """The whole URLs among the defaults of a look-up."""
    return frozenset(value for value in arguments.get(1, "default") if is_url(m, value))


def moved(m: Machine, frame: Frame, register: int, url: Value, name: str) -> Values:
    """A method of a URL object that gives another: `url.join(path)`, `url.joinpath(*parts)`, `url.with_path(path)`."""
    instruction = frame.scope.code[register]
    operands: tuple[int, ...] = instruction[2] if instruction[0] == ir.CALL else ()
    named = [operand for key, operand in instruction[3] if key == "path"] if instruction[0] == ir.CALL else []
    if not operands and not named:
        return frozenset((url,))
    base = texts.text_parts(m, url) if name in _ADDING else origin_of(texts.text_parts(m, url))
    pieces: list[list[tuple[texts.Part, ...]]] = [[base]]
    for operand in (*operands, *named) if name in _ADDING else (*operands, *named)[:1]:
        known = texts.alternatives_or_hole(m, frame, operand)
        if name == "join" and not all(
            parts and isinstance(parts[0], str) and parts[0].startswith("/") for parts in known
        ):
            pieces[0] = [texts.text_parts(m, url)]  # relative to what the URL is
        pieces += [[("/",)], [_without_slash(parts) for parts in known]]
    return texts.join_texts(m, pieces)


def origin_of(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    """Scheme and host."""
    if parts and isinstance(parts[0], str) and "://" in parts[0]:
        scheme, _, rest = parts[0].partition("://")
        if "/" in rest:
            return (f"{scheme}://{rest.partition('/')[0]}",)
    return parts


def _without_slash(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    return (parts[0].lstrip("/"), *parts[1:]) if parts and isinstance(parts[0], str) else parts


def is_url(m: Machine, value: Value) -> bool:
    """Whether a text begins like a whole URL."""
    return _is_whole(texts.text_parts(m, value))


def part_of(m: Machine, url: Value, name: str) -> Values:
    """`scheme`, `netloc`, `hostname` or `path` of a URL that is known to that point; nothing where it is not."""
    if name == "url":
        return frozenset((url,)) if is_url(m, url) else EMPTY
    parts = texts.text_parts(m, url)
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    scheme, separator, rest = first.partition("://")
    host, slash, path = rest.partition("/")
    if not separator or not (slash or len(parts) == 1):
        return EMPTY
    if name == "path":
        return frozenset((texts.make_text(m, (f"/{path}" if slash else "", *parts[1:])),))
    return frozenset((m.table.constant(scheme if name == "scheme" else host),))


def _urljoin(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`urljoin(base, url)`: a whole URL stands for itself, a path from the root replaces that of the base, another one what is
    behind its last slash."""
    bases, moves = (_given(m, frame, r, a, position) for position in (0, 1))
    if len(a.positional) < 2:
        return texts.join_texts(m, [bases])
    whole = [parts for parts in moves if _is_whole(parts)]
    result = texts.join_texts(m, [whole]) if whole else EMPTY
    for move in moves:
        if move not in whole:
            result |= texts.join_texts(m, [[_base_for(base, move) for base in bases], [move]])
    return result


def _is_whole(parts: tuple[texts.Part, ...]) -> bool:
    return bool(parts) and isinstance(parts[0], str) and "://" in parts[0]


def _given(m: Machine, frame: Frame, r: int, a: Arguments, position: int) -> list[tuple[texts.Part, ...]]:
    instruction = frame.scope.code[r]
    operands = instruction[2] if instruction[0] == ir.CALL else ()
    given = a.positional[position] if position < len(a.positional) else EMPTY
    known = [texts.text_parts(m, value) for value in texts.telling(m, given)]
    return known or [(m.table.make(HOLE, _origin(m, frame, operands, position)),)]


def _base_for(base: tuple[texts.Part, ...], move: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    """What is left of a base before a path that is joined to it."""
    ending = base[-1] if base and isinstance(base[-1], str) else ""
    if move and isinstance(move[0], str) and move[0].startswith("/"):
        bare = origin_of(base)
        return (*bare[:-1], bare[-1].rstrip("/")) if bare and isinstance(bare[-1], str) else bare
    is_relative = bool(move) and isinstance(move[0], str)
    path = ending.partition("://")[2] if "://" in ending else ending
    if ending.endswith("/"):
        return base
    if not is_relative or "/" not in path:
        return (*base, "/")
    return (*base[:-1], ending[: ending.rfind("/") + 1])


def _path_joined(path: str, is_any: bool = False) -> Callable[[Machine, Frame, int, Arguments], Values]:
    """`os.path.join(url, *parts)`, which puts URLs together as well. `is_any`: it joins paths of URLs without their hosts."""

    def join(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        urls = [v for v in texts.telling(m, a.get(0, None)) if is_url(m, v) or (is_any and m.table.text_of(v))]
        if not urls:
            return m.external(f"{path}()", 0)
        pieces = [[_without_end(texts.text_parts(m, value)) for value in urls]]
        for position in range(1, len(a.positional)):
            pieces += [[("/",)], [_without_slash(parts) for parts in _given(m, frame, r, a, position)]]
        return texts.join_texts(m, pieces)

    return join


def _without_end(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    return (*parts[:-1], parts[-1].rstrip("/")) if parts and isinstance(parts[-1], str) else parts


def _url_object(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`httpx.URL(url, path=...)`: with keywords, another URL of the same host."""
    instruction = frame.scope.code[r]
    given = a.get(0, "url")
    if instruction[0] != ir.CALL or not any(key == "path" for key, _ in instruction[3]):
        return given
    urls = [value for value in sorted(given) if is_url(m, value)]
    pieces = [[origin_of(texts.text_parts(m, value)) for value in urls] or [(m.table.make(HOLE, ""),)]]
    path = [operand for key, operand in instruction[3] if key == "path"]
    return texts.join_texts(m, [*pieces, texts.alternatives(m, frame, path[0])])


def _built(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`URL.build(scheme="https", host=host, path="/v1")`, which has all of it by keyword."""
    instruction = frame.scope.code[r]
    named = dict(instruction[3]) if instruction[0] == ir.CALL else {}
    host = named.get("host", named.get("authority", -1))
    if host < 0 or "scheme" not in named:
        return EMPTY
    scheme, authority = (texts.alternatives_or_hole(m, frame, register) for register in (named["scheme"], host))
    path = texts.alternatives_or_hole(m, frame, named["path"]) if "path" in named else [()]
    return texts.join_texts(m, [scheme, [("://",)], authority, [_with_slash(one) for one in path]])


def _with_slash(parts: tuple[texts.Part, ...]) -> tuple[texts.Part, ...]:
    """A path from the root, as pydantic writes one without a slash as well."""
    is_bare = bool(parts) and isinstance(parts[0], str) and not parts[0].startswith("/")
    return ("/", *parts) if is_bare else parts


def _parsed(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`urlparse(url)`: a known URL, whose parts are attributes; of an unknown one nothing is known."""
    known = frozenset(value for value in a.get(0, "url") if is_url(m, value))
    return known or m.external("urllib.parse.urlparse()", 0)


def _unparsed(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`urlunparse((scheme, host, path, ...))` of a display."""
    instruction = frame.scope.code[r]
    operands = instruction[2] if instruction[0] == ir.CALL else ()
    given = frame.scope.code[operands[0]] if operands and operands[0] >= 0 else instruction
    if given[0] not in (ir.TUPLE, ir.LIST) or len(given[1]) < 3 or min(given[1][:3]) < 0:
        return frozenset(v for v in a.get(0, "components") if m.table.kinds[v] != CONT)
    scheme, host, path = (texts.alternatives(m, frame, operand) for operand in given[1][:3])
    return texts.join_texts(m, [scheme, [("://",)], host, path])


def _origin(m: Machine, frame: Frame, operands: tuple[int, ...], position: int) -> str:
    is_known = position < len(operands) and all(operand >= 0 for operand in operands[: position + 1])
    return texts.origin(m, frame, operands[position]) if is_known else ""


HANDLERS: dict[str, Callable[[Machine, Frame, int, Arguments], Values]] = {
    "urllib.parse.urljoin": _urljoin,
    "urllib.parse.urlparse": _parsed,
    "urllib.parse.urlsplit": _parsed,
    "urllib.parse.urlunparse": _unparsed,
    "urllib.parse.urlunsplit": _unparsed,
    "os.path.join": _path_joined("os.path.join"),
    "posixpath.join": _path_joined("posixpath.join", is_any=True),
    "httpx.URL": _url_object,
    "httpx2.URL": _url_object,
    "furl.furl": _url_object,
    "yarl.URL.build": _built,
    **{f"pydantic.{name}.build": _built for name in ("AnyUrl", "AnyHttpUrl", "HttpUrl")},
}
