"""The tables of a policy pack that list names: what audits, gates, ids, owners and claims are called."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dealix_lint.model.patterns import expand
from dealix_lint.model.policy import (
    ActorNames,
    AmbientContext,
    AuditNames,
    ClaimNames,
    ClassificationNames,
    CoroutineNames,
    CorrelationNames,
    Deed,
    EnvelopeNames,
    GateNames,
    GraphNames,
    OwnershipRules,
    RequestNames,
    SensitiveNames,
)

GovernedKind = Literal["messaging", "payment", "contract", "external_write"]


def _pattern(text: str) -> str:
    if not text or " " in text:
        raise ValueError("write an access path such as `structlog.**`")
    expand(text)
    return text


Patterns = tuple[Annotated[str, AfterValidator(_pattern)], ...]
Words = tuple[Annotated[str, Field(min_length=1)], ...]


class Table(BaseModel):
    """A table of a pack; `value` turns it into its frozen value."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClassificationTable(Table):
    """`[classification]`."""

    ignored_methods: Words = ()
    ignored_calls: Patterns = ()
    tables: Words = ()

    def value(self) -> ClassificationNames:
        """See `Table`."""
        return ClassificationNames(self.ignored_methods, self.ignored_calls, self.tables)


class AuditTable(Table):
    """`[audit]`."""

    functions: Words = ()
    models: Words = ()
    model_endings: Words = ()
    verbs: Words = ()
    publishing: Words = ()
    upserting: Words = ()
    executors: Words = ()
    logging: Patterns = ()
    levels: Words = ()
    alarms: Words = ()
    loggers: Words = ()
    waiting: Words = ()
    raising: Patterns = ()
    sinks: Patterns = ()
    roots: Patterns = ()
    wrappers: Patterns = ()
    exhausted: Patterns = ()
    joined: Patterns = ()
    unrelated: Patterns = ()
    below: dict[str, Words] = Field(default_factory=dict)
    arriving: dict[str, Patterns] = Field(default_factory=dict)
    given_up: dict[str, Patterns] = Field(default_factory=dict)
    relations: Patterns = ()
    storing: Words = ()
    rows: Patterns = ()
    added: Patterns = ()

    def value(self) -> AuditNames:
        """See `Table`."""
        return AuditNames(
            functions=self.functions,
            models=self.models,
            model_endings=self.model_endings,
            verbs=self.verbs,
            publishing=self.publishing,
            upserting=self.upserting,
            executors=self.executors,
            logging=self.logging,
            levels=self.levels,
            alarms=self.alarms,
            loggers=self.loggers,
            waiting=self.waiting,
            raising=self.raising,
            sinks=self.sinks,
            roots=self.roots,
            wrappers=self.wrappers,
            exhausted=self.exhausted,
            joined=self.joined,
            unrelated=self.unrelated,
            below=tuple(sorted(self.below.items())),
            arriving=tuple(sorted(self.arriving.items())),
            given_up=tuple(sorted(self.given_up.items())),
            relations=self.relations,
            storing=self.storing,
            rows=self.rows,
            added=self.added,
        )


class AmbientTable(Table):
    """One `[[correlation.ambient]]`."""

    bind: Patterns = ()
    log: Patterns = Field(min_length=1)
    middleware: Patterns = ()
    needs: str = Field("", description="a base class that some class of the program must have")
    provided: Words = Field((), description="classes of libraries that do for it, where the program names them")
    factories: Patterns = ()

    def value(self) -> AmbientContext:
        """See `Table`."""
        return AmbientContext(self.bind, self.log, self.middleware, self.needs, self.provided, self.factories)


