"""Effects that bind: of a reversibility level at which the policy wants an owner and a human in the loop."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.facts.innermost import DeclaredAs
from dealix_lint.facts.paths import Found, Question
from dealix_lint.facts.sites import Step
from dealix_lint.model.effects import Effect
from dealix_lint.model.facts import Declared
from dealix_lint.model.policy import REVERSIBILITY


def find_binding(context: Context, effect: Effect, question: Question) -> tuple[Found, str] | None:
    """The path that answers a question, and the effective reversibility of the effect on it (the stronger of its floor and of
    what is declared), if that binds. Where a declaration makes it bind, also which one. A path that says less of itself is judged
    by that, one that says nothing by what others say of the effect."""
    facts, binding = context.facts, context.facts.ownership.rules.binding
    if effect.floor_reversibility in binding:
        found = facts.paths.find(effect, question)
        return None if found is None else (found, effect.floor_reversibility)
    declared = facts.innermost.of(effect)
    telling = {step: said for step, one in declared.items() if (said := _binding(one, binding))}
    rest = frozenset(declared) - frozenset(telling)
    found = facts.paths.find(effect, DeclaredAs(question, facts.sites, frozenset(telling), rest)) if telling else None
    if found is None:
        return None
    met = (telling[step] for step in steps(context, effect, found) if step in telling)
    return found, next(met, min(telling.values()))


def _binding(declared: Declared, binding: tuple[str, ...]) -> str:
    value, evidence = declared.value(REVERSIBILITY), declared.by_axis[REVERSIBILITY]
    if value is None or evidence is None or value.strongest not in binding:
        return ""
    return f"{value.strongest} by {evidence.label} in {evidence.function}"


def steps(context: Context, effect: Effect, found: Found) -> Iterator[Step]:
    """The steps of a path, from the effect to the start."""
    sites, nodes = context.facts.sites, [found.start, *(edge.target for edge in found.edges)]
    yield nodes[-1], sites.register(nodes[-1], effect.call)
    for node, edge in zip(reversed(nodes[:-1]), reversed(found.edges), strict=True):
        yield node, sites.register(node, edge.place)
