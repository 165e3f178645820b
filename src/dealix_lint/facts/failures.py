"""What becomes of an effect's error: where it is caught, and whether anything remains of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dealix_lint.facts.audit import Audit
from dealix_lint.facts.catching import Catching, Raised, label
from dealix_lint.facts.code import AWAITING, ScopeCode, call_operands
from dealix_lint.facts.flow import Flow, Side
from dealix_lint.facts.gathering import Gathering
from dealix_lint.facts.giving_up import GivingUp
from dealix_lint.facts.managers import Managers
from dealix_lint.facts.outcome import particular_side
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import AuditNames
from dealix_lint.model.text import Symbol

ESCAPES, RECORDED, LOGGED, SILENT = "escapes", "recorded", "logged", "silent"
"""What happens to the error of a call in a function: it goes on to the caller, it is put on record, only a log line
tells of it, or nothing does."""

_FINALLY: Final = "finally: return"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a function does with the error of one of its calls; `handler`: how people know the handler (`except
    Exception`); `error`: the class of what goes on to the caller in its place (`raise SendError() from error`)."""

    kind: str
    handler: str = ""
    error: str = ""


class Failures:
    """Error handling around call sites. `clients`: access paths of HTTP clients."""

    __slots__ = (
        "_audit",
        "_catching",
        "_clients",
        "_fates",
        "_gathering",
        "_giving_up",
        "_inside",
        "_managers",
        "_raising",
        "_raising_names",
        "sites",
    )

    def __init__(self, sites: Sites, audit: Audit, names: AuditNames, clients: tuple[str, ...] = ()) -> None:
        self.sites = sites
        self._clients = PatternIndex((path, True) for path in clients)
        self._audit = audit
        self._raising = PatternIndex((pattern, True) for pattern in names.raising)
        self._raising_names = frozenset(pattern.rpartition(".")[2] for pattern in names.raising)
        self._catching = Catching(sites, names)
        self._managers = Managers(sites)
        self._gathering = Gathering(sites)
        self._giving_up = GivingUp(sites, names.given_up)
        self._inside: set[tuple[int, int]] = set()
        self._fates: dict[tuple[int, int, Raised], tuple[Fate, ...]] = {}

    def fates(self, node: int, register: int, edge: Edge | None, raised: Raised) -> tuple[Fate, ...]:
        """What the function may do with an error that the call at a site raises."""
        if register == NO_SITE or (edge is not None and not self._audit.returns_after(node, register, edge)):
            return (Fate(ESCAPES, error=raised.error),)
        key = node, register, raised
        known = self._fates.get(key)
        if known is None:
            known = self._fates[key] = self._of_call(node, register, raised)
        return known

    def _of_call(self, node: int, register: int, raised: Raised) -> tuple[Fate, ...]:
        if self._gathering.drops(node, register):
            return (Fate(SILENT, "gather(return_exceptions=True)"),)
        found = list(self._find(node, self._raising_place(node, register), raised))
        given_up = self._giving_up.label(node)
        if given_up and any(fate.kind == ESCAPES for fate in found):
            found.append(Fate(SILENT, given_up))
        return tuple(dict.fromkeys(found))

    def reaches_caller(self, node: int, edge: Edge) -> bool:
        """Whether an error behind an edge comes back to the function that the edge leaves."""
        register = self.sites.register(node, edge.place)
        return register != NO_SITE and self._audit.returns_after(node, register, edge)

    def _raising_place(self, node: int, register: int) -> int:
        """Where the error of a coroutine comes up: where it is awaited."""
        code = self.sites.code(node).scope.code
        awaits = (place for place, i in enumerate(code) if i[0] in AWAITING and register in _awaited(code, place))
        return next(awaits, register)

    def _find(self, node: int, place: int, raised: Raised) -> Iterator[Fate]:
        """What becomes of an error that comes up at a place: each handler and context manager around it, from the inside,
        takes those that it catches."""
        flow, managers = self.sites.flow(node), list(self._managers.around(node, place))
        for handler in (*flow.handlers(flow.block_of(place)), NO_SITE):
            inner = [m for m in managers if handler == NO_SITE or handler in flow.handlers(flow.block_of(m))]
            managers = [manager for manager in managers if manager not in inner]
            for manager in inner:
                fates = self._of_manager(node, manager, raised)
                yield from (fate for fate in fates if fate.kind != ESCAPES)
                if fates and all(fate.kind != ESCAPES for fate in fates):
                    return
            caught = self._catching.types(node, handler) if handler != NO_SITE else ()
            if handler != NO_SITE and self._catching.may_be(caught, raised):
                yield from self._of_handler(node, place, handler, raised)
                if self._catching.are_all(caught, raised):
                    return
        yield Fate(ESCAPES, error=raised.error)

    def _of_manager(self, node: int, enter: int, raised: Raised) -> list[Fate]:
        """What a context manager of the project does with the error; nothing where it is not known."""
        name = f"with {self.sites.code(node).callee_name(self.sites.code(node).scope.code[enter][1])}()"
        found = [Fate(self._kept(method), name) for method in self._managers.swallowing_exits(node, enter)]
        for generator, place in self._managers.yields(node, enter):
            if (generator, place) not in self._inside:
                self._inside.add((generator, place))
                found += (replace(fate, handler=name) for fate in self._find(generator, place, raised))
                self._inside.discard((generator, place))
        return found

    def _kept(self, node: int) -> str:
        """What is left of an error in a function that is told of it."""
        flow, marks = self.sites.flow(node), self._audit.marks(node)
        if flow.is_always_passed(marks):
            return RECORDED
        return LOGGED if flow.is_always_passed(marks | self._log_lines(node)) else SILENT

    def _log_lines(self, node: int) -> frozenset[int]:
        return frozenset(r for r, view in self.sites.calls(node).items() if self._audit.records.is_log_line(view))

    def _of_handler(self, node: int, place: int, handler: int, raised: Raised) -> Iterator[Fate]:
        flow, error = self.sites.flow(node), self.sites.flow(node).caught_at(handler)
        raises = flow.raised_in(handler)
        for again in raises:
            yield from self._find(node, again, replace(raised, error=self._class_raised(node, again) or raised.error))
        if raises and flow.leads_to(handler, place):
            return  # it is tried again until it is raised
        closed = _sides_for_one(flow, handler, error) if raises else frozenset()
        if raises and flow.is_passed_from(handler, (), error, closed):
            return
        raising = frozenset((place, *self._tried_again(node, place), *self._raised_by_calls(node, error)))
        if flow.is_passed_from(handler, raising, error, closed):
            yield from self._find(node, flow.start_of(handler), raised)
            return
        name = _FINALLY if _is_finally(flow, handler) else label(self._catching.types(node, handler))
        marks = self._audit.marks(node) | raising
        if flow.is_passed_from(handler, marks, error, closed):
            yield Fate(RECORDED, name)
            return
        logs = self._log_lines(node)
        # A line for each of the things that failed (`for url in urls: logger.error(url)`) counts as one.
        is_logged = not logs.isdisjoint(flow.looped_in(handler))
        is_logged = is_logged or flow.is_passed_from(handler, logs | marks, error, closed)
        yield Fate(LOGGED if is_logged else SILENT, name)

    def _tried_again(self, node: int, place: int) -> Iterator[int]:
        """Other calls of what is called at a place (`bot.send(moved.new_chat)` after `bot.send(chat)`). A request of an HTTP
        client may be to anybody."""
        code, calls = self.sites.code(node).scope.code, self.sites.calls(node)
        here = _awaited(code, place) if code[place][0] in AWAITING else (place,)
        names = {name for call in here if call in calls for name in calls[call].names}
        names = {name for name in names if not self._clients.find(name)}
        yield from (r for r, view in calls.items() if r not in here and not names.isdisjoint(view.names))

    def _class_raised(self, node: int, place: int) -> str:
        """The class of the error that a `raise` makes; "" where it raises what was caught, or that is not known."""
        code = self.sites.code(node).scope.code
        raised = code[place][1]
        made = code[raised][1] if code[raised][0] == ir.CALL else raised
        values = self.sites.resolution.values(node, made) if code[made][0] in (ir.NAME, ir.ATTR) else ()
        names = {value.name for value in values if isinstance(value, Symbol)}
        return names.pop().removesuffix("()") if len(names) == len(values) == 1 else ""

    def _raised_by_calls(self, node: int, error: int) -> Iterator[int]:
        """Places at which the error goes on: `self.retry(...)`, `sys.exit(1)`, calls of functions that never return, the
        error handed to a function that came as an argument, or raised later on."""
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.RAISE:
                closure = code.closure((register,)) if error >= 0 else frozenset()
                if error in closure:
                    yield register
                    yield from (place for place in closure if self._collects(code, place, error))
            elif instruction[0] == ir.CALL and self._raises(node, register, instruction, error):
                yield register

    def _collects(self, code: ScopeCode, place: int, error: int) -> bool:
        """Whether a call puts the error into a collection (`failed.append((name, error))`)."""
        instruction = code.scope.code[place]
        return instruction[0] == ir.CALL and code.is_filler(place) and error in code.closure(call_operands(instruction))

    def _raises(self, node: int, register: int, instruction: ir.Instruction, error: int) -> bool:
        if register in self.sites.endings(node) or self._is_handed_on(self.sites.code(node), instruction, error):
            return True
        if self.sites.code(node).callee_name(register) not in self._raising_names:
            return False
        return any(map(self._raising.find, self.sites.calls(node)[register].names))

    def _is_handed_on(self, code: ScopeCode, instruction: ir.Instruction, error: int) -> bool:
        if error < 0 or error not in call_operands(instruction):
            return False
        called = code.scope.code[instruction[1]]
        return called[0] in (ir.PARAM, ir.FREE) or (called[0] == ir.ATTR and called[2] == "set_exception")


