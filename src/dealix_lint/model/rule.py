"""The metadata of a code, as the catalogue tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: what it means, why it matters (with the policy clause it enforces), how bad code and good code look,
    how to fix it.

    A rule that is off by default is on where the setting `on_with` is made ("": only where it is selected).

    `severity` is the default, `settings` configure the examples,
    `confidence` is the least confidence at which a finding says anything at all. `how_to_fix`
    is one sentence with the fields {effect}, {provider}, {kind}, {approval}, {reversibility}, {sensitivity} of the
    reported effect."""

    code: str
    name: str
    summary: str
    why: str
    policy: str
    severity: str
    confidence: str
    bad: str
    good: str
    how_to_fix: str
    is_on: bool = True
    on_with: str = ""
    settings: str = ""
