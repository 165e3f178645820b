"""One file, alone, to its `ModuleSummary`. Only these functions are for other stages; libcst is imported when they run."""

from __future__ import annotations

from dealix_lint.model.summary import ModuleSummary
from dealix_lint.summarize.codec import decode, encode

__all__ = ["decode", "encode", "positions", "summarize"]


def summarize(data: bytes) -> ModuleSummary:
    """Summarise the bytes of a file; never raises on any input (see `ModuleSummary.problem`)."""
    from dealix_lint.summarize.module import summarize_module

    return summarize_module(data)


def positions(data: bytes, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Positions of (scope, register) places; see `summarize.lookup.find_positions`."""
    from dealix_lint.summarize.lookup import find_positions

    return find_positions(data, wanted)
