"""Numbers for what a search has in hand, so that the phases of `paths` are integers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Numbered(Generic[V]):
    """Values in the order in which they were first met. Those with the same key are one, the first of them."""

    __slots__ = ("_numbers", "_values")

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._values: list[V] = []

    def number(self, value: V, key: Hashable) -> int:
        """The number of a value, from 0 on."""
        number = self._numbers.setdefault(key, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def __getitem__(self, number: int) -> V:
        return self._values[number]