class CorrelationTable(Table):
    """`[correlation]`."""

    names: Words = Field(min_length=1)
    log_methods: Words = ()
    loggers: Words = ()
    spans: Words = ()
    openers: Patterns = ()
    injectors: Patterns = ()
    instrumentors: dict[str, Patterns] = Field(default_factory=dict)
    propagators: dict[str, Patterns] = Field(default_factory=dict)
    hooks: dict[str, Patterns] = Field(default_factory=dict)
    publishing: dict[str, Patterns] = Field(default_factory=dict)
    listed: dict[str, Words] = Field(default_factory=dict)
    ambient: tuple[AmbientTable, ...] = ()
    minting: Patterns = ()
    senders: Patterns = ()
    requesting: Words = ()
    copying: Patterns = ()
    leaving: Patterns = ()
    sequences: Patterns = ()
    joining: Patterns = ()
    linking: Words = ()
    deaf: Words = ()
    resuming: Patterns = ()
    resuming_with: Words = ()
    invented: Words = ()
    supplied: Words = ()

    def value(self) -> CorrelationNames:
        """See `Table`."""
        return CorrelationNames(
            names=self.names,
            log_methods=self.log_methods,
            loggers=self.loggers,
            spans=self.spans,
            openers=self.openers,
            injectors=self.injectors,
            instrumentors=tuple(sorted(self.instrumentors.items())),
            propagators=tuple(sorted(self.propagators.items())),
            hooks=tuple(sorted(self.hooks.items())),
            listed=tuple(sorted(self.listed.items())),
            ambient=tuple(table.value() for table in self.ambient),
            minting=self.minting,
            senders=self.senders,
            requesting=self.requesting,
            publishing=tuple(sorted(self.publishing.items())),
            copying=self.copying,
            leaving=self.leaving,
            sequences=self.sequences,
            joining=self.joining,
            linking=self.linking,
            deaf=self.deaf,
            resuming=self.resuming,
            resuming_with=self.resuming_with,
            invented=self.invented,
            supplied=self.supplied,
        )


class OwnershipTable(Table):
    """`[ownership]`."""

    owner: str = Field(min_length=1)
    graph: str = Field(min_length=1)
    binding: Words = ()
    shared_function_suffices: tuple[GovernedKind, ...] = ()
    markers: Patterns = ()
    plugins: Patterns = ()
    content: Words = ()
    delivery: Words = ()
    formats: Words = ()

    def value(self) -> OwnershipRules:
        """See `Table`."""
        return OwnershipRules(
            owner=self.owner,
            graph=self.graph,
            binding=self.binding,
            shared_function_suffices=self.shared_function_suffices,
            markers=self.markers,
            plugins=self.plugins,
            content=self.content,
            delivery=self.delivery,
            formats=self.formats,
        )


class GatesTable(Table):
    """`[gates]`."""

    topics: Words = Field(min_length=1, description="words that make a function a gate")
    topics_of: dict[GovernedKind, Words] = Field(default_factory=dict, description="further ones per kind of effect")
    ignored: Words = ()
    raising: Words = ()
    aborting: Patterns = ()
    granting: Words = ()
    refusing: Words = ()
    engines: Patterns = ()
    interrupts: Patterns = ()
    waits: Patterns = ()
    waited: Words = ()
    loading: Words = ()
    signals: Patterns = ()
    aborting_dispatches: Words = ()
    returning: Words = ()
    measuring: Words = ()
    measures: Words = ()

    def value(self) -> GateNames:
        """See `Table`."""
        return GateNames(
            topics=self.topics,
            topics_of=tuple(sorted(self.topics_of.items())),
            ignored=self.ignored,
            raising=self.raising,
            aborting=self.aborting,
            granting=self.granting,
            refusing=self.refusing,
            engines=self.engines,
            interrupts=self.interrupts,
            waits=self.waits,
            waited=self.waited,
            loading=self.loading,
            signals=self.signals,
            aborting_dispatches=self.aborting_dispatches,
            returning=self.returning,
            measuring=self.measuring,
            measures=self.measures,
        )


class RequestsTable(Table):
    """`[requests]`."""

    mounts: Patterns = ()
    hooks: Patterns = ()
    answering: Patterns = ()
    middleware: Patterns = ()
    methods: Words = ()
    passing: Words = ()
    permissions: Words = ()
    permitting: Words = ()
    asking: Words = ()
    views: Patterns = ()
    handling: Words = ()
    adapting: Patterns = ()
    makers: Patterns = ()
    tasks: Patterns = ()
    units: Patterns = ()
    following: Words = ()

    def value(self) -> RequestNames:
        """See `Table`."""
        return RequestNames(
            mounts=self.mounts,
            hooks=self.hooks,
            answering=self.answering,
            middleware=self.middleware,
            methods=self.methods,
            passing=self.passing,
            permissions=self.permissions,
            permitting=self.permitting,
            asking=self.asking,
            views=self.views,
            handling=self.handling,
            adapting=self.adapting,
            makers=self.makers,
            tasks=self.tasks,
            units=self.units,
            following=self.following,
        )


