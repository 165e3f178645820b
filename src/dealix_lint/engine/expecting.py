"""Whether what is known finds in a piece of code what a pack expects of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.engine.lines import look_up
from dealix_lint.engine.pipeline import Analysis, understand
from dealix_lint.engine.request import silent
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.model.effects import Effect
from dealix_lint.model.expectations import Expectation, effect_matches, start_matches
from dealix_lint.model.graph import CONFIDENCE_NAMES
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.sources.read import Content, digest
from dealix_lint.summarize import summarize

_MODULE: Final = "example"
_FILE: Final = f"{_MODULE}.py"
_NOTHING: Final = "nothing"


def unmet(expectation: Expectation, knowledge: Knowledge, settings: Settings) -> Iterator[str]:
    """One line for everything that is not as expected."""
    data = expectation.code.encode()
    here = Path("/")  # the code lies in no project: nothing of it is read from there
    snapshot = Snapshot(here, Settings(own_hosts=settings.own_hosts, jobs=1), (Content(_FILE, data, digest(data)),))
    source = SourceFile(_FILE, _MODULE, snapshot.contents[0].digest)
    analysis = understand((source,), (summarize(data),), knowledge, snapshot.settings, silent)
    problem = analysis.program.summaries[0].problem
    if problem is not None:
        yield f"code: line {problem.line}, column {problem.column}: {problem.reason}"
        return
    if expectation.effects is not None:
        yield from _effects(expectation.effects, analysis, snapshot)
    if expectation.starts is not None:
        yield from _starts(expectation.starts, analysis)


def _effects(expected: Sequence[str], analysis: Analysis, snapshot: Snapshot) -> Iterator[str]:
    wanted = {0: {(effect.place.scope, effect.place.register) for effect in analysis.effects}}
    positions = look_up(wanted, [_FILE], snapshot, Store(None), silent)
    found = sorted(
        (positions.get(effect.place, (1, 1, 1, 1)), number) for number, effect in enumerate(analysis.effects)
    )
    for text, place in zip_longest(expected, found):
        effect = None if place is None else analysis.effects[place[1]]
        if text is None or effect is None or not effect_matches(text, *_said(effect)):
            where = "" if place is None else f"line {place[0][0]}: "
            yield f"{where}expected {text or _NOTHING}, found {' '.join(_said(effect)) if effect else _NOTHING}"


def _said(effect: Effect) -> tuple[str, str, str]:
    return effect.name, effect.floors, CONFIDENCE_NAMES[effect.confidence]


def _starts(expected: Sequence[str], analysis: Analysis) -> Iterator[str]:
    left = [(s.mechanism, s.function.removeprefix(f"{_MODULE}."), s.detail) for s in analysis.starts]
    for text in expected:
        match = next((start for start in left if start_matches(text, *start)), None)
        if match is None:
            yield f"expected the entry point {text}, which is not found"
        else:
            left.remove(match)
    for mechanism, function, detail in sorted(left):
        known_as = f" ({detail})" if detail else ""
        yield f"found the entry point {mechanism} {function}{known_as}, which is not expected"
