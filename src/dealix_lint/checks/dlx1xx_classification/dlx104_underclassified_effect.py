"""DLX104: a declaration is below the floor of an effect it speaks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import pointing_at
from dealix_lint.facts.innermost import SpokenForBy
from dealix_lint.facts.sites import Step
from dealix_lint.model.effects import Effect
from dealix_lint.model.facts import Declared, Evidence
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place
from dealix_lint.model.policy import REVERSIBILITY, SENSITIVITY

CODE = "DLX104"


@dataclass(frozen=True, slots=True)
class _Gap:
    """A declaration below the floor of one effect: how many levels are missing in all, and what is stated."""

    size: int
    index: int
    step: Step
    evidence: Evidence
    stated: str


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per declaration, about the effect it understates most."""
    worst: dict[Place, _Gap] = {}
    for index, effect in context.commitments:
        facts = context.facts
        for step, declared in facts.innermost.of(effect).items():
            gap = _gap(context, index, step, declared)
            if gap is not None:
                known = worst.get(gap.evidence.place)
                worst[gap.evidence.place] = gap if known is None or gap.size > known.size else known
    for place in sorted(worst):
        yield from _finding(context, worst[place])


def _gap(context: Context, index: int, step: Step, declared: Declared) -> _Gap | None:
    effect = context.effects[index]
    below: list[tuple[int, Evidence, str]] = []
    for axis, floor in ((REVERSIBILITY, effect.floor_reversibility), (SENSITIVITY, effect.floor_sensitivity)):
        evidence, value = declared.by_axis[axis], declared.value(axis)
        if evidence is not None and value is not None and value.strongest:
            missing = context.policy.axes[axis].rank(floor) - context.policy.axes[axis].rank(value.strongest)
            if missing > 0:
                below.append((missing, evidence, value.strongest))
    if not below:
        return None
    return _Gap(
        sum(size for size, _, _ in below), index, step, below[0][1], " and ".join(level for _, _, level in below)
    )


def _finding(context: Context, gap: _Gap) -> Iterator[RawFinding]:
    effect = context.effects[gap.index]
    question = SpokenForBy(context.facts.sites, context.facts.classification, gap.step)
    found = context.facts.paths.find(effect, question)
    if found is not None:
        yield pointing_at(context, CODE, gap.evidence, _message(context, effect, gap), gap.index, found)


def _message(context: Context, effect: Effect, gap: _Gap) -> str:
    floor = f"{effect.floor_reversibility}/{effect.floor_sensitivity}"
    return f"{gap.evidence.label} declares {gap.stated} for {context.words.effect(effect)}, whose floor is {floor}"
