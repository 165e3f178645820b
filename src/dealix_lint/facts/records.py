"""Which calls leave an audit record behind, and which only a log line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from dealix_lint.facts import statements
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.loggers import Loggers
from dealix_lint.facts.logsinks import LogSinks
from dealix_lint.facts.names import Phrases, last_segment, words
from dealix_lint.facts.related import Related
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.written import Written
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex, expand
from dealix_lint.model.policy import AuditNames
from dealix_lint.model.resolved import CallView
from dealix_lint.model.text import Constant, Symbol, Text

_DEPTH = 4
_STORES = frozenset(
    ("name", "table", "topic", "stream", "queue", "collection", "index", "channel", "subject", "url", "bucket", "key")
)
"""How the argument that says where something is put is called, at the end."""


class Records:
    """Audit records as calls: recognised by the name of what is written and by a method that persists it."""

    __slots__ = (
        "_alarms",
        "_candidates",
        "_endings",
        "_executors",
        "_functions",
        "_inserting",
        "_is_record_name",
        "_levels",
        "_log_sinks",
        "_loggers",
        "_logging",
        "_models",
        "_named",
        "_persisting",
        "_publishing",
        "_related",
        "_relations",
        "_row_bases",
        "_rows",
        "_sink_words",
        "_sinks",
        "_speaking",
        "_spoken",
        "_storing",
        "_upserting",
        "_variables",
        "_verbs",
        "sites",
    )

    def __init__(self, sites: Sites, names: AuditNames) -> None:
        self.sites = sites
        self._inserting: dict[int, bool] = {}  # modules
        self._functions = Phrases(names.functions)
        self._models = Phrases(names.models)
        self._endings = Phrases(names.model_endings)
        self._verbs = frozenset(names.verbs)
        self._publishing = frozenset(names.publishing)
        self._storing = frozenset(names.storing)
        self._upserting = frozenset(names.upserting)
        self._executors = frozenset(names.executors)
        self._levels = frozenset(names.levels)
        self._alarms = frozenset(names.alarms)
        self._loggers = Loggers(sites, names.loggers)
        self._logging = PatternIndex((pattern, True) for pattern in names.logging)
        self._relations = PatternIndex((pattern, True) for pattern in names.relations)
        self._row_bases = names.rows
        self._log_sinks = LogSinks(sites, names.added)
        self._rows: tuple[str, ...] | None = None
        models, endings = self._models, self._endings
        self._is_record_name: Callable[[str], bool] = lambda name: models.are_in(name) or endings.end(name)
        self._related = Related(sites, self._is_record_name)
        self._sinks = PatternIndex((name, True) for name in names.sinks)
        self._named: dict[str, bool] = {}
        self._speaking: dict[str, bool] = {}
        self._persisting: dict[int, bool] = {}
        self._spoken: dict[ScopeId, bool] = {}
        self._candidates: dict[int, bool] = {}
        self._variables: dict[tuple[int, str], bool] = {}
        sinks = (sink for name in names.sinks for sink in expand(name))
        self._sink_words = frozenset(part for sink in sinks for part in sink.split(".")[-2:])

    def may_record(self, node: int) -> bool:
        """A cheap look at a function before its calls are resolved: does it, or what it calls, speak of records at all?"""
        known = self._candidates.get(node)
        if known is None:
            functions = (self.sites.graph.nodes[edge.target].function for edge in self.sites.graph.out[node])
            words_here = self.sites.words(node)
            known = self._is_spoken_in(node) or not self._related.names.isdisjoint(words_here)
            known = (
                known or any(map(self.is_audit_named, functions)) or any(map(self._is_spoken_in, self._made_by(node)))
            )
            known = known or self._is_in_audit_function(node) or self._is_of_a_record(node)
            known = self._candidates[node] = known or self._uses_speaking(node)
        return known

    def _is_of_a_record(self, node: int) -> bool:
        """A method of a class that is named like a record: `entry = cls(...)`, `self.save()`."""
        names = self.sites.graph.nodes[node].function.split(".")[-2:-1]
        return any(map(self._is_record_name, names))

    def _is_spoken_in(self, node: int) -> bool:
        place = self.sites.scope_of(node)
        known = self._spoken.get(place)
        if known is None:
            known = self._spoken[place] = any(map(self._speaks, self.sites.words(node)))
        return known

    def _made_by(self, node: int) -> Iterator[int]:
        """Functions of which a node uses the result."""
        code = self.sites.code(node)
        edges = (edge for edge in self.sites.graph.out[node] if edge.kind == CALL_EDGE)
        return (edge.target for edge in edges if code.is_used(self.sites.register(node, edge.place)))

    def _uses_speaking(self, node: int) -> bool:
        """Whether it uses a variable of its module that is made of texts that speak of records (`Table("audit_log")`)."""
        module = self.sites.scope_of(node)[0]
        exports = self.sites.code_of((module, 0)).exports
        return any(self._is_speaking(module, word) for word in self.sites.words(node) if word in exports)

    def _is_speaking(self, module: int, name: str) -> bool:
        known = self._variables.get((module, name))
        if known is None:
            texts = _constants(self.sites.definition(module, name))
            known = self._variables[module, name] = any(map(self._speaks, texts))
        return known

    def _speaks(self, word: str) -> bool:
        known = self._speaking.get(word)
        if known is None:
            known = self._speaking[word] = self._finds_spoken(word)
        return known

    def _finds_spoken(self, word: str) -> bool:
        if word in self._sink_words or self._functions.are_in(word) or self._models.are_in(word):
            return True
        # A logger called `log` and a handler's `event` are everywhere; a class or table has a longer name or a capital.
        is_name = len(words(word)) > 1 or word[:1].isupper()
        return (is_name and self._endings.end(word)) or statements.write((word,))

    def is_record(self, node: int, view: CallView) -> bool:
        """Whether the call persists a record: an audit-named function that does, or a record written in place."""
        register = view.place.register
        names = self._names(node, view)
        if any(self._is_sink(name) for name in names):
            return True
        if self.is_log_line(view):
            return self._is_kept(node, view)
        is_of_audit = any(self.is_audit_named(name) for name in names) or self._is_of_a_class_of_records(node, register)
        if is_of_audit and self.persists(node, register):
            return True
        if (node, register) in self.sites.effect_sites:
            return False
        if self._is_in_audit_function(node) and self._persists_here(node, view):
            return True
        is_write = self._is_write(view, self._verbs) or any(map(self._relations.find, view.names))
        if any(map(self._is_record_name, map(last_segment, self._rows_made(view)))):
            return True
        is_record = self._goes_to_a_named_store(view) or (is_write and self._writes_a_record(node, view))
        is_record = is_record or (self._inserts_a_record(node, register) and self._runs_statements(node, register))
        return is_record and not self._stays_in_memory(node, register)

    def _is_in_audit_function(self, node: int) -> bool:
        """Whether a function stands in an audit-named one: the wrapper of a decorator (`@audited("refund")`)."""
        module, index = self.sites.scope_of(node)
        index = self.sites.definitions.scope((module, index)).parent
        while index > 0:
            scope = self.sites.definitions.scope((module, index))
            if scope.kind == "function" and self._functions.are_in(scope.name):
                return True
            index = scope.parent
        return False

    def _persists_here(self, node: int, view: CallView) -> bool:
        """Whether the call itself writes something outside the project, or runs a function that only does."""
        callees = self.sites.callees(node, view.place.register)
        if not callees:
            return self._is_persisting_write(node, view)
        return all(self._persists(callee, _DEPTH) and callee not in self.sites.reaching for callee in callees)

    def is_audit_log(self, node: int, view: CallView) -> bool:
        """Whether the call runs an audit-named function that writes log lines."""
        if not any(self.is_audit_named(name) for name in self._names(node, view)):
            return False
        targets = [edge.target for edge in self.sites.edges(node).get(view.place.register, ())]
        return any(self.is_log_line(inner) for target in targets for inner in self.sites.calls(target).values())

    def is_log_line(self, view: CallView) -> bool:
        """Whether the call writes a log line that people keep (not a debug one)."""
        if self._levels.isdisjoint(words(view.spelling)):  # also of a logger's subclass: `error_or_exception`
            return False
        return any(map(self._logging.find, self._loggers.names(view)))

    def is_alarm(self, view: CallView) -> bool:
        """Whether what a log line is written by is a level of trouble."""
        return not self._alarms.isdisjoint(words(view.spelling))

    def is_audit_named(self, name: str) -> bool:
        """Whether a function's own name, or that of its class or module, speaks of audit."""
        known = self._named.get(name)
        if known is None:
            parts = name.replace("()", "").split(".")[-2:]
            known = self._named[name] = any(map(self._functions.are_in, parts))
        return known

    def _is_of_a_class_of_records(self, node: int, register: int) -> bool:
        """`AuditEntry.objects.record(...)`: a method of what a class that is named like a record holds."""
        code = self.sites.code(node)
        receiver = code.receiver(register)
        if receiver < 0 or code.scope.code[receiver][0] != ir.ATTR:
            return False
        holders = self.sites.resolution.values(node, code.scope.code[receiver][1])
        names = [value.name for value in holders if isinstance(value, Symbol)]
        return any(self._is_record_name(last_segment(n)) and self.sites.definitions.find_class(n) for n in names)

    def _names(self, node: int, view: CallView) -> tuple[str, ...]:
        """What the call may run: as resolved, and where its edges (dispatches too) lead."""
        nodes = self.sites.graph.nodes
        targets = (nodes[edge.target].function for edge in self.sites.edges(node).get(view.place.register, ()))
        return tuple(dict.fromkeys((*view.names, *targets)))

    def _is_sink(self, name: str) -> bool:
        return bool(self._sinks.find(name) or self._sinks.find(name.rpartition(".")[0].removesuffix("()")))

    # -- bodies that persist ------------------------------------------------------------------------------------

    def persists(self, node: int, register: int) -> bool:
        """Whether one of the functions that the call at a site runs persists anything."""
        edges = self.sites.edges(node).get(register, ())
        return any(self._persists(edge.target, _DEPTH) for edge in edges)

    def is_storing(self, node: int, view: CallView) -> bool:
        """Whether a call that leaves the project writes into a store, and is no effect."""
        if (node, view.place.register) in self.sites.effect_sites:
            return False
        if view.spelling in self._executors:
            return self._is_persisting_write(node, view)
        return self._is_write(view, self._verbs | self._storing)

    def _persists(self, node: int, depth: int) -> bool:
        known = self._persisting.get(node)
        if known is None:
            self._persisting[node] = False
            known = self._body_persists(node, depth)
            self._persisting[node] = known
        return known

    def _body_persists(self, node: int, depth: int) -> bool:
        for view in self.sites.calls(node).values():
            callees = self.sites.edges(node).get(view.place.register, ())
            if callees:
                if depth > 0 and any(self._persists(edge.target, depth - 1) for edge in callees):
                    return True
                if self._runs_statements(node, view.place.register, depth) and self._writes_a_row(node, view):
                    return True
            elif (node, view.place.register) in self.sites.effect_sites or self._is_persisting_write(node, view):
                return True
        return False

    def _is_persisting_write(self, node: int, view: CallView) -> bool:
        if view.spelling in self._executors:
            return self._writes_a_row(node, view)
        if self._is_write(view, self._verbs | self._publishing) or self._upserts(view):
            return True
        return bool(self._rows_made(view)) or (self.is_log_line(view) and self._is_kept(node, view))

    def _is_kept(self, node: int, view: CallView) -> bool:
        """Whether a sink of the program persists a log line as a record."""
        return self._log_sinks.keeps(node, view, self.is_audit_named, partial(self._persists, depth=_DEPTH))

    def _rows_made(self, view: CallView) -> list[str]:
        """Classes of the program that the call makes objects of, which are rows by that (Pony: `AuditLog(action="refund")`)."""
        if self._rows is None:
            self._rows = self.sites.definitions.derived(self._row_bases)
        return [name for name in view.names if name in self._rows] if self._rows else []

    def _writes_a_row(self, node: int, view: CallView) -> bool:
        """Whether a statement that a call runs writes something."""
        texts = self._texts(node, view.place.register)
        if statements.write(texts) or any(map(self._is_writing_routine, statements.routines(texts))):
            return True
        return "insert" in Written(self.sites, node).names(view.place.register)

    def _is_writing_routine(self, name: str) -> bool:
        return self.is_audit_named(name) and words(name)[0] in self._verbs | self._publishing

    def _runs_statements(self, node: int, register: int, depth: int = _DEPTH) -> bool:
        """Whether what the call at a site runs hands a statement to a database that it was given itself."""
        callees = self.sites.callees(node, register)
        if depth == 0 or not callees:
            return False
        return all(
            any(
                self._is_given(callee, inner)
                and (self._is_execution(view) or self._runs_statements(callee, inner, depth - 1))
                for inner, view in self.sites.calls(callee).items()
            )
            for callee in callees
        )

    def _is_execution(self, view: CallView) -> bool:
        return view.spelling in self._executors and not any(name.startswith("<builtin>") for name in view.names)

    def _is_given(self, node: int, register: int) -> bool:
        """Whether a call is handed a parameter of its function, before anything else."""
        code = self.sites.code(node)
        given = code.scope.code[register]
        values = [*given[2][:1], *(value for _, value in given[3])] if given[0] == ir.CALL else []
        parts = code.closure(value for value in values if value >= 0)
        return any(code.scope.code[part][0] == ir.PARAM for part in parts)

    def _upserts(self, view: CallView) -> bool:
        said = dict(view.keywords).get("upsert", ()) if view.spelling in self._upserting else ()
        return any(isinstance(value, Constant) and value.value is True for value in said)

    def _is_write(self, view: CallView, verbs: frozenset[str]) -> bool:
        """A persisting method that is not that of a plain container."""
        is_named = view.spelling in verbs or view.spelling in self._executors
        return is_named and not any(name.startswith("<builtin>") for name in view.names)

    def _stays_in_memory(self, node: int, register: int) -> bool:
        """The method is first-party and its body persists nothing (an in-process bus, a list); one without any call
        is an interface."""
        edges = self.sites.edges(node).get(register, ())
        return (
            bool(edges)
            and not any(self._persists(edge.target, _DEPTH) or not self.sites.calls(edge.target) for edge in edges)
            and not self._runs_statements(node, register)
        )

    # -- records written in place -------------------------------------------------------------------------------

    def _writes_a_record(self, node: int, view: CallView) -> bool:
        """Whether what is written is named like a record: the class, table or collection."""
        register = view.place.register
        if self._related.is_one(node, self.sites.code(node).receiver(register)):
            return True
        spoken = list(Written(self.sites, node).names(register))
        if view.spelling not in self._executors:
            return any(map(self._is_record_name, spoken))
        return self._inserts_a_record(node, register) or ("insert" in spoken and any(map(self._is_record_name, spoken)))

    def made_for(self, node: int, register: int) -> Iterator[int]:
        """Objects named like a record that a function makes and hands to a call."""
        return (made for made, name in Written(self.sites, node).made(register) if self._is_record_name(name))

    def _inserts_a_record(self, node: int, register: int) -> bool:
        """Whether a statement in a call, or in the variables of the module that it uses, writes a row of a table of records."""
        return self._may_insert(self.sites.scope_of(node)[0]) and any(
            map(self._is_record_name, statements.tables(self._texts(node, register)))
        )

    def _may_insert(self, module: int) -> bool:
        """Whether such a statement stands in a module at all."""
        known = self._inserting.get(module)
        if known is None:
            scopes = self.sites.resolution.program.summaries[module].scopes
            texts = (text for scope in scopes for text in _constants(scope.code))
            known = self._inserting[module] = any(map(self._is_record_name, statements.tables(texts)))
        return known

    def _goes_to_a_named_store(self, view: CallView) -> bool:
        """`producer.send("audit-events", ...)`, `put_item(TableName="audit-log", ...)`: a topic, table or address, the first
        or a named argument, that speaks of audit."""
        if view.spelling in self._executors or not self._is_write(view, self._verbs | self._publishing):
            return False
        named = [values for name, values in view.keywords if name and words(name) and words(name)[-1] in _STORES]
        given = [*view.arguments[:1], *named]
        texts = [v.literal for values in given for v in values if isinstance(v, Text) and v.literal is not None]
        return any(map(self._models.are_in, texts))

    def _texts(self, node: int, register: int) -> list[str]:
        """Constant texts in the expression of a call, and in the variables of the module that it uses."""
        code = self.sites.code(node)
        parts = sorted(code.closure((register,)))
        found = [code.scope.code[r] for r in parts]
        found += [instruction for r in parts for instruction in Written(self.sites, node).definition(r)]
        return list(_constants(found))


def _constants(instructions: Iterable[Instruction]) -> Iterator[str]:
    parts = (p for i in instructions for p in (i[1] if i[0] == ir.TEXT else i[1:2] if i[0] == ir.CONST else ()))
    return (part for part in parts if isinstance(part, str))