def _is_finally(flow: Flow, handler: int) -> bool:
    """Whether the handler is the `finally` of a `try`, which is left by a `return` of its own."""
    following = flow.scope.blocks[handler].successors
    final = following[0] if following else handler
    return flow.caught_at(handler) < 0 and flow.scope.blocks[final].role == "finally" and flow.returns_in(final)


def _sides_for_one(flow: Flow, handler: int, error: int) -> frozenset[Side]:
    """Sides of tests in a handler that are taken for one particular error only (`if error.code == "exists"`)."""
    tests = ((block, flow.scope.blocks[block]) for block in sorted(flow.inside(handler)))
    return frozenset(
        (block, record.successors[side])
        for block, record in tests
        if record.test >= 0 and error >= 0 and len(record.successors) > 1
        for side in (particular_side(flow.scope, record.test, error),)
        if side >= 0
    )


def _awaited(code: tuple[ir.Instruction, ...], place: int) -> tuple[int, ...]:
    """The calls whose coroutine is awaited at a place: one, the alternatives of `await (a() if x else b())`, those that a task
    is made of (`await create_task(a())`)."""
    register: int = code[place][1]
    if code[register][0] == ir.PHI:
        return (register, *code[register][1])
    handed = tuple(call_operands(code[register])) if code[register][0] == ir.CALL else ()
    return (register, *(value for value in handed if code[value][0] == ir.CALL))
