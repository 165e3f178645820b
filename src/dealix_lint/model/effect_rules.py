"""Effect knowledge as values (loaded from `rules/effects/*.toml` by `catalog`, read by `effects`).

Access-path patterns are those of `model.patterns`. URL-path patterns begin with `/`; there too `*` is one segment, `**`
any number, `{a,b}` alternatives; `^` begins a word (`get^*`: `get_plan`, `get-plan`, `getPlan`). A kind is one of the
effect kinds, or `TOKEN` (a credential exchange: a read) or `TELEMETRY` (no effect at all); an empty kind, reversibility
or sensitivity means "as the next wider one says"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from dealix_lint.model.frameworks import Argument

TOKEN, TELEMETRY = "token", "telemetry"
EffectKind: TypeAlias = Literal[
    "messaging", "payment", "contract", "external_write", "external_read", "llm", "token", "telemetry"
]
EFFECT_KINDS: Final[tuple[str, ...]] = get_args(EffectKind)
READ_METHODS = ("GET", "HEAD", "OPTIONS")
WRITE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
OTHER_METHODS = (
    "PROPFIND", "PROPPATCH", "MKCOL", "MKCALENDAR", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "LINK",
    "UNLINK", "LIST", "PURGE", "TRACE", "CONNECT", "QUERY",
)  # fmt: skip
METHODS = frozenset((*READ_METHODS, *WRITE_METHODS, *OTHER_METHODS))
"""Words that stand where a request says its method."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for a call that passes `argument` (and not None); with `values`, only when one of its known texts matches
    one of those globs."""

    argument: Argument
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request to a provider does. `name` may use `{-1}`, `{-2}` ... for the segments of the path from its end,
    in the singular; empty: method and path. `keys` (of what holds for every host): keys of a body, or of what a list
    in it holds (`messages[].role`), of which one has to be there; with `paths`, on one of these. `body`: fields of the
    body, or of what is inside, of which one must have that value (`status=created`, `params.method=read`, `params.args.4=read`)."""

    paths: tuple[str, ...]
    name: str = ""
    methods: tuple[str, ...] = WRITE_METHODS
    kind: str = ""
    reversibility: str = ""
    sensitivity: str = ""
    keys: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Symbols:
    """What calls of a library do. `name` may use `{resource}` and `{verb}`: the last but one and the last segment of
    the path, `{owner}`: the nearest class on it, and `{value}`: the text that fulfils
    `when`. `document`: the argument that is a GraphQL document, which says what the call does; of a query that nobody knows
    it is not certain. `procedure`: the argument that names what is asked for, whose verb may be that of a read."""

    paths: tuple[str, ...]
    name: str = "{resource}.{verb}"
    kind: str = ""
    reversibility: str = ""
    sensitivity: str = ""
    when: Condition | None = None
    document: Argument | None = None
    procedure: Argument | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """An external service. `kind` is that of its writes. `hosts` are globs; `settings` are globs over whole words of
    the name of the setting that a URL came from; `markers` are URL paths, `payloads` keys of a body or fields with their
    value (`type=card.*`), so peculiar that they name the provider where no host is known."""

    id: str
    title: str
    kind: str
    hosts: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()
    reversibility: str = ""
    sensitivity: str = ""
    operations: tuple[Operation, ...] = ()
    symbols: tuple[Symbols, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Calls that send (or, with `builds`, only prepare) an HTTP request.

    The method is `method`, else the value of `method_argument` (default `default_method`, or POST where `body` is
    passed), else the last segment of the path. `url`: the argument with the URL or with a prepared request. `base`:
    arguments of the receiver's creation that the URL is relative to (`host_base`: a bare host name). `in_process`:
    symbols that, given to the creation, keep requests inside the process. `only_known_hosts`, `with_any`: no request where
    the URL does not say the host, or where none of those keywords is passed."""

    calls: tuple[str, ...]
    url: Argument
    method: str = ""
    method_argument: Argument | None = None
    default_method: str = ""
    body: Argument | None = None
    base: tuple[Argument, ...] = ()
    host_base: bool = False
    in_process: tuple[str, ...] = ()
    builds: bool = False
    only_known_hosts: bool = False
    with_any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """Words in the name of a setting that tell the kind of an unknown service: `sms` -> messaging; `unlike`: words behind them
    that name another one."""

    words: tuple[str, ...]
    kind: str
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Globs over the names (in snake case) of functions, of classes, and of the last modules on the way to them, which together
    tell the kind of what they post to services that nothing else tells: `notifier` -> messaging. `keys`: one of them is
    sent. `unless_known`: only where the host is not known, either."""

    kind: str
    functions: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    unless_known: bool = False


@dataclass(frozen=True, slots=True)
class EffectRules:
    """All of it; earlier entries win over equally specific later ones. `operations` hold for every host. `named`: access
    paths that the user named, which mean functions of the analysed code as well."""

    providers: tuple[Provider, ...] = ()
    clients: tuple[HttpClient, ...] = ()
    operations: tuple[Operation, ...] = ()
    topics: tuple[Topic, ...] = ()
    callers: tuple[Caller, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def telling_keys(self) -> tuple[str, ...]:
        """Globs over keys of what is sent that say by themselves, whatever they hold, what is asked."""
        operations = [operation for provider in self.providers for operation in provider.operations]
        fields = (field.partition("=") for each in (*operations, *self.operations) for field in each.body)
        return tuple(dict.fromkeys(key for key, _, value in fields if value == "*"))

    @property
    def telling_words(self) -> tuple[str, ...]:
        """Globs over texts inside what is sent that say what is asked: `params.method=search_read`."""
        operations = [operation for provider in self.providers for operation in provider.operations]
        fields = (field.partition("=") for each in (*operations, *self.operations) for field in each.body)
        return tuple(dict.fromkeys(value for key, _, value in fields if "." in key and "[]" not in key))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The access paths that the rules speak of, those of objects with an argument (`Activity(type='typing')`) that
        conditions ask for among them."""
        symbols = [symbols for provider in self.providers for symbols in provider.symbols]
        asked = (value for each in symbols if each.when for value in each.when.values if "='" in value)
        return (
            *(path for each in symbols for path in each.paths),
            *asked,
            *(path for client in self.clients for path in client.calls),
        )


@dataclass(frozen=True, slots=True)
class Floor:
    """The least reversibility and sensitivity class of a kind of effect, from the policy pack."""

    kind: str
    reversibility: str
    sensitivity: str
