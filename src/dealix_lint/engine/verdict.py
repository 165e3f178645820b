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
from dealix_lint.engine.store import Store
from dealix_lint.findings.identify import Identified, identify
from dealix_lint.findings.report import Scale
from dealix_lint.findings.selection import UNREADABLE
from dealix_lint.findings.sites import one_per_site
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH
from dealix_lint.model.program import Program

_KIND: Final = "verdict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found, in order, and how much was analysed."""

    found: tuple[Identified, ...]
    scale: Scale


def reach_verdict(
    raw: Iterable[RawFinding], scale: Scale, program: Program, effects: Sequence[Effect], knowledge: Knowledge
) -> Verdict:
    """What the checks say and what could not be read, each with its advice."""
    found = identify((*_unreadable(program, knowledge), *one_per_site(raw, effects)), effects)
    return Verdict(tuple(replace(f, fix=_advice(f.raw, effects, knowledge)) for f in found), scale)


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
