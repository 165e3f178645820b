"""What a pack expects to be found in a piece of code.

An effect is written `kind/provider/operation`, any part with wildcards, and where it matters followed by `R2/S1` (the
floors) and a confidence. An entry point is written `mechanism function`, where it matters followed by its detail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dealix_lint.model.entrypoints import MECHANISMS

_EFFECT: Final = re.compile(
    r"(?P<what>[^/\s]+/[^/\s]+/\S.*?)(?P<floors> R\d/S\d)?(?P<confidence> (?:high|medium|low))?"
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """`effects` of code in the order of their lines, and its `starts` in any; None: does not matter."""

    code: str
    effects: tuple[str, ...] | None = None
    starts: tuple[str, ...] | None = None


def is_effect(text: str) -> bool:
    """Whether a text is written as an effect is."""
    return _EFFECT.fullmatch(text) is not None


def is_start(text: str) -> bool:
    """Whether a text is written as an entry point is."""
    words = text.split()
    return len(words) >= 2 and words[0] in MECHANISMS


def effect_matches(expected: str, what: str, floors: str, confidence: str) -> bool:
    """Whether an effect, given by its three parts, is the expected one."""
    match = _EFFECT.fullmatch(expected)
    if match is None:
        return False
    stated = ((match["floors"], floors), (match["confidence"], confidence))
    return fnmatchcase(what, match["what"]) and all(said is None or said.strip() == found for said, found in stated)


def start_matches(expected: str, mechanism: str, function: str, detail: str) -> bool:
    """Whether an entry point is the expected one."""
    found = " ".join((mechanism, function))
    return expected in (found, f"{found} {detail}")
