"""Whose effect a request by a helper of the project is: that of the outermost call that knows where it goes.

`ApiClient.post(path, body)` sends to wherever its callers say. `self._api.post("/invoices", invoice)` is the effect then;
what the helper does is part of it, and not one effect of the helper's for all callers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from dealix_lint.effects import identified, templates
from dealix_lint.effects.arguments import Values, passed, with_passed
from dealix_lint.effects.carrying import (
    Part,
    as_handed_over,
    handed_by_name,
    handed_over,
    no_further,
    parts_of_request,
    together,
)
from dealix_lint.effects.naming import built
from dealix_lint.effects.recognise import Recogniser, effect_of
from dealix_lint.effects.registers import (
    Wanted,
    argument_registers,
    captured_by,
    handed_on,
    handed_to,
    parameters_of,
    registers_of,
    spreads,
)
from dealix_lint.effects.requests import possible
from dealix_lint.effects.saying import fitting, host_of, is_one_host, parts_of, says
from dealix_lint.effects.verdict import Verdict
from dealix_lint.model import ir
from dealix_lint.model.effect_rules import METHODS, HttpClient
from dealix_lint.model.effects import EXTERNAL_WRITE, Effect
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CALL_EDGE, MEDIUM, Edge, ExternalCall, Place
from dealix_lint.model.resolved import CallView, Resolution
from dealix_lint.model.summary import VARIADIC, Scope
from dealix_lint.model.text import Mapping, Symbol, Text

_DEEPEST: Final = 8  # helpers around helpers
_REST: Final = "request /"
_NO_ARGUMENT: Final = Argument()


@dataclass(frozen=True, slots=True)
class _Request:
    """A request by a helper: the call that says where it goes, which of its arguments is the address, what is known of that, the
    parameters of the helper that make it and those that make the method, and whether the address is its `*args`, which calls of
    the helper are not told apart by. Where the request is made in a closure, those of the function around it count (negative,
    see `captured_by`). Where a helper is handed the request itself (`request.execute()`), that stands for an address. `parts`: its
    other arguments that come from parameters; `telling`: that one of them which alone says what an unknown host is sent.
    `way`: the calls from the function that sends the request to the one that prepares it."""

    call: ExternalCall
    url: Argument | None
    address: str | Symbol
    parameters: frozenset[int]
    methods: frozenset[int]
    is_spread: bool
    parts: tuple[Part, ...] = ()
    telling: Argument | None = None
    way: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """From the call that knows the address down to the request. `doors`: the calls on the way, each with the node that it
    enters. Beyond `top` ways lead on to anywhere, if `open` is given only over these calls: other callers of it know
    more. `said`: what the call says of the address; `told`: what the request is, where more can be said by nothing but ids;
    `parts`: what it says of the rest of the request; `handed`: the addresses that those calls hand over as they are, where that
    is known of all of them."""

    place: Place
    doors: tuple[tuple[int, Place], ...]
    top: int
    open: tuple[Place, ...] | None
    said: Values = ()
    told: Verdict | None = None
    parts: tuple[Part, ...] = ()
    handed: Values | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the callers of a function say: which of its parameters make the address of a request, and which the method."""

    effect: Effect
    request: _Request
    address: Wanted
    methods: frozenset[int]


def attributed(recogniser: Recogniser, resolution: Resolution) -> tuple[Effect, ...]:
    """The effects of a program, each request of a helper where it is known what is asked of it; in order of place."""
    helpers = _Helpers(resolution, recogniser)
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


_Requests: TypeAlias = dict[tuple[int, Place], list[_Request]]
"""By node and place of the call: one, or each that the helper is handed."""


def _spread(effect: Effect, requests: _Requests, helpers: _Helpers, recogniser: Recogniser) -> Iterator[Effect]:
    ways: dict[Place, list[tuple[int, _Way]]] = {}
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
        asked: dict[str, tuple[Effect, list[tuple[int, _Way]]]] = {}
        for node, way in ways[place]:
            asking = helpers.function(place) if place != effect.place else ""
            request = next(iter(requests.get((node, effect.place), ())), None)
            own = _meant(effect, request, way, asking, recogniser)
            if own is not None:
                asked.setdefault(own.name, (own, []))[1].append((node, way))
        for one, over in asked.values():
            own = _of_ways(one, place, over, helpers.function(place))
            yield _unnamed(own) if is_rest else own


def _is_handed_on(way: _Way, asked: _Asked) -> bool:
    """Whether the body that says what a request is comes from further out."""
    return any(part.slot == asked.request.telling and part.source is not None for part in way.parts)


