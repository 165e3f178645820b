"""DLX206: an effect's error is swallowed with neither an audit record nor a re-raise."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.words import others
from dealix_lint.facts.failures import LOGGED, SILENT, STORED, Fate
from dealix_lint.facts.paths import Found
from dealix_lint.facts.swallowing import Swallowed, Swallowing
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX206"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect; a warning where every handler that swallows its error at least writes a log line, or hands it to
    a function that stores it."""
    facts = context.facts
    silently = Swallowing(facts.sites, facts.failures, facts.rejections, frozenset({SILENT}))
    visibly = Swallowing(facts.sites, facts.failures, facts.rejections, frozenset({LOGGED, STORED}))
    for index, effect in context.commitments:
        silent = silently.of(effect)
        found = facts.paths.find(effect, silent)
        if found is not None:
            yield context.at_effect(CODE, index, found, _message(context, effect, found, silent))
            continue
        logged = visibly.of(effect)
        found = facts.paths.find(effect, logged)
        if found is not None:
            yield context.at_effect(CODE, index, found, _message(context, effect, found, logged), "warning")


def _message(context: Context, effect: Effect, found: Found, question: Swallowed) -> str:
    place, fate = _handler(context, effect, found, question)
    what = f"{context.words.effect(effect)}, reachable from {context.start(found)}{others(found.entry_points)},"
    where = f"`{fate.handler}` in {place}"
    if fate.kind == STORED:
        return (
            f"{what} may fail without an audit record: {where} leaves the error to {fate.keeper}() and does not raise"
        )
    if fate.is_answer:
        said = "logs the error and returns it" if fate.kind == LOGGED else "returns the error"
        return f"{what} may fail without an audit record: {where} {said} to its caller, instead of raising it"
    if fate.teller:
        logged = ", a log line" if fate.kind == LOGGED else ""
        return (
            f"{what} may fail without an audit record: {where} only sends the error on ({fate.teller}(){logged}),"
            " and does not raise"
        )
    kept = "with a log line but no audit record" if fate.kind == LOGGED else "without an audit record"
    return f"{what} may fail unnoticed: {where} drops the error {kept} and without raising"


def _handler(context: Context, effect: Effect, found: Found, question: Swallowed) -> tuple[str, Fate]:
    """The function on the shown path that drops the error, and how: the last one before the effect."""
    nodes, sites = context.resolution.graph.nodes, context.facts.sites
    steps = [found.start, *(edge.target for edge in found.edges)]
    places = [*(edge.place for edge in found.edges), effect.call]
    for node, place in zip(reversed(steps), reversed(places), strict=True):
        fate = question.fates.get((node, sites.register(node, place)))
        if fate is not None:
            return nodes[node].function, fate
    return effect.function, Fate(SILENT, "except")
