"""DLX103: a class outside the vocabulary, or one that cannot be resolved where a literal is required."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import at_evidence, of_definitions, on_paths
from dealix_lint.checks.words import listed
from dealix_lint.facts.sites import Step
from dealix_lint.model.facts import FROM_CONFIGURATION, ClassValue, Evidence
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place
from dealix_lint.model.policy import AXES

CODE = "DLX103"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per declaration with a wrong value: decorators wherever they stand, other evidence on the way to an
    effect."""
    said: set[Place] = set()
    for evidence, step in _all_evidence(context):
        mistakes = [text for axis in range(len(AXES)) for text in _mistake(context, evidence, axis)]
        if mistakes and evidence.place not in said:
            said.add(evidence.place)
            yield at_evidence(context, CODE, evidence, step, f"{evidence.label} {'; '.join(mistakes)}")


def _all_evidence(context: Context) -> Iterator[tuple[Evidence, Step | None]]:
    classification, sites = context.facts.classification, context.facts.sites
    for standing in on_paths(context):
        assert standing.step is not None
        everything = (
            *standing.declared.evidence,
            *classification.declarations.of_function(sites.scope_of(standing.step[0])),
        )
        for evidence in dict.fromkeys(everything):
            yield evidence, standing.step
    for standing in of_definitions(context):
        for evidence in standing.declared.evidence:
            yield evidence, standing.step


def _mistake(context: Context, evidence: Evidence, axis: int) -> Iterator[str]:
    value = evidence.classes[axis]
    if value is None:
        return
    if value.invalid:
        levels = ", ".join(context.policy.axes[axis].levels)
        verb = "give" if evidence.source == FROM_CONFIGURATION else "state"
        written = listed([repr(text) for text in value.invalid])
        yield f"{verb}s {written} as {AXES[axis]} class, which is none of {levels}"
    elif _is_unresolved(context, evidence, value):
        yield f"states its {AXES[axis]} class by a value that cannot be resolved to a level"


def _is_unresolved(context: Context, evidence: Evidence, value: ClassValue) -> bool:
    """Only where the declaration runs once, at import; inside a function it may hand on a parameter."""
    place = evidence.place
    scope = context.resolution.program.summaries[place.module].scopes[place.scope]
    return value.is_open and not value.levels and evidence.requires_literal and scope.kind in ("module", "class")
