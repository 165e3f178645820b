"""Texts folded from constants, with holes for what is unknown."""

from __future__ import annotations

import re
from itertools import product
from os.path import commonprefix
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import enums
from dealix_lint.callgraph.values import CLASS, CONST, EMPTY, EXT, HOLE, INST, MODULE, TEXT, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Part = str | int
MOST_ALTERNATIVES = 8
MOST_PARTS = 16
TRIMMING: Final = frozenset(("strip", "rstrip", "lstrip", "removesuffix", "removeprefix"))
"""Methods of texts that take something away at an end."""
SAYING_IT: Final = frozenset(("str", "quote", "quote_plus"))
"""Functions that give what they are handed as a text."""
READING: Final = frozenset(("get_secret_value", "unicode_string", "encoded_string", "human_repr"))
"""Methods of an object that holds a text (a secret, a URL) which give that."""
LONGEST = 600
_TEXTS: Final = frozenset((CONST, TEXT, EXT, HOLE))
_JINJA: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_DOLLAR: Final = re.compile(r"\$(?:\w+|\{\w+\})")
_ITEM: Final = re.compile(r"\['[\w.-]+'\]$")  # of a mapping, not of what is asked by `client.get("/orders")`
_WORD_AS_PATH: Final = re.compile(r"/[^/]+/?")


def text_parts(m: Machine, value: Value) -> tuple[Part, ...]:
    """A value as parts of a text: known text or the value that stands for a hole."""
    kind = m.table.kinds[value]
    if kind == CONST:
        constant = m.table.data[value][1]
        return (constant,) if isinstance(constant, str) else (str(constant),)
    if kind == TEXT:
        parts: tuple[Part, ...] = m.table.data[value][0]
        return parts
    if kind in (EXT, HOLE):
        return (value,)
    return (m.table.make(HOLE, ""),)


def filled(m: Machine, holder: Value, name: str) -> Values:
    """What a template (`jinja2.Template(text)`, `string.Template(text)`) makes of its text: what it fills in is unknown."""
    template = m.table.text_of(holder)
    if template is None:
        return EMPTY
    known = (_JINJA if name == "render" else _DOLLAR).split(template)
    hole = m.table.make(HOLE, "")
    return frozenset((make_text(m, tuple(part for each in known for part in (hole, each))[1:]),))


def make_text(m: Machine, parts: tuple[Part, ...]) -> Value:
    """A text value from parts, neighbouring known parts joined."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if len(joined) > MOST_PARTS or sum(len(part) for part in joined if isinstance(part, str)) > LONGEST:
        joined = [*joined[:3], m.table.make(HOLE, "")]
    if not joined:
        return m.table.constant("")
    if len(joined) == 1:
        return m.table.constant(joined[0]) if isinstance(joined[0], str) else joined[0]
    return m.table.make(TEXT, tuple(joined))


def opened(m: Machine, values: Values) -> Values:
    """The texts among values as beginnings of longer ones."""
    hole = m.table.make(HOLE, "")
    known = [text_parts(m, v) for v in sorted(values) if m.table.kinds[v] == TEXT or m.table.text_of(v) is not None]
    return frozenset(make_text(m, (*parts, hole) if isinstance(parts[-1], str) else parts) for parts in known)


def join_texts(m: Machine, pieces: list[list[tuple[Part, ...]]]) -> Values:
    """All texts that alternatives in sequence can form (at most a few; then of the later ones only the beginning that they
    share is kept)."""
    count = 1
    limited: list[list[tuple[Part, ...]]] = []
    for number, piece in enumerate(pieces):
        if number > 0 and len(piece) > 1 and not _end_with_scheme(pieces[number - 1]):
            piece = _without_words(m, piece)
        if count * len(piece) > MOST_ALTERNATIVES:
            piece = [(*_shared_beginning(piece), m.table.make(HOLE, ""))]
        count *= len(piece)
        limited.append(piece)
    return frozenset(make_text(m, tuple(part for parts in choice for part in parts)) for choice in product(*limited))


def _end_with_scheme(alternatives: list[tuple[Part, ...]]) -> bool:
    """True for what a host follows: a word that may stand there is one."""
    return all(parts and isinstance(parts[-1], str) and parts[-1].endswith("://") for parts in alternatives)


def _without_words(m: Machine, alternatives: list[tuple[Part, ...]]) -> list[tuple[Part, ...]]:
    """Of what may be anything the single words that it may also be say nothing (`bot{token}`); paths do."""
    unknown = [parts for parts in alternatives if not any(isinstance(part, str) for part in parts)]
    paths = [parts for parts in alternatives if any(isinstance(part, str) and "/" in part for part in parts)]
    return [*unknown[:1], *paths] if unknown else alternatives


def _shared_beginning(alternatives: list[tuple[Part, ...]]) -> tuple[str, ...]:
    """The text that all alternatives begin with; of a URL no less than its whole host."""
    firsts = [parts[0] if parts else "" for parts in alternatives]
    shared = commonprefix([first for first in firsts if isinstance(first, str)])  # noqa: RUF071 - characters are meant
    if not shared or not all(isinstance(first, str) for first in firsts):
        return ()
    _, scheme, rest = shared.partition("://")
    return () if scheme and "/" not in rest else (shared,)


def telling(m: Machine, values: Values) -> list[int]:
    """The values in order, without the empty text and the None that stand for "not configured" where there are others."""
    nothing = (m.none(), m.table.constant(""))
    return [v for v in sorted(values) if v not in nothing] or sorted(values - {m.none()})


def alternatives(m: Machine, frame: Frame, register: int) -> list[tuple[Part, ...]]:
    """A register's possible texts; a hole that names its origin where nothing is known."""
    return alternatives_of(m, frame.registers[register]) or [(m.table.make(HOLE, origin(m, frame, register)),)]


