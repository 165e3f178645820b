"""Where approval is asked for, so that a refusal leaves before what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from dealix_lint.facts.audit import Audit
from dealix_lint.facts.code import AWAITING, operands
from dealix_lint.facts.decisions import Decisions
from dealix_lint.facts.exempting import Exempting
from dealix_lint.facts.flags import Flags
from dealix_lint.facts.loaded import Loaded
from dealix_lint.facts.managers import Managers
from dealix_lint.facts.pauses import Pauses
from dealix_lint.facts.prerequisites import Prerequisites
from dealix_lint.facts.selections import Selections
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.verdicts import FAVOURABLE, UNDECIDED, UNRELATED, YES, Sides, Verdicts
from dealix_lint.model import ir
from dealix_lint.model.policy import GateNames

_DEPTH = 2
_DECIDED = (FAVOURABLE, FAVOURABLE.opposite)
_KEEPING = "return_exceptions"


@dataclass(frozen=True, slots=True)
class Asked:
    """The gates in a function: `marks` are calls that return only if the action may go on, `given` what the results of
    others say."""

    marks: frozenset[int]
    given: dict[int, Sides]


class Gates:
    """Gate facts of call sites, for effects of one kind each."""

    __slots__ = (
        "_always",
        "_asked",
        "_audit",
        "_exempting",
        "_function",
        "_guarded",
        "_loaded",
        "_managers",
        "_pauses",
        "_prerequisites",
        "_selecting",
        "_speaking",
        "_verdicts",
        "decisions",
        "sites",
    )

    def __init__(
        self,
        sites: Sites,
        names: GateNames,
        audit: Audit,
        prerequisites: Prerequisites,
        pauses: Pauses,
        exempting: Exempting,
    ) -> None:
        self.sites = sites
        self._exempting = exempting
        self._pauses = pauses
        self._managers = Managers(sites)
        self._prerequisites = prerequisites
        self.decisions = Decisions(sites, names)
        self._loaded = Loaded(sites, self.decisions, names.loading)
        self._audit = audit
        self._asked: dict[tuple[int, str, int], Asked] = {}
        self._always: dict[tuple[int, str, int], bool] = {}
        self._verdicts: dict[tuple[int, str, int], Sides] = {}
        self._selecting: dict[tuple[int, str], bool] = {}
        self._speaking: dict[tuple[int, int], bool] = {}
        self._guarded: dict[tuple[int, int, str], bool] = {}
        self._function: dict[tuple[int, str], bool] = {}

    def guards(self, node: int, register: int, kind: str) -> bool:
        """Whether the call at a site happens only after a gate for effects of that kind let it pass."""
        key = node, register, kind
        known = self._guarded.get(key)
        if known is None:
            known = self._guarded[key] = self._guards_function(node, kind) or self._guards_site(node, register, kind)
        return known

    def asked_before(self, node: int, register: int, kind: str) -> str:
        """The name of the call in the node's function that lets the call at a site pass, the last one before it; "" where it is
        none of its calls."""
        asked, calls = self.asked(node, kind, _DEPTH), self.sites.calls(node)
        found = [place for place in {*asked.marks, *asked.given} if place < register and place in calls]
        return self.sites.code(node).callee_name(max(found)) if found else ""

    def has_refused(self, node: int, register: int, kind: str) -> bool:
        """Whether the call at a site happens only where a gate for effects of that kind did not let them pass."""
        if register == NO_SITE or not self._speaks(node, _DEPTH):
            return False
        found = self._tests(node, self.asked(node, kind, _DEPTH), kind, register)
        refused = {block: sides.opposite for block, sides in found.items() if sides in _DECIDED}
        return bool(refused) and self.sites.flow(node).is_guarded(register, (), refused)

    def is_wrapper(self, node: int) -> bool:
        """Whether the node runs what a decorator puts around others."""
        return self._prerequisites.is_wrapper(node)

    def _guards_site(self, node: int, register: int, kind: str) -> bool:
        if register == NO_SITE or not self._speaks(node, _DEPTH):
            return False
        asked = self.asked(node, kind, _DEPTH)
        flow = self.sites.flow(node)
        tried = flow.tried_before(register)
        marks = [mark for mark in asked.marks if mark != register and flow.block_of(mark) not in tried]
        found = self._tests(node, asked, kind, register)
        tests = {block: sides for block, sides in found.items() if block not in tried}
        return bool(marks or tests) and flow.is_guarded(register, marks, tests)

    def _tests(self, node: int, asked: Asked, kind: str, register: int = NO_SITE) -> dict[int, Sides]:
        """Blocks that end in a test of a verdict, or go round with what was let through; with a register, of verdicts that
        may be there when it runs."""
        marks, code, flow = asked.marks - {register}, self.sites.code(node), self.sites.flow(node)
        given = {site: sides for site, sides in asked.given.items() if site != register}
        if register != NO_SITE:
            given = {s: v for s, v in given.items() if s < register or flow.leads_to(flow.block_of(s), register)}
        if not given and not marks:
            return {}
        verdicts = Verdicts(code, given, self.decisions.lexicon, self._exempting.sides(node))
        tests = Flags(code, flow, marks).tests(dict(verdicts.tests()))
        return self._selections(node, asked, kind, register).tests(tests)

    def _selections(self, node: int, asked: Asked, kind: str, register: int = NO_SITE) -> Selections:
        given = {site: sides for site, sides in asked.given.items() if site != register}
        callees = partial(self.sites.callees, node)
        selects = partial(self._selects, kind=kind)
        return Selections(
            self.sites.code(node), self.sites.flow(node), asked.marks - {register}, given, callees, selects
        )

    def _selects(self, node: int, kind: str) -> bool:
        """Whether a function gives back nothing but what a gate let through."""
        key = node, kind
        known = self._selecting.get(key)
        if known is None:
            self._selecting[key] = False
            known = self._selecting[key] = self._speaks(node, _DEPTH) and self._gives_selected(node, kind)
        return known

    def _gives_selected(self, node: int, kind: str) -> bool:
        asked = self.asked(node, kind, _DEPTH)
        selections = self._selections(node, asked, kind)
        selections.tests(self._tests(node, asked, kind))
        return bool(asked.marks or asked.given) and selections.are_given_back()

    def asked(self, node: int, kind: str, depth: int) -> Asked:
        """The gates in a function."""
        key = node, kind, depth
        known = self._asked.get(key)
        if known is None:
            self._asked[key] = Asked(frozenset(), {})
            known = self._asked[key] = self._find(node, kind, depth)
        return known

    def _find(self, node: int, kind: str, depth: int) -> Asked:
        marks: set[int] = set()
        given: dict[int, Sides] = {}
        code = self.sites.code(node)
        for register, view in self.sites.calls(node).items():
            if register in code.decorators or code.scope.code[register][0] != ir.CALL:
                continue
            decision = self.decisions.of(node, view)
            if decision is not None and decision.topic in ("", kind) and self._runs_here(node, register):
                if decision.raises:
                    marks.update(self._done_at(node, register))
                given[register] = decision.sides
            elif decision is None and depth > 0:
                self._ask_helpers(node, register, kind, depth, marks, given)
        given.update(self._unwritten(node, kind, depth))
        marks.update(self._entered(node, kind, depth))
        given = self._loaded.of(node, kind) | self._pauses.told(node) | self.decisions.signals.read(node) | given
        marks.update(self._asserted(node, given), self._insisted(node, given))
        return Asked(frozenset(marks), given)

    def _insisted(self, node: int, given: dict[int, Sides]) -> Iterator[int]:
        """Calls of methods of a verdict that return only where it is favourable: `decision.raise_if_denied()`."""
        code = self.sites.code(node)
        for register in self.sites.edges(node) if given else ():
            holder = code.value_of(code.receiver(register)) if register != NO_SITE else NO_SITE
            while holder >= 0 and code.scope.code[holder][0] in AWAITING:
                holder = code.scope.code[holder][1]
            callees = self.sites.callees(node, register) if holder in given else ()
            insists = all(self._insists(callee, given[holder]) for callee in callees)
            if callees and insists and self._runs_here(node, register):
                yield from self._done_at(node, register)

    def _insists(self, node: int, sides: Sides) -> bool:
        """Whether a method of a verdict tests what it says, and ends in an error where that is not favourable."""
        code = self.sites.code(node)
        own = {register: sides for register, i in enumerate(code.scope.code) if i == (ir.PARAM, 0)}
        tests = {block: says for block, says in Verdicts(code, own, self.decisions.lexicon).tests() if says in _DECIDED}
        return bool(tests) and self.sites.flow(node).is_exit_guarded((), tests)

    def _unwritten(self, node: int, kind: str, depth: int) -> Iterator[tuple[int, Sides]]:
        """What is asked for without a call: parameters that a framework fills with a verdict (`approval =
        Depends(get_approval)`), properties (`job.is_approved`)."""
        code = self.sites.code(node).scope.code
        for register, edges in self.sites.edges(node).items():
            if register == NO_SITE or code[register][0] not in (ir.PARAM, ir.ATTR):
                continue
            targets = tuple(edge.target for edge in edges if not self.sites.is_constructor(edge.target))
            is_property = code[register][0] == ir.ATTR
            decision = self.decisions.of_functions(targets)
            if decision is not None and not (is_property and self._is_detail(code[register][2])):
                if decision.topic in ("", kind):
                    yield register, decision.sides
            elif depth > 0 and targets:
                verdicts = {self._verdict(target, kind, depth - 1) for target in targets}
                if UNRELATED not in verdicts:
                    yield register, verdicts.pop() if len(verdicts) == 1 else UNDECIDED

    def _asserted(self, node: int, given: dict[int, Sides]) -> Iterator[int]:
        """`assert is_approved(order)`: it goes on only where the verdict is not against it."""
        code = self.sites.code(node)
        verdicts = Verdicts(code, given, self.decisions.lexicon)
        for register, instruction in enumerate(code.scope.code) if given else ():
            if instruction[0] == ir.LOGIC and instruction[1] == "assert":
                sides = verdicts.of(instruction[2][0])
                if sides in (FAVOURABLE, UNDECIDED):
                    yield register

    def _entered(self, node: int, kind: str, depth: int) -> Iterator[int]:
        """`with approved(order):` of managers that refuse by raising as they are entered."""
        code = self.sites.code(node).scope.code
        for register, edges in self.sites.edges(node).items() if depth > 0 else ():
            if register != NO_SITE and code[register][0] == ir.ENTER:
                entering = self._managers.entries(edges)
                if entering and all(self._refuses_entry(target, kind, depth - 1) for target in entering):
                    yield register

    def _refuses_entry(self, node: int, kind: str, depth: int) -> bool:
        name = self.sites.graph.nodes[node].function
        if self.decisions.topic_of(name.split(".")[-2]) in ("", kind) and self.decisions.raises(node, depth):
            return True
        return self._speaks(node, depth) and self._always_asks(node, kind, depth)

    def _is_detail(self, name: str) -> bool:
        """Whether a property only belongs to something that is called like a gate (`approval.recipient`)."""
        return not self.decisions.speaks(name) and self.decisions.lexicon.sides_of(name) == UNDECIDED

    def _ask_helpers(
        self, node: int, register: int, kind: str, depth: int, marks: set[int], given: dict[int, Sides]
    ) -> None:
        """A call of functions that ask by themselves: they return only after a gate, or give back its verdict."""
        edges = self.sites.edges(node).get(register, ())
        if not edges or not all(self._speaks(edge.target, depth - 1) for edge in edges):
            return
        if not self._runs_here(node, register):
            return
        if all(self._always_asks(edge.target, kind, depth - 1) for edge in edges):
            marks.update(self._done_at(node, register))
        verdicts = {self._verdict(edge.target, kind, depth - 1) for edge in edges}
        if UNRELATED not in verdicts:
            given[register] = verdicts.pop() if len(verdicts) == 1 else UNDECIDED

    def _runs_here(self, node: int, register: int) -> bool:
        """Whether the call has run when it returns: not a coroutine that nobody awaits, not a task that is only
        enqueued."""
        code = self.sites.code(node)
        for edge in self.sites.edges(node).get(register, ()):
            if not self._audit.returns_after(node, register, edge):
                return False
            scope = self.sites.code(edge.target).scope
            if self._is_left_unrun(node, register, edge.target):
                return False
            if scope.is_async and not scope.is_generator and not (code.is_awaited(register) or code.is_used(register)):
                return False
        return True

    def _is_left_unrun(self, node: int, register: int, target: int) -> bool:
        """Whether the call makes a generator, or a context manager of one, and nothing is done with it."""
        scope = self.sites.code(target).scope
        is_lazy = scope.is_generator and (not scope.decorators or self._managers.is_one(target))
        return is_lazy and all(register not in operands(i) for i in self.sites.code(node).scope.code)

    def _done_at(self, node: int, register: int) -> tuple[int, ...]:
        """Where a call that raises by itself has run: a coroutine that is gathered, where all of them are awaited, and never
        where what it raises is only a result."""
        code = self.sites.code(node)
        edges = self.sites.edges(node).get(register, ())
        if not any(self.sites.code(edge.target).scope.is_async for edge in edges):
            return (register,)
        for place, instruction in enumerate(code.scope.code):
            parts = code.closure((instruction[1],)) if instruction[0] in AWAITING else frozenset[int]()
            if register in parts:
                if instruction[1] == register:
                    return (register,)
                keywords = [
                    key for part in parts if code.scope.code[part][0] == ir.CALL for key in code.scope.code[part][3]
                ]
                keeps = any(key == _KEEPING and code.scope.code[value] == (ir.CONST, True) for key, value in keywords)
                return () if keeps else (place,)
        return (register,)

    def _always_asks(self, node: int, kind: str, depth: int) -> bool:
        key = node, kind, depth
        known = self._always.get(key)
        if known is None:
            self._always[key] = False
            asked = self.asked(node, kind, depth)
            tests = self._tests(node, asked, kind)
            is_guarded = bool(asked.marks or tests) and self.sites.flow(node).is_exit_guarded(asked.marks, tests)
            known = self._always[key] = is_guarded
        return known

    def _verdict(self, node: int, kind: str, depth: int) -> Sides:
        """What it says that the result of a function is true, where it is a verdict that the function asked for."""
        key = node, kind, depth
        known = self._verdicts.get(key)
        if known is None:
            self._verdicts[key] = UNRELATED
            known = self._verdicts[key] = self._find_verdict(node, kind, depth)
        return known

    def _find_verdict(self, node: int, kind: str, depth: int) -> Sides:
        asked = self.asked(node, kind, depth)
        if (not asked.marks and not asked.given) or self.sites.code(node).scope.is_generator:
            return UNRELATED  # what goes through a generator is not what it returns
        code, flow = self.sites.code(node), self.sites.flow(node)
        verdicts = Verdicts(code, asked.given, self.decisions.lexicon, self._exempting.sides(node))
        tests = self._tests(node, asked, kind)
        found: list[Sides] = []
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.RETURN:
                is_guarded = flow.is_guarded(register, asked.marks, tests)
                is_nothing = code.scope.code[instruction[1]] == (ir.CONST, None)
                if is_nothing and flow.is_end_guarded(asked.marks, tests):
                    found.append(Sides(YES, YES))  # the reason why not, or nothing
                else:
                    found.append(FAVOURABLE if is_guarded else verdicts.given_back(instruction[1]))
        if not found:
            return UNRELATED
        return Sides(min(sides.holds for sides in found), min(sides.fails for sides in found))

    # -- what is asked before the function begins ---------------------------------------------------------------

    def _guards_function(self, node: int, kind: str) -> bool:
        key = node, kind
        known = self._function.get(key)
        if known is None:
            known = self._function[key] = self._is_demanded(node, kind) or self._is_decorated(node, kind)
        return known

    def _is_demanded(self, node: int, kind: str, depth: int = _DEPTH) -> bool:
        """Whether a framework runs a gate before the function: what its parameters or its route depend on, what that
        depends on itself, hooks and middleware of its router, permissions of its class."""
        before = self._prerequisites.of(node)
        if any(self._asks_or_raises(target, kind) or self._lets_through(target, kind) for target in before):
            return True
        if depth > 0 and any(self._is_demanded(target, kind, depth - 1) for target in before):
            return True
        permissions = self._prerequisites.permissions.of(node)
        return bool(permissions) and all(any(self._grants(one, kind) for one in asked) for asked in permissions)

    def _asks_or_raises(self, node: int, kind: str) -> bool:
        name = self.sites.graph.nodes[node].function
        if self.decisions.is_gate_that_raises(name, (node,), kind):
            return True
        return self._speaks(node, _DEPTH) and self._always_asks(node, kind, _DEPTH)

    def _lets_through(self, node: int, kind: str) -> bool:
        """Middleware, which goes on to what it is around only after a gate; a hook that answers in place of the route unless
        a gate lets it pass."""
        if not self._speaks(node, _DEPTH):
            return False
        if self._prerequisites.may_answer(node):
            asked = self.asked(node, kind, _DEPTH)
            tests = self._tests(node, asked, kind)
            if (asked.marks or tests) and self.sites.flow(node).is_end_guarded(asked.marks, tests):
                return True
        passing = self._prerequisites.passing(node)
        return bool(passing) and all(self._guards_site(node, register, kind) for register in passing)

    def _grants(self, node: int, kind: str) -> bool:
        """A permission: what it gives back is true only where a gate says so."""
        return self._speaks(node, _DEPTH) and self._verdict(node, kind, _DEPTH) == FAVOURABLE

    def _is_decorated(self, node: int, kind: str) -> bool:
        """Whether a decorator from outside the analysed code is called like a gate that raises. What first-party
        decorators do is seen where their wrappers call the function."""
        place = self.sites.scope_of(node)
        if not self.sites.definitions.scope(place).decorators:
            return False
        find = self.sites.definitions.find
        return any(
            find(name) is None and not decorator.keywords and self.decisions.is_gate_that_raises(name, (), kind)
            for decorator in self.sites.resolution.decorators(*place)
            for name in decorator.names
        )

    # -- a cheap look -------------------------------------------------------------------------------------------

    def _speaks(self, node: int, depth: int) -> bool:
        """Whether the function, or one it calls, may ask for an approval at all."""
        key = node, depth
        known = self._speaking.get(key)
        if known is None:
            known = self._words_speak(node) or (
                depth > 0 and any(self._speaks(edge.target, depth - 1) for edge in self.sites.graph.out[node])
            )
            self._speaking[key] = known
        return known

    def _words_speak(self, node: int) -> bool:
        name = self.sites.graph.nodes[node].function
        return any(map(self.decisions.speaks, self.sites.words(node))) or any(
            map(self.decisions.speaks, (*name.split(".")[-2:], *self.decisions.names_around(node)))
        )
