"""DLX107: classes are declared where no effect is reachable."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import at_evidence, of_attributes, of_definitions
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX107"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per decorator, and per class that says it in attributes, where nothing leaves the process from what they
    classify."""
    said: set[Place] = set()
    for standing in (*of_definitions(context), *of_attributes(context)):
        evidence = standing.declared.evidence[0]
        if standing.step is None and evidence.place not in said:
            said.add(evidence.place)
            message = f"{evidence.label} classifies {evidence.function}, from which no effect is reachable"
            yield at_evidence(context, CODE, evidence, None, message)
