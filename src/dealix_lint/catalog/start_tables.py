"""The tables of a file in `rules/frameworks/` that say what starts where: prefixes and verbs of routes, views, schedules."""

from __future__ import annotations

from pydantic import Field, model_validator

from dealix_lint.catalog.framework_base import ArgumentTable, Mechanism, Patterns, Table, arguments, optional
from dealix_lint.model.frameworks import Prefix, Schedule, Verbs, View


class PrefixTable(Table):
    """One `[[prefixes]]`."""

    paths: Patterns = Field(min_length=1)
    prefix: ArgumentTable | None = None
    fixed: str = ""
    child: ArgumentTable | None = None
    wrapped: ArgumentTable | None = Field(
        None, description="argument of what is put around the child (a middleware): what it is around"
    )
    parent: ArgumentTable | None = None
    routes: ArgumentTable | None = None
    variable: str = ""
    replaces: bool = False
    is_own: bool = False
    is_inner: bool = Field(
        False, description="the prefix counts only where what the call makes is mounted on something"
    )

    @model_validator(mode="after")
    def _says_something(self) -> PrefixTable:
        if not any((self.prefix, self.child, self.parent, self.routes, self.is_own)):
            raise ValueError("a prefix needs `prefix`, `child`, `parent` or `routes`")
        return self

    def value(self) -> Prefix:
        """The prefix as the stages read it."""
        return Prefix(
            paths=self.paths,
            prefix=optional(self.prefix),
            fixed=self.fixed,
            child=optional(self.child),
            wrapped=optional(self.wrapped),
            parent=optional(self.parent),
            routes=optional(self.routes),
            variable=self.variable,
            replaces=self.replaces,
            is_own=self.is_own,
            is_inner=self.is_inner,
        )


class ViewTable(Table):
    """One `[[views]]`."""

    paths: Patterns = Field(min_length=1)
    view: ArgumentTable
    route: ArgumentTable

    def value(self) -> View:
        """The call as the stages read it."""
        return View(self.paths, self.view.value(), self.route.value())


class VerbsTable(Table):
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
        return Verbs(self.paths, self.verbs, optional(self.argument))


class ScheduleTable(Table):
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
    hands: dict[str, str] = Field(default_factory=dict)
    trigger: ArgumentTable | None = None
    once: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

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
            targets=arguments(self.targets),
            key=self.key,
            start=self.start,
            detail=self.detail,
            names=arguments(self.names),
            methods=self.methods,
            bare=self.bare,
            hands=tuple(sorted(self.hands.items())),
            trigger=optional(self.trigger),
            once=self.once,
            fields=self.fields,
        )
