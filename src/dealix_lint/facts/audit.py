"""Whether what leaves a function on a path is put on record, before or after it, in that function."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.absences import sides_of_nothing
from dealix_lint.facts.code import call_operands, operands
from dealix_lint.facts.flags import Flags
from dealix_lint.facts.prerequisites import Prerequisites
from dealix_lint.facts.records import Records
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.storing import Storing
from dealix_lint.facts.subscribers import NO_LOOP, loop_over_all, members
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.policy import AuditNames

_DEPTH = 3
_NEAR = 2
"""How far from a function the effects are that what it puts on record is about."""
_JOBS = "background"


class Audit:
    """Audit facts of call sites: `persisted` asks for the record that the policy wants, `logged` for mere log lines."""

    __slots__ = (
        "_always",
        "_lines",
        "_logs",
        "_marks",
        "_own",
        "_prerequisites",
        "_waiting",
        "records",
        "sites",
        "storing",
    )

    def __init__(self, sites: Sites, names: AuditNames, prerequisites: Prerequisites) -> None:
        self.sites = sites
        self._prerequisites = prerequisites
        self.records = Records(sites, names)
        self.storing = Storing(sites, self.records)
        self._waiting = frozenset(names.waiting)
        self._marks: dict[int, frozenset[int]] = {}
        self._logs: dict[int, frozenset[int]] = {}
        self._lines: dict[int, frozenset[int]] = {}
        self._own: dict[int, bool] = {}
        self._always: dict[int, bool] = {}

    def persisted(self, node: int, register: int, edge: Edge | None) -> bool:
        """Whether the call at a site is put on record by its function: an intent record before it, or a record after
        it on the success branch. `edge` is the edge by which the path leaves, None at the effect."""
        return self._surrounds(node, register, edge, self.marks(node)) or self._is_recorded_around(node)

    def _is_recorded_around(self, node: int) -> bool:
        """Whether a framework runs something around the function that always leaves a record."""
        around = (*self._prerequisites.of(node), *self._prerequisites.following(node))
        return any(self._always_passes(target, _DEPTH) for target in around)

    def logged(self, node: int, register: int, edge: Edge | None) -> bool:
        """Whether at least a log line says that it happens: one on every way to the effect - further out one that names what
        the call is given -, or one that follows when it has succeeded. One that tells of trouble counts before it next to the
        effect alone, and after it where it is certain."""
        if register == NO_SITE:
            return False
        flow, calls = self.sites.flow(node), self.sites.calls(node)
        marks, written = self._log_marks(node), self._written_lines(node)
        lines = (marks | self._log_lines(node)) - {register}
        alarms = frozenset(line for line in lines if line in calls and self.records.is_alarm(calls[line]))
        if self._comes_before(
            node, register, marks | (written if edge is None else self._about(node, register, written - alarms))
        ):
            return True
        if not lines or not self.returns_after(node, register, edge):
            return False
        return flow.is_followed(register, lines - alarms) or flow.is_followed(register, lines, is_certain=True)

    def _log_lines(self, node: int) -> frozenset[int]:
        """Log lines of a function, and calls of functions that always write one."""
        known = self._lines.get(node)
        if known is None:
            written = self._written_lines(node)
            calls = (register for register in self.sites.edges(node) if register != NO_SITE)
            known = self._lines[node] = written | {r for r in calls if self._always_writes(node, r)}
        return known

    def _about(self, node: int, register: int, lines: frozenset[int]) -> frozenset[int]:
        """Those log lines that name something of what a call is given."""
        code = self.sites.code(node)
        call = code.scope.code[register]
        if call[0] != ir.CALL or not lines:
            return frozenset()
        given = {r for r in code.closure(call_operands(call)) if code.scope.code[r][0] != ir.CONST}
        told = ((line, code.closure(call_operands(code.scope.code[line]))) for line in lines)
        return frozenset(line for line, parts in told if not given.isdisjoint(parts))

    def _written_lines(self, node: int) -> frozenset[int]:
        return frozenset(r for r, view in self.sites.calls(node).items() if self.records.is_log_line(view))

    def _always_writes(self, node: int, register: int) -> bool:
        callees = self.sites.callees(node, register)
        lines = [(callee, self._written_lines(callee)) for callee in callees if callee not in self.sites.reaching]
        return (
            bool(callees)
            and len(lines) == len(callees)
            and all(self.sites.flow(callee).is_always_passed(written) for callee, written in lines)
        )

    def _surrounds(self, node: int, register: int, edge: Edge | None, marks: frozenset[int]) -> bool:
        others = frozenset(mark for mark in marks - {register} if not self.is_of_another(node, mark))
        if not others or register == NO_SITE:
            return False
        if self._comes_before(node, register, others):
            return True
        flow = self.sites.flow(node)
        if not self.returns_after(node, register, edge):
            return False
        if flow.is_followed(register, others):
            return True
        closed = Flags(self.sites.code(node), flow, frozenset()).settled(register)
        return bool(closed) and flow.is_followed(register, others, closed)

    def is_of_another(self, node: int, register: int) -> bool:
        """Whether what a call puts on record is an effect of its own (the send log of a mail)."""
        edges = self.sites.edges(node).get(register, ())
        run = [edge.target for edge in edges if self.returns_after(node, register, edge)]
        return bool(run) and all(map(self._records_its_own, run))

    def _records_its_own(self, node: int) -> bool:
        known = self._own.get(node)
        if known is None:
            self._own[node] = False
            known = self._own[node] = self._find_its_own(node)
        return known

    def _find_its_own(self, node: int) -> bool:
        if node not in self.sites.reaching or self.records.is_audit_named(self.sites.graph.nodes[node].function):
            return False
        marks = self.marks(node)
        if self._performs(node, _NEAR, marks):
            return True
        return bool(marks) and all(self.is_of_another(node, mark) for mark in marks)

    def _performs(self, node: int, depth: int, left_out: frozenset[int] = frozenset()) -> bool:
        """Whether a function, or one that it runs from elsewhere than those sites, performs an effect itself."""
        if any((node, register) in self.sites.effect_sites for register in self.sites.sites(node)):
            return True
        run = (
            edge.target
            for register, edges in (self.sites.edges(node).items() if depth else ())
            for edge in edges
            if register not in left_out and edge.target in self.sites.reaching
            if self.returns_after(node, register, edge)
        )
        return any(self._performs(target, depth - 1) for target in run)

    def _comes_before(self, node: int, register: int, marks: frozenset[int]) -> bool:
        """Whether every way to a site has completed one of the marks."""
        return self.sites.flow(node).is_preceded(register, marks - {register})

    def returns_after(self, node: int, register: int, edge: Edge | None) -> bool:
        """Whether the call returns only when what it runs is done: not for a dispatch that merely enqueues."""
        if edge is None or edge.kind == CALL_EDGE:
            return True
        code = self.sites.code(node)
        return code.callee_name(register) in self._waiting or (edge.mechanism == _JOBS and code.is_awaited(register))

    def marks(self, node: int, depth: int = _DEPTH) -> frozenset[int]:
        """Registers of calls in a node that persist an audit record whenever they return."""
        known = self._marks.get(node)
        if known is None:
            self._marks[node] = frozenset()
            found = frozenset((*self._records(node), *self._recorders(node, depth)))
            known = self._marks[node] = frozenset(register for register in found if self._is_run(node, register))
        return known

    def _is_run(self, node: int, register: int) -> bool:
        """Whether what the call at a site makes is run: not where it is a coroutine or generator that nothing is done with."""
        if self.sites.code(node).scope.code[register][0] != ir.CALL:
            return True
        edges = [edge for edge in self.sites.edges(node).get(register, ()) if edge.kind == CALL_EDGE]
        scopes = [self.sites.code(edge.target).scope for edge in edges]
        if not scopes or not all((scope.is_async or scope.is_generator) and not scope.decorators for scope in scopes):
            return True
        return any(register in operands(instruction) for instruction in self.sites.code(node).scope.code)

    def _records(self, node: int) -> Iterator[int]:
        if self.records.may_record(node):
            for register, view in self.sites.calls(node).items():
                if self.records.is_record(node, view) or self._hands_a_record(node, register):
                    yield register

    def _hands_a_record(self, node: int, register: int) -> bool:
        """`repository.keep(AuditLog(...))`: a record goes to a function of the project that stores what it is given."""
        if not self.sites.callees(node, register) or (node, register) in self.sites.effect_sites:
            return False
        made = frozenset(self.records.made_for(node, register))
        return bool(made) and self.storing.keeps(node, register, made, is_itself=True)

    def _recorders(self, node: int, depth: int) -> Iterator[int]:
        """Calls of functions that always leave a record, and loops that call all functions of a list, of which one does."""
        for register in self.sites.edges(node):
            if register == NO_SITE:
                continue
            if self._always_records(node, register, depth):
                yield register
            loop = loop_over_all(self.sites, node, register)
            if loop != NO_LOOP and self._records_in_turn(node, register, loop, depth):
                yield loop

    def _records_in_turn(self, node: int, register: int, loop: int, depth: int) -> bool:
        lists = members(self.sites, node, loop) if depth > 0 else []
        edges = [edge for edge in self.sites.edges(node)[register] if self.returns_after(node, register, edge)]
        names = {self.sites.graph.nodes[e.target].function for e in edges if self._always_passes(e.target, depth - 1)}
        return bool(lists) and all(not names.isdisjoint(listed) for listed in lists)

    def _always_records(self, node: int, register: int, depth: int) -> bool:
        if depth == 0:
            return False
        edges = self.sites.edges(node)[register]
        run = [edge for edge in edges if self.returns_after(node, register, edge) or self._only_records(edge)]
        if self.sites.code(node).scope.code[register][0] == ir.ENTER:
            run = [edge for edge in run if self._leaves_a_with(edge)]
        return bool(run) and all(self._always_passes(edge.target, depth - 1) for edge in run)

    def _only_records(self, edge: Edge) -> bool:
        """A task that is enqueued to keep the record, and does nothing that would want one itself."""
        return edge.target not in self.sites.reaching

    def _leaves_a_with(self, edge: Edge) -> bool:
        return self.sites.graph.nodes[edge.target].function.endswith((".__exit__", ".__aexit__"))

    def _always_passes(self, node: int, depth: int) -> bool:
        known = self._always.get(node)
        if known is None:
            self._always[node] = False
            known = self._always[node] = self._is_always_passed(node, self.marks(node, depth))
        return known

    def _is_always_passed(self, node: int, marks: frozenset[int]) -> bool:
        """Whether a function that is handed something comes by one of the marks on every way that it may take with what its
        callers hand it."""
        flow, resolution = self.sites.flow(node), self.sites.resolution
        if not marks or flow.is_always_passed(marks):
            return bool(marks)
        never, absent = resolution.sides_never_taken(node), sides_of_nothing(self.sites.code(node), flow)
        closed = never | {(block, way) for block, way in absent if not any(taken == block for taken, _ in never)}
        return bool(closed) and flow.is_passed_from(0, marks - resolution.never_reached(node), -1, closed)

    def _log_marks(self, node: int) -> frozenset[int]:
        known = self._logs.get(node)
        if known is None:
            views = self.sites.calls(node).items() if self.records.may_record(node) else ()
            is_audit = self.records.is_audit_named(self.sites.graph.nodes[node].function)
            known = self._logs[node] = frozenset(
                register
                for register, view in views
                if self.records.is_audit_log(node, view) or (is_audit and self.records.is_log_line(view))
            )
        return known
