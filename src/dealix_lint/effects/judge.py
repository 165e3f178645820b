"""From a request to a verdict: host, then path markers, then the setting's name, then nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from dealix_lint.effects.address import HOLE, Address, shown
from dealix_lint.effects.callers import is_unsaid, judged_by_name
from dealix_lint.effects.graphql import GraphQLDocument, is_graphql
from dealix_lint.effects.hosts import is_this_machine
from dealix_lint.effects.index import EffectIndex, Service
from dealix_lint.effects.naming import graphql_name, request_name
from dealix_lint.effects.operations import more_specific
from dealix_lint.effects.requests import UNKNOWN_METHOD, Request
from dealix_lint.effects.settings import is_handed_over, is_parsed, setting_name
from dealix_lint.effects.verdict import Verdict, outcome_kind
from dealix_lint.model.effect_rules import READ_METHODS, TELEMETRY, Operation, Provider
from dealix_lint.model.effects import COMMITMENTS, EXTERNAL_READ, EXTERNAL_WRITE, UNKNOWN
from dealix_lint.model.graph import HIGH, LOW, MEDIUM
from dealix_lint.model.text import ONE_OF

MOST_OTHERS: Final = 2


def judge(request: Request, index: EffectIndex, function: str = "", asking: str = "") -> Verdict | None:
    """What a request in a function is; None where it is no effect (our own hosts, telemetry). `asking`: the function that
    asks a helper for it, whose name may say that it is none that binds.

    Of several addresses one whose host is known counts before one that a setting names, and any of these before this
    machine; before a setting's name counts a service of our own that the setting holds by default. An address of which nothing
    is known counts only where no other is. Where known hosts would make it effects of different kinds, it is the gravest, and
    not certain. Where one of several subclasses has the address and these do not agree, it is nobody's in particular."""
    own = [address.host for address in request.addresses if address.host and index.is_own(address.host)]
    others = [address for address in request.addresses if address.host not in own]
    has_own = bool(own)
    if not all(map(is_this_machine, own)):
        others = [address for address in others if address.host or index.marked_by(address.path)]
    verdicts = [found for address in others for found in [_at(address, request, index)] if found is not None]
    telling = [found for found in verdicts if found.confidence > LOW] if has_own else verdicts
    best = max(telling, key=lambda found: (found.confidence, _weight(found)), default=None)
    is_host_known = best is not None and best.confidence == HIGH
    if best is not None and is_host_known:
        is_clear = {found.kind for found in telling if found.confidence == HIGH} == {best.kind}
        best = replace(best, others=_others(best, telling), confidence=HIGH if is_clear else MEDIUM)
    if best is not None and any(address.origin.startswith(ONE_OF) for address in others):
        best = _of_one(best, request, index, has_own)
        is_host_known = best.confidence == HIGH
    if best is None or best.is_told or not is_unsaid(best.kind, request.methods):
        return best
    asked = index.callers.find(asking, request.keys, is_host_known)
    if asked is not None and asked.kind not in COMMITMENTS:
        return judged_by_name(best, asked, asking, index.floors, None)
    caller = index.callers.find(function, request.keys, is_host_known)
    if caller is None:
        return best
    named = index.services.find(function.split(".")[-2]) if "." in function else None
    service = named.provider if named is not None and named.provider.kind in COMMITMENTS else None
    return judged_by_name(best, caller, function, index.floors, service)


