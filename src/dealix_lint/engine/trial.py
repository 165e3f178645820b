"""What the checks find in parts of a project, in several processes where that pays. Imported only when something is not
remembered: this is where the heavy stages come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dealix_lint.checks import CHECKS, Context, make_context, run
from dealix_lint.engine.knowledge import ANY_EFFECT, Knowledge, decoded
from dealix_lint.engine.pipeline import Analysis, analyses, counted, understand
from dealix_lint.engine.reading import Part, Reading
from dealix_lint.engine.request import Progress, silent
from dealix_lint.engine.verdict import Verdict
from dealix_lint.engine.workers import Work
from dealix_lint.findings.identify import Described
from dealix_lint.findings.report import Scale
from dealix_lint.findings.selection import UNREADABLE
from dealix_lint.findings.sites import one_per_site
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import EffectLabel, RawFinding
from dealix_lint.model.graph import HIGH
from dealix_lint.model.program import Program
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.sources.commands import Commands
from dealix_lint.summarize import decode

_BYTES_PER_INSTRUCTION: Final = 20
"""Bytes of source that make an instruction, on average."""


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
        tuple(path for client in knowledge.effects.clients for path in client.calls),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A part as other processes get it: its files with their encoded summaries, and what they are held against."""

    knowledge: bytes
    settings: Settings
    commands: Commands
    codes: frozenset[str]
    sources: tuple[SourceFile, ...]
    summaries: tuple[bytes, ...]
    size: int


def try_parts(
    reading: Reading, wanted: Sequence[Part], is_on: Callable[[str], bool], progress: Progress
) -> Iterator[tuple[Part, Verdict]]:
    """What the checks whose code `is_on` find in the wanted parts."""
    settings, knowledge = reading.snapshot.settings, reading.knowledge
    codes = frozenset(code for code, _ in CHECKS if is_on(code))
    if len(wanted) < 2 or settings.jobs == 1:
        for number, (part, analysis) in enumerate(
            zip(wanted, analyses(reading, wanted, progress), strict=True), start=1
        ):
            yield part, _judge(analysis, knowledge, settings, codes, counted(progress, number - 1, len(wanted)))
            if number == len(wanted):  # the others were given back before the next one
                analysis.resolved.release()
        return
    encoded = knowledge.encoded
    cases = [_case(reading, part, codes, encoded) for part in wanted]
    work: Work[_Case, Verdict | None] = Work(_judge_alone, lambda case: case.size, _nothing)
    verdicts = work.run(cases, settings.jobs, "resolving and checking", progress)
    for part, case, verdict in zip(wanted, cases, verdicts, strict=True):
        yield part, verdict or _judge_alone(case)


def _case(reading: Reading, part: Part, codes: frozenset[str], knowledge: bytes) -> _Case:
    snapshot = reading.snapshot
    size = _BYTES_PER_INSTRUCTION * sum(reading.summaries.sizes[index] for index in part.files)
    summaries = reading.summaries.take_encoded(part.files)
    sources = reading.sources_of(part.files)
    return _Case(knowledge, snapshot.settings, snapshot.commands, codes, sources, summaries, size)


def _judge_alone(case: _Case) -> Verdict:
    knowledge = _knowledge(case.knowledge)
    summaries = [decode(data) for data in case.summaries]
    analysis = understand(case.sources, summaries, knowledge, case.settings, silent, case.commands)
    verdict = _judge(analysis, knowledge, case.settings, case.codes, silent)
    analysis.resolved.release()
    return verdict


@lru_cache(maxsize=1)
def _knowledge(data: bytes) -> Knowledge:
    return decoded(data)


def _nothing(case: _Case) -> None:
    """What is left of a part whose process died."""


def _judge(
    analysis: Analysis, knowledge: Knowledge, settings: Settings, codes: frozenset[str], progress: Progress
) -> Verdict:
    progress("checking", 0, 0)
    raw = run(context_of(analysis, knowledge, settings), codes.__contains__)
    return _verdict(raw, analysis, knowledge)


def _verdict(raw: Iterable[RawFinding], analysis: Analysis, knowledge: Knowledge) -> Verdict:
    """What the checks say and what could not be read, each with its advice."""
    effects = analysis.effects
    everything = (*_unreadable(analysis.program, knowledge), *one_per_site(raw, effects))
    return Verdict(tuple(_described(finding, effects, knowledge) for finding in everything), _scale(analysis))


def _described(raw: RawFinding, effects: Sequence[Effect], knowledge: Knowledge) -> Described:
    effect = effects[raw.effect] if raw.effect >= 0 else None
    label = EffectLabel(effect.kind, effect.provider, effect.operation) if effect else None
    return Described(raw, label, _advice(raw, effects, knowledge))


def _scale(analysis: Analysis) -> Scale:
    scopes = (scope for summary in analysis.program.summaries for scope in summary.scopes)
    return Scale(
        files=len(analysis.program.sources),
        functions=sum(scope.kind in ("function", "lambda") for scope in scopes),
        effects=sum(effect.is_commitment for effect in analysis.effects),
        entry_points=len(analysis.starts),
    )


def _unreadable(program: Program, knowledge: Knowledge) -> Iterator[RawFinding]:
    for source, summary in zip(program.sources, program.summaries, strict=True):
        problem = summary.problem
        if problem is not None:
            yield RawFinding(
                code=UNREADABLE,
                message=problem.reason,
                place=None,
                path=source.path,
                function=source.module,
                severity=knowledge.rules[UNREADABLE].severity,
                confidence=HIGH,
                position=(problem.line, problem.column),
            )


def _advice(raw: RawFinding, effects: Sequence[Effect], knowledge: Knowledge) -> str:
    """The rule's advice, with the least classes that the policy asks for this effect."""
    how_to_fix = raw.advice or knowledge.rules[raw.code].how_to_fix
    if raw.effect < 0:
        return how_to_fix.format(**ANY_EFFECT)
    effect = effects[raw.effect]
    return how_to_fix.format(
        effect=effect.operation,
        provider=effect.provider,
        kind=effect.kind,
        approval=knowledge.policy.least_approval(effect.floor_reversibility, effect.floor_sensitivity),
        reversibility=effect.floor_reversibility,
        sensitivity=effect.floor_sensitivity,
    )
