"""The tables of a file in `rules/frameworks/`, validated; each turns into its value of `model.frameworks`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dealix_lint.catalog.expectations import ExpectTable
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
    Prefix,
    Returns,
    Schedule,
    Unit,
    UnitAttribute,
    Verbs,
    View,
)
from dealix_lint.model.patterns import expand

RETURN_VALUES: Final = (
    "argument", "result", "element", "awaited", "instance", "item", "named", "wrapper", "receiver", "owner",
)  # fmt: skip
"""Words for `returns.value`; anything else there is an access path."""


def _pattern(text: str) -> str:
    if not text or " " in text:
        raise ValueError(f"{text!r} is not a pattern of dotted names; write for example `celery.Celery().task`")
    expand(text)
    return text


def _mechanism(text: str) -> str:
    if text not in MECHANISMS:
        raise ValueError(f"{text!r} is not a mechanism; choose one of {', '.join(MECHANISMS)}")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Mechanism = Annotated[str, AfterValidator(_mechanism)]
Patterns = tuple[Pattern, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ArgumentTable(_Table):
    """`{ position = 0, keyword = "fn", each = true }`."""

    position: int | None = Field(default=None, ge=-1)
    keyword: str | None = None
    each: bool = False

    @model_validator(mode="after")
    def _is_named(self) -> ArgumentTable:
        if self.position is None and self.keyword is None:
            raise ValueError("an argument needs `position` or `keyword` (or both)")
        return self

    def value(self) -> Argument:
        """The argument as the stages read it."""
        return Argument(self.position, self.keyword, self.each)


def _optional(table: ArgumentTable | None) -> Argument | None:
    return table.value() if table else None


def _arguments(tables: Iterable[ArgumentTable]) -> tuple[Argument, ...]:
    return tuple(table.value() for table in tables)


class UnitTable(_Table):
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
            names=_arguments(self.names),
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


class AttributeTable(_Table):
    """One `[[attributes]]`."""

    framework: str = ""
    attributes: tuple[str, ...] = Field(min_length=1)
    edge: Literal["dispatch", "call", "itself"]
    packed: bool = False

    def value(self, name: str) -> UnitAttribute:
        """The attribute, of the units of framework `name` unless it names its own."""
        return UnitAttribute(self.framework or name, self.attributes, self.edge, self.packed)


class DispatchTable(_Table):
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
    gives: Literal["results", "pairs", "targets"] = "results"

    @model_validator(mode="after")
    def _says_what_runs(self) -> DispatchTable:
        if not self.targets and not self.runs:
            raise ValueError("a dispatch needs `targets` (which arguments run) or `runs` (which remembered ones run)")
        if self.registers and (self.edge == "dispatch" or self.mechanism):
            raise ValueError(
                "`registers` runs nothing, so it has neither `edge` nor `mechanism`; give them to what `runs` it"
            )
        if self.gives != "results" and not self.runs:
            raise ValueError(f'`gives = "{self.gives}"` needs `runs`: which remembered ones are given back')
        if self.edge == "dispatch" and not self.mechanism:
            raise ValueError(f"a dispatch edge needs the `mechanism` it enters: {', '.join(MECHANISMS)}")
        return self

    def value(self, name: str) -> Dispatch:
        """The dispatch, of framework `name` unless it names its own."""
        return Dispatch(
            framework=self.framework or name,
            paths=self.paths,
            targets=_arguments(self.targets),
            by_name=self.by_name,
            edge=self.edge,
            mechanism=self.mechanism,
            registers=self.registers,
            runs=self.runs,
            rest_from=self.rest_from,
            arguments=_optional(self.arguments),
            keywords=_optional(self.keywords),
            method=self.method,
            shared=self.shared,
            on=self.on,
            gives=self.gives,
        )


class ReturnsTable(_Table):
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


class InjectionTable(_Table):
    """One `[[injections]]`."""

    paths: Patterns = Field(min_length=1)
    factory: ArgumentTable

    def value(self) -> Injection:
        """The injection as the stages read it."""
        return Injection(self.paths, self.factory.value())


class DependencyTable(_Table):
    """One `[[dependencies]]`."""

    paths: Patterns = Field(min_length=1)
    argument: ArgumentTable
    of: ArgumentTable | None = None

    def value(self) -> Dependency:
        """The call as the stages read it."""
        return Dependency(self.paths, self.argument.value(), _optional(self.of))


class MadeTable(_Table):
    """One `[[made]]`."""

    bases: Patterns = Field(min_length=1)
    methods: tuple[str, ...] = Field(min_length=1)
    argument: ArgumentTable
    makers: tuple[str, ...] = Field(min_length=1)

    def value(self) -> Made:
        """The argument as the stages read it."""
        return Made(self.bases, self.methods, self.argument.value(), self.makers)


class GivenTable(_Table):
    """One `[[given]]`."""

    bases: Patterns = Field(min_length=1)
    methods: tuple[str, ...] = Field(min_length=1)
    makers: tuple[str, ...] = Field(min_length=1)

    def value(self) -> Given:
        """The methods as the stages read them."""
        return Given(self.bases, self.methods, self.makers)


class DelegationTable(_Table):
    """One `[[delegations]]`."""

    paths: Patterns = Field(min_length=1)
    method: str = Field(min_length=1)
    named: bool = False

    def value(self) -> Delegation:
        """The delegation as the stages read it."""
        return Delegation(self.paths, self.method, self.named)


class InterfaceTable(_Table):
    """One `[[interfaces]]`."""

    bases: Patterns = Field(min_length=1)
    decorators: Patterns = ()
    calls: Patterns = ()

    def value(self) -> Interface:
        """The interfaces as the stages read them."""
        return Interface(self.bases, self.decorators, self.calls)


class PrefixTable(_Table):
    """One `[[prefixes]]`."""

    paths: Patterns = Field(min_length=1)
    prefix: ArgumentTable | None = None
    child: ArgumentTable | None = None
    parent: ArgumentTable | None = None
    routes: ArgumentTable | None = None
    variable: str = ""
    replaces: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> PrefixTable:
        if not any((self.prefix, self.child, self.parent, self.routes)):
            raise ValueError("a prefix needs `prefix`, `child`, `parent` or `routes`")
        return self

    def value(self) -> Prefix:
        """The prefix as the stages read it."""
        return Prefix(
            paths=self.paths,
            prefix=_optional(self.prefix),
            child=_optional(self.child),
            parent=_optional(self.parent),
            routes=_optional(self.routes),
            variable=self.variable,
            replaces=self.replaces,
        )


class ViewTable(_Table):
    """One `[[views]]`."""

    paths: Patterns = Field(min_length=1)
    view: ArgumentTable
    route: ArgumentTable

    def value(self) -> View:
        """The call as the stages read it."""
        return View(self.paths, self.view.value(), self.route.value())


class VerbsTable(_Table):
    """One `[[verbs]]`."""

    paths: Patterns = Field(min_length=1)
    verbs: tuple[str, ...] = ()
    argument: ArgumentTable | None = None

    @model_validator(mode="after")
    def _says_which(self) -> VerbsTable:
        if bool(self.verbs) == bool(self.argument):
            raise ValueError("verbs are either listed in `verbs` or by an `argument`")
        return self

    def value(self) -> Verbs:
        """The decorator as the stages read it."""
        return Verbs(self.paths, self.verbs, _optional(self.argument))


class StoreTable(_Table):
    """One `[[stores]]`."""

    paths: Patterns = Field(min_length=1)


class ScheduleTable(_Table):
    """One `[[schedules]]`."""

    framework: str = ""
    mechanism: Mechanism
    paths: Patterns = ()
    attribute: str = ""
    variables: tuple[str, ...] = ()
    class_attributes: Patterns = ()
    targets: tuple[ArgumentTable, ...] = ()
    names: tuple[ArgumentTable, ...] = ()
    key: str = ""
    start: bool = True
    detail: str = "schedule {name}"
    methods: tuple[str, ...] = ()
    bare: bool = False

    @model_validator(mode="after")
    def _has_one_source(self) -> ScheduleTable:
        if sum(map(bool, (self.paths, self.attribute, self.variables, self.class_attributes))) != 1:
            raise ValueError("a schedule needs exactly one of `paths`, `attribute`, `variables`, `class_attributes`")
        if bool(self.paths) != bool(self.targets):
            raise ValueError("`paths` and `targets` (which argument is scheduled) belong together")
        return self

    def value(self, name: str) -> Schedule:
        """The schedule, of framework `name` unless it names its own."""
        return Schedule(
            framework=self.framework or name,
            mechanism=self.mechanism,
            paths=self.paths,
            attribute=self.attribute,
            variables=self.variables,
            class_attributes=self.class_attributes,
            targets=_arguments(self.targets),
            key=self.key,
            start=self.start,
            detail=self.detail,
            names=_arguments(self.names),
            methods=self.methods,
            bare=self.bare,
        )


class ContextTable(_Table):
    """One `[[contexts]]`."""

    class_attributes: Patterns = Field(min_length=1)
    holds: dict[str, str] = Field(default_factory=dict, description="keys that the framework fills, with access paths")

    def value(self) -> Context:
        """The context."""
        return Context(self.class_attributes, tuple(self.holds.items()))


class FrameworkFile(_Table):
    """A whole file: what one framework does with the code it is given."""

    name: str
    units: tuple[UnitTable, ...] = ()
    attributes: tuple[AttributeTable, ...] = ()
    dispatches: tuple[DispatchTable, ...] = ()
    returns: tuple[ReturnsTable, ...] = ()
    injections: tuple[InjectionTable, ...] = ()
    dependencies: tuple[DependencyTable, ...] = ()
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
    owned: Patterns = ()
    configured: Patterns = ()
    columns: Patterns = ()
    mirrors: dict[str, str] = Field(
        default_factory=dict, description="objects with the globals of modules that define a name"
    )
    unit_tables: Patterns = ()
    transparent: Patterns = ()
    typed: dict[Pattern, int] = Field(
        default_factory=dict,
        description="attributes of generic objects, with the place of the type argument that they are of",
    )
    piped: Patterns = ()
    variables: Patterns = ()
    expect: tuple[ExpectTable, ...] = ()
