"""The stage: external calls -> effects, one per place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from dealix_lint.effects.arguments import holds
from dealix_lint.effects.index import EffectIndex, LibraryCall
from dealix_lint.effects.judge import judge
from dealix_lint.effects.naming import symbol_name
from dealix_lint.effects.requests import PreparedRequests, request
from dealix_lint.effects.verdict import Verdict, outcome_kind
from dealix_lint.model.effect_rules import HttpClient
from dealix_lint.model.effects import COMMITMENTS, Effect
from dealix_lint.model.graph import HIGH, LOW, ExternalCall, Place
from dealix_lint.model.program import Program

_LONGEST_REASON: Final = 200


def recognise(external_calls: Iterable[ExternalCall], index: EffectIndex, program: Program) -> tuple[Effect, ...]:
    """The effects among the external calls, one per call site, in order of place.

    Where a site is different effects in different contexts, or may be, it is the gravest of them, in the nodes where it
    is one of that sort (a commitment, or not)."""
    modelled = [call for call in external_calls if index.is_modelled(call.path)]
    prepared = PreparedRequests([call for call in modelled if _builds(call, index)])
    places: dict[Place, list[tuple[int, Verdict]]] = {}
    for call in modelled:
        found = _judge(call, index, prepared)
        if found is not None:
            judged = replace(found, confidence=min(found.confidence, call.confidence))
            places.setdefault(call.place, []).append((call.node, judged))
    return tuple(_merge(place, places[place], program) for place in sorted(places))


def _builds(call: ExternalCall, index: EffectIndex) -> bool:
    client = index.client(call.path)
    return client is not None and client.builds


def _judge(call: ExternalCall, index: EffectIndex, prepared: PreparedRequests) -> Verdict | None:
    for entry in index.calls(call.path):
        if isinstance(entry, HttpClient):
            sent = None if entry.builds else request(call, entry, index, prepared)
            return judge(sent, index) if sent is not None else None
        if holds(call, entry.symbols.when):
            return _library_verdict(call.path, entry, index)
    return None


def _library_verdict(path: str, entry: LibraryCall, index: EffectIndex) -> Verdict | None:
    provider, symbols = entry.provider, entry.symbols
    kind = outcome_kind(provider, symbols)
    if kind is None:
        return None
    reason = f"call of {path} ({provider.title})"
    floors = index.floors.of(kind, provider, symbols)
    return Verdict(kind, provider.id, symbol_name(symbols.name, path), HIGH, reason, *floors)


def _merge(place: Place, judged: list[tuple[int, Verdict]], program: Program) -> Effect:
    best = max((found for _, found in judged), key=_rank)
    is_commitment = best.kind in COMMITMENTS
    nodes = {node for node, found in judged if (found.kind in COMMITMENTS) == is_commitment}
    return Effect(
        place=place,
        function=program.function_name(place.module, place.scope),
        nodes=tuple(sorted(nodes)),
        kind=best.kind,
        provider=best.provider,
        operation=best.operation,
        confidence=best.confidence,
        recognised_by=_shortened(best.reason),
        floor_reversibility=best.reversibility,
        floor_sensitivity=best.sensitivity,
    )


def _rank(found: Verdict) -> tuple[object, ...]:
    is_commitment = found.kind in COMMITMENTS
    texts = (found.provider, found.operation, found.reason)
    return (is_commitment, found.confidence > LOW, found.gravity, found.confidence, texts)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else reason[: _LONGEST_REASON - 3] + "..."
