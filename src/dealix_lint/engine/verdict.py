"""What the checks found, before anything is located or silenced: it depends on what the code does, not on how it is laid
out, and is remembered so that an edit of a comment does not cost another analysis."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from dealix_lint.engine.knowledge import ANY_EFFECT, Knowledge
from dealix_lint.engine.pipeline import Analysis
from dealix_lint.engine.store import Store
from dealix_lint.findings.identify import Identified, Remark, identify
from dealix_lint.findings.renumber import renumbered
from dealix_lint.findings.report import Scale
from dealix_lint.findings.selection import UNREADABLE
from dealix_lint.findings.sites import one_per_site
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import EffectLabel, RawFinding
from dealix_lint.model.graph import HIGH
from dealix_lint.model.program import Program

_KIND: Final = "verdict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found in one part of a project, and how much was analysed. Modules are numbered as in that
    part."""

    found: tuple[Remark, ...]
    scale: Scale


def reach_verdict(raw: Iterable[RawFinding], analysis: Analysis, knowledge: Knowledge) -> Verdict:
    """What the checks say and what could not be read, each with its advice."""
    effects = analysis.effects
    everything = (*_unreadable(analysis.program, knowledge), *one_per_site(raw, effects))
    return Verdict(tuple(_remark(finding, effects, knowledge) for finding in everything), _scale(analysis))


def _remark(raw: RawFinding, effects: Sequence[Effect], knowledge: Knowledge) -> Remark:
    effect = effects[raw.effect] if raw.effect >= 0 else None
    label = EffectLabel(effect.kind, effect.provider, effect.operation) if effect else None
    return Remark(raw, label, _advice(raw, effects, knowledge))


def _scale(analysis: Analysis) -> Scale:
    scopes = (scope for summary in analysis.program.summaries for scope in summary.scopes)
    return Scale(
        files=len(analysis.program.sources),
        functions=sum(scope.kind in ("function", "lambda") for scope in scopes),
        effects=sum(effect.is_commitment for effect in analysis.effects),
        entry_points=len(analysis.starts),
    )


def join_verdicts(verdicts: Iterable[tuple[Verdict, Sequence[int]]]) -> tuple[tuple[Identified, ...], Scale]:
    """What was found in all parts of a project, in order, and how much was analysed. Each verdict comes with the numbers
    that its modules have in the project."""
    remarks: list[Remark] = []
    scale = Scale()
    for verdict, files in verdicts:
        remarks += [replace(remark, raw=renumbered(remark.raw, files)) for remark in verdict.found]
        scale += verdict.scale
    return identify(remarks), scale


def recall_verdict(key: str, store: Store) -> Verdict | None:
    """The verdict that is remembered under a key; None where there is none, or none that can be read."""
    data = store.get(_KIND, key)
    try:
        return None if data is None else _codec().validate_python(json.loads(data))
    except ValueError:
        return None


def remember_verdict(key: str, verdict: Verdict, store: Store) -> None:
    """Keep a verdict for `recall_verdict`."""
    if store.is_working:
        data = json.dumps(_codec().dump_python(verdict), ensure_ascii=False, separators=(",", ":"))
        store.put(_KIND, [(key, data.encode("utf-8", "surrogatepass"))])


@cache
def _codec() -> TypeAdapter[Verdict]:
    return TypeAdapter(Verdict)


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
    how_to_fix = knowledge.rules[raw.code].how_to_fix
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
