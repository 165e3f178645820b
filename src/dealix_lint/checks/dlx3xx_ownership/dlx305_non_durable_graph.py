"""DLX305: a graph that waits for a human or reaches an effect may be lost on a crash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.checks.places import at_place
from dealix_lint.facts.durability import Ephemeral
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH, LOW, Place
from dealix_lint.model.policy import REVERSIBILITY

CODE = "DLX305"
_RUN_IT = 'Run the graph with durability="sync", or hand the wait and the effect to a Temporal workflow.'


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call that compiles such a graph without a durable checkpointer, or runs it without waiting for
    its checkpoints."""
    said: set[Place] = set()
    for found in context.facts.durability.ephemeral():
        cause, confidence = _cause(context, found) if found.call.place not in said else ("", HIGH)
        if cause:
            said.add(found.call.place)
            message = f"the graph {found.reason}, but it {cause}"
            certain = min(confidence, found.call.confidence)
            finding = at_place(context, CODE, found.call.place, found.call.node, message, certain)
            yield finding if found.call in found.graph.compiled else replace(finding, advice=_RUN_IT)


def _cause(context: Context, found: Ephemeral) -> tuple[str, int]:
    """Why the graph should be durable ("" if nothing asks for it), and how certain that is."""
    waits = context.facts.durability.waits_for_human(found)
    nodes = context.facts.durability.nodes(found.graph)
    lasting = [e for _, e in context.commitments if _rank(context, e) > 0 and not nodes.isdisjoint(e.nodes)]
    effect = max(lasting, key=lambda e: (e.confidence, _rank(context, e)), default=None)
    reached = "" if effect is None else f"reaches {context.words.effect(effect)}"
    if waits:
        is_sure = effect is not None and effect.confidence > LOW
        return f"waits for a human and {reached}" if is_sure else "waits for a human", HIGH
    return reached, HIGH if effect is None else effect.confidence


def _rank(context: Context, effect: Effect) -> int:
    """How hard an effect is to undo; 0 for what is of the lowest class."""
    return context.policy.axes[REVERSIBILITY].rank(effect.floor_reversibility)
