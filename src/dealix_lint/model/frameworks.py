"""Framework knowledge as values (loaded from `rules/frameworks/*.toml` by `catalog`, read by `callgraph` and
`entrypoints`).

A *pattern* is an access path as in `ExternalCall.path` with `*` for exactly one segment, `**` for any number of
them, and `{a,b}` for alternatives: `fastapi.{FastAPI,APIRouter}().{get,post}`. A subclass of an external class
matches its pattern."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Argument:
    """Which argument of a call: 0-based position and/or keyword. `each`: its elements (list, tuple, dict values)
    instead of itself; with a position and no keyword, this and all later positional arguments. Position -1 is the
    object the method is called on (`thread.start()`), or one of the class that `owned` attributes know (`Order.objects`)."""

    position: int | None = None
    keyword: str | None = None
    each: bool = False


DEFAULT: Final = Argument(1, "default")


@dataclass(frozen=True, slots=True)
class Unit:
    """Code that a framework runs: functions (or methods) under a decorator, or methods of subclasses of a base.

    `start`: "always" (a web route), "undispatched" (a task: start only where nothing analysed dispatches it), "never".
    `methods` are globs ("*" leaves dunder methods out) or "@" and a pattern: the methods under that decorator
    ("@temporalio.workflow.run"). `names`: arguments of the decorator that name it, else the class attribute
    `name_attribute`, else `default_name` with {module}, {file} (its last segment), {function} (simple), {command} (the same with hyphens), {class}.
    `detail`: how to print it, with those and {name}, {route} (the name as a path, behind all prefixes of its router) and
    {method} (HTTP verbs: `methods=[...]`, else the decorator's or the method's own name, in capitals). `routed`: how to
    print a method of a class of which a `View` tells the route; {item} is `{pk}/` for a decorator with `detail=True`.
    `before`: what the class puts before the route, with its attributes in braces (`"{route_base}"`), the first of which all parts
    are known. `vague`: any other rule knows the function better. `registered_by`: attributes of the class by which the framework is told of it
    (`Field` of `Pay.Field()`): a class method that several inherit is a start of each of these. `bare`: nothing that
    instruments or wraps the other starts of its mechanism is around it: it runs as the application starts or stops, or
    for what comes to a chat."""

    framework: str
    mechanism: str
    start: str
    decorators: tuple[str, ...] = ()  # patterns; on functions, or on classes when `methods` is set and `bases` is not
    bases: tuple[str, ...] = ()  # patterns of external base classes
    methods: tuple[str, ...] = ()  # which methods of the class are the unit (globs); for `bases` and class decorators
    names: tuple[Argument, ...] = ()
    default_name: str = "{function}"
    detail: str = "{name}"
    name_attribute: str = ""
    routed: str = ""
    before: tuple[str, ...] = ()
    vague: bool = False
    registered_by: tuple[str, ...] = ()
    bare: bool = False
    hands: tuple[
        tuple[str, str], ...
    ] = ()  # what parameters of these names or positions are given, as access paths: ("say", "slack_bolt.Say()")
    offers: tuple[
        tuple[str, str], ...
    ] = ()  # attributes of what a decorator made of a function, as access paths: ("command", "click.command")


@dataclass(frozen=True, slots=True)
class UnitAttribute:
    """`task.delay(...)`: calling one of `attributes` on a unit of `framework` dispatches (or calls) the unit, or gives it back
    ("itself": `flow.with_options(retries=3)`).

    `skip` leading arguments are not the unit's; `packed`: arguments arrive as args=[...] / kwargs={...} or first
    positional list (apply_async)."""

    framework: str
    attributes: tuple[str, ...]
    edge: str  # "dispatch" | "call" | "itself"
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A call into a library that runs first-party code handed to it (`targets`), given by value or, for `by_name` = a
    framework, by the name of one of its units; without `targets`, the attribute that is called is that name.
    `edge` "dispatch" | "call"; `mechanism` entered by a dispatch.

    `registers`: nothing runs now; the targets are remembered on the receiver (the object whose constructor call
    is the root of the access path; the result, where the path has no receiver) under that slot name ("nodes").
    `runs`: runs everything remembered under that slot on the receiver, or, with `targets`, on those arguments
    (`Runner.run(agent)`). `rest_from`: positional arguments from here
    on are passed to the target; `arguments`/`keywords`: an argument that holds the target's args (list) / kwargs
    (dict). `method`: what of a class or instance given as target runs: globs ("run", "{_run,_arun}";
    "@temporalio.workflow.run" = the method under that decorator); "" = calling it. `shared`: the slot is the
    program's, not one receiver's. `on`: the targets are remembered on the objects that the receiver remembers
    under that slot name (`@receiver(signal)`). A decorator is a call with the decorated function.
    `gives`: what a call that `runs` gives back: "results" (what any target gives), "list" (the same or a list of it),
    "pairs" (a list of (target, its result)), "targets" (nothing runs: a list of the targets, or a tuple of such lists).
    `leading`: how many arguments of its own the framework puts in front of what the target is given. `scheduled`: the clock
    runs the targets, so a module that hands them over as it is imported dispatches nothing; a function does, which may be
    called with what they are for, where they run once or it is not known that they do not
    (`trigger` and `once`, as in `Schedule`). `spreads`: what is
    dispatched by name is given the call's keywords, too. `keyed`: the targets are remembered for the class that this argument is,
    or is an object of, wherever they are remembered (`bus.on(Paid, charge)`, `bus.dispatch(Paid(order))`)."""

    framework: str
    paths: tuple[str, ...]
    targets: tuple[Argument, ...] = ()
    by_name: str = ""
    edge: str = "call"
    mechanism: str = ""
    registers: str = ""
    runs: str = ""
    rest_from: int | None = None
    arguments: Argument | None = None
    keywords: Argument | None = None
    method: str = ""
    shared: bool = False
    on: str = ""
    gives: str = "results"
    leading: int = 0
    scheduled: bool = False
    trigger: Argument | None = None
    once: tuple[str, ...] = ()
    spreads: bool = False
    keyed: Argument | None = None
    hands: tuple[tuple[str, str], ...] = ()  # as in `Unit`, of the targets
    awaited: str = ""


