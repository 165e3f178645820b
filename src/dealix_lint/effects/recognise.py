"""The stage: external calls -> effects, one per place and operation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from dealix_lint.effects.arguments import holds, matched, passed
from dealix_lint.effects.graphql import document_of
from dealix_lint.effects.index import EffectIndex, LibraryCall
from dealix_lint.effects.judge import judge
from dealix_lint.effects.naming import graphql_name, snake, symbol_name
from dealix_lint.effects.prepared import Prepared, PreparedRequests
from dealix_lint.effects.requests import Request, prepared_by, requests_of, sent_fields
from dealix_lint.effects.verdict import Verdict, outcome_kind
from dealix_lint.model.effect_rules import HttpClient
from dealix_lint.model.effects import COMMITMENTS, EXTERNAL_READ, Effect
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import HIGH, LOW, MEDIUM, CallGraph, ExternalCall, Place
from dealix_lint.model.program import Program
from dealix_lint.model.text import Text

_LONGEST_REASON: Final = 200

_Case: TypeAlias = tuple[int, str]
"""A node, and the access path of a call in it where its paths are told apart."""


class Recogniser:
    """What the external calls of a program are: the calls, and what is asked of each of them."""

    __slots__ = ("_index", "_prepared", "_program", "calls")

    def __init__(
        self,
        external_calls: Iterable[ExternalCall],
        index: EffectIndex,
        program: Program,
        graph: CallGraph | None = None,
    ) -> None:
        """`calls`: those of the external calls that something is known of. `graph`: who calls the functions around them."""
        self._index = index
        self._program = program
        self.calls = [call for call in external_calls if index.is_modelled(call.path)]
        builders = [call for call in self.calls if self.is_builder(call)]
        self._prepared = PreparedRequests(builders, program, graph)

    def client(self, call: ExternalCall) -> HttpClient | None:
        """The HTTP client that a call is one of."""
        return self._index.client(call.path)

    def is_client(self, path: str) -> bool:
        """Whether an access path is one of an HTTP client's."""
        return self._index.client(path) is not None

    def effects(self, apart: Collection[Place] = ()) -> tuple[Effect, ...]:
        """In order of place: one per call site and operation.

        A call site that does different things for different callers (a request helper) is several effects, each in the
        nodes where it is that one. Where it may be different things in one node, it is the gravest of them there; all of them
        at the places `apart`."""
        places: dict[Place, dict[_Case, Verdict]] = {}
        sending = (call for call in self.calls if not self.is_builder(call))
        judged_calls = [(call, self.judged(call)) for call in sending]
        judged_calls += [(call, self.judged(call)) for call in self._prepared.sent_elsewhere()]
        for call, judged in judged_calls:
            if judged is not None:
                cases = places.setdefault(call.place, {})
                case = call.node, call.path if call.place in apart else ""
                cases[case] = max(judged, cases.get(case, judged), key=_rank)
        return tuple(effect for place in sorted(places) for effect in _at(place, places[place], self._program))

    def is_builder(self, call: ExternalCall) -> bool:
        """Whether a call only prepares a request."""
        client = self.client(call)
        return client is not None and client.builds

    def requests(self) -> Iterator[tuple[ExternalCall, Prepared]]:
        """Calls that send a request, each with the one call that says where it goes: itself, or what prepared the request;
        and calls that prepare what is sent nobody knows where."""
        for call in self.calls:
            client = self.client(call)
            if client is not None and not client.builds:
                behind = self._prepared.behind(call, client.url, passed(call, client.url) or ())
                if len(behind) < 2:
                    yield call, behind[0] if behind else Prepared(call)
        yield from ((call, Prepared(call)) for call in self._prepared.sent_elsewhere())

    def judged(self, call: ExternalCall, asking: str = "") -> Verdict | None:
        """What a call is, or what it prepares, for a function that asks a helper for it; None where it is no effect."""
        for entry in self._index.calls(call.path):
            if isinstance(entry, HttpClient):
                if entry.builds:
                    return self._judged_request(call, prepared_by(call, entry), asking)
                sent = requests_of(call, entry, self._index, self._prepared)
                verdicts = (_as_sure_as(by, self._judged_request(call, each, asking)) for by, each in sent)
                return max((found for found in verdicts if found is not None), key=_rank, default=None)
            if holds(call, entry.symbols.when):
                return _as_sure_as(call, _library_verdict(call, entry, self._index))
        return None

    def _judged_request(self, call: ExternalCall, sent: Request, asking: str = "") -> Verdict | None:
        function = self._program.function_name(call.place.module, call.place.scope)
        return _as_sure_as(call, judge(sent, self._index, function, asking))


