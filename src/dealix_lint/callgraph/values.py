"""Abstract values, interned as small integers so that sets of them are cheap and ordered the same in every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

Value = int
Values = frozenset[int]
EMPTY: Final[Values] = frozenset()
NONE_MERGED: Final[Mapping[Any, Value]] = MappingProxyType({})

(
    FUNC,  # (function, environment activation)
    BOUND,  # (callable value, self value)
    CLASS,  # (class index, environment activation)
    INST,  # (class index, key): key 0 merged, DECLARED_KEY by annotation only (less: with type arguments), else a context of its constructor
    MODULE,  # (dotted name,)
    EXT,  # (access path, root site or 0)
    CONST,  # (type name, value)
    TEXT,  # (parts,): str or value
    PARTIAL,  # (callable value, site)
    CONT,  # (kind, site)
    METHOD,  # (container value, method name)
    VIEW,  # (container value, "items" | "keys" | "values" | "pair" | key of one pair)
    GEN,  # (activation,)
    CORO,  # (activation, site)
    SUPER,  # (class index, self value)
    PROP,  # (getter value, setter value or 0)
    CLASSM,  # (callable value,)
    STATICM,  # (callable value,)
    UNIT,  # (callable value, unit attribute index)
    HOLE,  # (origin,): an unknown scalar of known origin
    GENERIC,  # (callable value, types): singledispatch registration
) = range(21)

CALLABLE_KINDS: Final = frozenset((FUNC, BOUND, CLASS, PARTIAL))
PASSIVE_KINDS: Final = frozenset((CONST, TEXT, HOLE))
DECLARED_KEY: Final = -1
LONGEST_PATH: Final = 120  # characters of an access path


class ValueTable:
    """Interns values; `kinds[v]` and `data[v]` give their parts, `depths[v]` how many contexts they nest."""

    __slots__ = ("_ids", "data", "depths", "kinds")

    def __init__(self) -> None:
        self._ids: dict[tuple[Any, ...], int] = {(): 0}
        self.kinds: list[int] = [-1]  # 0 is no value
        self.data: list[tuple[Any, ...]] = [()]
        self.depths: list[int] = [0]

    def make(self, kind: int, *parts: Any, depth: int = 0) -> Value:
        """The value with these parts."""
        key = (kind, *parts)
        found = self._ids.get(key)
        if found is None:
            found = len(self.kinds)
            self._ids[key] = found
            self.kinds.append(kind)
            self.data.append(parts)
            self.depths.append(depth)
        return found

    def function_of(self, value: Value) -> int:
        """The number of the analysed function that a value is, or is a method made of; -1 for anything else."""
        while self.kinds[value] == BOUND:
            value = self.data[value][0]
        return self.data[value][0] if self.kinds[value] == FUNC else -1

    def constant(self, value: str | int | float | bool | tuple[str, ...] | None) -> Value:
        """A constant (1, 1.0 and True are kept apart)."""
        return self.make(CONST, value.__class__.__name__, value)

    def external(self, path: str, root: int = 0) -> Value:
        """An external access path."""
        return self.make(EXT, path, root)

    def text_of(self, value: Value) -> str | None:
        """The text of a string constant."""
        if self.kinds[value] == CONST and self.data[value][0] == "str":
            text: str = self.data[value][1]
            return text
        return None


class Slot:
    """A place that holds values: a parameter, attribute, element, result. Grows only; knows who read it."""

    __slots__ = ("bases", "family", "forgets_texts", "merged", "readers", "refused", "targets", "values", "views")

    def __init__(self) -> None:
        self.values: Values = EMPTY
        self.bases: tuple[tuple[int, int], ...] = ()  # classes of which one instance stands for those of all subclasses
        self.family: tuple[tuple[int, int], ...] | None = None  # once very full: the class it is about, or none
        self.forgets_texts = False
        self.merged: Mapping[Any, Value] = NONE_MERGED  # containers that stand for others, see `merging`
        self.readers: set[int] | int = 0  # points, or the only one; most slots are read by none
        self.refused: Values | set[Value] = EMPTY  # what came when the slot was full
        self.targets: list[Slot] | tuple[()] = ()  # slots that hold at least what this one holds
        self.views: tuple[View, ...] = ()  # what is worked out from this and other slots

    def reading(self) -> Iterable[int]:
        """The points that read it."""
        readers = self.readers
        return readers if isinstance(readers, set) else (readers,) if readers else ()

    def refuse(self, values: Values | set[Value]) -> None:
        """Remember what came when the slot was full."""
        if isinstance(self.refused, set):
            self.refused.update(values)
        elif values:
            self.refused = set(values)


class View(Slot):
    """Values worked out from several slots (an attribute as an instance has it), to be worked out again once one of them
    has grown."""

    __slots__ = ("is_stale",)

    def __init__(self) -> None:
        super().__init__()
        self.is_stale = True


class Slots(dict[tuple[Any, ...], Slot]):
    """Slots by key, made when first asked for."""

    def __missing__(self, key: tuple[Any, ...]) -> Slot:
        self[key] = slot = Slot()
        return slot
