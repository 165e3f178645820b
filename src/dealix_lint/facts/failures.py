"""What becomes of an effect's error: where it is caught, and whether anything remains of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dealix_lint.facts.audit import Audit
from dealix_lint.facts.catching import Catching, Raised
from dealix_lint.facts.code import AWAITING, ScopeCode, call_operands
from dealix_lint.facts.collected import Collected
from dealix_lint.facts.fallbacks import Fallbacks
from dealix_lint.facts.flags import Flags
from dealix_lint.facts.flow import Flow
from dealix_lint.facts.gathering import Gathering
from dealix_lint.facts.giving_up import GivingUp
from dealix_lint.facts.managers import Managers
from dealix_lint.facts.outcome import asked_classes, particular_side
from dealix_lint.facts.passing_on import is_handed_on, is_handed_to_each
from dealix_lint.facts.points import Side
from dealix_lint.facts.recurring import Recurring
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.waiting import Waiting, awaited
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import AuditNames
from dealix_lint.model.text import Symbol

ESCAPES, RETURNED, RECORDED, STORED, LOGGED, SILENT = "escapes", "returned", "recorded", "stored", "logged", "silent"
"""What happens to the error of a call in a function: it goes on to the caller, or is given back among results; it is put on
record, it is handed to a function that stores something, only a log line tells of it, or nothing does."""

_COLLECTIONS: Final = frozenset({ir.LIST, ir.DICT, ir.SET})
_CURRENT: Final = frozenset({"format_exc", "exc_info", "exception"})
_TOLD: Final = "exc"
_FINALLY: Final = "finally: return"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a function does with the error of one of its calls; `handler`: how people know the handler (`except
    Exception`); `error`: the class of what goes on to the caller in its place (`raise SendError() from error`); `keeper`: the
    function that stores it; `teller`: the one that sends it to somebody; `is_answer`: it is given back to the caller; `is_any`: the handler
    takes whatever error the call raises."""

    kind: str
    handler: str = ""
    error: str = ""
    keeper: str = ""
    teller: str = ""
    is_answer: bool = False
    is_any: bool = False