def alternatives_of(m: Machine, values: Values) -> list[tuple[Part, ...]]:
    """Values as possible texts; None is none, nor is an object next to texts."""
    useful = [v for v in sorted(values) if not (m.table.kinds[v] == CONST and m.table.data[v][1] is None)]
    useful = [v for v in useful if m.table.kinds[v] in _TEXTS] or _as_texts(m, useful)
    return list(dict.fromkeys(text_parts(m, v) for v in useful))


def _as_texts(m: Machine, values: list[Value]) -> list[Value]:
    """Members of an enumeration of texts as these; other objects as they are."""
    found: dict[Value, None] = {}
    for value in values:
        known = enums.texts(m, value) if m.table.kinds[value] == INST else EMPTY
        found.update(dict.fromkeys(sorted(known) or (value,)))
    return list(found)


def origin(m: Machine, frame: Frame, register: int, depth: int = 0) -> str:
    """Where an unknown value comes from, as an access path ("" where nothing can be said)."""
    if depth > 6 or register < 0:
        return ""
    instruction = frame.scope.code[register]
    opcode = instruction[0]
    if opcode == ir.PARAM:
        return f"parameter:{frame.scope.parameters[instruction[1]].name}"
    if opcode == ir.ATTR:
        holder = _holder(m, frame, instruction[1]) or origin(m, frame, instruction[1], depth + 1)
        return f"{holder}.{instruction[2]}" if holder else ""
    if opcode == ir.NAME:
        return f"{m.state.program.sources[frame.module].module}.{instruction[1]}"
    if opcode in (ir.DECLARED, ir.AWAIT):
        return origin(m, frame, instruction[-1] if opcode == ir.DECLARED else instruction[1], depth + 1)
    if opcode == ir.PHI:
        names = dict.fromkeys(origin(m, frame, r, depth + 1) for r in instruction[1] if r < register)
        return next((name for name in names if name), "")
    if opcode == ir.CALL:
        method = frame.scope.code[instruction[1]]
        if method[0] == ir.ATTR and method[2] in READING:
            return origin(m, frame, method[1], depth + 1)
        if method[0] == ir.ATTR and method[2] == "get" and instruction[2] and instruction[2][0] >= 0:
            item = _element_origin(m, frame, (ir.SUBSCRIPT, method[1], instruction[2][0]), depth)
            if _ITEM.search(item):
                return item
        callee = origin(m, frame, instruction[1], depth + 1)
        return f"{callee}()" if callee else ""
    if opcode == ir.SUBSCRIPT:
        return _element_origin(m, frame, instruction, depth)
    return ""


