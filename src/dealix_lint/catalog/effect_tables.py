"""What `rules/effects/*.toml` may say, as pydantic models; field descriptions become the generated JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, partial
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from dealix_lint.catalog.expectations import ExpectTable
from dealix_lint.model.effect_rules import (
    Caller,
    Condition,
    EffectKind,
    EffectRules,
    HttpClient,
    Operation,
    Provider,
    Symbols,
    Topic,
)
from dealix_lint.model.effects import EXTERNAL_WRITE, LLM
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.patterns import expand, is_balanced, unknown_verbs


def _pattern(text: str) -> str:
    if not text or not is_balanced(text):
        raise ValueError("a pattern must not be empty, and each of its braces needs its counterpart")
    if unknown := unknown_verbs(text):
        raise ValueError(f"{unknown[0]} is no class of verbs; write <read> or <write>")
    return text


def _url_path(text: str) -> str:
    if not _pattern(text).startswith("/"):
        raise ValueError("a URL path begins with `/`")
    return text


def _lower(text: str) -> str:
    if not text or text != text.lower():
        raise ValueError("write it in lower case")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text.lower()):
        raise ValueError('write a host without scheme, path and spaces, for example "api.acme.example"')
    return _lower(text)


def _texts(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": pattern}


def _level(axis: str, text: str) -> str:
    levels = [f"{axis}{level}" for level in range(4)]
    if text and text not in levels:
        raise ValueError(f"write {', '.join(levels[:-1])} or {levels[-1]}")
    return text


_HOST = re.compile(r"[\w*?{},\[\]!.:-]+")
Host = Annotated[str, AfterValidator(_host)]
Pattern = Annotated[str, AfterValidator(_pattern)]
UrlPath = Annotated[str, AfterValidator(_url_path)]
Lower = Annotated[str, AfterValidator(_lower)]
Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
Reversibility = Annotated[str, AfterValidator(partial(_level, "R")), WithJsonSchema(_texts(r"^(R[0-3])?$"))]
Sensitivity = Annotated[str, AfterValidator(partial(_level, "S")), WithJsonSchema(_texts(r"^(S[0-3])?$"))]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArgumentTable(_Table):
    """An argument of a call: its position, its keyword, or either."""

    position: int | None = Field(None, ge=0, description="0-based position")
    keyword: str | None = Field(None, description="keyword")

    @model_validator(mode="after")
    def _names_something(self) -> ArgumentTable:
        if self.position is None and self.keyword is None:
            raise ValueError("give `position`, `keyword` or both")
        return self

    def value(self) -> Argument:
        """The frozen value of this table, as are those of the tables below."""
        return Argument(self.position, self.keyword)


class ConditionTable(ArgumentTable):
    """An argument that must be passed; with `values`, as a text matching one of these globs, or an object whose access path
    does (`Activity(type='typing')`)."""

    values: tuple[str, ...] = Field((), description="globs over the argument's text or over an object's access path")

    def condition(self) -> Condition:
        """See `ArgumentTable.value`."""
        return Condition(self.value(), self.values)


class _Outcome(_Table):
    kind: Literal[EffectKind, ""] = Field("", description="kind, where it is not the provider's")
    reversibility: Reversibility = Field("", description="floor, where it is not the kind's")
    sensitivity: Sensitivity = Field("", description="floor, where it is not the kind's")


class OperationTable(_Outcome):
    """Requests by method and URL path."""

    paths: tuple[UrlPath, ...] = Field(
        (), description="URL paths; `*` a segment, `**` any number, `^` where a word begins"
    )
    keys: tuple[str, ...] = Field(
        (),
        description="keys of the body, or of lists in it (`messages[].role`), of which one is enough (for every host only)",
    )
    body: dict[str, str] = Field(
        default_factory=dict,
        description="fields of the body, of which one has this value: globs with alternatives; `*` also of an object, or an XML "
        "document's root; of what is inside by the way to it (`params.method`), at a place of a list `params.args.4`",
    )
    name: str = Field(
        "", description="operation; `{-1}` is the path's last segment, in the singular; default: method and path"
    )
    methods: tuple[Method, ...] = Field(("POST", "PUT", "PATCH", "DELETE"), min_length=1, description="HTTP methods")

    @model_validator(mode="after")
    def _is_found_somehow(self) -> OperationTable:
        if not self.paths and not self.keys:
            raise ValueError("an operation needs `paths` or `keys`")
        return self

    def value(self) -> Operation:
        """See `ArgumentTable.value`."""
        floors = (self.kind, self.reversibility, self.sensitivity)
        said = [(key, value) for key, values in sorted(self.body.items()) for value in expand(values)]
        body = tuple(f"{key}={value}" for key, value in said)
        return Operation(self.paths, self.name, self.methods, *floors, self.keys, body)


class SymbolTable(_Outcome):
    """Calls of a library by access path."""

    paths: tuple[Pattern, ...] = Field(
        min_length=1,
        description="access paths; instances are `Class()`; `*` a segment, `**` any number, `***` any number of attributes, "
        "`<read>` and `<write>` a method by its verb",
    )
    name: str = Field("{resource}.{verb}", min_length=1, description="operation")
    when: ConditionTable | None = Field(None, description="only where this argument is passed")
    document: ArgumentTable | None = Field(None, description="the GraphQL document, which says what the call does")
    procedure: ArgumentTable | None = Field(
        None, description="the argument that names what is asked for: it, or a word of the body, may be that of a read"
    )

    def value(self) -> Symbols:
        """See `ArgumentTable.value`."""
        when = self.when.condition() if self.when else None
        document = self.document.value() if self.document else None
        procedure = self.procedure.value() if self.procedure else None
        floors = (self.kind, self.reversibility, self.sensitivity)
        return Symbols(self.paths, self.name, *floors, when, document, procedure)


class ProviderTable(_Outcome):
    """An external service."""

    id: Lower = Field(description="how findings and configuration call it")
    title: str = Field(min_length=1, description="how people call it")
    kind: EffectKind = Field(description="what a write to it is")
    hosts: tuple[Host, ...] = Field((), description="host globs, with `{a,b}` for alternatives")
    settings: tuple[Lower, ...] = Field((), description="globs over whole words of a setting's name: `pay_tabs`")
    markers: tuple[UrlPath, ...] = Field((), description="URL paths that name the provider where no host is known")
    payloads: tuple[str, ...] = Field(
        (),
        description="keys of a posted body that name the provider where no host is known, also of what lists in it hold, with "
        "`=` and a glob those of that value: `attachments[].type=card.*`",
    )
    inference: tuple[UrlPath, ...] = Field((), description="URL paths that ask a model, where the service does more")
    managed: tuple[UrlPath, ...] = Field(
        (), description="URL paths of what a service of models keeps (files, fine-tuned models): external writes"
    )

    def value(self, operations: tuple[Operation, ...] = (), symbols: tuple[Symbols, ...] = ()) -> Provider:
        """See `ArgumentTable.value`."""
        return Provider(
            id=self.id,
            title=self.title,
            kind=self.kind,
            hosts=tuple(host for glob in self.hosts for host in expand(glob)),
            settings=self.settings,
            markers=self.markers,
            payloads=self.payloads,
            reversibility=self.reversibility,
            sensitivity=self.sensitivity,
            operations=(*operations, *self._of_models()),
            symbols=symbols,
        )

    def _of_models(self) -> Iterator[Operation]:
        """What tells inference from the rest: a model is asked by POST."""
        if self.inference:
            yield Operation(self.inference, methods=("POST",), kind=LLM)
        if self.managed:
            yield Operation(self.managed, kind=EXTERNAL_WRITE)
        if self.kind == LLM:
            yield Operation(("/**",), methods=("PUT", "PATCH", "DELETE"), kind=EXTERNAL_WRITE)


class ClientTable(_Table):
    """Calls that send an HTTP request."""

    calls: tuple[Pattern, ...] = Field(min_length=1, description="access paths")
    url: ArgumentTable = Field(description="the argument with the URL or prepared request")
    method: Literal[Method, ""] = Field("", description="fixed method; default: the last segment of the path")
    method_argument: ArgumentTable | None = Field(None, description="the argument with the method")
    default_method: Literal[Method, ""] = Field("", description="method where that argument is not passed")
    body: ArgumentTable | None = Field(None, description="an argument that makes the default method POST")
    base: tuple[ArgumentTable, ...] = Field((), description="arguments of the receiver's creation with the base URL")
    host_base: bool = Field(False, description="that base is a bare host name")
    in_process: tuple[Pattern, ...] = Field((), description="symbols that, given to the creation, keep requests inside")
    builds: bool = Field(False, description="prepares the request that another call sends")
    only_known_hosts: bool = Field(False, description="a request only where the URL says the host")
    with_any: tuple[str, ...] = Field((), description="a request only where one of these keywords is passed")

    def value(self) -> HttpClient:
        """See `ArgumentTable.value`."""
        return HttpClient(
            calls=self.calls,
            url=self.url.value(),
            method=self.method,
            method_argument=self.method_argument.value() if self.method_argument else None,
            default_method=self.default_method,
            body=self.body.value() if self.body else None,
            base=tuple(argument.value() for argument in self.base),
            host_base=self.host_base,
            in_process=tuple(plain for pattern in self.in_process for plain in expand(pattern)),
            builds=self.builds,
            only_known_hosts=self.only_known_hosts,
            with_any=self.with_any,
        )


class TopicTable(_Table):
    """Words in a setting's name that tell the kind of an unknown service."""

    words: tuple[Lower, ...] = Field(min_length=1, description="globs over whole words")
    unlike: tuple[Lower, ...] = Field(
        (), description="words that name something else behind one of them: `email_validator`"
    )
    kind: EffectKind

    def value(self) -> Topic:
        """See `ArgumentTable.value`."""
        return Topic(self.words, self.kind, self.unlike)


