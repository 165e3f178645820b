"""Names and texts among the values of an argument, in lists too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.model.text import ArgumentValue, Sequence, Symbol, Text


def symbols(values: Iterable[ArgumentValue]) -> Iterator[str]:
    """Dotted names."""
    for value in values:
        if isinstance(value, Sequence):
            yield from symbols(value.elements)
        elif isinstance(value, Symbol):
            yield value.name


def literals(values: Iterable[ArgumentValue]) -> Iterator[str]:
    """Texts of which nothing is unknown."""
    for value in values:
        if isinstance(value, Sequence):
            yield from literals(value.elements)
        elif isinstance(value, Text) and value.literal is not None:
            yield value.literal
