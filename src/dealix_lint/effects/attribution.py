"""Whose effect a request by a helper of the project is: that of the outermost call that knows where it goes.

`ApiClient.post(path, body)` sends to wherever its callers say. `self._api.post("/invoices", invoice)` is the effect then;
what the helper does is part of it, and not one effect of the helper's for all callers together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from dealix_lint.effects import identified
from dealix_lint.effects.arguments import Values, passed, with_passed
from dealix_lint.effects.carrying import (
    as_handed_over,
)
from dealix_lint.effects.naming import built
from dealix_lint.effects.recognise import Recogniser, effect_of
from dealix_lint.effects.saying import fitting, host_of, is_one_host
from dealix_lint.effects.ways import Helpers, Request, Way
from dealix_lint.model.effect_rules import METHODS
from dealix_lint.model.effects import EXTERNAL_WRITE, Effect
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import MEDIUM, ExternalCall, Place
from dealix_lint.model.resolved import Resolution

_REST: Final = "request /"


def attributed(recogniser: Recogniser, resolution: Resolution) -> tuple[Effect, ...]:
    """The effects of a program, each request of a helper where it is known what is asked of it; in order of place."""
    helpers = Helpers(resolution, recogniser)
    requests: _Requests = {}
    apart: set[Place] = set()
    own_verdicts: identified.Verdicts = {}
    for call in recogniser.calls:
        handed = helpers.handed(call) if recogniser.client(call) is None and built(call.path) else None
        if handed is not None:
            apart.add(call.place)
            requests.setdefault((call.node, call.place), []).append(handed)
    for sender, prepared in recogniser.requests():
        call = prepared.call
        client = recogniser.client(call)
        made = helpers.request(call, client) if client is not None else None
        if client is not None and made is not None:
            requests[sender.node, sender.place] = [replace(made, way=prepared.way)]
            own_verdict = helpers.verdict(call, client)
            if own_verdict is not None:
                own_verdicts[sender.node, sender.place] = own_verdict
    found: dict[tuple[Place, str], Effect] = {}
    effects = recogniser.effects(apart)
    told_more = {effect.place for effect in effects if not identified.is_told_ids(effect, own_verdicts)}
    for effect in effects:
        is_own = effect.place not in told_more
        named = identified.without_ids(effect, own_verdicts) if is_own else effect
        for own in (named,) if is_own else _spread(effect, requests, helpers, recogniser):
            known = found.setdefault(
                (own.place, own.name), own
            )  # sent at several places of the helper: it is one effect
            if known is not own and known.inner == own.inner:
                found[own.place, own.name] = _together(known, own)
    return tuple(sorted(found.values(), key=lambda effect: effect.place))


_Requests: TypeAlias = dict[tuple[int, Place], list[Request]]
"""By node and place of the call: one, or each that the helper is handed."""


def _spread(effect: Effect, requests: _Requests, helpers: Helpers, recogniser: Recogniser) -> Iterator[Effect]:
    ways: dict[Place, list[tuple[int, Way]]] = {}
    is_spread = False
    for node in effect.nodes:
        known = requests.get((node, effect.place), ())
        meant = [request for request in known if request.url is not None or _is_of(effect, request, recogniser)]
        is_spread |= any(request.is_spread for request in meant)
        for request in meant or (None,):
            for way in helpers.ways(effect, node, request):
                ways.setdefault(way.place, []).append((node, way))
    here = ways.get(effect.place, ())
    if len(ways) == 1 and here and all(way.open is None and not way.said for _, way in here):
        yield effect
        return
    for place in sorted(ways):
        is_rest = is_spread and all(way.open is not None for _, way in ways[place])
        asked: dict[str, tuple[Effect, list[tuple[int, Way]]]] = {}
        for node, way in ways[place]:
            asking = helpers.function(place) if place != effect.place else ""
            request = next(iter(requests.get((node, effect.place), ())), None)
            own = _meant(effect, request, way, asking, recogniser)
            if own is not None:
                asked.setdefault(own.name, (own, []))[1].append((node, way))
        for one, over in asked.values():
            own = _of_ways(one, place, over, helpers.function(place))
            yield _unnamed(own) if is_rest else own


def _is_of(effect: Effect, request: Request, recogniser: Recogniser) -> bool:
    """Whether a request that a helper is handed is that effect."""
    judged = recogniser.judged(request.call)
    return judged is not None and (judged.kind, judged.operation) == (effect.kind, effect.operation)


def _meant(effect: Effect, request: Request | None, way: Way, asking: str, recogniser: Recogniser) -> Effect | None:
    """The effect as it is where a function asks for it, of several addresses that the helper is asked for in one context; None
    where that is none."""
    if way.told is not None:
        return effect_of(way.told, effect.place, effect.function, effect.nodes)
    known = passed(request.call, request.url) if request is not None and request.url is not None else None
    if request is None or request.url is None or known is None:
        return effect
    call = as_handed_over(request.call, way.parts)
    if way.handed is not None and not set(known) <= set(way.handed):
        return _of_rest(effect, call, request.url, way.handed, asking, recogniser)
    own = tuple(value for value in known if any(value in fitting(known, said) for said in way.said))
    if way.said and not own and not is_one_host(known):
        own = tuple(filter(host_of, way.said))  # one of so many that the helper's context does not hold it
    is_as_known = own in ((), known)
    is_unsaid = is_as_known and not (way.said and asking and effect.kind == EXTERNAL_WRITE)
    if is_unsaid and call is request.call:
        return effect
    is_as_known &= call is request.call
    judged = recogniser.judged(call if own in ((), known) else with_passed(call, request.url, own), asking)
    if is_as_known and (judged is None or judged.confidence >= effect.confidence):
        return effect
    return None if judged is None else effect_of(judged, effect.place, effect.function, effect.nodes)


def _of_rest(
    effect: Effect, call: ExternalCall, url: Argument, handed: Values, asking: str, recogniser: Recogniser
) -> Effect | None:
    """The effect for callers that hand over some of the addresses only, or one that nobody knows: itself, if one of these makes
    it, else what they do."""
    addresses: list[Values] = [(value,) for value in handed] or [()]
    judged = [recogniser.judged(with_passed(call, url, address), asking) for address in addresses]
    found = [
        effect_of(verdict, effect.place, effect.function, effect.nodes) for verdict in judged if verdict is not None
    ]
    return next((one for one in found if one.name == effect.name), found[0] if found else None)


def _together(one: Effect, other: Effect) -> Effect:
    """One effect of a helper that is asked for at one place in several of its contexts."""
    doors: dict[int, frozenset[Place]] = dict(one.through)
    for node, places in other.through:
        doors[node] = doors.get(node, frozenset()) | places
    return replace(
        one,
        nodes=tuple(sorted({*one.nodes, *other.nodes})),
        through=tuple(sorted(doors.items())),
        inside=one.inside | other.inside,
        only_from=one.only_from | other.only_from if one.only_from and other.only_from else frozenset(),
    )


def _of_ways(effect: Effect, place: Place, ways: list[tuple[int, Way]], function: str) -> Effect:
    through: dict[int, set[Place]] = {}
    for _, way in ways:
        for node, door in way.doors:
            through.setdefault(node, set()).add(door)
        if way.open is not None:
            through.setdefault(way.top, set()).update(way.open)
    tops = frozenset(way.top for _, way in ways)
    for top in (way.top for _, way in ways if way.open is None):
        through.pop(top, None)
    is_only_of_starts = all(way.open == () for _, way in ways)
    return replace(
        effect,
        place=place,
        function=function,
        nodes=tuple(sorted({node for node, _ in ways})),
        inner=None if place == effect.place else effect.place,
        through=tuple((node, frozenset(doors)) for node, doors in sorted(through.items())),
        inside=frozenset(node for _, way in ways for node, _ in way.doors) - tops,
        only_from=tops if is_only_of_starts else frozenset(),
    )


def _unnamed(effect: Effect) -> Effect:
    """What callers ask for that say nothing of the address, where others do: something else, as far as anybody knows."""
    method = effect.operation.partition(" ")[0]
    rest = f"{method} /" if method.upper() in METHODS else _REST
    return replace(effect, operation=rest, confidence=min(effect.confidence, MEDIUM))
