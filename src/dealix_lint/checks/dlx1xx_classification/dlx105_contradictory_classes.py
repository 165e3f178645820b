"""DLX105: the declared combination breaks the policy matrix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import at_evidence, of_definitions, on_paths
from dealix_lint.model.facts import Declared
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place
from dealix_lint.model.policy import APPROVAL, REVERSIBILITY, SENSITIVITY, Policy

CODE = "DLX105"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per declaration that certainly asks for too little approval."""
    said: set[Place] = set()
    for standing in (*on_paths(context), *of_definitions(context)):
        conflict = _conflict(context.policy, standing.declared)
        evidence = standing.declared.by_axis[APPROVAL]
        if conflict and evidence is not None and evidence.place not in said:
            said.add(evidence.place)
            finding = at_evidence(context, CODE, evidence, standing.step, f"{evidence.label} {conflict}")
            yield replace(finding, advice=_advice(context, standing.declared))


def _conflict(policy: Policy, declared: Declared) -> str:
    """What is wrong with the combination, whichever of its possible levels holds; "" if nothing certainly is."""
    approval = _level(declared, APPROVAL, strongest=True)
    reversibility = _level(declared, REVERSIBILITY, strongest=False)
    sensitivity = _level(declared, SENSITIVITY, strongest=False)
    rank = policy.axes[APPROVAL].rank
    for level, least in (
        (reversibility, policy.least_approval(reversibility, "")),
        (sensitivity, policy.least_approval("", sensitivity)),
    ):
        if approval and level and rank(approval) < rank(least):
            return f"combines {approval} with {level}, which needs at least {least}"
    return ""


def _advice(context: Context, declared: Declared) -> str:
    """The rule's, with the approval that the declared levels ask for, not those of the effect."""
    reversibility = _level(declared, REVERSIBILITY, strongest=False)
    least = context.policy.least_approval(reversibility, _level(declared, SENSITIVITY, strongest=False))
    return context.rules[CODE].how_to_fix.replace("{approval}", least)


def _level(declared: Declared, axis: int, *, strongest: bool) -> str:
    value = declared.value(axis)
    if value is None:
        return ""
    return value.strongest if strongest else value.weakest
