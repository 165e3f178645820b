"""What code says about its own governance, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dealix_lint.model.graph import Place
from dealix_lint.model.policy import AXES

FROM_CALL, FROM_DECORATOR, FROM_CLASS, FROM_CONFIGURATION = "call", "decorator", "class", "configuration"


@dataclass(frozen=True, slots=True)
class ClassValue:
    """What a declaration says on one axis: possible `levels` weakest first, constants outside the vocabulary as written
    (`invalid`), and `is_open` when the value may be something else that is only known at run time."""

    levels: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def weakest(self) -> str:
        """The weakest level it may be; "" where that is not certain."""
        return "" if self.is_open or self.invalid or not self.levels else self.levels[0]

    @property
    def strongest(self) -> str:
        """The strongest level it may be; "" where that is not certain."""
        return "" if self.is_open or self.invalid or not self.levels else self.levels[-1]


ClassTriple: TypeAlias = tuple[ClassValue | None, ClassValue | None, ClassValue | None]
NO_CLASSES: ClassTriple = (None, None, None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that states classes: `source` is one of the constants above, `label` how to print it (`@governed`,
    `ActionPacket(...)`), `place` the decorator, call or attribute (for configuration: the `def`), `function` whose
    code or declaration that is."""

    source: str
    label: str
    place: Place
    function: str
    classes: ClassTriple

    @property
    def requires_literal(self) -> bool:
        """Decorators, class attributes and configuration are fixed when the program starts; calls may pass what they
        got."""
        return self.source != FROM_CALL


@dataclass(frozen=True, slots=True)
class Declared:
    """The classes in force where a path leaves a function: per axis the innermost evidence that states it."""

    by_axis: tuple[Evidence | None, Evidence | None, Evidence | None] = (None, None, None)

    def value(self, axis: int) -> ClassValue | None:
        """What is declared on an axis."""
        evidence = self.by_axis[axis]
        return None if evidence is None else evidence.classes[axis]

    @property
    def is_complete(self) -> bool:
        """All three classes are stated (whether or not they make sense)."""
        return all(self.by_axis)

    @property
    def is_empty(self) -> bool:
        """Nothing is stated."""
        return not any(self.by_axis)

    @property
    def has_invalid(self) -> bool:
        """One of the classes is a constant outside the vocabulary."""
        values = (self.value(axis) for axis in range(len(AXES)))
        return any(value is not None and value.invalid for value in values)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the axes on which nothing is stated."""
        return tuple(name for name, evidence in zip(AXES, self.by_axis, strict=True) if evidence is None)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence it is made of, each once, in the order of the axes."""
        return tuple(dict.fromkeys(evidence for evidence in self.by_axis if evidence is not None))


def declared_from(evidence: tuple[Evidence, ...]) -> Declared:
    """Merge evidence, innermost first: each axis is taken from the first that states it."""
    first = [next((e for e in evidence if e.classes[axis] is not None), None) for axis in range(len(AXES))]
    return Declared((first[0], first[1], first[2]))
