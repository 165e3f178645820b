"""A policy pack as values: vocabulary, matrices, floors and the names by which code is recognised."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.model.effect_rules import Floor

APPROVAL, REVERSIBILITY, SENSITIVITY = range(3)
"""Positions of the three classes wherever they stand together."""

AXES = ("approval", "reversibility", "sensitivity")


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the three classes: keywords that state it (`short` ones only in company), its levels, weakest first."""

    keywords: tuple[str, ...]
    short: tuple[str, ...]
    levels: tuple[str, ...]

    def rank(self, level: str) -> int:
        """How strong a level is; -1 for what is no level."""
        return self.levels.index(level) if level in self.levels else -1


@dataclass(frozen=True, slots=True)
class ClassificationNames:
    """What never states classes although it looks like it: calls by method name, calls by access path. `tables`:
    words in the name of a function that looks classes up by an action's name."""

    ignored_methods: tuple[str, ...]
    ignored_calls: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditNames:
    """How audit records are recognised. Names are compared word by word, `SendLog` and `send_log` alike.

    `functions`: words that make a function audit-named; `models`, `model_endings`: words anywhere, at the end, of a record's
    class or table; `verbs`: methods that persist; `publishing`: methods that do so inside an audit-named function;
    `upserting`: those that do so if the keyword `upsert` says it; `executors`: methods that run a query text; `logging`:
    access paths of log calls; `levels`: log methods worth reading as a record; `alarms`: those of them that tell of trouble;
    `loggers`: how loggers are called; `waiting`: dispatching calls that return after the work is done; `joined`: those for
    which a context manager waits; `raising`: calls that raise; `roots`: error classes that all errors of a library are
    derived from; `wrappers`: those that libraries raise in place of what they retried; `exhausted`: those of a task that has
    retried too often; `unrelated`: those of libraries that send, which no sending raises; `below`: packages whose errors a
    library (or all of a provider) lets through; `arriving`: what an error is on the other side of a dispatch, by mechanism;
    `given_up`: decorators that swallow the last error, by a keyword; `relations`: calls that add a row to those that an
    object is related to; `storing`: further methods that write into a store; `rows`: base classes of what is stored by being
    made; `added`: calls that add a sink to a logger."""

    functions: tuple[str, ...]
    models: tuple[str, ...]
    model_endings: tuple[str, ...]
    verbs: tuple[str, ...]
    publishing: tuple[str, ...]
    executors: tuple[str, ...]
    logging: tuple[str, ...]
    levels: tuple[str, ...]
    waiting: tuple[str, ...]
    raising: tuple[str, ...]
    alarms: tuple[str, ...] = ()
    loggers: tuple[str, ...] = ()
    sinks: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    exhausted: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    unrelated: tuple[str, ...] = ()
    below: tuple[tuple[str, tuple[str, ...]], ...] = ()
    arriving: tuple[tuple[str, tuple[str, ...]], ...] = ()
    given_up: tuple[tuple[str, tuple[str, ...]], ...] = ()
    relations: tuple[str, ...] = ()
    upserting: tuple[str, ...] = ()
    storing: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmbientContext:
    """A logging context that carries an id: calls that bind it, middleware that binds it for all web routes, log
    calls that print it. `needs`: text in a class base that must exist in the program before those log calls carry
    anything ("" = nothing); `provided`: classes of libraries that do the same, where the program names them; `factories`: calls
    that are handed a function or class of the program that does, where it speaks of an id."""

    bind: tuple[str, ...]
    log: tuple[str, ...]
    middleware: tuple[str, ...] = ()
    needs: str = ""
    provided: tuple[str, ...] = ()
    factories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrelationNames:
    """How correlation ids travel. `names`: of ids, in any spelling; `log_methods`: of loggers, which are called `loggers` where no more is
    known of them; `spans`: methods, and
    `openers`: access paths, whose `with` or decorator opens a span; `injectors`: calls that write the current trace into headers; `instrumentors`:
    mechanism -> calls that open a span at its starts; `propagators`: mechanism -> calls that carry the trace over its
    dispatch edges; `hooks`: mechanism -> what registers code that runs around every start (decorators, registration
    calls, base classes; `path:keyword` where one argument does); `listed`: mechanism -> variables that list such code by dotted
    name; `minting`: calls that make a new id; `senders`: calls on a dispatch that is prepared first which say what goes along
    with it; `requesting`: methods
    of HTTP clients that each request goes through, which a class of the project may override; `publishing`: mechanism ->
    what registers code that completes all that is dispatched; `copying`: dispatches that run what
    they start in a copy of the context, `leaving`: calls that run what they are handed in another one; `sequences`: calls
    whose arguments are dispatched one after the other, each with the result of the one before, `joining`: those of which the
    last one is, with the results of all others; `linking`: keywords and methods that say what is dispatched with the result of
    a call, `deaf`: methods that prepare a dispatch which is handed no result; `resuming`: objects that are dispatched to go on
    with a run, where they are made with one of the keywords `resuming_with`; `invented`: frameworks whose functions are run
    with arguments that a language model writes, but for those that are annotated as `supplied`."""

    names: tuple[str, ...]
    log_methods: tuple[str, ...]
    spans: tuple[str, ...]
    openers: tuple[str, ...]
    injectors: tuple[str, ...]
    instrumentors: tuple[tuple[str, tuple[str, ...]], ...]
    propagators: tuple[tuple[str, tuple[str, ...]], ...]
    hooks: tuple[tuple[str, tuple[str, ...]], ...]
    listed: tuple[tuple[str, tuple[str, ...]], ...]
    ambient: tuple[AmbientContext, ...]
    minting: tuple[str, ...] = ()
    loggers: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    requesting: tuple[str, ...] = ()
    publishing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    copying: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    linking: tuple[str, ...] = ()
    deaf: tuple[str, ...] = ()
    resuming: tuple[str, ...] = ()
    resuming_with: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    supplied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnershipRules:
    """Who runs commitments: `owner` the system of record, `graph` the mechanism that may not commit, `binding` the
    reversibility levels that count as a commitment, `markers` decorators that declare an owner, `plugins` calls that
    put all graphs under the owner.

    `content`: argument and key names whose values the recipient sees; `delivery`: names that only say where, from
    whom and how; `formats`: texts that only say in which form."""

    owner: str
    graph: str
    binding: tuple[str, ...]
    shared_function_suffices: tuple[str, ...]
    markers: tuple[str, ...]
    plugins: tuple[str, ...]
    content: tuple[str, ...]
    delivery: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateNames:
    """How gates are recognised. Names are compared word by word.

    `topics`: words that make a function a gate, `topics_of` further ones per kind of effect; `ignored`: phrases that only
    look like one; `raising`: verbs of functions that refuse by raising, `aborting`: calls that never return; `granting`,
    `refusing`: words of verdicts; `engines`: calls of policy engines; `interrupts`: calls that give back what a human
    answered; `waits`: calls that go on when a condition holds, `waited`: words of such a condition besides the topics;
    `loading`: methods and functions of queries; `functions`: configured gates; `signals`: decorators of methods by which a
    workflow is told something; `aborting_dispatches`: methods that enqueue a task anew and never return, `returning`:
    keywords that, given False, say that a call which never returns does; `measuring`, `measures`: verbs and nouns of what is
    asked of a policy that is no verdict (`get_change_price`)."""

    topics: tuple[str, ...]
    topics_of: tuple[tuple[str, tuple[str, ...]], ...]
    ignored: tuple[str, ...]
    raising: tuple[str, ...]
    aborting: tuple[str, ...]
    granting: tuple[str, ...]
    refusing: tuple[str, ...]
    engines: tuple[str, ...]
    interrupts: tuple[str, ...]
    waits: tuple[str, ...]
    waited: tuple[str, ...]
    loading: tuple[str, ...]
    functions: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    aborting_dispatches: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()
    measuring: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestNames:
    """What runs before the routes of a web framework: calls that `mount` one router on another, `hooks` and `middleware`
    that are registered on one, hooks that may answer in place of the route (`answering`), the `methods` that run of a class
    of middleware, words by which it goes on to the route (`passing`), class attributes and decorators that list permissions
    (`permissions`), methods that choose them (`permitting`) and the permissions' own methods (`asking`); base classes of
    `views` and the methods by which these handle every request (`handling`); decorators that apply another one (`adapting`),
    those that turn a function into a decorator (`makers`), and those of `tasks`, which a base class may call, or one of `units`,
    of which it has methods that run after they have succeeded (`following`)."""

    mounts: tuple[str, ...]
    hooks: tuple[str, ...]
    answering: tuple[str, ...]
    middleware: tuple[str, ...]
    methods: tuple[str, ...]
    passing: tuple[str, ...]
    permissions: tuple[str, ...]
    permitting: tuple[str, ...]
    asking: tuple[str, ...]
    views: tuple[str, ...]
    handling: tuple[str, ...]
    adapting: tuple[str, ...]
    makers: tuple[str, ...]
    tasks: tuple[str, ...]
    units: tuple[str, ...] = ()
    following: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoroutineNames:
    """`transparent`: decorators that leave a coroutine function one; `calls`: calls of libraries that only make a
    coroutine; `calling`: those that call what they are handed, so that a coroutine is no use to them; `starting`: those
    after which a function runs that nobody awaits; `threading`: those that run a function in a thread and hand on what it
    gives back; `bridging`: those that make a coroutine function one that runs to its end; `dropping`: decorators that
    make a task of a function which is called and not awaited."""

    transparent: tuple[str, ...]
    calls: tuple[str, ...]
    calling: tuple[str, ...]
    starting: tuple[str, ...]
    threading: tuple[str, ...]
    bridging: tuple[str, ...]
    dropping: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActorNames:
    """Who acts: the `keyword` that says so, the `types` there are, and those that are `forbidden` to commit."""

    keyword: str
    types: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphNames:
    """Calls that put functions into a graph (`build`), `compile` it, do both (`prebuilt`), make a graph of one function
    (`functional`), and `run` it; checkpointers that are lost with the process (`ephemeral`), those that write to `files`
    and the names by which these are `in_memory`; bases that annotations name and that say nothing of it (`abstract`);
    durability `modes` that may lose a step, calls that wait for a human. Of the calls that build: those that add a node,
    an edge, a choice, an entry; `jumps`: objects by which a node says what comes next; `teams`: calls that make a graph of
    other graphs, to be compiled."""

    build: tuple[str, ...]
    compile: tuple[str, ...]
    prebuilt: tuple[str, ...]
    functional: tuple[str, ...]
    run: tuple[str, ...]
    ephemeral: tuple[str, ...]
    files: tuple[str, ...]
    in_memory: tuple[str, ...]
    abstract: tuple[str, ...]
    modes: tuple[str, ...]
    interrupts: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    jumps: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvelopeNames:
    """The least `fields` of a governed event, words in the names of functions that publish one (`publishing`), access paths of
    `calls` that do, and of classes that make a message of one (`wrapping`)."""

    fields: tuple[str, ...]
    publishing: tuple[str, ...]
    calls: tuple[str, ...] = ()
    wrapping: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SensitiveNames:
    """Sensitivity `levels` that need a review before data goes to a provider, and how code deals with such data (see the
    comments of the shipped pack)."""

    levels: tuple[str, ...]
    reviews: tuple[str, ...]
    cleaning: tuple[str, ...]
    neutral: tuple[str, ...]
    dumping: tuple[str, ...]
    omitting: tuple[str, ...]
    choosing: tuple[str, ...]
    identifying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that code may say it did: words that it is `done`, `verbs` and (after an auxiliary) `nouns` that functions
    which do it are called by, and words that make it something else (`unlike`: `sign_request`)."""

    done: tuple[str, ...]
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    unlike: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """How code says that something is done (see the comments of the shipped pack)."""

    keys: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    pretending: tuple[str, ...]
    disclaiming: tuple[str, ...]
    known: tuple[str, ...]
    reporting: tuple[str, ...]
    harmless: tuple[str, ...]
    leaving: tuple[str, ...]
    storing: tuple[str, ...]
    saving: tuple[str, ...]
    handing: tuple[str, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole pack. `axes` are approval, reversibility, sensitivity; `approval_by_reversibility` and
    `approval_by_sensitivity` the least approval for a level; `floors` the least classes per kind of effect."""

    name: str
    axes: tuple[Axis, Axis, Axis]
    approval_by_reversibility: tuple[tuple[str, str], ...]
    approval_by_sensitivity: tuple[tuple[str, str], ...]
    floors: tuple[Floor, ...]
    classification: ClassificationNames
    audit: AuditNames
    correlation: CorrelationNames
    ownership: OwnershipRules
    gates: GateNames
    requests: RequestNames
    coroutines: CoroutineNames
    actors: ActorNames
    graphs: GraphNames
    envelope: EnvelopeNames
    claims: ClaimNames
    sensitive: SensitiveNames
    markers: tuple[str, ...] = ()

    def floor(self, kind: str) -> Floor:
        """The floor of a kind of effect; the weakest classes where the pack has none."""
        for floor in self.floors:
            if floor.kind == kind:
                return floor
        return Floor(kind, self.axes[REVERSIBILITY].levels[0], self.axes[SENSITIVITY].levels[0])

    def least_approval(self, reversibility: str, sensitivity: str) -> str:
        """The least approval for the two other levels ("" or unknown levels ask for nothing)."""
        approval = self.axes[APPROVAL]
        wanted = [
            dict(self.approval_by_reversibility).get(reversibility, ""),
            dict(self.approval_by_sensitivity).get(sensitivity, ""),
        ]
        return max(wanted, key=approval.rank) or approval.levels[0]