class Failures:
    """Error handling around call sites. `clients`: access paths of HTTP clients."""

    __slots__ = (
        "_audit",
        "_clients",
        "_collected",
        "_fallbacks",
        "_fates",
        "_gathering",
        "_giving_up",
        "_inside",
        "_logging",
        "_managers",
        "_raising",
        "_raising_names",
        "_recurring",
        "_storing",
        "_units",
        "_waiting",
        "catching",
        "sites",
    )

    def __init__(self, sites: Sites, audit: Audit, names: AuditNames, clients: tuple[str, ...] = ()) -> None:
        self.sites = sites
        self._clients = PatternIndex((path, True) for path in clients)
        self._audit = audit
        self._raising = PatternIndex((pattern, True) for pattern in names.raising)
        self._raising_names = frozenset(pattern.rpartition(".")[2] for pattern in names.raising)
        self.catching = Catching(sites, names)
        self._fallbacks = Fallbacks(sites)
        self._managers = Managers(sites)
        self._gathering = Gathering(sites)
        self._recurring = Recurring(sites)
        self._collected = Collected(sites)
        self._waiting = Waiting(sites, names.joined)
        self._storing = audit.storing
        self._giving_up = GivingUp(sites, names.given_up)
        self._inside: set[tuple[int, int]] = set()
        self._logging: dict[int, bool] = {}
        self._units: dict[str, str] | None = None
        self._fates: dict[tuple[int, int, Raised], tuple[Fate, ...]] = {}

    def fates(self, node: int, register: int, edge: Edge | None, raised: Raised) -> tuple[Fate, ...]:
        """What the function may do with an error that the call at a site raises."""
        if register == NO_SITE or (edge is not None and not self.reaches_caller(node, edge)):
            return (Fate(ESCAPES, error=raised.error),)
        key = node, register, raised
        known = self._fates.get(key)
        if known is None:
            known = self._fates[key] = self._of_call(node, register, raised)
        return known

    def _of_call(self, node: int, register: int, raised: Raised) -> tuple[Fate, ...]:
        hidden = self._hidden(node, register)
        if hidden is not None:
            return (hidden,)
        found = list(self._find(node, self._waiting.place(node, register), raised))
        given_up = self._giving_up.label(node)
        if given_up and any(fate.kind == ESCAPES for fate in found):
            found.append(Fate(SILENT, given_up))
        return tuple(dict.fromkeys(found))

    def _hidden(self, node: int, register: int) -> Fate | None:
        """What is left of an error that `gather` hands back among the results, where the function does not raise any."""
        gather = self._gathering.hiding(node, register, self._log_lines(node))
        return self._among_results(node, gather, "gather(return_exceptions=True)") if gather >= 0 else None

    def of_results(self, node: int, edge: Edge) -> Fate | None:
        """The same where the call behind an edge gives the error back among its results; None where it is not known."""
        register = self.sites.register(node, edge.place)
        if not self.reaches_caller(node, edge) or self._gathering.are_used(node, register, self._log_lines(node)):
            return None
        return self._among_results(node, register, "")

    def _among_results(self, node: int, results: int, name: str) -> Fate | None:
        logs, code = self._log_lines(node), self.sites.code(node).scope.code
        raises = (r for r in range(results, len(code)) if code[r][0] == ir.RAISE or r in self.sites.endings(node))
        if any(raises) or any(mark > results for mark in self._audit.marks(node)):
            return None
        if self._gathering.are_returned(node, results):
            return Fate(RETURNED, name, is_answer=True)
        return Fate(LOGGED if any(line > results for line in logs) else SILENT, name)

    def reaches_caller(self, node: int, edge: Edge) -> bool:
        """Whether an error behind an edge comes back to the function that the edge leaves."""
        register = self.sites.register(node, edge.place)
        if register == NO_SITE or self._audit.returns_after(node, register, edge):
            return register != NO_SITE
        return self._waiting.group(node, register) >= 0

    def is_recorded_after(self, node: int, edge: Edge) -> bool:
        """Whether a function puts on record what a call gives back of an error that was caught behind it."""
        register = self.sites.register(node, edge.place)
        marks = self._audit.marks(node) - {register} if self.reaches_caller(node, edge) else frozenset()
        flow, code = self.sites.flow(node), self.sites.code(node)
        closed = self._fallbacks.closed(node, register, edge.target) if marks else frozenset()
        if not marks or not flow.is_followed(register, marks, closed, has_failed=True):
            return False
        return register in code.tested or register in code.closure(marks)

    def raised_after(self, node: int, edge: Edge) -> tuple[int, ...]:
        """Places at which a function raises, or ends the process, because of what a call gives back of an error that was caught
        behind it; none where it may go on."""
        register = self.sites.register(node, edge.place)
        code, flow = self.sites.code(node), self.sites.flow(node)
        if register not in code.tested or not self.reaches_caller(node, edge):
            return ()
        ending = (r for r, i in enumerate(code.scope.code) if i[0] == ir.RAISE or r in self.sites.endings(node))
        places = tuple(r for r in ending if r > register and flow.leads_to(flow.block_of(register), r))
        closed = self._fallbacks.closed(node, register, edge.target) if places else frozenset()
        is_certain = flow.is_followed(register, places, closed, has_failed=True, is_certain=True)
        return places if is_certain else ()

    def _find(self, node: int, place: int, raised: Raised) -> Iterator[Fate]:
        """What becomes of an error that comes up at a place: each handler and context manager around it, from the inside,
        takes those that it catches."""
        flow, managers = self.sites.flow(node), list(self._managers.around(node, place))
        finals = [final for final in flow.finals(flow.block_of(place)) if self._is_recorded_in(node, final[0])]
        for handler in (*flow.handlers(flow.block_of(place)), NO_SITE):
            inner = [m for m in managers if handler == NO_SITE or handler in flow.handlers(flow.block_of(m))]
            managers = [manager for manager in managers if manager not in inner]
            for manager in inner:
                fates = self._of_manager(node, manager, raised)
                yield from (fate for fate in fates if fate.kind != ESCAPES)
                if fates and all(fate.kind != ESCAPES for fate in fates):
                    return
            if any(not first <= handler < final for final, first in finals):
                yield Fate(RECORDED, "finally")
                return
            caught = self.catching.types(node, handler) if handler != NO_SITE else ()
            if handler != NO_SITE and self.catching.may_be(caught, raised):
                is_any, name = self.catching.are_all(caught, raised), self.catching.name(node, handler)
                for fate in self._of_handler(node, place, handler, raised):
                    yield replace(fate, is_any=True) if is_any and fate.handler == name else fate
                if is_any:
                    return
        yield Fate(ESCAPES, error=raised.error)

    def _of_manager(self, node: int, enter: int, raised: Raised) -> list[Fate]:
        """What a context manager of the project does with the error; nothing where it is not known."""
        name = f"with {self.sites.code(node).callee_name(self.sites.code(node).scope.code[enter][1])}()"
        exits = self._managers.exits(node, enter)
        found = [Fate(self._kept(method), name) for method in exits]
        if not self._managers.swallow(exits):  # the error goes on, but may be on record
            found = found if all(fate.kind == RECORDED for fate in found) else []
        for generator, place in self._managers.yields(node, enter):
            if (generator, place) not in self._inside:
                self._inside.add((generator, place))
                found += (replace(fate, handler=name) for fate in self._find(generator, place, raised))
                self._inside.discard((generator, place))
        return found

    def _kept(self, node: int) -> str:
        """What is left of an error in a function that is told of it."""
        flow, marks = self.sites.flow(node), self._audit.marks(node)
        told = [r for r, i in enumerate(self.sites.code(node).scope.code) if i[0] == ir.PARAM and i[1] in (1, 2)]
        if marks and any(flow.is_passed_from(0, marks, error) for error in told or (NO_SITE,)):
            return RECORDED
        return LOGGED if flow.is_always_passed(marks | self._log_lines(node)) else SILENT

    def _is_recorded_in(self, node: int, block: int) -> bool:
        """Whether a record is written in a block."""
        return any(self.sites.flow(node).block_of(mark) == block for mark in self._audit.marks(node))

    def _log_lines(self, node: int) -> frozenset[int]:
        return frozenset(r for r, view in self.sites.calls(node).items() if self._audit.records.is_log_line(view))

    def _always_logs(self, node: int) -> bool:
        """Whether a function writes a log line whatever way it is left by."""
        known = self._logging.get(node)
        if known is None:
            self._logging[node] = False
            calls = (r for r in self.sites.calls(node) if self._is_logged_by(node, r))
            known = self._logging[node] = self.sites.flow(node).is_always_passed((*self._log_lines(node), *calls))
        return known

    def _is_logged_by(self, node: int, register: int) -> bool:
        callees = self.sites.callees(node, register)
        return bool(callees) and all(map(self._always_logs, callees))

    def _telling(self, node: int, error: int) -> frozenset[int]:
        """Registers that tell of an error: what was caught, and the one that is being handled (`traceback.format_exc()`)."""
        code = self.sites.code(node)
        asked = (r for r in self.sites.calls(node) if code.callee_name(r) in _CURRENT)
        return frozenset((error, *asked)) - {NO_SITE}

    def _handed(self, node: int, handler: int, error: int) -> list[int]:
        """Calls in a handler that hand the error to functions."""
        code, inside = self.sites.code(node), self.sites.flow(node).inside(handler)
        calls = (r for r in self.sites.calls(node) if self.sites.flow(node).block_of(r) in inside)
        telling = self._telling(node, error)
        return [r for r in calls if not telling.isdisjoint(code.closure(call_operands(code.scope.code[r])))]

    def _of_handler(self, node: int, place: int, handler: int, raised: Raised) -> Iterator[Fate]:
        flow, error = self.sites.flow(node), self.sites.flow(node).caught_at(handler)
        raises = flow.raised_in(handler)
        yield from self._of_exhausted(node, handler, raised)
        for again in raises:
            if self._is_recorded_before(node, handler, again):
                yield Fate(RECORDED, self.catching.name(node, handler))
            else:
                made = self.class_raised(node, again) or raised.error
                yield from self._find(node, again, replace(raised, error=made))
        if raises and flow.leads_to(handler, place):
            return  # it is tried again until it is raised
        closed = self.sites.resolution.sides_never_taken(node)
        closed |= Flags(self.sites.code(node), flow, frozenset()).after_error(place, handler)
        noted = self._collected.noted(node, handler)
        closed |= frozenset(self._sides_for_one(node, handler, error, raised)) if raises or noted else frozenset()
        repeated = self._recurring.repeating(node, place, error)
        if raises and flow.is_passed_from(handler, repeated, error, closed):
            return
        retried = (place, *repeated, *self._tried_again(node, place))
        raising = noted.union(retried, self._raised_by_calls(node, error))
        each = is_handed_to_each(self.sites.code(node), flow, handler, error)
        if each or flow.is_passed_from(handler, raising, error, closed):
            yield from self._find(node, flow.start_of(handler), raised)
            return
        name = _FINALLY if _is_finally(flow, handler) else self.catching.name(node, handler)
        handed = self._handed(node, handler, error)
        marks = self._marks(node, place).union(raising, self._noted(node, handler), self._audit.marks(node) & {*handed})
        if flow.is_passed_from(handler, marks, error, closed):
            yield Fate(RECORDED, name)
            return
        stored = [register for register in handed if self._storing.keeps(node, register, self._telling(node, error))]
        if stored and flow.is_passed_from(handler, marks.union(stored), error, closed):
            yield Fate(STORED, name, keeper=self.sites.code(node).callee_name(stored[0]))
            return
        logs = self._log_lines(node).union(r for r in handed if self._is_logged_by(node, r))
        # A line for each of the things that failed (`for url in urls: logger.error(url)`) counts as one.
        is_logged = not logs.isdisjoint(flow.looped_in(handler))
        is_logged = is_logged or flow.is_passed_from(handler, logs | marks, error, closed)
        answers = flow.is_passed_from(handler, self._answers(node, handler, error), error, closed)
        sent = [register for register in handed if self.sites.leads_to_effect(node, register)]
        is_sent = bool(sent) and flow.is_passed_from(handler, frozenset(sent), error, closed)
        teller = self.sites.code(node).callee_name(sent[0]) if is_sent else ""
        yield Fate(LOGGED if is_logged else SILENT, name, teller=teller, is_answer=answers)

    def _marks(self, node: int, place: int) -> frozenset[int]:
        """Records of a function, without those of effects of another kind than what has failed at a place."""
        marks = self._audit.marks(node)
        others = frozenset(mark for mark in marks if self._audit.is_of_another(node, mark))
        code = self.sites.code(node)
        failed = awaited(code, place) if others and code.scope.code[place][0] in AWAITING else (place,)
        kinds = frozenset(kind for call in failed for kind in self._kinds(node, call)) if others else frozenset()
        return marks - {mark for mark in others if kinds and kinds.isdisjoint(self._kinds(node, mark))}

    def _kinds(self, node: int, register: int) -> frozenset[str]:
        """The kinds of the effects at a site and behind it."""
        behind = self.sites.graph.reached_from(self.sites.callees(node, register))
        return frozenset(
            effect.kind
            for effect in self.sites.effects
            if effect.is_commitment
            if not behind.isdisjoint(effect.nodes)
            or (node in effect.nodes and self.sites.register(node, effect.call) == register)
        )

    def _sides_for_one(self, node: int, handler: int, error: int, raised: Raised) -> Iterator[Side]:
        """Sides of tests in a handler that are taken for one particular error only (`if error.code == "exists"`): not for a
        class that the error may be of, which is another way of writing `except`."""
        flow, code = self.sites.flow(node), self.sites.code(node)
        for block in sorted(flow.inside(handler)) if error >= 0 else ():
            record = flow.scope.blocks[block]
            side = particular_side(flow.scope, record.test, error) if record.test >= 0 else NO_SITE
            if side >= 0 and len(record.successors) > 1:
                asked = asked_classes(code, record.test, error)
                classes = tuple(value for types in asked for value in self.sites.resolution.values(node, types))
                if not classes or not self.catching.may_be(classes, raised):
                    yield block, record.successors[side]

    def _answers(self, node: int, handler: int, error: int) -> frozenset[int]:
        """Places at which the error that a handler caught is given back to the caller: `return {"error": str(error)}`."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        telling = self._telling(node, error)
        found = (r for r, i in enumerate(code.scope.code) if i[0] == ir.RETURN and flow.leads_to(handler, r))
        return frozenset(r for r in found if not telling.isdisjoint(code.closure((code.scope.code[r][1],))))

    def _of_exhausted(self, node: int, handler: int, raised: Raised) -> Iterator[Fate]:
        """What becomes of an error that a handler retries, where another one is for what comes when no retries are left."""
        flow, code = self.sites.flow(node), self.sites.code(node).scope.code
        inside = flow.inside(handler)
        for register, view in self.sites.calls(node).items():
            if flow.block_of(register) not in inside or view.spelling not in self._raising_names:
                continue
            for other in flow.handlers(flow.block_of(register)) if not _is_told(code[register]) else ():
                if other != handler and self.catching.is_for_exhausted(self.catching.types(node, other)):
                    yield from self._of_handler(node, register, other, raised)

    def _is_recorded_before(self, node: int, handler: int, place: int) -> bool:
        """Whether a handler writes a record before it raises the error again."""
        flow = self.sites.flow(node)
        inside = flow.inside(handler)
        return flow.is_preceded(place, [m for m in self._audit.marks(node) if flow.block_of(m) in inside])

    def _tried_again(self, node: int, place: int) -> Iterator[int]:
        """Other calls of what is called at a place (`bot.send(moved.new_chat)` after `bot.send(chat)`). A request of an HTTP
        client may be to anybody."""
        code, calls = self.sites.code(node), self.sites.calls(node)
        here = awaited(code, place) if code.scope.code[place][0] in AWAITING else (place,)
        names = {name for call in here if call in calls for name in calls[call].names}
        names = {name for name in names if not self._clients.find(name)}
        yield from (r for r, view in calls.items() if r not in here and not names.isdisjoint(view.names))

    def is_raise(self, node: int, place: int) -> bool:
        """Whether an error is raised at a place."""
        return bool(self.sites.code(node).scope.code[place][0] == ir.RAISE)

    def class_raised(self, node: int, place: int) -> str:
        """The class of the error that a `raise` makes; "" where it raises what was caught, or that is not known."""
        code = self.sites.code(node).scope.code
        raised = code[place][1]
        made = code[raised][1] if code[raised][0] == ir.CALL else raised
        values = self.sites.resolution.values(node, made) if code[made][0] in (ir.NAME, ir.ATTR) else ()
        names = {value.name for value in values if isinstance(value, Symbol)}
        return names.pop().removesuffix("()") if len(names) == len(values) == 1 else ""

    def _raised_by_calls(self, node: int, error: int) -> Iterator[int]:
        """Places at which the error goes on: `self.retry(...)`, `sys.exit(1)`, calls of functions that never return, the
        error handed to a function that came as an argument and is not known, or raised later on."""
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.RAISE:
                closure = code.closure((register,)) if error >= 0 else frozenset()
                if error in closure:
                    yield register
                    yield from (place for place in closure if self._collects(code, place, error))
            elif instruction[0] == ir.CALL and self._raises(node, register, instruction, error):
                yield register

    def _noted(self, node: int, handler: int) -> frozenset[int]:
        """Places at which a handler puts something into a collection that goes on record later (`failed.append(name)`)."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        inside = flow.inside(handler)
        later = (m for m in self._audit.marks(node) if flow.block_of(m) not in inside and flow.leads_to(handler, m))
        recorded = code.closure(
            o for m in later if code.scope.code[m][0] == ir.CALL for o in call_operands(code.scope.code[m])
        )
        displays = (place for place in recorded if code.scope.code[place][0] in _COLLECTIONS)
        return frozenset(p for place in displays for p in code.fillers(place) if flow.block_of(p) in inside)

    def _collects(self, code: ScopeCode, place: int, error: int) -> bool:
        """Whether a call puts the error into a collection (`failed.append((name, error))`)."""
        instruction = code.scope.code[place]
        return instruction[0] == ir.CALL and code.is_filler(place) and error in code.closure(call_operands(instruction))

    def _raises(self, node: int, register: int, instruction: ir.Instruction, error: int) -> bool:
        is_known = bool(self.sites.callees(node, register))
        if register in self.sites.endings(node) or is_handed_on(self.sites.code(node), instruction, error, is_known):
            return True
        method = self.sites.code(node).callee_name(register)
        if method not in self._raising_names:
            return False
        own = (f"{task}().{method}" for task in self._tasks_of(node, register))
        return any(map(self._raising.find, (*self.sites.calls(node)[register].names, *own)))

    def _tasks_of(self, node: int, register: int) -> Iterator[str]:
        """Classes of the tasks that the call at a site dispatches, by a method that a framework gives them (`refund.retry()`)."""
        if self._units is None:
            registrations = self.sites.resolution.registrations()
            self._units = {one.function: one.framework for one in registrations if one.slot == "unit"}
        definitions = self.sites.definitions
        for edge in self.sites.edges(node).get(register, ()):
            if edge.kind != CALL_EDGE:
                framework = self._units.get(self.sites.graph.nodes[edge.target].function)
                owner = definitions.enclosing_class(self.sites.scope_of(edge.target))
                yield from (f"{framework}.Task",) if framework else ()
                yield from definitions.resolution.bases(*owner) if owner is not None else ()


def _is_told(call: ir.Instruction) -> bool:
    """Whether a retry is told what to raise in the end."""
    return call[0] == ir.CALL and any(name == _TOLD for name, _ in call[3])


def _is_finally(flow: Flow, handler: int) -> bool:
    """Whether the handler is the `finally` of a `try`, which is left by a `return` of its own."""
    following = flow.scope.blocks[handler].successors
    final = following[0] if following else handler
    return flow.caught_at(handler) < 0 and flow.scope.blocks[final].role == "finally" and flow.returns_in(final)
