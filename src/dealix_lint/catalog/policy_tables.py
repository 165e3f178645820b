"""The tables of a policy pack, validated; each turns into its value of `model.policy`."""

from __future__ import annotations

from pydantic import Field, model_validator

from dealix_lint.catalog.policy_names import (
    ActorsTable,
    AuditTable,
    ClaimsTable,
    ClassificationTable,
    CoroutinesTable,
    CorrelationTable,
    EnvelopeTable,
    GatesTable,
    GovernedKind,
    GraphsTable,
    OwnershipTable,
    RequestsTable,
    SensitiveTable,
    Table,
    Words,
)
from dealix_lint.model.effect_rules import Floor
from dealix_lint.model.policy import Axis, Policy


class AxisTable(Table):
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
        """See `Table`."""
        return Axis(self.keywords, self.short, self.levels)


class MinimumApprovalTable(Table):
    """`[minimum_approval]`: level -> least approval."""

    reversibility: dict[str, str] = Field(default_factory=dict)
    sensitivity: dict[str, str] = Field(default_factory=dict)


class FloorTable(Table):
    """A row of `[floors]`."""

    reversibility: str
    sensitivity: str


class PolicyFile(Table):
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
    requests: RequestsTable
    coroutines: CoroutinesTable
    actors: ActorsTable
    graphs: GraphsTable
    envelope: EnvelopeTable
    claims: ClaimsTable
    sensitive: SensitiveTable

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
        keys += [(level, "sensitivity") for level in (*minimum.sensitivity, *self.sensitive.levels)]
        keys += [(level, "approval") for level in (*minimum.reversibility.values(), *minimum.sensitivity.values())]
        for floor in self.floors.values():
            keys += [(floor.reversibility, "reversibility"), (floor.sensitivity, "sensitivity")]
        return tuple(keys)

    def value(self) -> Policy:
        """See `Table`."""
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
            requests=self.requests.value(),
            coroutines=self.coroutines.value(),
            actors=self.actors.value(),
            graphs=self.graphs.value(self.gates.interrupts),
            envelope=self.envelope.value(),
            claims=self.claims.value(),
            sensitive=self.sensitive.value(),
        )