@dataclass(frozen=True, slots=True)
class Returns:
    """What a library call gives back: `value` "argument" (the argument itself), "result" (of calling it), "element"
    (one of it), "awaited" (awaiting it), "instance" (an instance of it, a class or the name of one), "class" (the class that
    it is the name of), "item" (what the object the method is called on holds under that key), "named" (what it names:
    `"app.pay.Wallet"`), "wrapper" (a function that calls the argument with what else is handed over in front; a decorator that
    makes such, where nothing else is), "receiver" (the object the method is called on), "owner" (an instance of the class that
    the access path begins with, see `Frameworks.owned`), or an access path (`httpx.AsyncClient()`)."""

    paths: tuple[str, ...]
    value: str
    argument: Argument = field(default_factory=Argument)
    default: Argument = DEFAULT  # of an "item": what is given where there is none; of a "class": its only name


@dataclass(frozen=True, slots=True)
class Injection:
    """A marker default or `Annotated` metadata whose argument is a factory called by the framework
    (`Depends(get_db)`). A path that ends with `[]` is subscripted instead (`Provide[Container.crm]`); `named_in`: bases of the
    classes whose members it may name by a text; `itself`: the factory is not called, but handed over."""

    paths: tuple[str, ...]
    factory: Argument = field(default_factory=Argument)
    named_in: tuple[str, ...] = ()
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A call that declares an option of a command line: by its names in order, or `name`, with a `default`. `holders`: what
    has it as an attribute, parsed by the object that is called; without any, it is a decorator, and the parameter of that
    name holds it."""

    paths: tuple[str, ...]
    default: Argument = field(default_factory=Argument)
    name: str = ""
    holders: tuple[str, ...] = ()


class Provider(StrEnum):
    """What a call has to do with the providers of a container of objects."""

    CALLS = "calls"  # makes one that calls its first argument with what the others give
    RESOURCE = "resource"  # the same, and gives what is set up then
    CHOOSES = "chooses"  # makes one that gives what one of its keyword arguments gives, whichever
    AGGREGATES = "aggregates"  # the same by the name that it is called with
    OBJECT = "object"  # makes one that gives its argument itself
    LIST = "list"
    DICT = "dict"
    CONTAINER = "container"  # holds another container, for which its keyword arguments stand for what that declares
    CONFIGURATION = "configuration"  # makes a place of which all attributes are configured
    DEPENDENCY = "dependency"  # makes a place for what an outer container gives
    VALUE = "value"  # configures the place on which it is called
    VALUES = "values"  # the same with a mapping, for the places under it
    VARIABLE = "variable"  # the same with a variable, of which only the default is known
    READ = "read"  # gives what a place is configured with


@dataclass(frozen=True, slots=True)
class Dependency:
    """A call that says what runs before a route: `argument` is a list of injection markers. A constructor says it of all routes
    of the router that it makes, a decorator of its function, a method with `of` of that argument, a function or a router
    that it mounts. `named`: the argument maps names of parameters to what makes them, and `of` a constructor lists what the
    router holds; `attribute`: where classes among these say the same."""

    paths: tuple[str, ...]
    argument: Argument
    of: Argument | None = None
    named: bool = False
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """A call or decorator that tells a container how to make an object: `maker` is what makes it, or it, else the function that
    is decorated. Parameters of its type that nothing else fills hold it. `keeps`: it is a mapping instead, of which every
    item is an attribute of that store; with `attribute`, it is itself that one."""

    paths: tuple[str, ...]
    maker: Argument | None = None
    keeps: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An argument that a framework makes from what a class says before it calls one of its methods: `form_valid(self, form)`
    of a view gets an instance of its `form_class`. `bases`: patterns of external base classes; `argument`: which one,
    counted without `self`; `makers`: attributes of the class, the first that the project defines counts: a class, or, with
    `()`, a method that gives a class or the object itself; or the access path of an object of the framework's own."""

    bases: tuple[str, ...]
    methods: tuple[str, ...]
    argument: Argument
    makers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What methods that a class inherits from a library give, by what the class says: `get_object()` of a view an object of its
    `model`. `bases`: patterns of external base classes, wherever they stand among the bases; `makers` as in `Made`: where one
    is, or gives, rows of a table, what is given is one of them."""

    bases: tuple[str, ...]
    methods: tuple[str, ...]
    makers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delegation:
    """Methods of a library's class, or the class itself where it is called, that call another one of the same object
    (`session.post(url)` is `session.request("POST", url)`): of a subclass that overrides `method`, that is what runs. `named`: it is handed the name
    of the first one, in capitals, before its arguments. `gives`: what the method gives is that argument of the class.
    `fields`: attributes that are assigned instead of an argument of the class of that name (`request.method = "PUT"`)."""

    paths: tuple[str, ...]
    method: str = ""
    named: bool = False
    gives: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """Classes that only describe what others do: those derived from `bases`, of which no method runs. A class says what it
    implements under one of the `decorators`, of which the arguments are interfaces, or is handed to one of the `calls` before
    them."""

    bases: tuple[str, ...]
    decorators: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Data that names units to run periodically. Exactly one of: `paths` (a call: `crontab job` registration,
    targets in `targets`), `attribute` (an access path that is assigned or updated with a dict:
    `celery.Celery().conf.beat_schedule`), `variables` (module-level names: `CELERY_BEAT_SCHEDULE`),
    `class_attributes` (of any class with that name: `WorkerSettings.functions`). `key`: which dict key of an entry
    names the unit ("task"); "" = the elements themselves. `start`: True if this makes the unit a start, False if it
    is registration only (a start where nothing dispatches it). A target may also be the name of a unit of
    `framework`. `names`: arguments of the call that give {name} and {route}
    (for data: its key). {verb} are the HTTP verbs that a decorator lets a view answer, else "route". `methods`: of a class that
    is named, the methods that run (globs; its own choice where there are none). `bare` as in `Unit`. `trigger`: the argument
    that says when; where it is left out, or a text or what is made by a call among `once`, the unit runs once, and is a start only
    where nothing analysed dispatches it. `fields`: the variable is a dictionary with these keys, under the last of which the
    units are listed."""

    framework: str
    mechanism: str
    paths: tuple[str, ...] = ()
    attribute: str = ""
    variables: tuple[str, ...] = ()
    class_attributes: tuple[str, ...] = ()
    targets: tuple[Argument, ...] = ()
    key: str = ""
    start: bool = True
    detail: str = "schedule {name}"
    names: tuple[Argument, ...] = ()
    methods: tuple[str, ...] = ()
    bare: bool = False
    hands: tuple[tuple[str, str], ...] = ()  # as in `Unit`
    trigger: Argument | None = None
    once: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The first argument of all functions listed in class attributes (`WorkerSettings.functions`): one dictionary that they
    share. `holds`: what the framework puts into it, as access paths."""

    class_attributes: tuple[str, ...]
    holds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Prefix:
    """A call that puts a path prefix before routes: the constructor of their router (`APIRouter(prefix=)`), or a call that
    mounts something. `child`: the argument that is mounted (`include_router(child, prefix=)`), on the receiver, or, where the
    call is no method, on what it makes; `wrapped`: where that is put around something else (a middleware), the argument that says
    around what. `fixed`: the prefix where no argument says it. `parent`: the argument that what the
    call makes is mounted on (`Api(blueprint)`). `routes`: the argument that is a list of routes, or names or is a module that
    has one in `variable`. `replaces`: where the call states a prefix, that of the constructor of what is mounted does not
    count. `is_own`: what the method makes is itself mounted on the receiver (`parsers.add_parser("sync")`). `is_inner`: the
    prefix counts only where what the call makes is mounted on something (the name of a program is none)."""

    paths: tuple[str, ...]
    prefix: Argument | None = None
    fixed: str = ""
    child: Argument | None = None
    wrapped: Argument | None = None
    parent: Argument | None = None
    routes: Argument | None = None
    variable: str = ""
    replaces: bool = False
    is_own: bool = False
    is_inner: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A call that gives a class its route: `path("pay/", Pay.as_view())`, `add_resource(Pay, "/pay")`."""

    paths: tuple[str, ...]
    view: Argument
    route: Argument


