"""The tables of a file in `rules/frameworks/`, validated; each turns into its value of `model.frameworks`."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from dealix_lint.catalog.expectations import ExpectTable
from dealix_lint.catalog.framework_base import (
    ArgumentTable,
    Mechanism,
    Pattern,
    Patterns,
    Table,
    arguments,
    optional,
)
from dealix_lint.catalog.start_tables import PrefixTable, ScheduleTable, VerbsTable, ViewTable
from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.frameworks import (
    DEFAULT,
    Argument,
    Context,
    Delegation,
    Dependency,
    Dispatch,
    Given,
    Injection,
    Interface,
    Made,
    Option,
    Provider,
    Returns,
    Supply,
    Unit,
    UnitAttribute,
)

RETURN_VALUES: Final = (
    "argument", "result", "element", "awaited", "instance", "class", "item", "named", "wrapper", "receiver", "owner",
)  # fmt: skip
"""Words for `returns.value`; anything else there is an access path."""


class UnitTable(Table):
    """One `[[units]]`."""

    framework: str = ""
    mechanism: Mechanism
    start: Literal["always", "undispatched", "never"]
    decorators: Patterns = ()
    bases: Patterns = ()
    methods: tuple[str, ...] = ()
    names: tuple[ArgumentTable, ...] = ()
    name_attribute: str = ""
    registered_by: tuple[str, ...] = ()
    default_name: str = "{function}"
    detail: str = "{name}"
    routed: str = ""
    before: tuple[str, ...] = ()
    vague: bool = False
    bare: bool = False
    hands: dict[str, str] = Field(default_factory=dict)
    offers: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_found_somehow(self) -> UnitTable:
        if not self.decorators and not self.bases:
            raise ValueError("a unit needs `decorators` or `bases`")
        if self.bases and not self.methods:
            raise ValueError('`bases` needs `methods`: which methods the framework runs, for example ["run"]')
        return self

    def value(self, name: str) -> Unit:
        """The unit, of framework `name` unless it names its own."""
        return Unit(
            framework=self.framework or name,
            mechanism=self.mechanism,
            start=self.start,
            decorators=self.decorators,
            bases=self.bases,
            methods=self.methods,
            names=arguments(self.names),
            default_name=self.default_name,
            detail=self.detail,
            name_attribute=self.name_attribute,
            routed=self.routed,
            before=self.before,
            vague=self.vague,
            registered_by=self.registered_by,
            bare=self.bare,
            hands=tuple(sorted(self.hands.items())),
            offers=tuple(sorted(self.offers.items())),
        )


class AttributeTable(Table):
    """One `[[attributes]]`."""

    framework: str = ""
    attributes: tuple[str, ...] = Field(min_length=1)
    edge: Literal["dispatch", "call", "itself"]
    packed: bool = False

    def value(self, name: str) -> UnitAttribute:
        """The attribute, of the units of framework `name` unless it names its own."""
        return UnitAttribute(self.framework or name, self.attributes, self.edge, self.packed)


class DispatchTable(Table):
    """One `[[dispatches]]`."""

    framework: str = ""
    paths: Patterns = Field(min_length=1)
    targets: tuple[ArgumentTable, ...] = ()
    by_name: str = ""
    edge: Literal["dispatch", "call"] = "call"
    mechanism: Literal[""] | Mechanism = ""
    registers: str = ""
    runs: str = ""
    rest_from: int | None = Field(default=None, ge=0)
    arguments: ArgumentTable | None = None
    keywords: ArgumentTable | None = None
    method: str = ""
    shared: bool = False
    on: str = ""
    gives: Literal["results", "list", "pairs", "targets"] = "results"
    leading: int = Field(default=0, ge=0)
    scheduled: bool = False
    trigger: ArgumentTable | None = None
    once: tuple[str, ...] = ()
    spreads: bool = False
    keyed: ArgumentTable | None = None
    hands: dict[str, str] = Field(default_factory=dict)
    awaited: Literal["", "coroutine", "future"] = ""

    @model_validator(mode="after")
    def _says_what_runs(self) -> DispatchTable:
        if self.keyed is not None and not (self.registers or self.runs):
            raise ValueError("`keyed` says for which class targets are remembered: it needs `registers` or `runs`")
        if not self.targets and not self.runs and not self.by_name:
            raise ValueError(
                "a dispatch needs `targets` (which arguments run), `runs` (which remembered ones run) or `by_name`"
            )
        if self.registers and (self.edge == "dispatch" or self.mechanism):
            raise ValueError(
                "`registers` runs nothing, so it has neither `edge` nor `mechanism`; give them to what `runs` it"
            )
        if self.gives not in ("results", "list") and not self.runs:
            raise ValueError(f'`gives = "{self.gives}"` needs `runs`: which remembered ones are given back')
        if self.edge == "dispatch" and not self.mechanism:
            raise ValueError(f"a dispatch edge needs the `mechanism` it enters: {', '.join(MECHANISMS)}")
        return self

    def value(self, name: str) -> Dispatch:
        """The dispatch, of framework `name` unless it names its own."""
        return Dispatch(
            framework=self.framework or name,
            paths=self.paths,
            targets=arguments(self.targets),
            by_name=self.by_name,
            edge=self.edge,
            mechanism=self.mechanism,
            registers=self.registers,
            runs=self.runs,
            rest_from=self.rest_from,
            arguments=optional(self.arguments),
            keywords=optional(self.keywords),
            method=self.method,
            shared=self.shared,
            on=self.on,
            gives=self.gives,
            leading=self.leading,
            scheduled=self.scheduled,
            trigger=optional(self.trigger),
            once=self.once,
            spreads=self.spreads,
            keyed=optional(self.keyed),
            hands=tuple(sorted(self.hands.items())),
            awaited=self.awaited,
        )


class OptionTable(Table):
    """One `[[options]]`."""

    paths: Patterns = Field(min_length=1)
    default: ArgumentTable
    name: str = ""
    holders: tuple[str, ...] = ()

    def value(self) -> Option:
        """The option as the stages read it."""
        return Option(self.paths, self.default.value(), self.name, self.holders)


class ReturnsTable(Table):
    """One `[[returns]]`."""

    paths: Patterns = Field(min_length=1)
    value: Pattern
    argument: ArgumentTable | None = None
    default: ArgumentTable | None = None

    @model_validator(mode="after")
    def _has_its_argument(self) -> ReturnsTable:
        if self.value in RETURN_VALUES[:-2] and self.argument is None:
            raise ValueError(f"`value = {self.value!r}` needs `argument`: which argument of the call that is")
        if self.value not in RETURN_VALUES and "." not in self.value:
            raise ValueError(f"{self.value!r} is neither an access path nor one of {', '.join(RETURN_VALUES)}")
        return self

    def result(self) -> Returns:
        """What the call gives back, as the stages read it."""
        argument = self.argument.value() if self.argument else Argument()
        return Returns(self.paths, self.value, argument, self.default.value() if self.default else DEFAULT)


class InjectionTable(Table):
    """One `[[injections]]`."""

    paths: Patterns = Field(min_length=1)
    factory: ArgumentTable
    named_in: Patterns = ()
    itself: bool = False

    def value(self) -> Injection:
        """The injection as the stages read it."""
        return Injection(self.paths, self.factory.value(), self.named_in, self.itself)


class DependencyTable(Table):
    """One `[[dependencies]]`."""

    paths: Patterns = Field(min_length=1)
    argument: ArgumentTable
    of: ArgumentTable | None = None
    named: bool = False
    attribute: str = ""

    def value(self) -> Dependency:
        """The call as the stages read it."""
        return Dependency(self.paths, self.argument.value(), optional(self.of), self.named, self.attribute)


class SupplyTable(Table):
    """One `[[supplies]]`."""

    paths: Patterns = Field(min_length=1)
    maker: ArgumentTable | None = None
    keeps: str = ""
    attribute: str = ""

    def value(self) -> Supply:
        """The call as the stages read it."""
        return Supply(self.paths, optional(self.maker), self.keeps, self.attribute)


class MadeTable(Table):
    """One `[[made]]`."""

    bases: Patterns = Field(min_length=1)
    methods: tuple[str, ...] = Field(min_length=1)
    argument: ArgumentTable
    makers: tuple[str, ...] = Field(min_length=1)

    def value(self) -> Made:
        """The argument as the stages read it."""
        return Made(self.bases, self.methods, self.argument.value(), self.makers)


class GivenTable(Table):
    """One `[[given]]`."""

    bases: Patterns = Field(min_length=1)
    methods: tuple[str, ...] = Field(min_length=1)
    makers: tuple[str, ...] = Field(min_length=1)

    def value(self) -> Given:
        """The methods as the stages read them."""
        return Given(self.bases, self.methods, self.makers)


class DelegationTable(Table):
    """One `[[delegations]]`."""

    paths: Patterns = Field(min_length=1)
    method: str = ""
    named: bool = False
    gives: str = ""
    fields: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> DelegationTable:
        if not self.method and not self.fields:
            raise ValueError("a delegation needs `method` or `fields`")
        return self

    def value(self) -> Delegation:
        """The delegation as the stages read it."""
        return Delegation(self.paths, self.method, self.named, self.gives, self.fields)


class InterfaceTable(Table):
    """One `[[interfaces]]`."""

    bases: Patterns = Field(min_length=1)
    decorators: Patterns = ()
    calls: Patterns = ()

    def value(self) -> Interface:
        """The interfaces as the stages read them."""
        return Interface(self.bases, self.decorators, self.calls)


class StoreTable(Table):
    """One `[[stores]]`."""

    paths: Patterns = Field(min_length=1)


class ContextTable(Table):
    """One `[[contexts]]`."""

    class_attributes: Patterns = Field(min_length=1)
    holds: dict[str, str] = Field(default_factory=dict, description="keys that the framework fills, with access paths")

    def value(self) -> Context:
        """The context."""
        return Context(self.class_attributes, tuple(self.holds.items()))


class FrameworkFile(Table):
    """A whole file: what one framework does with the code it is given."""

    name: str
    units: tuple[UnitTable, ...] = ()
    attributes: tuple[AttributeTable, ...] = ()
    dispatches: tuple[DispatchTable, ...] = ()
    returns: tuple[ReturnsTable, ...] = ()
    injections: tuple[InjectionTable, ...] = ()
    options: tuple[OptionTable, ...] = ()
    dependencies: tuple[DependencyTable, ...] = ()
    supplies: tuple[SupplyTable, ...] = ()
    made: tuple[MadeTable, ...] = ()
    given: tuple[GivenTable, ...] = ()
    delegations: tuple[DelegationTable, ...] = ()
    interfaces: tuple[InterfaceTable, ...] = ()
    schedules: tuple[ScheduleTable, ...] = ()
    prefixes: tuple[PrefixTable, ...] = ()
    views: tuple[ViewTable, ...] = ()
    verbs: tuple[VerbsTable, ...] = ()
    contexts: tuple[ContextTable, ...] = ()
    stores: tuple[StoreTable, ...] = ()
    aliases: dict[str, str] = Field(default_factory=dict)
    tracked: Patterns = ()
    shared: Patterns = ()
    tests: Patterns = Field((), description="bases of classes of which a test runner runs the methods")
    owned: Patterns = ()
    configured: Patterns = ()
    columns: Patterns = ()
    mirrors: dict[str, str] = Field(
        default_factory=dict, description="objects with the globals of modules that define a name"
    )
    told: dict[str, str] = Field(
        default_factory=dict, description="attributes that only objects of one class have, with the path of the class"
    )
    unit_tables: Patterns = ()
    transparent: Patterns = ()
    typed: dict[Pattern, int] = Field(
        default_factory=dict,
        description="attributes of generic objects, with the place of the type argument that they are of",
    )
    piped: Patterns = ()
    providers: dict[Pattern, Provider] = Field(
        default_factory=dict, description="calls that make providers of a container, or tell or ask one something"
    )
    provider_methods: tuple[str, ...] = ()
    variables: Patterns = ()
    switches: dict[str, bool] = Field(
        default_factory=dict,
        description="parameters that switch between what is real and a rehearsal, with the value that only rehearses",
    )
    expect: tuple[ExpectTable, ...] = ()
