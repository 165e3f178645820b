"""The nodes of a parsed file, by the names that libcst gives them.

libcst's parser makes every node by calling the class of that name in the package `libcst`. Its classes are frozen data
classes with an `__init__` in Python, which sets every field through `object.__setattr__` and then checks the node: right
for trees that people put together and change, and a third of the time of parsing for a tree that is read once and thrown
away. The classes here have the same fields, defaults and methods, so that code is generated from them as well (positions
follow from that), and are filled by `types.SimpleNamespace`, in C. `isinstance(node, libcst.Name)` holds for them too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from functools import cache
from types import MemberDescriptorType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import libcst

if TYPE_CHECKING:
    from libcst import *  # noqa: F403

_OF_THE_DATA_CLASS = frozenset((
    "__init__", "__post_init__", "__slots__", "__setattr__", "__delattr__", "__eq__", "__hash__", "__getstate__",
    "__setstate__", "__dict__", "__weakref__", "__init_subclass__", "__abstractmethods__", "_abc_impl", "__class_getitem__",
    "__module__", "__qualname__", "__doc__", "__annotations__",
))  # fmt: skip


@cache
def _record(kind: type[Any]) -> type[Any]:
    """The class that stands for a node class; the bases stand for its bases."""
    bases = tuple(_record(base) for base in kind.__bases__ if issubclass(base, libcst.CSTNode))
    members = {
        name: member
        for name, member in vars(kind).items()
        if name not in _OF_THE_DATA_CLASS and not isinstance(member, MemberDescriptorType)
    }
    for field in fields(kind):
        if field.default is not MISSING:
            members[field.name] = field.default
        elif field.default_factory is not MISSING:
            members[field.name] = field.default_factory()
    members |= {"__class__": kind, "__slots__": (), "__eq__": object.__eq__, "__hash__": object.__hash__}
    if kind is libcst.ConcatenatedString:
        members["__init__"] = _checked
    return type(kind.__name__, bases or (SimpleNamespace,), members)


def _checked(node: Any, **parts: Any) -> None:
    """The one thing that libcst's check of a node finds and its parser does not: `'a' b'b'`."""
    SimpleNamespace.__init__(node, **parts)
    node._validate()


_NODES = {
    name: kind for name, kind in vars(libcst).items() if isinstance(kind, type) and issubclass(kind, libcst.CSTNode)
}
_RECORDS = {name: _record(kind) for name, kind in _NODES.items()}
_WITHOUT_MEANING = (
    "SimpleWhitespace", "ParenthesizedWhitespace", "TrailingWhitespace", "EmptyLine", "Newline", "Comment", "Comma", "Dot",
    "AssignEqual", "Semicolon", "Colon", "LeftParen", "RightParen", "LeftSquareBracket", "RightSquareBracket",
    "LeftCurlyBrace", "RightCurlyBrace",
)  # fmt: skip
_nothing = "".format  # takes any keyword arguments, and is quick about it
_MEANINGFUL = {**_RECORDS, **dict.fromkeys(_WITHOUT_MEANING, _nothing)}


@contextmanager
def _made_of(classes: Mapping[str, Any]) -> Iterator[None]:
    names = vars(libcst)
    names.update(classes)
    try:
        yield
    finally:
        names.update(_NODES)


def parse_module_bytes(data: bytes, *, is_whole: bool) -> libcst.Module:
    """The tree of a file, with or without white space and punctuation; errors as of `libcst.parse_module`."""
    with _made_of(_RECORDS if is_whole else _MEANINGFUL):
        return libcst.parse_module(data)


def parse_expression_text(text: str) -> libcst.BaseExpression:
    """The tree of an expression; errors as of `libcst.parse_expression`."""
    with _made_of(_RECORDS):
        return libcst.parse_expression(text)


def _is_used() -> bool:
    """False for a version of libcst whose parser finds its classes in another way: then they are what there is."""
    return type(parse_module_bytes(b"", is_whole=True)) is _RECORDS["Module"]


globals().update(_RECORDS if _is_used() else _NODES)
