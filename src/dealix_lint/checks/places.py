"""Findings at a place that is no effect."""

from __future__ import annotations

from dealix_lint.checks.context import Context, Way
from dealix_lint.facts.questions import anything
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH, Place


def at_place(context: Context, code: str, place: Place, node: int, message: str, confidence: int = HIGH) -> RawFinding:
    """A finding at a place in a node, with the shortest path that leads there and the number of starts that do."""
    function = context.resolution.graph.nodes[node].function
    here = Effect(place, function, (node,), "", "", "", confidence, "", "", "")
    way = context.facts.paths.find(here, anything(context.facts.sites))
    return context.at(code, place, function, message, confidence, None if way is None else Way(here, way))