class CallerTable(_Table):
    """What the names around a request tell of a service that nothing else tells; all that is written has to match."""

    functions: tuple[Lower, ...] = Field((), description="globs over names of functions, in snake case")
    classes: tuple[Lower, ...] = Field((), description="globs over names of their classes, in snake case")
    modules: tuple[Lower, ...] = Field((), description="globs over the last two modules on the way to them")
    keys: tuple[Lower, ...] = Field((), description="keys, one of which is sent, in whatever case of its letters")
    kind: EffectKind
    unless_known: bool = Field(
        False, description="only where the host is not known: the names may mean something else (`list`)"
    )

    def value(self) -> Caller:
        """See `ArgumentTable.value`."""
        return Caller(self.kind, self.functions, self.classes, self.modules, self.keys, self.unless_known)


class EffectFile(_Table):
    """One file of `rules/effects`: a provider with its operations and symbols, or HTTP clients, or what holds for every
    host."""

    packages: tuple[str, ...] = Field((), description="PyPI distributions of its libraries: scripts/verify_catalog.py")
    provider: ProviderTable | None = Field(None, description="the service that `operations` and `symbols` belong to")
    services: tuple[ProviderTable, ...] = Field((), description="services known by host and setting only")
    operations: tuple[OperationTable, ...] = Field((), description="with no `provider`: for every host")
    symbols: tuple[SymbolTable, ...] = ()
    clients: tuple[ClientTable, ...] = ()
    topics: tuple[TopicTable, ...] = ()
    callers: tuple[CallerTable, ...] = ()
    expect: tuple[ExpectTable, ...] = Field((), description="what `dealix-lint catalog test` has to find")

    @model_validator(mode="after")
    def _symbols_have_a_provider(self) -> EffectFile:
        if self.symbols and self.provider is None:
            raise ValueError("`symbols` need a `[provider]`; add one with `id`, `title` and `kind`")
        if self.provider is not None and any(operation.keys for operation in self.operations):
            raise ValueError("`keys` tell for every host: put such operations into a file without `[provider]`")
        return self

    @cached_property
    def rules(self) -> EffectRules:
        """What this file says, as the stages read it."""
        operations = tuple(operation.value() for operation in self.operations)
        return EffectRules(
            providers=tuple(self._providers(operations)),
            clients=tuple(client.value() for client in self.clients),
            operations=() if self.provider else operations,
            topics=tuple(topic.value() for topic in self.topics),
            callers=tuple(caller.value() for caller in self.callers),
        )

    def _providers(self, operations: tuple[Operation, ...]) -> Iterator[Provider]:
        if self.provider:
            yield self.provider.value(operations, tuple(symbol.value() for symbol in self.symbols))
        yield from (service.value() for service in self.services)