def _is_of(effect: Effect, request: _Request, recogniser: Recogniser) -> bool:
    """Whether a request that a helper is handed is that effect."""
    judged = recogniser.judged(request.call)
    return judged is not None and (judged.kind, judged.operation) == (effect.kind, effect.operation)


def _meant(effect: Effect, request: _Request | None, way: _Way, asking: str, recogniser: Recogniser) -> Effect | None:
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


def _as_they_are(request: _Request, said: Sequence[Values], handed: Sequence[Values | None]) -> Values | None:
    """The addresses that callers hand over who say nothing that is known of them, where helpers change none on its way."""
    known = passed(request.call, request.url) if request.url is not None else None
    if not handed or None in handed or known is None or not all(value in known for values in said for value in values):
        return None
    return tuple(value for values in handed for value in values or () if value in known)


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


def _own(request: _Request, said: Values) -> tuple[Text, ...]:
    """Of the addresses of a request those that callers say."""
    known = passed(request.call, request.url) if request.url is not None else None
    told = [one for one in said if parts_of(one)]
    own = (value for value in known or () if all(value in fitting(known or (), one) for one in told))
    return tuple(value for value in own if isinstance(value, Text))


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


def _of_ways(effect: Effect, place: Place, ways: list[tuple[int, _Way]], function: str) -> Effect:
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


