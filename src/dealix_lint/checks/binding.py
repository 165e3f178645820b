"""Effects that bind: of a reversibility level at which the policy wants an owner and a human in the loop."""

from __future__ import annotations

from dealix_lint.checks.context import Context
from dealix_lint.facts.innermost import effective_reversibility, innermost
from dealix_lint.model.effects import Effect


def binding_level(context: Context, effect: Effect) -> str:
    """The effective reversibility of an effect (the stronger of its floor and what is declared), if it binds; else
    ""."""
    binding = context.facts.ownership.rules.binding
    if effect.floor_reversibility in binding:
        return effect.floor_reversibility
    facts = context.facts
    level = effective_reversibility(
        effect, innermost(effect, facts.sites, facts.classification, facts.paths), context.policy
    )
    return level if level in binding else ""
