"""Values of code folded to levels of the policy's vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from dealix_lint.facts.definitions import Definitions
from dealix_lint.model.facts import ClassValue
from dealix_lint.model.policy import Axis
from dealix_lint.model.text import ArgumentValue, Constant, Symbol, Text


def fold(values: Iterable[ArgumentValue], axis: Axis, definitions: Definitions) -> ClassValue | None:
    """What possible values say on an axis: None where they are nothing but `None` (the field is absent), an open
    value where nothing is known."""
    values = tuple(values)
    if is_absent(values):
        return None
    stated = [value for value in values if not _is_none(value)]
    levels: set[str] = set()
    invalid: set[str] = set()
    is_open = not values
    for value in stated:
        literal = level_text(value, axis, definitions)
        if literal is None:
            is_open = True
        elif literal in axis.levels:
            levels.add(literal)
        else:
            invalid.add(literal)
    return ClassValue(tuple(sorted(levels, key=axis.rank)), tuple(sorted(invalid)), is_open)


def is_absent(values: tuple[ArgumentValue, ...]) -> bool:
    """Whether a field is left at nothing but `None`."""
    return bool(values) and all(map(_is_none, values))


def _is_none(value: ArgumentValue) -> bool:
    return isinstance(value, Constant) and value.value is None


def level_text(value: ArgumentValue, axis: Axis, definitions: Definitions) -> str | None:
    """The text a value stands for: a literal, or the name or value of an enum member; None where that is not known."""
    if isinstance(value, Text):
        return value.literal
    if isinstance(value, Constant):
        return str(value.value)
    return _member(value, axis, definitions) if isinstance(value, Symbol) else None


def _member(symbol: Symbol, axis: Axis, definitions: Definitions) -> str | None:
    name = symbol.name.removesuffix(".value").removesuffix(".name")
    owner, _, member = name.rpartition(".")
    if member in axis.levels:
        return member
    place = definitions.find_class(owner)
    for value in definitions.attributes(place).get(member, ()) if place is not None else ():
        literal = (
            value.literal if isinstance(value, Text) else str(value.value) if isinstance(value, Constant) else None
        )
        if literal is not None:
            return literal
    return None


def is_level(value: ArgumentValue, axis: Axis, definitions: Definitions) -> bool:
    """Whether a value is certainly a level of the axis."""
    return level_text(value, axis, definitions) in axis.levels
