"""The verdicts on all parts of a project: remembered ones, and the others reached anew, in several processes where that
pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dealix_lint.checks import Context, make_context, run
from dealix_lint.engine.knowledge import Knowledge, load_knowledge
from dealix_lint.engine.memory import forget_garbage
from dealix_lint.engine.pipeline import Analysis, Part, Reading, understand
from dealix_lint.engine.request import Progress, silent
from dealix_lint.engine.store import Store
from dealix_lint.engine.verdict import Verdict, reach_verdict, recall_verdict, remember_verdict
from dealix_lint.engine.workers import Work
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary
from dealix_lint.summarize import decode


def reach_verdicts(
    reading: Reading, codes: frozenset[str], store: Store, progress: Progress
) -> Iterator[tuple[Verdict, Sequence[int]]]:
    """What the checks of these codes find in each part of a project, and the numbers of the part's files."""
    known = {part: recall_verdict(part.key, store) for part in reading.parts}
    missing = [part for part, verdict in known.items() if verdict is None]
    for part, verdict in _reach(reading, missing, codes, progress):
        known[part] = verdict
        remember_verdict(part.key, verdict, store)
    return ((verdict, part.files) for part, verdict in known.items() if verdict is not None)


def context_of(analysis: Analysis, knowledge: Knowledge, settings: Settings) -> Context:
    """What checks are given of an analysis."""
    return make_context(
        analysis.resolved,
        analysis.effects,
        analysis.starts,
        knowledge.policy,
        settings,
        knowledge.rules,
        {provider.id: provider.title for provider in knowledge.effects.providers},
        knowledge.hosts,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A part as other processes get it: its files with their encoded summaries, and what they are held against."""

    root: Path
    settings: Settings
    codes: frozenset[str]
    sources: tuple[SourceFile, ...]
    summaries: tuple[bytes, ...]
    size: int


def _reach(
    reading: Reading, wanted: Sequence[Part], codes: frozenset[str], progress: Progress
) -> Iterator[tuple[Part, Verdict]]:
    settings, knowledge = reading.snapshot.settings, reading.knowledge
    if len(wanted) < 2 or settings.jobs == 1:
        for number, part in enumerate(wanted):
            told = progress if len(wanted) == 1 else _counted(progress, number, len(wanted))
            sources, summaries = reading.sources_of(part.files), reading.summaries.take(part.files)
            yield part, _judge(sources, summaries, knowledge, settings, codes, told)
            del summaries
            if number + 1 < len(wanted):
                forget_garbage()
        return
    cases = [_case(reading, part, codes) for part in wanted]
    work: Work[_Case, Verdict | None] = Work(_judge_alone, lambda case: case.size, _nothing)
    verdicts = work.run(cases, settings.jobs, "resolving and checking", progress)
    for part, case, verdict in zip(wanted, cases, verdicts, strict=True):
        yield part, verdict or _judge_alone(case)


def _case(reading: Reading, part: Part, codes: frozenset[str]) -> _Case:
    snapshot = reading.snapshot
    size = sum(len(snapshot.contents[index].data) for index in part.files)
    summaries = reading.summaries.take_encoded(part.files)
    return _Case(snapshot.root, snapshot.settings, codes, reading.sources_of(part.files), summaries, size)


def _judge_alone(case: _Case) -> Verdict:
    try:
        knowledge = _knowledge(case.root, case.settings)
        summaries = [decode(data) for data in case.summaries]
        return _judge(case.sources, summaries, knowledge, case.settings, case.codes, silent)
    finally:
        forget_garbage()


@lru_cache(maxsize=1)
def _knowledge(root: Path, settings: Settings) -> Knowledge:
    return load_knowledge(root, settings)


def _nothing(case: _Case) -> None:
    """What is left of a part whose process died."""


def _judge(
    sources: Sequence[SourceFile],
    summaries: Sequence[ModuleSummary],
    knowledge: Knowledge,
    settings: Settings,
    codes: frozenset[str],
    progress: Progress,
) -> Verdict:
    analysis = understand(sources, summaries, knowledge, settings, progress)
    progress("checking", 0, 0)
    raw = run(context_of(analysis, knowledge, settings), codes.__contains__)
    return reach_verdict(raw, analysis, knowledge)


def _counted(progress: Progress, done: int, total: int) -> Callable[[str, int, int], None]:
    """Progress in parts."""

    def tell(stage: str, _: int, __: int) -> None:
        progress(stage, done, total)

    return tell
