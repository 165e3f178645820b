"""DLX302: a LangGraph node or tool reaches an effect of R2 or R3 without a boundary."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.binding import find_binding
from dealix_lint.checks.context import Context
from dealix_lint.checks.shared import code_of_graph
from dealix_lint.checks.words import others
from dealix_lint.facts.owners import FromGraph
from dealix_lint.facts.paths import Found
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX302"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect that binds and that a graph reaches with no boundary before it."""
    ownership = context.facts.ownership
    if ownership.rules.graph not in context.facts.paths.mechanisms():
        return
    for index, effect in context.commitments:
        owner = ownership.owner_of(effect)
        if owner == ownership.rules.graph:
            continue
        answer = find_binding(context, effect, FromGraph(ownership, effect, owner))
        if answer is not None:
            yield context.at_effect(CODE, index, answer[0], _message(context, effect, *answer))


def _message(context: Context, effect: Effect, found: Found, level: str) -> str:
    node, is_of_agent = code_of_graph(context, effect, found)
    code = "Agent code" if is_of_agent else "LangGraph code"
    start = "" if found.entry.function == node else f" (from {context.start(found)}{others(found.entry_points)})"
    reached = f"{context.words.effect(effect)}, {level},"
    return f"{code} in {node}{start} reaches {reached} with no boundary to its owner"
