"""DLX303: the same commitment under the system of record and from another mechanism."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.shared import commitments, find_via, of_two, shared_functions
from dealix_lint.facts.owners import Inside
from dealix_lint.model.findings import RawFinding

CODE = "DLX303"
_OTHERS = frozenset({"web", "celery", "background", "flow", "cli"})


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect whose commitment a workflow and another mechanism share, where no owner is declared."""
    ownership = context.facts.ownership
    owner = ownership.rules.owner
    if owner not in context.facts.paths.mechanisms():
        return
    for effect, indexes in commitments(context):
        if ownership.has_declared_owner(effect):
            continue
        under = Inside(ownership, effect, frozenset({owner}))
        elsewhere = Inside(ownership, effect, _OTHERS)
        for function in shared_functions(context, effect, elsewhere, under)[:1]:
            ours, theirs = (find_via(context, effect, question, function) for question in (under, elsewhere))
            if ours is not None and theirs is not None:
                first, second = context.start(ours), context.start(theirs)
                message = (
                    f"{context.words.effect(effect)} is committed under Temporal ({first}) and also outside it"
                    f" ({second}): both go through {function}, and no owner is declared"
                )
                yield of_two(context, CODE, indexes, ours, theirs, message)
