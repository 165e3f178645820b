"""HTTP requests: method, address and body of a call to an HTTP client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dealix_lint.effects.address import Address, address, known, may_stand_alone
from dealix_lint.effects.arguments import NONE, Values, passed, passed_at_creation
from dealix_lint.effects.graphql import GraphQLDocument, graphql_document
from dealix_lint.effects.index import EffectIndex
from dealix_lint.effects.prepared import PreparedRequests
from dealix_lint.model.effect_rules import METHODS, HttpClient
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import segments
from dealix_lint.model.text import ArgumentValue, Hole, Mapping, Sequence, Symbol, Text

UNKNOWN_METHOD: Final = ""
_ENCODED: Final = re.compile(r"[\w.-]+=[\w.%+-]+")
_FIELD: Final = re.compile(r"(?:\w+\.)+[A-Z]\w*\.\w+")
_ROOT: Final = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?(\w+)[\s>/]")
_INNER: Final = "{}"
"""Stands for what a field holds that is no text."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request: possible methods (`UNKNOWN_METHOD` among them where it may be any), addresses (never
    empty), keys of what it sends, and fields whose value is certain (`status=created`)."""

    methods: tuple[str, ...]
    addresses: tuple[Address, ...]
    document: GraphQLDocument | None
    keys: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def requests_of(
    call: ExternalCall, client: HttpClient, index: EffectIndex, prepared: PreparedRequests
) -> Iterator[tuple[ExternalCall, Request]]:
    """The request that a call sends, with the call that says what it is (itself, or what prepared it); several where
    one of them is sent; none where it stays inside the process."""
    if _stays_inside(call, client) or not _is_sent(call, client):
        return
    url = passed(call, client.url) or ()
    builders = prepared.behind(call, client.url, url)
    for builder in builders:
        build = index.client(builder.call.path)
        if build is not None:
            yield from requests_of(builder.call, build, index, prepared)
    if builders or (url and all(map(prepared.has_made, url))):
        return  # an effect where it is prepared
    url = tuple(value for value in url if not prepared.has_made(value))
    sent = _sent_by(call, client, url)
    known = sent if not client.only_known_hosts else _where_known(sent)
    if known is not None:
        yield call, known


def _is_sent(call: ExternalCall, client: HttpClient) -> bool:
    """Whether a call has the keywords that make it a request."""
    return not client.with_any or any(name in client.with_any for name, _ in call.keywords)


def _where_known(sent: Request) -> Request | None:
    """A request to those of its addresses that say the host."""
    known = tuple(address for address in sent.addresses if address.host)
    return replace(sent, addresses=known) if known else None


def prepared_by(call: ExternalCall, client: HttpClient) -> Request:
    """The request that a call prepares, which another function sends."""
    return _sent_by(call, client, passed(call, client.url) or ())


def sent_fields(call: ExternalCall) -> frozenset[str]:
    """Fields of the body that a library is handed, as it is or as the `body` of options: `invoke(name, {"body": {...}})`."""
    given = [*call.arguments, *(values for _, values in call.keywords)]
    options = [value for values in given for value in values if isinstance(value, Mapping)]
    given += [values for each in options for key, values in each.items if key == "body"]
    return _fields(given)


def _sent_by(call: ExternalCall, client: HttpClient, url: Values) -> Request:
    arguments = (*call.arguments, *(values for _, values in call.keywords))
    addresses = _addresses(call, client, url)
    fields = _fields(arguments) | (_queried(url[0]) if len(url) == 1 else frozenset())
    return Request(_methods(call, client), addresses, graphql_document(arguments), _keys(arguments), fields)


def _keys(arguments: Iterable[Values]) -> frozenset[str]:
    """Keys of what is sent, and of what lists in it hold: `messages`, `messages[].role`."""
    mappings = [value for values in arguments for value in values if isinstance(value, Mapping)]
    items = [item for mapping in mappings for item in mapping.items]
    inner = [f"{key}[].{name}" for key, values in items for name, _ in _inner(values)]
    return frozenset((*inner, *(key for key, _ in items)))


def _inner(values: Values) -> Iterator[tuple[str, Values]]:
    """What the dicts in a list hold."""
    lists = (value for value in values if isinstance(value, Sequence))
    for element in (element for value in lists for element in value.elements):
        if isinstance(element, Mapping):
            yield from element.items


def _fields(arguments: Iterable[Values]) -> frozenset[str]:
    """Fields of the one body that a request may have, with their texts; of an XML document its root."""
    found: set[str] = set()
    for body in (values[0] for values in arguments if len(values) == 1):
        if isinstance(body, Mapping):
            items = list(_said(body))
            found.update(f"{key}={value.literal}" for key, value in items if isinstance(value, Text) and value.literal)
            found.update(f"{key}={_INNER}" for key, value in items if isinstance(value, Mapping))
        elif isinstance(body, Text):
            root = _ROOT.match(known(body))
            found |= frozenset((f"{root.group(1)}={_INNER}",)) if root else _encoded(known(body))
    return frozenset(found)


def _said(body: Mapping, before: str = "") -> Iterator[tuple[str, ArgumentValue]]:
    """What a body holds that is certain, by the way to it: `status`, `params.method`, `params.args.4`, `messages[].role`."""
    for key, values in body.items:
        way = f"{before}{key}"
        for name, said in _inner(values):
            if len(said) == 1:
                yield f"{way}[].{name}", said[0]
        if len(values) != 1:
            continue
        yield way, values[0]
        if isinstance(values[0], Mapping):
            yield from _said(values[0], f"{way}.")
        elif isinstance(values[0], Sequence):
            yield from ((f"{way}.{n}", said[0]) for n, said in enumerate(values[0].places) if len(said) == 1)


def _queried(url: ArgumentValue) -> frozenset[str]:
    """Fields of the query of a URL."""
    return _encoded(known(url).partition("?")[2]) if isinstance(url, Text) else frozenset()


def _encoded(text: str) -> frozenset[str]:
    """Fields of a form that is written out, as far as they are known: `cmd=_notify-validate&{body}`."""
    return frozenset(field for field in text.split("&") if _ENCODED.fullmatch(field))


def _stays_inside(call: ExternalCall, client: HttpClient) -> bool:
    if not client.in_process:
        return False
    given = (*call.creation_arguments, *(values for _, values in call.creation_keywords))
    return any(isinstance(value, Symbol) and value.name in client.in_process for values in given for value in values)


def _methods(call: ExternalCall, client: HttpClient) -> tuple[str, ...]:
    if client.method:
        return (client.method,)
    if client.method_argument is None and not client.body and not client.default_method:
        verb = segments(call.path)[-1].upper()
        return (verb if verb.isalpha() else UNKNOWN_METHOD,)
    values = passed(call, client.method_argument) if client.method_argument is not None else None
    if values is None or values == NONE:
        return (_default_method(call, client),)
    said = [value for value in values if not _is_declaration(value)] or values
    found = {_method(value) for value in said if value not in NONE}
    if any(value in NONE for value in said) and (default := _default_method(call, client)) != UNKNOWN_METHOD:
        found.add(default)
    return tuple(sorted(found)) or (UNKNOWN_METHOD,)


def _is_declaration(value: ArgumentValue) -> bool:
    """Whether all that is known is the name of a field (`method: str` of a class): what it holds are the other values."""
    origin = value.parts[0].origin if isinstance(value, Text) and isinstance(value.parts[0], Hole) else ""
    return _FIELD.fullmatch(origin) is not None


def _method(value: object) -> str:
    if isinstance(value, Text):
        word = (value.literal or "").strip().upper()
        return word if word in METHODS else UNKNOWN_METHOD  # something else came to where the method is
    if isinstance(value, Symbol):  # `http.HTTPMethod.POST`
        last = segments(value.name)[-1]
        return last if last.isalpha() and last.isupper() else UNKNOWN_METHOD
    return UNKNOWN_METHOD


def _default_method(call: ExternalCall, client: HttpClient) -> str:
    if client.body is not None:
        body = passed(call, client.body)
        if body is not None and body != NONE:
            return "POST"
    return client.default_method or UNKNOWN_METHOD


def possible(call: ExternalCall, client: HttpClient, urls: Values) -> Values:
    """Of what comes to where the address of a request is what may be one: a mere word is none without a base."""
    if _is_relative(call, client):
        return urls
    return tuple(url for url in urls if not isinstance(url, Text) or may_stand_alone(url))


def _is_relative(call: ExternalCall, client: HttpClient) -> bool:
    """Whether addresses may be relative to what a client is made with."""
    return "()" in call.path and (bool(_bases(call, client)) or not call.creation)


def _addresses(call: ExternalCall, client: HttpClient, urls: Values) -> tuple[Address, ...]:
    bases = _bases(call, client) or (None,)
    if bases != (None,):  # below which a field may hold anything; what it is known to hold tells more
        urls = tuple(url for url in urls if not _is_declaration(url)) or urls
    texts = [text for url in possible(call, client, urls) for text in _as_text(url)]
    found = {address(text, base): None for text in texts for base in bases}
    if not found:
        found = {address(Text(("/",)), base): None for base in bases if base is not None}
    return tuple(found) or (Address(),)


def _as_text(url: ArgumentValue) -> Iterator[Text]:
    """A URL as a text; something named that holds one (`os.environ['PAY_URL']`) as a hole of that name."""
    if isinstance(url, Text) and url.literal != "":
        yield url
    elif isinstance(url, Symbol):
        yield Text((Hole(url.name),))


def _bases(call: ExternalCall, client: HttpClient) -> tuple[Text, ...]:
    given = [value for argument in client.base for value in _creation(call, argument)]
    values = [text for value in given for text in _as_text(value)]
    return tuple(Text(("https://", *value.parts)) for value in values) if client.host_base else tuple(values)


def _creation(call: ExternalCall, argument: Argument) -> Values:
    return passed_at_creation(call, argument) or ()