def _element_origin(m: Machine, frame: Frame, instruction: ir.Instruction, depth: int) -> str:
    holder = origin(m, frame, instruction[1], depth + 1)
    keys = [m.table.text_of(v) for v in sorted(frame.registers[instruction[2]])]
    return f"{holder}['{keys[0]}']" if holder and len(keys) == 1 and keys[0] is not None else holder


def _holder(m: Machine, frame: Frame, register: int) -> str:
    for value in sorted(frame.registers[register]):
        kind, data = m.table.kinds[value], m.table.data[value]
        if kind in (INST, CLASS):
            return m.state.classes.info(m.state.class_list[data[0]]).name
        if kind in (EXT, MODULE):
            path: str = data[0]
            return path
    return ""


def concatenate(m: Machine, frame: Frame, left: int, right: int) -> Values:
    """`left + right` where one side may be a text, and none is a number."""
    sides = frame.registers[left], frame.registers[right]
    if not any(m.table.kinds[v] in (CONST, TEXT, HOLE) for values in sides for v in values):
        return EMPTY
    if any(values and all(_is_number(m, v) for v in values) for values in sides):
        return EMPTY
    bases = alternatives(m, frame, left)
    return join_texts(m, [[base for base in bases if base != ("",)] or bases, alternatives(m, frame, right)])


def _is_number(m: Machine, value: Value) -> bool:
    return m.table.kinds[value] == CONST and m.table.data[value][0] in ("int", "float")


def path_under(m: Machine, frame: Frame, left: int, right: int) -> Values:
    """`url / "orders"` of a URL object."""
    kinds = m.table.kinds
    if not any(kinds[v] == TEXT or m.table.text_of(v) is not None for v in frame.registers[left]):
        return EMPTY
    return join_texts(m, [alternatives(m, frame, left), [("/",)], alternatives(m, frame, right)])


def alternatives_or_hole(m: Machine, frame: Frame, operand: int) -> list[tuple[Part, ...]]:
    """The alternatives of an operand; of one that is spread or not there (-1), nothing is known."""
    return alternatives(m, frame, operand) if operand >= 0 else [(m.table.make(HOLE, ""),)]


def trimmed(m: Machine, frame: Frame, register: int, holder: Value, name: str) -> Value:
    """`text.strip("/")`, `text.removeprefix("v")`: without what stands at its ends, where these are known. A path
    of one word (`"/accounts/"`) keeps its slashes, which tell it from other words that it is joined with."""
    instruction = frame.scope.code[register]
    operands: tuple[int, ...] = instruction[2] if instruction[0] == ir.CALL else ()
    given = m.constants(frame.registers[operands[0]]) if operands and operands[0] >= 0 else []
    text = m.table.text_of(holder)
    is_word = name == "strip" and text is not None and _WORD_AS_PATH.fullmatch(text) is not None
    if is_word or (operands and len(given) != 1):
        return holder
    taken = given[0] if given else None
    parts = list(text_parts(m, holder))
    if isinstance(parts[0], str) and name in ("strip", "lstrip"):
        parts[0] = parts[0].lstrip(taken)
    elif isinstance(parts[0], str) and name == "removeprefix":
        parts[0] = parts[0].removeprefix(taken or "")
    if isinstance(parts[-1], str) and name in ("strip", "rstrip"):
        parts[-1] = parts[-1].rstrip(taken)
    elif isinstance(parts[-1], str) and name == "removesuffix":
        parts[-1] = parts[-1].removesuffix(taken or "")
    return make_text(m, tuple(parts))


def replaced(m: Machine, frame: Frame, register: int, holder: Value) -> Values:
    """`text.replace(old, new)` for a constant `old`."""
    instruction = frame.scope.code[register]
    operands: tuple[int, ...] = instruction[2] if instruction[0] == ir.CALL else ()
    if len(operands) < 2 or min(operands) < 0 or len(m.constants(frame.registers[operands[0]])) != 1:
        return frozenset((m.table.make(HOLE, ""),))
    (old,) = m.constants(frame.registers[operands[0]])
    pieces: list[list[tuple[Part, ...]]] = []
    for part in text_parts(m, holder):
        chunks = part.split(old) if isinstance(part, str) and old else [part]
        for number, chunk in enumerate(chunks):
            pieces += [alternatives(m, frame, operands[1])] * (number > 0) + [[(chunk,)]]
    return join_texts(m, pieces)