@dataclass(frozen=True, slots=True)
class Verbs:
    """A decorator that lets a view answer some HTTP verbs only: `verbs`, or those that its `argument` lists."""

    paths: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    argument: Argument | None = None


@dataclass(frozen=True, slots=True)
class Frameworks:
    """All of it. `aliases`: access-path prefix -> canonical prefix (re-exports: `langgraph.graph.state.StateGraph`)."""

    units: tuple[Unit, ...] = ()
    attributes: tuple[UnitAttribute, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()
    returns: tuple[Returns, ...] = ()
    injections: tuple[Injection, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    supplies: tuple[Supply, ...] = ()
    made: tuple[Made, ...] = ()
    given: tuple[Given, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    views: tuple[View, ...] = ()
    verbs: tuple[Verbs, ...] = ()
    contexts: tuple[Context, ...] = ()
    stores: tuple[tuple[str, ...], ...] = ()  # patterns of objects that are one: what is set on one is read on another
    tracked: tuple[str, ...] = ()  # patterns of constructors (no `()`) whose instances keep their identity
    shared: tuple[
        str, ...
    ] = ()  # of these, those that give the same object wherever they are called with the same name
    tests: tuple[str, ...] = ()  # patterns of bases of classes of which a test runner runs the methods
    owned: tuple[str, ...] = ()  # patterns of attributes of base classes that know the class that they are read on
    configured: tuple[str, ...] = ()  # patterns of base classes whose fields a deployment may set
    columns: tuple[
        str, ...
    ] = ()  # patterns of calls that describe a column: read on an object, it is a value nobody knows
    mirrors: tuple[tuple[str, str], ...] = ()  # objects that have the globals of every module that defines this name
    told: tuple[tuple[str, str], ...] = ()  # attributes that only objects of one class have -> the path of the class
    unit_tables: tuple[tuple[str, str], ...] = ()  # patterns of tables of units by name -> their framework
    transparent: tuple[str, ...] = ()  # patterns of generic names that stand for their argument in annotations
    typed: tuple[tuple[str, int], ...] = ()  # attributes of generic objects -> the type argument that is their type
    piped: tuple[str, ...] = ()  # patterns of objects that `|` joins to one with the methods of each
    providers: tuple[
        tuple[str, str], ...
    ] = ()  # patterns of calls -> what they have to do with providers, see `Provider`
    options: tuple[Option, ...] = ()
    provider_methods: tuple[str, ...] = ()  # of a provider, which call it
    variables: tuple[str, ...] = ()  # patterns of calls that read an environment variable: its name, a default
    switches: tuple[
        tuple[str, bool], ...
    ] = ()  # names of parameters that switch what is real on or off -> the value that leaves it out
