"""DLX109: an effect of R2 or R3 has a path on which nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.binding import find_binding, steps
from dealix_lint.checks.context import Context
from dealix_lint.checks.words import others
from dealix_lint.facts.approving import Ungated
from dealix_lint.facts.paths import Found
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX109"
_OF_REFUSED = (
    "This is what is done where approval was refused, so asking for it again makes no sense: let whoever approves or"
    " refuses also say what is undone then, as a question of its own, or suppress the finding with the reason."
)


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect that binds and that some start reaches past all approval and policy gates."""
    facts = context.facts
    for index, effect in context.commitments:
        question = Ungated(facts.sites, facts.gates, facts.pauses, effect)
        answer = find_binding(context, effect, question)
        if answer is not None:
            found, level = answer
            finding = context.at_effect(CODE, index, found, _message(context, effect, found, level, question))
            is_answer = any(facts.gates.has_refused(*step, effect.kind) for step in steps(context, effect, found))
            yield replace(finding, advice=_OF_REFUSED) if is_answer else finding


def _message(context: Context, effect: Effect, found: Found, level: str, question: Ungated) -> str:
    reached = f"{context.words.effect(effect)}, {level}, is reachable from {context.start(found)}"
    said = f"{reached}{others(found.entry_points)} without an approval or policy gate whose refusal stops it"
    nodes = context.facts.sites.graph.nodes
    shown = {nodes[node].function for node in (found.start, *(edge.target for edge in found.edges))}
    elsewhere = min(question.gated.keys() - shown, default="")
    if not elsewhere:
        return said
    gate = question.gates.asked_before(*question.gated[elsewhere], effect.kind)
    return f"{said}; on other paths {elsewhere} asks {f'{gate}() first' if gate else 'for one'}"
