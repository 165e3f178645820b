"""The tables of a policy pack, validated; each turns into its value of `model.policy`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dealix_lint.model.effect_rules import Floor
from dealix_lint.model.patterns import expand
from dealix_lint.model.policy import (
    ActorNames,
    AmbientContext,
    AuditNames,
    Axis,
    ClassificationNames,
    CoroutineNames,
    CorrelationNames,
    EnvelopeNames,
    GateNames,
    GraphNames,
    OwnershipRules,
    Policy,
)

GovernedKind = Literal["messaging", "payment", "contract", "external_write"]


def _pattern(text: str) -> str:
    if not text or " " in text:
        raise ValueError("write an access path such as `structlog.**`")
    expand(text)
    return text


Patterns = tuple[Annotated[str, AfterValidator(_pattern)], ...]
Words = tuple[Annotated[str, Field(min_length=1)], ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AxisTable(_Table):
    """`[approval]`, `[reversibility]`, `[sensitivity]`."""

    keywords: Words = Field(min_length=1, description="keywords that state the class wherever they stand")
    short: Words = Field((), description="keywords that state it when two such keywords stand together")
    levels: Words = Field(min_length=1, description="levels, weakest first")

    @model_validator(mode="after")
    def _levels_differ(self) -> AxisTable:
        if len(set(self.levels)) < len(self.levels):
            raise ValueError("a level is listed twice")
        return self

    def value(self) -> Axis:
        """The frozen value of this table, as are those of the tables below."""
        return Axis(self.keywords, self.short, self.levels)


class MinimumApprovalTable(_Table):
    """`[minimum_approval]`: level -> least approval."""

    reversibility: dict[str, str] = Field(default_factory=dict)
    sensitivity: dict[str, str] = Field(default_factory=dict)


class FloorTable(_Table):
    """A row of `[floors]`."""

    reversibility: str
    sensitivity: str


class ClassificationTable(_Table):
    """`[classification]`."""

    ignored_methods: Words = ()
    ignored_calls: Patterns = ()
    tables: Words = ()

    def value(self) -> ClassificationNames:
        """See `AxisTable.value`."""
        return ClassificationNames(self.ignored_methods, self.ignored_calls, self.tables)


class AuditTable(_Table):
    """`[audit]`."""

    functions: Words = ()
    models: Words = ()
    model_endings: Words = ()
    verbs: Words = ()
    publishing: Words = ()
    executors: Words = ()
    logging: Patterns = ()
    levels: Words = ()
    waiting: Words = ()
    raising: Patterns = ()

    def value(self) -> AuditNames:
        """See `AxisTable.value`."""
        return AuditNames(
            functions=self.functions,
            models=self.models,
            model_endings=self.model_endings,
            verbs=self.verbs,
            publishing=self.publishing,
            executors=self.executors,
            logging=self.logging,
            levels=self.levels,
            waiting=self.waiting,
            raising=self.raising,
        )


class AmbientTable(_Table):
    """One `[[correlation.ambient]]`."""

    bind: Patterns = ()
    log: Patterns = Field(min_length=1)
    middleware: Patterns = ()
    needs: str = Field("", description="a base class that some class of the program must have")

    def value(self) -> AmbientContext:
        """See `AxisTable.value`."""
        return AmbientContext(self.bind, self.log, self.middleware, self.needs)


class CorrelationTable(_Table):
    """`[correlation]`."""

    names: Words = Field(min_length=1)
    log_methods: Words = ()
    spans: Words = ()
    openers: Patterns = ()
    injectors: Patterns = ()
    instrumentors: dict[str, Patterns] = Field(default_factory=dict)
    propagators: dict[str, Patterns] = Field(default_factory=dict)
    hooks: dict[str, Patterns] = Field(default_factory=dict)
    listed: dict[str, Words] = Field(default_factory=dict)
    ambient: tuple[AmbientTable, ...] = ()
    minting: Patterns = ()

    def value(self) -> CorrelationNames:
        """See `AxisTable.value`."""
        return CorrelationNames(
            names=self.names,
            log_methods=self.log_methods,
            spans=self.spans,
            openers=self.openers,
            injectors=self.injectors,
            instrumentors=tuple(sorted(self.instrumentors.items())),
            propagators=tuple(sorted(self.propagators.items())),
            hooks=tuple(sorted(self.hooks.items())),
            listed=tuple(sorted(self.listed.items())),
            ambient=tuple(table.value() for table in self.ambient),
            minting=self.minting,
        )


class OwnershipTable(_Table):
    """`[ownership]`."""

    owner: str = Field(min_length=1)
    graph: str = Field(min_length=1)
    binding: Words = ()
    shared_function_suffices: tuple[GovernedKind, ...] = ()
    markers: Patterns = ()
    plugins: Patterns = ()
    content: Words = ()
    delivery: Words = ()

    def value(self) -> OwnershipRules:
        """See `AxisTable.value`."""
        return OwnershipRules(
            owner=self.owner,
            graph=self.graph,
            binding=self.binding,
            shared_function_suffices=self.shared_function_suffices,
            markers=self.markers,
            plugins=self.plugins,
            content=self.content,
            delivery=self.delivery,
        )


class GatesTable(_Table):
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

    def value(self) -> GateNames:
        """See `AxisTable.value`."""
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
        )


class CoroutinesTable(_Table):
    """`[coroutines]`."""

    transparent: Patterns = ()
    calls: Patterns = ()

    def value(self) -> CoroutineNames:
        """See `AxisTable.value`."""
        return CoroutineNames(self.transparent, self.calls)


class ActorsTable(_Table):
    """`[actors]`."""

    keyword: str = Field(min_length=1)
    types: Words = Field(min_length=1)
    forbidden: Words = ()

    def value(self) -> ActorNames:
        """See `AxisTable.value`."""
        return ActorNames(self.keyword, self.types, self.forbidden)


class GraphsTable(_Table):
    """`[graphs]`."""

    build: Patterns = ()
    compile: Patterns = ()
    prebuilt: Patterns = ()
    run: Patterns = ()
    ephemeral: Patterns = ()
    modes: Words = ()

    def value(self, interrupts: tuple[str, ...]) -> GraphNames:
        """See `AxisTable.value`; `interrupts` are those of `[gates]`."""
        return GraphNames(self.build, self.compile, self.prebuilt, self.run, self.ephemeral, self.modes, interrupts)


class EnvelopeTable(_Table):
    """`[envelope]`."""

    fields: Words = Field(min_length=1)
    publishing: Words = ()

    def value(self) -> EnvelopeNames:
        """See `AxisTable.value`."""
        return EnvelopeNames(self.fields, self.publishing)


class PolicyFile(_Table):
    """A whole pack, after a user's file has been laid over the shipped one."""

    name: str = Field(min_length=1)
    approval: AxisTable
    reversibility: AxisTable
    sensitivity: AxisTable
    minimum_approval: MinimumApprovalTable
    floors: dict[GovernedKind, FloorTable]
    classification: ClassificationTable
    audit: AuditTable
    correlation: CorrelationTable
    ownership: OwnershipTable
    gates: GatesTable
    coroutines: CoroutinesTable
    actors: ActorsTable
    graphs: GraphsTable
    envelope: EnvelopeTable

    @model_validator(mode="after")
    def _levels_exist(self) -> PolicyFile:
        for level, axis in self._used_levels():
            levels = getattr(self, axis).levels
            if level not in levels:
                raise ValueError(f"{level!r} is no level of {axis}; levels: {', '.join(levels)}")
        return self

    def _used_levels(self) -> tuple[tuple[str, str], ...]:
        minimum = self.minimum_approval
        keys = [(level, "reversibility") for level in (*minimum.reversibility, *self.ownership.binding)]
        keys += [(level, "sensitivity") for level in minimum.sensitivity]
        keys += [(level, "approval") for level in (*minimum.reversibility.values(), *minimum.sensitivity.values())]
        for floor in self.floors.values():
            keys += [(floor.reversibility, "reversibility"), (floor.sensitivity, "sensitivity")]
        return tuple(keys)

    def value(self) -> Policy:
        """See `AxisTable.value`."""
        return Policy(
            name=self.name,
            axes=(self.approval.value(), self.reversibility.value(), self.sensitivity.value()),
            approval_by_reversibility=tuple(sorted(self.minimum_approval.reversibility.items())),
            approval_by_sensitivity=tuple(sorted(self.minimum_approval.sensitivity.items())),
            floors=tuple(Floor(kind, row.reversibility, row.sensitivity) for kind, row in sorted(self.floors.items())),
            classification=self.classification.value(),
            audit=self.audit.value(),
            correlation=self.correlation.value(),
            ownership=self.ownership.value(),
            gates=self.gates.value(),
            coroutines=self.coroutines.value(),
            actors=self.actors.value(),
            graphs=self.graphs.value(self.gates.interrupts),
            envelope=self.envelope.value(),
        )