class CoroutinesTable(Table):
    """`[coroutines]`."""

    transparent: Patterns = ()
    calls: Patterns = ()
    calling: Patterns = ()
    starting: Patterns = ()
    threading: Patterns = ()
    bridging: Patterns = ()
    dropping: Patterns = ()

    def value(self) -> CoroutineNames:
        """See `Table`."""
        return CoroutineNames(
            self.transparent, self.calls, self.calling, self.starting, self.threading, self.bridging, self.dropping
        )


class ActorsTable(Table):
    """`[actors]`."""

    keyword: str = Field(min_length=1)
    types: Words = Field(min_length=1)
    forbidden: Words = ()

    def value(self) -> ActorNames:
        """See `Table`."""
        return ActorNames(self.keyword, self.types, self.forbidden)


class GraphsTable(Table):
    """`[graphs]`."""

    build: Patterns = ()
    compile: Patterns = ()
    prebuilt: Patterns = ()
    functional: Patterns = ()
    run: Patterns = ()
    ephemeral: Patterns = ()
    files: Patterns = ()
    in_memory: Words = ()
    abstract: Patterns = ()
    modes: Words = ()
    nodes: Patterns = ()
    edges: Patterns = ()
    choices: Patterns = ()
    entries: Patterns = ()
    jumps: Patterns = ()
    teams: Patterns = ()

    def value(self, interrupts: tuple[str, ...]) -> GraphNames:
        """See `Table`; `interrupts` are those of `[gates]`."""
        return GraphNames(
            build=self.build,
            compile=self.compile,
            prebuilt=self.prebuilt,
            functional=self.functional,
            run=self.run,
            ephemeral=self.ephemeral,
            files=self.files,
            in_memory=self.in_memory,
            abstract=self.abstract,
            modes=self.modes,
            interrupts=interrupts,
            nodes=self.nodes,
            edges=self.edges,
            choices=self.choices,
            entries=self.entries,
            jumps=self.jumps,
            teams=self.teams,
        )


class EnvelopeTable(Table):
    """`[envelope]`."""

    fields: Words = Field(min_length=1)
    publishing: Words = ()
    calls: Patterns = ()
    wrapping: Patterns = ()

    def value(self) -> EnvelopeNames:
        """See `Table`."""
        return EnvelopeNames(self.fields, self.publishing, self.calls, self.wrapping)


class SensitiveTable(Table):
    """`[sensitive]`."""

    levels: Words = ()
    reviews: Words = ()
    cleaning: Words = ()
    neutral: Words = ()
    dumping: Words = ()
    omitting: Words = ()
    choosing: Words = ()
    identifying: Words = ()

    def value(self) -> SensitiveNames:
        """See `Table`."""
        return SensitiveNames(
            levels=self.levels,
            reviews=self.reviews,
            cleaning=self.cleaning,
            neutral=self.neutral,
            dumping=self.dumping,
            omitting=self.omitting,
            choosing=self.choosing,
            identifying=self.identifying,
        )


class DeedTable(Table):
    """One `[[claims.deeds]]`."""

    done: Words = Field(min_length=1)
    verbs: Words = ()
    nouns: Words = ()
    unlike: Words = ()

    def value(self) -> Deed:
        """See `Table`."""
        return Deed(self.done, self.verbs, self.nouns, frozenset(self.unlike))


class ClaimsTable(Table):
    """`[claims]`."""

    keys: Words = ()
    auxiliaries: Words = ()
    pretending: Words = ()
    disclaiming: Words = ()
    known: Words = ()
    reporting: Words = ()
    harmless: Patterns = ()
    leaving: Patterns = ()
    storing: Patterns = ()
    saving: Words = ()
    handing: Words = ()
    deeds: tuple[DeedTable, ...] = ()

    def value(self) -> ClaimNames:
        """See `Table`."""
        return ClaimNames(
            keys=self.keys,
            auxiliaries=self.auxiliaries,
            pretending=self.pretending,
            disclaiming=self.disclaiming,
            known=self.known,
            reporting=self.reporting,
            harmless=self.harmless,
            leaving=self.leaving,
            storing=self.storing,
            saving=self.saving,
            handing=self.handing,
            deeds=tuple(table.value() for table in self.deeds),
        )
