"""Frozen dataclasses as what JSON can say, and back by their annotations: what is remembered between two runs is never
anything that could be executed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Reader = Callable[[Any], Any]


def to_plain(value: object) -> Any:
    """A value of dataclasses, tuples, frozen sets, dictionaries and scalars as lists and scalars; equal values give equal
    lists. A dataclass is the list of its fields."""
    if is_dataclass(value):
        return [to_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(map(to_plain, value))
    if isinstance(value, dict):
        return [[to_plain(key), to_plain(item)] for key, item in value.items()]
    return value


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of a class that `to_plain` made lists of. Raises TypeError or ValueError where they do not fit it."""
    as_annotation: Any = kind
    found: T = _reader(as_annotation)(plain)
    return found


@cache
def _reader(kind: Any) -> _Reader:
    """What makes a value of an annotation out of its plain form."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if origin is dict:
        key, item = map(_reader, arguments)
        return lambda pairs: {key(k): item(v) for k, v in pairs}
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _fixed(tuple(map(_reader, arguments)))
    if origin in (tuple, frozenset):
        return _many(origin, _reader(arguments[0]))
    if origin in (Union, UnionType) and NoneType in arguments:
        (some,) = (_reader(argument) for argument in arguments if argument is not NoneType)
        return some if some is _itself else lambda plain: None if plain is None else some(plain)
    return _itself


def _itself(plain: Any) -> Any:
    return plain


def _record(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = tuple(_reader(hints[field.name]) for field in fields(kind))
    nested: Final = tuple((place, reader) for place, reader in enumerate(readers) if reader is not _itself)
    number = len(readers)

    def read(row: list[Any]) -> Any:
        if len(row) != number:
            raise ValueError(f"{kind.__name__} has {number} fields, found {len(row)}")
        for place, reader in nested:
            row[place] = reader(row[place])
        return kind(*row)

    return read


def _fixed(readers: tuple[_Reader, ...]) -> _Reader:
    if all(reader is _itself for reader in readers):
        return tuple
    return lambda items: tuple(reader(item) for reader, item in zip(readers, items, strict=True))


def _many(whole: _Reader, reader: _Reader) -> _Reader:
    return whole if reader is _itself else lambda items: whole([reader(item) for item in items])