def _others(best: Verdict, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Providers that a request may go to as well, for an effect of the same kind; nothing where they are so many that it is
    rather not known where it goes."""
    alike = {found.provider for found in verdicts if (found.kind, found.confidence) == (best.kind, best.confidence)}
    others = tuple(sorted(alike - {best.provider}))
    return others if len(others) <= MOST_OTHERS else ()


def _of_one(best: Verdict, request: Request, index: EffectIndex, has_own: bool) -> Verdict:
    """The best verdict where the address is a field of one of several classes: whose it is, is known where all have the same."""
    open_ones = [address for address in request.addresses if address.origin.startswith(ONE_OF)]
    said = [_at(address, request, index) for address in request.addresses if address not in open_ones]
    unnamed = _at(open_ones[0], request, index)
    is_same = not has_own and {found.provider for found in said if found is not None} == {best.provider}
    if is_same or unnamed is None:
        return best
    if best.confidence < HIGH and not best.others:
        return unnamed
    return replace(
        unnamed, kind=best.kind, confidence=MEDIUM, reversibility=best.reversibility, sensitivity=best.sensitivity
    )


def _weight(found: Verdict) -> tuple[tuple[bool, str, int], str, str]:
    return found.gravity, found.provider, found.operation


def _at(address: Address, request: Request, index: EffectIndex) -> Verdict | None:
    """The gravest verdict over the possible methods at one address."""
    verdicts = [_judge(address, method, request, index) for method in request.methods]
    return max((found for found in verdicts if found is not None), key=_weight, default=None)


def _judge(address: Address, method: str, request: Request, index: EffectIndex) -> Verdict | None:
    services, confidence, evidence = _services(address, index)
    shaped = index.shaped(request.keys, request.fields) if _is_open(confidence, services, method) else None
    if shaped is not None and not address.host:
        services, confidence, evidence = (shaped,), MEDIUM, f", whose body is that of {shaped.provider.title}"
    reason = f"{method or 'request of unknown method'} to {address.text}{evidence}"
    if method == UNKNOWN_METHOD:
        confidence = min(confidence, MEDIUM)
    service, operation, name = _operation(services, address, method, request.fields, index)
    provider = service.provider if service else _anonymous(address, index, shaped)
    if provider.kind == TELEMETRY and (service is None or operation is None or not service.operations.has(operation)):
        return None  # reads as well: what operations say of every host does not concern it
    told = index.told_by(request.keys, method, address.path)
    if request.document is not None:
        operation, name = _graphql(request.document)
    elif told is not None:
        operation = told
    elif operation is None and method not in READ_METHODS and is_graphql(address.path):
        confidence = min(confidence, MEDIUM)  # a document that nobody knows
    elif operation is None and method in READ_METHODS:
        operation = _READ
    kind = outcome_kind(provider, operation)
    if kind is None:
        return None
    is_told = service is not None or operation is not None or request.document is not None
    return Verdict(kind, provider.id, name, confidence, reason, *index.floors.of(kind, provider, operation), is_told)


def _is_open(confidence: int, services: tuple[Service, ...], method: str) -> bool:
    """Whether what is posted may say whose it is: nothing surer does."""
    return method == "POST" and (confidence == LOW or not services)


_EVERY_PATH: Final = "/**"
_READ: Final = Operation(paths=(), kind=EXTERNAL_READ)


def _graphql(document: GraphQLDocument) -> tuple[Operation | None, str]:
    return None if document.is_mutation else _READ, graphql_name(document)


def _services(address: Address, index: EffectIndex) -> tuple[tuple[Service, ...], int, str]:
    """The services an address may belong to, how sure that is, and why, for people."""
    if address.host:
        return index.services_at(address.host), HIGH, ""
    marked = index.marked_by(address.path) if address.path else None
    if marked is not None:
        return (marked,), MEDIUM, f", whose path is that of {marked.provider.title}"
    named = index.services.find(address.origin)
    sure = LOW if is_handed_over(address.origin) or is_parsed(address.origin) else MEDIUM
    if named is not None:
        return (named,), sure, f", whose setting `{setting_name(address.origin)}` names {named.provider.title}"
    topic = index.topics.find(address.origin)
    if topic is not None:
        return (), sure, f", whose setting `{setting_name(address.origin)}` speaks of {topic.replace('_', ' ')}"
    return (), LOW, ", an unknown host"


def _operation(
    services: Sequence[Service], address: Address, method: str, fields: frozenset[str], index: EffectIndex
) -> tuple[Service | None, Operation | None, str]:
    """The most specific operation of any of the services, else one that holds everywhere; with its name."""
    chosen, found = None, None
    for service in services:
        match = service.operations.find(method, address.path, address.is_partial, fields)
        if match is not None and chosen is not None and match[0].pattern == _EVERY_PATH:
            continue  # what is said of a whole domain says nothing of a host that is known by its name
        chosen = chosen or service
        if match is not None and (found is None or more_specific(match[0], found[0])):
            chosen, found = service, match
    everywhere = index.everywhere.find(method, address.path, False, fields) if method else None
    if found is None or (everywhere is not None and more_specific(everywhere[0], found[0])):
        found = everywhere
    if chosen is not None and len(services) > 1 and (found is None or found is everywhere):
        chosen = _nearest(services, address.path)
    if found is None:
        return chosen, None, request_name("", method, address.path)
    return chosen, found[1], request_name(found[1].name, method, address.path)


def _nearest(services: Sequence[Service], path: str) -> Service:
    """The first of several services; where one of them, which has the whole domain, shares a host with others, the one whose
    operations begin as a path does, else that one."""
    general = [service for position, service in enumerate(services) if service in services[:position]]
    own = [service for service in services if service.operations.begins_like(path)] if general else []
    return (own or general or list(services))[0]


def _known_labels(host: str) -> str:
    """`example.com` of `{tenant}.example.com`."""
    labels = host.split(".")
    return ".".join(label for position, label in enumerate(labels) if HOLE not in label or position > len(labels) - 3)


def _anonymous(address: Address, index: EffectIndex, shaped: Service | None) -> Provider:
    """A provider made up for a host nobody catalogued, or for none. What is sent to it as to another service (`shaped`: a chat
    that takes what Slack takes) is of the same kind."""
    topic = index.topics.find(address.origin) if not address.host else None
    kind = topic or (shaped.provider.kind if shaped else EXTERNAL_WRITE)
    name = shown(_known_labels(address.host)) or UNKNOWN
    return Provider(id=name, title=name, kind=kind)