def _as_sure_as(call: ExternalCall, found: Verdict | None) -> Verdict | None:
    return None if found is None else replace(found, confidence=min(found.confidence, call.confidence))


def _library_verdict(call: ExternalCall, entry: LibraryCall, index: EffectIndex) -> Verdict | None:
    provider, symbols = entry.provider, entry.symbols
    if symbols.procedure is not None:
        symbols = replace(symbols, kind=_procedure_kind(call, symbols.procedure, index) or symbols.kind)
    kind = outcome_kind(provider, symbols)
    if kind is None:
        return None
    if symbols.document is not None:
        return _document_verdict(call, entry, symbols.document, index)
    reason = f"call of {call.path} ({provider.title})"
    name = symbol_name(symbols.name, call.path)
    if symbols.when is not None:
        name = name.replace("{value}", snake(matched(call, symbols.when)))
    floors = index.floors.of(kind, provider, symbols)
    return Verdict(kind, provider.id, name, HIGH, reason, *floors)


def _procedure_kind(call: ExternalCall, argument: Argument, index: EffectIndex) -> str:
    """What a call does of which an argument, or a word in the body, names what is asked for, as the path of a request does:
    `invoke("get-order")`; "" where that says nothing."""
    said = passed(call, argument) or ()
    names = {f"/{value.literal}" for value in said if isinstance(value, Text) and value.literal}
    found = {index.everywhere.find("POST", name, False, sent_fields(call)) for name in names}
    kinds = {match[1].kind if match is not None else "" for match in found}
    return kinds.pop() if len(kinds) == 1 and len(names) == len(said) else ""


def _document_verdict(call: ExternalCall, entry: LibraryCall, argument: Argument, index: EffectIndex) -> Verdict:
    """What a call does that is handed a GraphQL document."""
    provider = entry.provider
    document = document_of(passed(call, argument) or ())
    is_read = document is not None and not document.is_mutation
    symbols = replace(entry.symbols, kind=EXTERNAL_READ) if is_read else entry.symbols
    kind = outcome_kind(provider, symbols) or EXTERNAL_READ
    name = graphql_name(document) if document is not None else symbol_name(symbols.name, call.path)
    floors = index.floors.of(kind, provider, symbols)
    confidence = MEDIUM if document is None else HIGH
    return Verdict(kind, provider.id, name, confidence, f"call of {call.path} ({provider.title})", *floors)


def _at(place: Place, judged: dict[_Case, Verdict], program: Program) -> Iterator[Effect]:
    """The effects of one call site, the gravest first."""
    operations: dict[tuple[str, str, str], list[_Case]] = {}
    for case, found in judged.items():
        operations.setdefault((found.kind, found.provider, found.operation), []).append(case)
    for cases in sorted(
        operations.values(), key=lambda cases: max(_rank(judged[case]) for case in cases), reverse=True
    ):
        best = max((judged[case] for case in cases), key=_rank)
        nodes = tuple(sorted({node for node, _ in cases}))
        yield effect_of(best, place, program.function_name(place.module, place.scope), nodes)


def effect_of(found: Verdict, place: Place, function: str, nodes: tuple[int, ...]) -> Effect:
    """What was found, as an effect of a place."""
    return Effect(
        place=place,
        function=function,
        nodes=nodes,
        kind=found.kind,
        provider=found.provider,
        operation=found.operation,
        confidence=found.confidence,
        recognised_by=_shortened(found.reason),
        floor_reversibility=found.reversibility,
        floor_sensitivity=found.sensitivity,
        others=found.others,
    )


def _rank(found: Verdict) -> tuple[object, ...]:
    is_commitment = found.kind in COMMITMENTS
    texts = (found.provider, found.operation, found.reason)
    return (is_commitment, found.confidence > LOW, found.gravity, found.confidence, texts)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else reason[: _LONGEST_REASON - 3] + "..."
