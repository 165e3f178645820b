"""DLX102: a declaration states one or two of the three classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import Standing, at_evidence, of_definitions, on_paths
from dealix_lint.checks.repairs import complete
from dealix_lint.checks.words import listed
from dealix_lint.facts.questions import Uncovered
from dealix_lint.model.facts import FROM_CONFIGURATION, FROM_DECORATOR, Declared
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import Place

CODE = "DLX102"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per declaration: decorators and configuration wherever they stand, calls and class attributes where
    no other declaration on the path is complete."""
    said: set[Place] = set()
    for standing in (*_decorated(context), *_on_open_paths(context)):
        evidence = standing.declared.evidence[0]
        if evidence.place not in said:
            said.add(evidence.place)
            stated, missing = _stated(standing.declared), listed(standing.declared.missing)
            message = f"{evidence.label} states {stated} but not {missing} class"
            finding = at_evidence(context, CODE, evidence, standing.step, message)
            yield replace(finding, repair=complete(context, evidence, standing.declared, standing.step))


def _stated(declared: Declared) -> str:
    return listed([name for name in ("approval", "reversibility", "sensitivity") if name not in declared.missing])


def _is_partial(declared: Declared) -> bool:
    """Something is stated, but not all; a wrong value is said by its own code alone."""
    return not declared.is_empty and not declared.is_complete and not declared.has_invalid


def _decorated(context: Context) -> Iterator[Standing]:
    standings = [*on_paths(context), *(s for s in of_definitions(context) if s.step is None)]
    for standing in standings:
        sources = {evidence.source for evidence in standing.declared.evidence}
        if _is_partial(standing.declared) and sources & {FROM_DECORATOR, FROM_CONFIGURATION}:
            yield standing


def _on_open_paths(context: Context) -> Iterator[Standing]:
    """Partial declarations on paths that carry no complete one."""
    sites, paths, classes = context.facts.sites, context.facts.paths, context.facts.classification
    question = Uncovered(sites, lambda node, register, edge: classes.at(node, register).is_complete)
    for _, effect in context.commitments:
        search = paths.search(effect, question)
        live = {node for node, _ in paths.live_states(search, question)} if search.ends else set()
        for node in sorted(live):
            onward = [edge.place for edge in sites.graph.out[node] if (edge.target, 0) in search.onward]
            places = [*onward, *([effect.call] if node in effect.nodes else [])]
            for register in sorted({sites.register(node, place) for place in places}):
                declared = classes.at(node, register)
                if _is_partial(declared):
                    yield Standing(declared, (node, register))
