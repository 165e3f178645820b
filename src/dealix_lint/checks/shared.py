"""Functions in which the paths of two owners meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.facts.paths import Found, Question, Search
from dealix_lint.facts.questions import Via
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place


def commitments(context: Context) -> Iterator[tuple[Effect, tuple[int, ...]]]:
    """What is committed at each call that leaves the process, whoever asks for it, and the indexes of the effects that it is."""
    found: dict[tuple[Place, str], list[int]] = {}
    for index, effect in context.commitments:
        found.setdefault((effect.call, effect.name), []).append(index)
    for indexes in found.values():
        effects = [context.effects[index] for index in indexes]
        first, nodes = effects[0], sorted({node for effect in effects for node in effect.nodes})
        whole = replace(first, place=first.call, inner=None, through=(), inside=frozenset(), nodes=tuple(nodes))
        yield (first if len(effects) == 1 and first.inner is None else whole), tuple(indexes)


def _of_way(context: Context, indexes: tuple[int, ...], found: Found) -> int:
    """The one of some effects that a path leads to."""
    places = {edge.place for edge in found.edges}
    return next((index for index in indexes if context.effects[index].place in places), indexes[0])


def shared_functions(context: Context, effect: Effect, first: Question, second: Question) -> list[str]:
    """Functions that the paths of both questions go through in their first phase, the one farthest from the effect
    first; for messages and records, only those that add content of their own."""
    paths = context.facts.paths
    one = paths.search(effect, first)
    if not one.ends:
        return []
    other = paths.search(effect, second)
    if not other.ends:
        return []
    there = _functions(context, other, second)
    both = {function: distance for function, distance in _functions(context, one, first).items() if function in there}
    if effect.kind not in context.policy.ownership.shared_function_suffices:
        nodes = context.resolution.graph.nodes
        speaking = {nodes[node].function for node in context.facts.transports.speakers(effect, one)}
        both = {function: distance for function, distance in both.items() if function in speaking}
    return sorted(both, key=lambda function: (-both[function], function))


def _functions(context: Context, search: Search, question: Question) -> dict[str, int]:
    """Functions on whole paths of a search, below the unit that makes them the graph's or the owner's, with their
    distance."""
    live = context.facts.paths.live_states(search, question)
    found: dict[str, int] = {}
    for state in search.onward:
        if state in live and state[1] == 0:
            found.setdefault(context.resolution.graph.nodes[state[0]].function, len(search.edges_from(state)))
    return found


def find_via(context: Context, effect: Effect, question: Question, function: str) -> Found | None:
    """The shortest path that answers a question and goes through a function."""
    nodes = context.resolution.graph.nodes
    via = Via(question, context.facts.sites, lambda node, register: nodes[node].function == function)
    return context.facts.paths.find(effect, via)


def of_two(
    context: Context, code: str, indexes: tuple[int, ...], ours: Found, theirs: Found, message: str
) -> RawFinding:
    """A finding at the one of some effects that the owner's path leads to, with that path and the one of the other side."""
    finding = context.at_effect(code, _of_way(context, indexes, ours), ours, message)
    other = context.effects[_of_way(context, indexes, theirs)]
    return replace(
        finding,
        confidence=min(finding.confidence, theirs.confidence),
        entry_points=ours.entry_points + theirs.entry_points,
        other_traces=(context.trace(other, theirs),),
    )


def code_of_graph(context: Context, effect: Effect, found: Found) -> tuple[str, bool]:
    """The unit of the graph mechanism that a path goes through, and whether it is an agent's rather than LangGraph's."""
    ownership = context.facts.ownership
    steps = context.trace(effect, found)
    unit = next((step.function for step in steps if step.mechanism == ownership.rules.graph), found.entry.function)
    return unit, ownership.is_of_agent(unit)
