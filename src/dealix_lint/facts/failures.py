"""What becomes of an effect's error: where it is caught, and whether anything remains of it."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dealix_lint.facts.audit import Audit
from dealix_lint.facts.code import AWAITING, ScopeCode, call_operands
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import AuditNames
from dealix_lint.model.text import ArgumentValue, Sequence, Symbol

ESCAPES, RECORDED, LOGGED, SILENT = "escapes", "recorded", "logged", "silent"
"""What happens to the error of a call in a function: it goes on to the caller, it is put on record, only a log line
tells of it, or nothing does."""

_EVERYTHING: Final = frozenset({"<builtin>.Exception", "<builtin>.BaseException"})
_TRANSPORT: Final = frozenset(
    {
        "OSError",
        "IOError",
        "EnvironmentError",
        "ConnectionError",
        "TimeoutError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "error",  # of `socket`, like the following: other names of the above
        "timeout",
        "gaierror",
        "herror",
    }
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a function does with the error of one of its calls; `handler`: how people know the handler (`except
    Exception`); `error`: the class of what goes on to the caller in its place (`raise SendError() from error`)."""

    kind: str
    handler: str = ""
    error: str = ""


class Failures:
    """Error handling around call sites. `clients`: access paths of HTTP clients."""

    __slots__ = ("_audit", "_caught", "_clients", "_fates", "_raising", "_raising_names", "sites")

    def __init__(self, sites: Sites, audit: Audit, names: AuditNames, clients: tuple[str, ...] = ()) -> None:
        self.sites = sites
        self._clients = PatternIndex((path, True) for path in clients)
        self._audit = audit
        self._raising = PatternIndex((pattern, True) for pattern in names.raising)
        self._raising_names = frozenset(pattern.rpartition(".")[2] for pattern in names.raising)
        self._caught: dict[tuple[int, int], tuple[ArgumentValue, ...] | None] = {}
        self._fates: dict[tuple[int, int, frozenset[str], str], Fate] = {}

    def fate(self, node: int, register: int, edge: Edge | None, libraries: frozenset[str], error: str = "") -> Fate:
        """What the function does with an error that the call at a site raises. `libraries`: the packages whose errors
        they may be, besides those of the network; `error`: the class of what was raised in their place."""
        if register == NO_SITE or (edge is not None and not self._audit.returns_after(node, register, edge)):
            return Fate(ESCAPES, error=error)
        key = node, register, libraries, error
        known = self._fates.get(key)
        if known is None:
            known = self._fates[key] = self._find(node, self._raising_place(node, register), libraries, error)
        return known

    def reaches_caller(self, node: int, edge: Edge) -> bool:
        """Whether an error behind an edge comes back to the function that the edge leaves."""
        register = self.sites.register(node, edge.place)
        return register != NO_SITE and self._audit.returns_after(node, register, edge)

    def _raising_place(self, node: int, register: int) -> int:
        """Where the error of a coroutine comes up: where it is awaited."""
        code = self.sites.code(node).scope.code
        awaits = (place for place, i in enumerate(code) if i[0] in AWAITING and register in _awaited(code, place))
        return next(awaits, register)

    def _find(self, node: int, place: int, libraries: frozenset[str], error: str) -> Fate:
        flow = self.sites.flow(node)
        for handler in flow.handlers(flow.block_of(place)):
            caught = self._types(node, handler)
            if caught is None or any(self._may_be(value, libraries, error) for value in caught):
                return self._of_handler(node, place, handler, caught, (libraries, error))
        return Fate(ESCAPES, error=error)

    def _of_handler(
        self,
        node: int,
        place: int,
        handler: int,
        caught: tuple[ArgumentValue, ...] | None,
        raised: tuple[frozenset[str], str],
    ) -> Fate:
        flow, label = self.sites.flow(node), _label(caught)
        error = flow.caught_at(handler)
        again = flow.raised_again(handler)
        if again >= 0:
            return self._find(node, again, raised[0], self._class_raised(node, again) or raised[1])
        raising = frozenset((place, *self._tried_again(node, place), *self._raised_by_calls(node, error)))
        if flow.is_passed_from(handler, raising, error):
            return self._find(node, flow.start_of(handler), *raised)
        marks = self._audit.marks(node) | raising
        if flow.is_passed_from(handler, marks, error):
            return Fate(RECORDED, label)
        logs = {r for r, view in self.sites.calls(node).items() if self._audit.records.is_log_line(view)}
        # A line for each of the things that failed (`for url in urls: logger.error(url)`) counts as one.
        is_logged = flow.is_passed_from(handler, logs | marks, error) or not logs.isdisjoint(flow.looped_in(handler))
        return Fate(LOGGED if is_logged else SILENT, label)

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
                if error >= 0 and error in code.closure((register,)):
                    yield register
            elif instruction[0] == ir.CALL and self._raises(node, register, instruction, error):
                yield register

    def _raises(self, node: int, register: int, instruction: ir.Instruction, error: int) -> bool:
        if self._never_returns(node, register) or self._is_handed_on(self.sites.code(node), instruction, error):
            return True
        if self.sites.code(node).callee_name(register) not in self._raising_names:
            return False
        return any(map(self._raising.find, self.sites.calls(node)[register].names))

    def _never_returns(self, node: int, register: int) -> bool:
        callees = self.sites.callees(node, register)
        return bool(callees) and all(self.sites.flow(callee).never_returns() for callee in callees)

    def _is_handed_on(self, code: ScopeCode, instruction: ir.Instruction, error: int) -> bool:
        if error < 0 or error not in call_operands(instruction):
            return False
        called = code.scope.code[instruction[1]]
        return called[0] in (ir.PARAM, ir.FREE) or (called[0] == ir.ATTR and called[2] == "set_exception")

    # -- what a handler catches ---------------------------------------------------------------------------------

    def _types(self, node: int, handler: int) -> tuple[ArgumentValue, ...] | None:
        """Classes that a handler catches; None for all errors."""
        key = node, handler
        if key not in self._caught:
            flow, code = self.sites.flow(node), self.sites.code(node)
            register = flow.caught_at(handler)
            if register >= 0:
                values = self.sites.resolution.values(node, code.scope.code[register][1])
                self._caught[key] = values or (Symbol(""),)
            else:
                self._caught[key] = self._suppressed(node, handler)
        return self._caught[key]

    def _suppressed(self, node: int, handler: int) -> tuple[ArgumentValue, ...] | None:
        """Classes named in the `with suppress(...)` whose end the handler is; None for a bare `except`."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        start = flow.before_handler(handler)
        managers = [i[1] for r, i in enumerate(code.scope.code) if i[0] == ir.ENTER and flow.block_of(r) == start]
        if not managers or code.callee_name(managers[-1]) != "suppress":
            return None
        view = self.sites.calls(node).get(managers[-1])
        return tuple(value for values in view.arguments for value in values) if view is not None else None

    def _may_be(self, value: ArgumentValue, libraries: frozenset[str], error: str) -> bool:
        """Whether an error of that class may be one of the effect's, or the one that was raised in its place."""
        if isinstance(value, Sequence):
            return any(self._may_be(element, libraries, error) for element in value.elements)
        if not isinstance(value, Symbol):
            return False
        if error:
            return value.name in _EVERYTHING or value.name in self._lineage(error)
        return any(self._is_failure(name, libraries) for name in self._ancestry(value.name))

    def _lineage(self, name: str) -> tuple[str, ...]:
        """An error's class and all that it is derived from, as far as that is known."""
        place = self.sites.definitions.find_class(name)
        bases = (name,) if place is None else self.sites.resolution.bases(*place)
        builtin = (vars(builtins).get(base.removeprefix("<builtin>."), None) for base in bases)
        known = [c for b in builtin if isinstance(b, type) and issubclass(b, BaseException) for c in b.__mro__]
        return (name, *bases, *(f"<builtin>.{c.__name__}" for c in known))

    def _ancestry(self, name: str) -> tuple[str, ...]:
        """A first-party error counts as the external ones it is derived from."""
        place = self.sites.definitions.find_class(name)
        if place is None:
            return (name,)
        bases = self.sites.resolution.bases(*place)[1:]
        return tuple(base for base in bases if base.split(".")[0] not in ("<builtin>", "builtins", "typing"))

    def _is_failure(self, name: str, libraries: frozenset[str]) -> bool:
        if name in _EVERYTHING:
            return True
        root, _, rest = name.partition(".")
        return rest in _TRANSPORT if root in ("<builtin>", "socket") else root in libraries


def _awaited(code: tuple[ir.Instruction, ...], place: int) -> tuple[int, ...]:
    """The calls whose coroutine is awaited at a place: one, or the alternatives of `await (a() if x else b())`."""
    register: int = code[place][1]
    return (register, *code[register][1]) if code[register][0] == ir.PHI else (register,)


def _label(caught: tuple[ArgumentValue, ...] | None) -> str:
    """`except (A, B)`, by the last names of the classes."""
    names = sorted(set(_class_names(caught or ())))
    return f"except {names[0] if len(names) == 1 else '(' + ', '.join(names) + ')'}" if names else "except"


def _class_names(values: tuple[ArgumentValue, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Sequence):
            yield from _class_names(value.elements)
        elif isinstance(value, Symbol):
            yield value.name.rpartition(".")[2]
