"""The stage: external calls -> effects, one per place and operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from dealix_lint.effects.arguments import holds, matched
from dealix_lint.effects.index import EffectIndex, LibraryCall
from dealix_lint.effects.judge import judge
from dealix_lint.effects.naming import snake, symbol_name
from dealix_lint.effects.requests import PreparedRequests, prepared_by, request
from dealix_lint.effects.verdict import Verdict, outcome_kind
from dealix_lint.model.effect_rules import HttpClient
from dealix_lint.model.effects import COMMITMENTS, Effect
from dealix_lint.model.graph import HIGH, LOW, ExternalCall, Place
from dealix_lint.model.program import Program

_LONGEST_REASON: Final = 200


def recognise(external_calls: Iterable[ExternalCall], index: EffectIndex, program: Program) -> tuple[Effect, ...]:
    """The effects among the external calls, in order of place: one per call site and operation.

    A call site that does different things for different callers (a request helper) is several effects, each in the
    nodes where it is that one. Where it may be different things in one node, it is the gravest of them there."""
    modelled = [call for call in external_calls if index.is_modelled(call.path)]
    prepared = PreparedRequests([call for call in modelled if _builds(call, index)])
    places: dict[Place, dict[int, Verdict]] = {}
    judged_calls = [(call, _judge(call, index, prepared, _function(call, program))) for call in modelled]
    judged_calls += [
        (call, _judge_prepared(call, index, _function(call, program))) for call in prepared.sent_elsewhere()
    ]
    for call, found in judged_calls:
        if found is not None:
            judged = replace(found, confidence=min(found.confidence, call.confidence))
            by_node = places.setdefault(call.place, {})
            by_node[call.node] = max(judged, by_node.get(call.node, judged), key=_rank)
    return tuple(effect for place in sorted(places) for effect in _at(place, places[place], program))


def _function(call: ExternalCall, program: Program) -> str:
    return program.function_name(call.place.module, call.place.scope)


def _judge_prepared(call: ExternalCall, index: EffectIndex, function: str) -> Verdict | None:
    client = index.client(call.path)
    return judge(prepared_by(call, client), index, function) if client is not None else None


def _builds(call: ExternalCall, index: EffectIndex) -> bool:
    client = index.client(call.path)
    return client is not None and client.builds


def _judge(call: ExternalCall, index: EffectIndex, prepared: PreparedRequests, function: str) -> Verdict | None:
    for entry in index.calls(call.path):
        if isinstance(entry, HttpClient):
            sent = None if entry.builds else request(call, entry, index, prepared)
            return judge(sent, index, function) if sent is not None else None
        if holds(call, entry.symbols.when):
            return _library_verdict(call, entry, index)
    return None


def _library_verdict(call: ExternalCall, entry: LibraryCall, index: EffectIndex) -> Verdict | None:
    provider, symbols = entry.provider, entry.symbols
    kind = outcome_kind(provider, symbols)
    if kind is None:
        return None
    reason = f"call of {call.path} ({provider.title})"
    name = symbol_name(symbols.name, call.path)
    if symbols.when is not None:
        name = name.replace("{value}", snake(matched(call, symbols.when)))
    floors = index.floors.of(kind, provider, symbols)
    return Verdict(kind, provider.id, name, HIGH, reason, *floors)


def _at(place: Place, judged: dict[int, Verdict], program: Program) -> Iterator[Effect]:
    """The effects of one call site, the gravest first."""
    operations: dict[tuple[str, str, str], list[int]] = {}
    for node, found in judged.items():
        operations.setdefault((found.kind, found.provider, found.operation), []).append(node)
    for nodes in sorted(
        operations.values(), key=lambda nodes: max(_rank(judged[node]) for node in nodes), reverse=True
    ):
        best = max((judged[node] for node in nodes), key=_rank)
        yield Effect(
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
            others=best.others,
        )


def _rank(found: Verdict) -> tuple[object, ...]:
    is_commitment = found.kind in COMMITMENTS
    texts = (found.provider, found.operation, found.reason)
    return (is_commitment, found.confidence > LOW, found.gravity, found.confidence, texts)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else reason[: _LONGEST_REASON - 3] + "..."
