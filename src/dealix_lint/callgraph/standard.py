"""Attributes that classes of the standard library have, and so objects of classes that inherit from them: `update` of a dict
with a `__getattr__` of its own is that of `dict`."""

from __future__ import annotations

import builtins
import collections
import enum
import threading
from functools import cache
from typing import Final

_BUILTIN: Final = "<builtin>."
_OTHERS: Final[dict[str, type]] = {
    f"{module.__name__}.{name}": cls
    for module in (collections, enum, threading)
    for name, cls in vars(module).items()
    if isinstance(cls, type) and not name.startswith("_")
}

_PLAIN: Final = frozenset(("abc.ABC", "typing.Generic", "typing.Protocol", "<builtin>.object"))


def has(bases: tuple[str, ...], name: str) -> bool:
    """Whether one of the bases of a class, as paths, has an attribute of that name."""
    return any(name in _names(path) for path in bases)


def are_known(bases: tuple[str, ...]) -> bool:
    """Whether of all bases of a class, as paths, it is known which attributes they have. Members of enumerations have more."""
    return all(path in _PLAIN or (_names(path) and not path.startswith("enum.")) for path in bases)


@cache
def _names(path: str) -> frozenset[str]:
    """The attributes of the class that a path is; none if it is no such class."""
    found = vars(builtins).get(path.removeprefix(_BUILTIN)) if path.startswith(_BUILTIN) else _OTHERS.get(path)
    return frozenset(dir(found)) if isinstance(found, type) else frozenset()