class _Helpers:
    """Follows addresses from requests to the callers of the functions that make them."""

    __slots__ = ("_calls", "_recogniser", "_resolution")

    def __init__(self, resolution: Resolution, recogniser: Recogniser) -> None:
        self._resolution = resolution
        self._recogniser = recogniser
        self._calls: dict[int, dict[Place, CallView]] = {}

    def function(self, place: Place) -> str:
        """The name of the function that a place is in."""
        return self._resolution.program.function_name(place.module, place.scope)

    def request(self, call: ExternalCall, client: HttpClient) -> _Request | None:
        """A request whose address is made of parameters; None where the function itself knows it, or nobody does."""
        url = client.url
        addresses = possible(call, client, passed(call, url) or ())
        said = " ".join(part for text in addresses if isinstance(text, Text) for part in parts_of(text))
        scope = self._scope(call.node)
        if call.place.scope != self._resolution.graph.nodes[call.node].scope:
            return None
        sender = scope.code[call.place.register]
        parameters = parameters_of(scope, argument_registers(sender, url))
        methods = parameters_of(scope, argument_registers(sender, client.method_argument or _NO_ARGUMENT))
        is_spread = any(scope.parameters[index].kind == VARIADIC for index in parameters if index >= 0)
        where = (Argument(keyword=url.keyword), Argument(url.position))
        parts = tuple(part for part in parts_of_request(call, sender, scope) if part.slot not in where)
        telling = self._telling(call, parts) if not any(map(host_of, addresses)) else None
        is_asked = bool(parameters) or telling is not None
        return _Request(call, url, said, parameters, methods, is_spread, parts, telling) if is_asked else None

    def _telling(self, call: ExternalCall, parts: tuple[Part, ...]) -> Argument | None:
        """The argument without which a request would be something else, of those that hold a body."""
        bodies = [part.slot for part in parts if any(isinstance(v, Mapping) for v in passed(call, part.slot) or ())]
        found = self._recogniser.judged(call) if bodies else None
        return next((slot for slot in bodies if not self._is_told(found, with_passed(call, slot, ()))), None)

    def _is_told(self, found: Verdict | None, call: ExternalCall) -> bool:
        """Whether a request is of the provider that was found."""
        judged = self._recogniser.judged(call)
        return found is None or (judged is not None and judged.provider == found.provider)

    def handed(self, call: ExternalCall) -> _Request | None:
        """A request that others have built, of which the helper knows nothing but that it is one of its parameters."""
        scope = self._scope(call.node)
        if call.place.scope != self._resolution.graph.nodes[call.node].scope:
            return None
        sender = scope.code[call.place.register]
        callee = scope.code[sender[1]] if sender[0] == ir.CALL else (ir.NOP,)
        parameters = handed_on(scope, callee[1]) if callee[0] == ir.ATTR else frozenset[int]()
        return _Request(call, None, Symbol(built(call.path)), parameters, frozenset(), False) if parameters else None

    def verdict(self, call: ExternalCall, client: HttpClient) -> Verdict | None:
        """What a request of a helper is where callers say nothing but an id, or several segments that do not tell the operation;
        None where they may say more."""
        scope = self._scope(call.node)
        instruction = scope.code[call.place.register]
        methods = argument_registers(instruction, client.method_argument or _NO_ARGUMENT)
        urls = argument_registers(instruction, client.url)
        if len(urls) != 1 or parameters_of(scope, methods):
            return None
        text = templates.written(self._resolution, call.node, scope, urls[0], may_be_long=True)
        found = identified.judged_without_ids(self._recogniser, call, client.url, text) if text is not None else None
        if found is None or identified.is_listed(found):
            return found
        return found if text == templates.written(self._resolution, call.node, scope, urls[0]) else None

    def ways(self, effect: Effect, node: int, request: _Request | None) -> Iterator[_Way]:
        """From the calls that know the address to the request of an effect in a node; its own place where none does."""
        here = _Way(effect.place, (), node, None)
        if request is None:
            yield here
        else:
            asked = _Asked(effect, request, request.parameters, request.methods)
            yield from self._onwards(*self._sent(replace(here, parts=request.parts), asked), frozenset())

    def _sent(self, here: _Way, asked: _Asked) -> tuple[_Way, _Asked]:
        """The way from the call that sends a request which another function prepares, with what that is asked for."""
        request, node = asked.request, here.top
        sources = (node, *(edge.target for edge in request.way))
        for source, edge in reversed([*zip(sources, request.way, strict=False)]):
            inner = replace(here, top=edge.target)
            parts = self._handed_over(inner, source, edge, request)
            above = self._above(inner, source, edge, asked, parts)
            if above is None:
                return replace(here, top=node, parts=()), replace(asked, address=frozenset(), methods=frozenset())
            here, asked = replace(above[0], place=here.place, doors=()), above[1]
        return here, asked

    def _onwards(self, here: _Way, asked: _Asked, seen: frozenset[int]) -> Iterator[_Way]:
        """The ways that begin above `here` where callers may say more, else `here` itself."""
        if here.told is None and (asked.address is None or asked.address or _is_handed_on(here, asked)):
            yield from self._outwards(here, asked, seen)
        else:
            yield here

    def _outwards(self, here: _Way, asked: _Asked, seen: frozenset[int]) -> Iterator[_Way]:
        """The ways that begin above `here`, and what of it is left for those callers that know nothing."""
        node, said = here.top, list[Values]()
        others: list[tuple[int, Edge, tuple[Part, ...]]] = []
        for source, edge in self._resolution.graph.callers[node]:
            parts = self._handed_over(here, source, edge, asked.request)
            above = self._above(here, source, edge, asked, parts) if source not in seen else None
            if above is None or len(seen) > _DEEPEST:
                others.append((source, edge, parts))
                continue
            said.append(above[0].said)
            yield from self._onwards(*above, seen | {node})
        if not said:
            yield here
        elif asked.request.url is not None:
            rest = together(parts for *_, parts in others)
            places = tuple(sorted({edge.place for _, edge, _ in others}))
            handed = [self._addresses(here, source, edge, asked) for source, edge, _ in others]
            yield replace(here, open=places, parts=rest, handed=_as_they_are(asked.request, said, handed))

    def _addresses(self, here: _Way, source: int, edge: Edge, asked: _Asked) -> Values | None:
        """What a call hands over for the address; None where that cannot be seen."""
        scope, place, graph = self._scope(source), edge.place, self._resolution.graph
        if edge.kind != CALL_EDGE or place.scope != graph.nodes[source].scope or asked.address is None:
            return None
        call, view = scope.code[place.register], self._view(source, place)
        if call[0] != ir.CALL or view is None or not self._is_named(view, here.top):
            return None
        callee = self._scope(here.top)
        handed = dict(handed_to(call, view, callee, asked.address))
        given = [register for register in registers_of(call, callee, asked.address) if register in handed]
        return handed[given[0]] if len(given) == 1 else None

    def _handed_over(self, here: _Way, source: int, edge: Edge, request: _Request) -> tuple[Part, ...]:
        """What a call hands over of the rest of the request; nothing new where it is neither a plain call of the helper nor one
        of a method of an HTTP client, which hands its keywords on."""
        scope = self._scope(source)
        is_plain = edge.kind == CALL_EDGE and edge.place.scope == self._resolution.graph.nodes[source].scope
        call = scope.code[edge.place.register] if is_plain else (ir.NOP,)
        view = self._view(source, edge.place) if call[0] == ir.CALL and here.parts else None
        if view is None:
            return no_further(here.parts)
        if not self._is_named(view, here.top):
            is_client = any(map(self._recogniser.is_client, view.names))
            return handed_by_name(here.parts, request.call, call, view) if is_client else no_further(here.parts)
        return handed_over(here.parts, request.call, call, view, self._scope(here.top), scope)

    def _above(
        self, here: _Way, source: int, edge: Edge, asked: _Asked, parts: tuple[Part, ...]
    ) -> tuple[_Way, _Asked] | None:
        """The way that begins at a call, and what is asked of the function around it; None where the call says nothing of the
        address."""
        place, graph, wanted, known = edge.place, self._resolution.graph, asked.address, asked.request.address
        scope = self._scope(source)
        if (
            edge.kind != CALL_EDGE
            or place.scope != graph.nodes[source].scope
            or scope.code[place.register][0] != ir.CALL
        ):
            return None
        view = self._view(source, place)
        doors = (*here.doors, (here.top, place))
        instruction = scope.code[place.register]
        if view is None or not self._is_named(view, here.top):
            wanted = None  # what is called hands on what it is given: an executor, a method of the library's client
        callee = self._scope(here.top)
        handed = dict(handed_to(instruction, view, callee, wanted))
        said = {
            register: tuple(
                v for v in values if says(v, known) or (wanted is not None and isinstance(known, str) and host_of(v))
            )
            for register, values in handed.items()
        }
        given = [register for register, values in said.items() if values]
        named = frozenset[int]()
        if asked.methods:
            over = asked.methods if wanted is not None else None
            named = parameters_of(scope, registers_of(instruction, callee, over))
        if graph.nodes[here.top].module == place.module and (
            captured := captured_by(callee, wanted, place.scope, scope)
        ):
            around = parameters_of(scope, [*given, *captured])
            named |= parameters_of(scope, captured_by(callee, asked.methods, place.scope, scope))
            way = _Way(here.place, doors, source, None, here.said, parts=parts)
            return (way, replace(asked, address=around, methods=named)) if around else None
        if given:
            way = _Way(place, doors, source, None, tuple(v for r in given for v in said[r]), parts=parts)
            if not isinstance(known, str):
                return way, replace(asked, address=handed_on(scope, *given))
            more = parameters_of(scope, given)
            told = self._told(way, handed, asked) if more and not named else None
            return replace(way, told=told), replace(asked, address=more, methods=named)
        if spreads(scope, instruction):
            passing = parameters_of(scope, said) if wanted is not None else None
            return _Way(here.place, doors, source, None, here.said, parts=parts), replace(
                asked, address=passing or None, methods=named
            )
        if self._tells(asked, parts):
            way = _Way(place, doors, source, None, here.said, parts=parts)
            return way, replace(asked, address=frozenset(), methods=named)
        return None

    def _tells(self, asked: _Asked, parts: tuple[Part, ...]) -> bool:
        """Whether a call hands over the body that says what the request is."""
        request = asked.request
        told = [part for part in parts if part.slot == request.telling and part.values]
        found = self._recogniser.judged(as_handed_over(request.call, told)) if told else None
        return found is not None and found.provider == asked.effect.provider

    def _told(self, way: _Way, handed: dict[int, Values], asked: _Asked) -> Verdict | None:
        """What the request is for all that call the function which makes this call, where they say nothing but ids."""
        request, scope = asked.request, self._scope(way.top)
        texts = _own(request, way.said) if request.url is not None else ()
        for register, values in handed.items():
            if parameters_of(scope, [register]):
                own = templates.written(self._resolution, way.top, scope, register)
                made = [templates.replaced(text, values, own) for text in texts]
                texts = tuple(text for text in made if text is not None)
        if request.url is None or len(set(texts)) != 1:
            return None
        asking = self.function(way.place)
        found = identified.judged_without_ids(self._recogniser, request.call, request.url, texts[0], asking)
        return found if found is not None and identified.is_same(asked.effect, found) else None

    def _is_named(self, view: CallView, target: int) -> bool:
        return self._resolution.graph.nodes[target].function in view.names

    def _view(self, node: int, place: Place) -> CallView | None:
        if node not in self._calls:
            self._calls[node] = {view.place: view for view in self._resolution.calls(node)}
        return self._calls[node].get(place)

    def _scope(self, node: int) -> Scope:
        record = self._resolution.graph.nodes[node]
        return self._resolution.program.summaries[record.module].scopes[record.scope]
