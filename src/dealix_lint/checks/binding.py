"""Effects that bind: of a reversibility level at which the policy wants an owner and a human in the loop."""

from __future__ import annotations

from dealix_lint.checks.context import Context
from dealix_lint.facts.innermost import effective_reversibility, innermost
from dealix_lint.model.effects import Effect
from dealix_lint.model.facts import Declared
from dealix_lint.model.policy import REVERSIBILITY


def binding_level(context: Context, effect: Effect) -> str:
    """The effective reversibility of an effect (the stronger of its floor and what is declared), if it binds; else
    "". Where a declaration makes it bind, which one."""
    binding = context.facts.ownership.rules.binding
    if effect.floor_reversibility in binding:
        return effect.floor_reversibility
    facts = context.facts
    declared = innermost(effect, facts.sites, facts.classification, facts.paths)
    level = effective_reversibility(effect, declared, context.policy)
    if level not in binding:
        return ""
    said = (one.by_axis[REVERSIBILITY] for one in declared.values() if _says(one, level))
    evidence = next((one for one in said if one is not None), None)
    return level if evidence is None else f"{level} by {evidence.label} in {evidence.function}"


def _says(declared: Declared, level: str) -> bool:
    value = declared.value(REVERSIBILITY)
    return value is not None and value.strongest == level
