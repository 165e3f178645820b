"""Declarations of classes wherever they stand, and findings that point at them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealix_lint.checks.context import Context, Way
from dealix_lint.checks.steps import path_through
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.paths import Found
from dealix_lint.facts.sites import Step
from dealix_lint.model import ir
from dealix_lint.model.facts import FROM_CALL, Declared, Evidence, declared_from
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH
from dealix_lint.model.text import Symbol


@dataclass(frozen=True, slots=True)
class Standing:
    """A declaration and the step on the way to an effect at which it is in force; None where it leads to none."""

    declared: Declared
    step: Step | None


def on_paths(context: Context) -> Iterator[Standing]:
    """What is in force at each step from a start to an effect, in order of the nodes."""
    sites = context.facts.sites
    effects_of: dict[int, list[int]] = {}
    for node, register in sorted(sites.effect_sites):
        effects_of.setdefault(node, []).append(register)
    for node in sorted(sites.reaching & context.facts.paths.started()):
        leading = [r for r, edges in sites.edges(node).items() if any(edge.target in sites.reaching for edge in edges)]
        steps = sorted({*leading, *effects_of.get(node, ())})
        for register in steps:
            declared = context.facts.classification.at(node, register)
            if not declared.is_empty:
                yield Standing(declared, (node, register))
        yield from _conditional(context, node, steps)


def _conditional(context: Context, node: int, steps: list[int]) -> Iterator[Standing]:
    """What stands in front of a step, but is not in force there on every way: each for itself."""
    for register, evidence in context.facts.classification.calls(node).items():
        following = next((step for step in steps if step > register), None)
        if following is not None and evidence not in context.facts.classification.at(node, following).evidence:
            yield Standing(declared_from((evidence,)), (node, following))


def of_definitions(context: Context) -> Iterator[Standing]:
    """What decorators say by themselves, on functions and classes, in path and source order."""
    definitions = context.facts.sites.definitions
    declarations = context.facts.classification.declarations
    for place in definitions.decorated():
        own = declarations.of_decorators(place)
        if own:
            is_class = definitions.scope(place).kind == "class"
            step = _first_step(context, definitions.name(place))
            for declared in (declared_from(own),) if is_class else declarations.layers(place):
                yield Standing(declared, step)


def of_attributes(context: Context) -> Iterator[Standing]:
    """What the attributes of classes say of their methods, in path and source order. Not those of classes without methods and
    with decorators, or that somebody reads: they say it of something else."""
    definitions, declarations = context.facts.sites.definitions, context.facts.classification.declarations
    stating = ((place, tuple(declarations.of_class_attributes(place))) for place in definitions.classes())
    found = [(place, own) for place, own in stating if own and not definitions.scope(place).decorators]
    read = _attributes_read(context) if found else frozenset()
    for place, own in found:
        names = {evidence.label.rpartition(".")[2] for evidence in own}
        if names.isdisjoint(read) and any(context.facts.sites.nodes_of(definitions.name(place))):
            yield Standing(declared_from(own), _step_of_objects(context, place))


def _attributes_read(context: Context) -> frozenset[str]:
    summaries = context.facts.sites.definitions.program.summaries
    return frozenset(i[2] for summary in summaries for scope in summary.scopes for i in scope.code if i[0] == ir.ATTR)


def _step_of_objects(context: Context, place: ScopeId) -> Step | None:
    """A step towards an effect from a method that an object of a class has: its own, one of a class derived from it, or one
    that it inherits, unless that is known to be run on others."""
    definitions = context.facts.sites.definitions
    own = [other for other in definitions.classes() if place in definitions.mro(other)]
    steps = (_first_step(context, definitions.name(other)) for other in own)
    found = next((step for step in steps if step is not None), None)
    objects = frozenset(f"{definitions.name(other)}()" for other in own)
    inherited = (_first_step(context, definitions.name(base), objects) for base in definitions.mro(place)[1:])
    return found or next((step for step in inherited if step is not None), None)


def _first_step(context: Context, function: str, objects: frozenset[str] = frozenset()) -> Step | None:
    """A step from that function (or a method of that class) towards an effect; if `objects` are given, where it may be run on
    one of these."""
    sites = context.facts.sites
    for node in sites.nodes_of(function):
        if node in sites.reaching and node in context.facts.paths.started() and _may_be_on(context, node, objects):
            own = [register for other, register in sites.effect_sites if other == node]
            leading = [
                r for r, edges in sites.edges(node).items() if any(edge.target in sites.reaching for edge in edges)
            ]
            return node, min([*own, *leading])
    return None


def _may_be_on(context: Context, node: int, objects: frozenset[str]) -> bool:
    code = context.facts.sites.code(node).scope.code
    receiver = next((register for register, i in enumerate(code) if i == (ir.PARAM, 0)), -1)
    held = context.facts.sites.resolution.values(node, receiver) if objects and receiver >= 0 else ()
    return not held or any(isinstance(value, Symbol) and value.name in objects for value in held)


def at_evidence(
    context: Context, code: str, evidence: Evidence, step: Step | None, message: str, key: str = ""
) -> RawFinding:
    """A finding at a declaration, with the shortest path through it to the nearest effect."""
    index = nearest_effect(context, step) if step is not None else -1
    found = path_through(context, index, step) if step is not None and index >= 0 else None
    return pointing_at(context, code, evidence, message, index if found else -1, found, key)


def pointing_at(
    context: Context, code: str, evidence: Evidence, message: str, index: int, found: Found | None, key: str = ""
) -> RawFinding:
    """A finding at a declaration with a path that has been found already. What a decorator says is certain in itself;
    what a call says matters only if it leads to the effect."""
    confidence = HIGH
    if found is not None and evidence.source == FROM_CALL:
        confidence = min(context.effects[index].confidence, found.confidence)
    way = None if found is None else Way(context.effects[index], found, index)
    return replace(context.at(code, evidence.place, evidence.function, message, confidence, way), key=key)


def nearest_effect(context: Context, step: Step) -> int:
    """The index of the effect that is the fewest calls away from a step; -1 if there is none."""
    sites = context.facts.sites
    by_site = {
        (node, sites.register(node, effect.call)): index
        for index, effect in context.commitments
        for node in effect.nodes
    }
    if step in by_site:
        return by_site[step]
    effects_in: dict[int, int] = {}
    for (node, _), index in sorted(by_site.items()):
        effects_in.setdefault(node, index)
    queue = deque(edge.target for edge in sites.edges(step[0]).get(step[1], ()))
    seen = set(queue)
    while queue:
        node = queue.popleft()
        if node in effects_in:
            return effects_in[node]
        for edge in sites.graph.out[node]:
            if edge.target not in seen:
                seen.add(edge.target)
                queue.append(edge.target)
    return -1
