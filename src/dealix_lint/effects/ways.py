"""The ways from a request of a helper outwards to the calls that know where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

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
from dealix_lint.effects.recognise import Recogniser
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
from dealix_lint.effects.saying import fitting, host_of, parts_of, says
from dealix_lint.effects.verdict import Verdict
from dealix_lint.model import ir
from dealix_lint.model.effect_rules import HttpClient
from dealix_lint.model.effects import Effect
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CALL_EDGE, Edge, ExternalCall, Place
from dealix_lint.model.resolved import CallView, Resolution
from dealix_lint.model.summary import VARIADIC, Scope
from dealix_lint.model.text import Mapping, Symbol, Text

_DEEPEST: Final = 8  # helpers around helpers
_NO_ARGUMENT: Final = Argument()


@dataclass(frozen=True, slots=True)
class Request:
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
class Way:
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
    request: Request
    address: Wanted
    methods: frozenset[int]


class Helpers:
    """Follows addresses from requests to the callers of the functions that make them."""

    __slots__ = ("_calls", "_recogniser", "_resolution")

    def __init__(self, resolution: Resolution, recogniser: Recogniser) -> None:
        self._resolution = resolution
        self._recogniser = recogniser
        self._calls: dict[int, dict[Place, CallView]] = {}

    def function(self, place: Place) -> str:
        """The name of the function that a place is in."""
        return self._resolution.program.function_name(place.module, place.scope)

    def request(self, call: ExternalCall, client: HttpClient) -> Request | None:
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
        return Request(call, url, said, parameters, methods, is_spread, parts, telling) if is_asked else None

    def _telling(self, call: ExternalCall, parts: tuple[Part, ...]) -> Argument | None:
        """The argument without which a request would be something else, of those that hold a body."""
        bodies = [part.slot for part in parts if any(isinstance(v, Mapping) for v in passed(call, part.slot) or ())]
        found = self._recogniser.judged(call) if bodies else None
        return next((slot for slot in bodies if not self._is_told(found, with_passed(call, slot, ()))), None)

    def _is_told(self, found: Verdict | None, call: ExternalCall) -> bool:
        """Whether a request is of the provider that was found."""
        judged = self._recogniser.judged(call)
        return found is None or (judged is not None and judged.provider == found.provider)

    def handed(self, call: ExternalCall) -> Request | None:
        """A request that others have built, of which the helper knows nothing but that it is one of its parameters."""
        scope = self._scope(call.node)
        if call.place.scope != self._resolution.graph.nodes[call.node].scope:
            return None
        sender = scope.code[call.place.register]
        callee = scope.code[sender[1]] if sender[0] == ir.CALL else (ir.NOP,)
        parameters = handed_on(scope, callee[1]) if callee[0] == ir.ATTR else frozenset[int]()
        return Request(call, None, Symbol(built(call.path)), parameters, frozenset(), False) if parameters else None

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

    def ways(self, effect: Effect, node: int, request: Request | None) -> Iterator[Way]:
        """From the calls that know the address to the request of an effect in a node; its own place where none does."""
        here = Way(effect.place, (), node, None)
        if request is None:
            yield here
        else:
            asked = _Asked(effect, request, request.parameters, request.methods)
            yield from self._onwards(*self._sent(replace(here, parts=request.parts), asked), frozenset())

    def _sent(self, here: Way, asked: _Asked) -> tuple[Way, _Asked]:
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

    def _onwards(self, here: Way, asked: _Asked, seen: frozenset[int]) -> Iterator[Way]:
        """The ways that begin above `here` where callers may say more, else `here` itself."""
        if here.told is None and (asked.address is None or asked.address or _is_handed_on(here, asked)):
            yield from self._outwards(here, asked, seen)
        else:
            yield here

    def _outwards(self, here: Way, asked: _Asked, seen: frozenset[int]) -> Iterator[Way]:
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

    def _addresses(self, here: Way, source: int, edge: Edge, asked: _Asked) -> Values | None:
        """What a call hands over for the address; None where that cannot be seen."""
        call, view = self._plain_call(source, edge), self._view(source, edge.place)
        if call is None or view is None or asked.address is None or not self._is_named(view, here.top):
            return None
        callee = self._scope(here.top)
        handed = dict(handed_to(call, view, callee, asked.address))
        given = [register for register in registers_of(call, callee, asked.address) if register in handed]
        return handed[given[0]] if len(given) == 1 else None

    def _handed_over(self, here: Way, source: int, edge: Edge, request: Request) -> tuple[Part, ...]:
        """What a call hands over of the rest of the request; nothing new where it is neither a plain call of the helper nor one
        of a method of an HTTP client, which hands its keywords on."""
        call = self._plain_call(source, edge) if here.parts else None
        view = self._view(source, edge.place) if call is not None else None
        if call is None or view is None:
            return no_further(here.parts)
        if not self._is_named(view, here.top):
            is_client = any(map(self._recogniser.is_client, view.names))
            return handed_by_name(here.parts, request.call, call, view) if is_client else no_further(here.parts)
        return handed_over(here.parts, request.call, call, view, self._scope(here.top), self._scope(source))

    def _above(
        self, here: Way, source: int, edge: Edge, asked: _Asked, parts: tuple[Part, ...]
    ) -> tuple[Way, _Asked] | None:
        """The way that begins at a call, and what is asked of the function around it; None where the call says nothing of the
        address."""
        place, graph, wanted, known = edge.place, self._resolution.graph, asked.address, asked.request.address
        scope, instruction, view = self._scope(source), self._plain_call(source, edge), self._view(source, place)
        if instruction is None:
            return None
        doors = (*here.doors, (here.top, place))
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
            way = Way(here.place, doors, source, None, here.said, parts=parts)
            return (way, replace(asked, address=around, methods=named)) if around else None
        if given:
            way = Way(place, doors, source, None, tuple(v for r in given for v in said[r]), parts=parts)
            if not isinstance(known, str):
                return way, replace(asked, address=handed_on(scope, *given))
            more = parameters_of(scope, given)
            told = self._told(way, handed, asked) if more and not named else None
            return replace(way, told=told), replace(asked, address=more, methods=named)
        if spreads(scope, instruction):
            passing = parameters_of(scope, said) if wanted is not None else None
            return Way(here.place, doors, source, None, here.said, parts=parts), replace(
                asked, address=passing or None, methods=named
            )
        if self._tells(asked, parts):
            way = Way(place, doors, source, None, here.said, parts=parts)
            return way, replace(asked, address=frozenset(), methods=named)
        return None

    def _tells(self, asked: _Asked, parts: tuple[Part, ...]) -> bool:
        """Whether a call hands over the body that says what the request is."""
        request = asked.request
        told = [part for part in parts if part.slot == request.telling and part.values]
        found = self._recogniser.judged(as_handed_over(request.call, told)) if told else None
        return found is not None and found.provider == asked.effect.provider

    def _told(self, way: Way, handed: dict[int, Values], asked: _Asked) -> Verdict | None:
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

    def _plain_call(self, source: int, edge: Edge) -> ir.Instruction | None:
        """The call behind an edge; None for a decorator, a property or a handler, and in a body that the node includes."""
        scope = self._scope(source)
        is_call = edge.kind == CALL_EDGE and edge.place.scope == self._resolution.graph.nodes[source].scope
        return call if is_call and (call := scope.code[edge.place.register])[0] == ir.CALL else None

    def _is_named(self, view: CallView, target: int) -> bool:
        return self._resolution.graph.nodes[target].function in view.names

    def _view(self, node: int, place: Place) -> CallView | None:
        if node not in self._calls:
            self._calls[node] = {view.place: view for view in self._resolution.calls(node)}
        return self._calls[node].get(place)

    def _scope(self, node: int) -> Scope:
        record = self._resolution.graph.nodes[node]
        return self._resolution.program.summaries[record.module].scopes[record.scope]


def _is_handed_on(way: Way, asked: _Asked) -> bool:
    """Whether the body that says what a request is comes from further out."""
    return any(part.slot == asked.request.telling and part.source is not None for part in way.parts)


def _as_they_are(request: Request, said: Sequence[Values], handed: Sequence[Values | None]) -> Values | None:
    """The addresses that callers hand over who say nothing that is known of them, where helpers change none on its way."""
    known = passed(request.call, request.url) if request.url is not None else None
    if not handed or None in handed or known is None or not all(value in known for values in said for value in values):
        return None
    return tuple(value for values in handed for value in values or () if value in known)


def _own(request: Request, said: Values) -> tuple[Text, ...]:
    """Of the addresses of a request those that callers say."""
    known = passed(request.call, request.url) if request.url is not None else None
    told = [one for one in said if parts_of(one)]
    own = (value for value in known or () if all(value in fitting(known or (), one) for one in told))
    return tuple(value for value in own if isinstance(value, Text))
