"""Coroutines that are made and never run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dealix_lint.facts.bridges import Bridges
from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.marks import only_marks
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, HIGH, Edge, ExternalCall, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CoroutineNames
from dealix_lint.model.resolved import Decorator
from dealix_lint.model.text import Symbol

_JOINS: Final = frozenset({ir.PHI, ir.NARROW, ir.DECLARED})
_CONTAINERS: Final = frozenset({ir.TUPLE, ir.LIST, ir.DICT, ir.SET, ir.COLLECT})
_ALIASES: Final = _JOINS | _CONTAINERS | {ir.ITEM, ir.ITERATE}
_TOUCHES: Final = frozenset({ir.LOGIC, ir.SUBSCRIPT, ir.TEXT, ir.BINARY})
_LOOKING: Final = frozenset({"len", "bool", "print", "repr", "str", "isinstance", "type", "id"})
_COPYING: Final = frozenset({"list", "tuple", "set", "sorted", "reversed", "enumerate"})
_MAKING: Final = frozenset({"list", "set", "dict"})
_MAPPING: Final = "map"
_TARGETS: Final = frozenset({"target", "func", "function", "callback"})
_DEPTH: Final = 3
_OWN_ATTRIBUTES: Final = frozenset({"send", "throw", "close"})
_GIVING: Final = frozenset({"values", "items", "get", "pop", "popitem", "popleft", "copy"})
"""Methods of containers that give what is in them."""
_RESULT: Final = "result"  # of a future


class Coroutines:
    """Calls that only make a coroutine, and what becomes of it."""

    __slots__ = (
        "_bridges",
        "_calling",
        "_calls",
        "_dropping",
        "_is_coroutine",
        "_starting",
        "_threading",
        "_transparent",
        "sites",
    )

    def __init__(self, sites: Sites, names: CoroutineNames) -> None:
        self.sites = sites
        self._transparent, self._calls, self._calling, self._starting, self._threading = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.transparent, names.calls, names.calling, names.starting, names.threading)
        )
        self._dropping = PatternIndex((pattern, True) for pattern in names.dropping)
        self._bridges = Bridges(sites, names.bridging)
        self._is_coroutine: dict[int, bool] = {}

    def dropped(self, node: int) -> Iterator[tuple[int, int]]:
        """Sites in a node at which a coroutine that performs an effect is made and dropped, with the confidence that
        it is one."""
        for register, edges in sorted(self.sites.edges(node).items()):
            leads = register != NO_SITE and any(edge.target in self.sites.reaching for edge in edges)
            makes_one = leads and self._makes_one(node, register, edges)
            if makes_one and self._comes_to_nothing(node, register) and self._is_never_plain(node, register):
                yield register, min(edge.confidence for edge in edges)
        for other, register in sorted(self.sites.effect_sites):
            if other == node and register != NO_SITE and not self.sites.edges(node).get(register):
                view = self.sites.calls(node).get(register)
                names = view.names if view is not None else ()
                if names and all(map(self._calls.find, names)) and self.is_dropped(node, register):
                    yield register, HIGH

    def _comes_to_nothing(self, node: int, register: int) -> bool:
        """Whether what a call makes is dropped; a generator is not, whatever is done with it."""
        edges = self.sites.edges(node).get(register, ())
        if not any(self.sites.code(edge.target).scope.is_generator for edge in edges):
            return self.is_dropped(node, register)
        code = self.sites.code(node)
        kept = (r for _, registers in (*code.scope.exports, *code.scope.cells) for r in registers)
        return not any(_users(code, register)) and register not in kept

    def registered(self) -> Iterator[tuple[ExternalCall, int]]:
        """Calls that register a coroutine function with what later calls it and does not await, with a node of that
        function, where no edge leads from the call to it."""
        for call in self.sites.resolution.external_calls(lambda path: bool(self._starting.find(path))):
            if self.sites.edges(call.node).get(self.sites.register(call.node, call.place)):
                continue
            given = (*call.arguments, *(values for _, values in call.keywords))
            names = {value.name for values in given for value in values if isinstance(value, Symbol)}
            nodes = [node for name in sorted(names) for node in self._nodes_named(name)]
            yield from ((call, node) for node in nodes[:1] if all(map(self._is_one, nodes)))

    def made_tasks(self) -> Iterator[tuple[Place, int]]:
        """The `def` of coroutine functions that a decorator makes a task of, for something that calls it and does not await,
        with a node of each; a class of the task may do otherwise."""
        for place in self.sites.definitions.decorated():
            scope = self.sites.definitions.scope(place)
            if scope.kind != "function" or not scope.is_async or scope.is_generator:
                continue
            decorators = self.sites.resolution.decorators(*place)
            making = [d for d in decorators if d.names and all(map(self._dropping.find, d.names))]
            around = [d for d in decorators if d not in making]
            if making and not dict(making[0].keywords).get("base") and self._are_transparent(around):
                yield from ((Place(*place, -1), n) for n in self._nodes_named(self.sites.definitions.name(place))[:1])

    def _are_transparent(self, decorators: Iterable[Decorator]) -> bool:
        return all(
            (d.names and all(map(self._transparent.find, d.names))) or only_marks(self.sites.definitions, d)
            for d in decorators
        )

    def _nodes_named(self, function: str) -> tuple[int, ...]:
        nodes = self.sites.nodes_of(function)
        return tuple(node for node in nodes if self.sites.graph.nodes[node].function == function)

    def _makes_one(self, node: int, register: int, edges: tuple[Edge, ...]) -> bool:
        if self.sites.code(node).scope.code[register][0] != ir.CALL:
            return False
        if self._is_called(node, register, self._starting) or self._is_called(node, register, self._threading):
            return all(map(self._is_one, {edge.target for edge in edges}))
        if not all(edge.kind == CALL_EDGE for edge in edges) and not self._is_misplaced(node, register):
            return False
        if not all(self._is_one(edge.target) for edge in edges) or not self._is_direct(node, register, edges):
            return False
        return not self._bridges.is_call_of_one(node, register)

    def _is_misplaced(self, node: int, register: int) -> bool:
        """Whether a coroutine stands where something that can be called belongs: `tasks.add_task(send(order))`."""
        code = self.sites.code(node)
        users = [user for user in _users(code, register) if code.scope.code[user][0] == ir.CALL]
        return bool(users) and not any(self._uses_up(node, user, register) for user in users)

    def _is_never_plain(self, node: int, register: int) -> bool:
        """Whether the call makes coroutines in every context: a helper that is handed plain functions by others does not
        await, and who hands it a coroutine function knows what for (`run(callback)`, `_sync.push()`)."""
        nodes = self.sites.nodes_of(self.sites.graph.nodes[node].function)
        return all(self._is_one(edge.target) for n in nodes for edge in self.sites.edges(n).get(register, ()))

    def _is_direct(self, node: int, register: int, edges: tuple[Edge, ...]) -> bool:
        """Whether the functions are what the call names, not what a library calls back."""
        if _builtin(self.sites.code(node), register) == _MAPPING:
            return True
        view = self.sites.calls(node).get(register)
        names = view.names if view is not None else ()
        return all(self.sites.graph.nodes[edge.target].function in names for edge in edges)

    def _is_called(self, node: int, register: int, patterns: PatternIndex[bool]) -> bool:
        view = self.sites.calls(node).get(register)
        return view is not None and any(map(patterns.find, view.names))

    def _is_one(self, node: int) -> bool:
        """Whether calling the function only makes a coroutine, whatever decorates it."""
        known = self._is_coroutine.get(node)
        if known is None:
            place = self.sites.scope_of(node)
            scope = self.sites.definitions.scope(place)
            known = scope.is_async and self._stays_one(place)
            self._is_coroutine[node] = known
        return known

    def _stays_one(self, place: tuple[int, int]) -> bool:
        if not self.sites.definitions.scope(place).decorators:
            return True
        return self._are_transparent(self.sites.resolution.decorators(*place))

    def is_dropped(self, node: int, register: int, depth: int = _DEPTH) -> bool:
        """Whether nothing awaits, schedules, keeps or hands on the value of a register."""
        code = self.sites.code(node)
        kept = {r for _, registers in (*code.scope.exports, *code.scope.cells) for r in registers}
        pending = [register]
        if self._is_called(node, register, self._threading):
            pending = [user for user in _users(code, register) if code.scope.code[user][0] == ir.AWAIT] or pending
        seen = set(pending)
        while pending:
            value = pending.pop()
            if value in kept:
                return False
            for user in _users(code, value):
                instruction = code.scope.code[user]
                holder = _filled_with(code, user, value)
                if holder >= 0:
                    if holder not in seen:
                        seen.add(holder)
                        pending.append(holder)
                    continue
                if instruction[0] == ir.RETURN:
                    if not self._is_dropped_by_callers(node, depth):
                        return False
                elif _gives_it(code, user, value) or _builtin(code, user) in _COPYING:
                    if user not in seen:
                        seen.add(user)
                        pending.append(user)
                elif self._uses_up(node, user, value):
                    return False
        return True

    def _uses_up(self, node: int, user: int, value: int) -> bool:
        """Whether an instruction may run the coroutine, or gives it to something that may."""
        code = self.sites.code(node)
        instruction = code.scope.code[user]
        opcode = instruction[0]
        if opcode in _TOUCHES:
            return False
        if opcode == ir.ATTR:
            return instruction[2] in _OWN_ATTRIBUTES
        if opcode != ir.CALL:
            return True
        if value not in call_operands(instruction) or _builtin(code, user) in _LOOKING:
            return False
        is_callee = instruction[2][:1] == (value,) or any(k in _TARGETS and v == value for k, v in instruction[3])
        return not (is_callee and self._is_called(node, user, self._calling))

    def _is_dropped_by_callers(self, node: int, depth: int) -> bool:
        """Whether all who call the function drop what it gives back (an `async` one: what awaiting it gives back)."""
        if depth == 0 or self.sites.code(node).scope.is_generator or not self._stays_one(self.sites.scope_of(node)):
            return False
        callers = self._callers(node)
        for caller, edge in callers:
            code, site = self.sites.code(caller), self.sites.register(caller, edge.place)
            if edge.kind != CALL_EDGE or site == NO_SITE or not self._is_direct(caller, site, (edge,)):
                return False
            given = [site]
            if self.sites.code(node).scope.is_async:
                given = [r for r, i in enumerate(code.scope.code) if i[0] == ir.AWAIT and i[1] == site]
            if not given or not all(self.is_dropped(caller, register, depth - 1) for register in given):
                return False
        return bool(callers)

    def _callers(self, node: int) -> list[tuple[int, Edge]]:
        same = self.sites.nodes_of(self.sites.graph.nodes[node].function)
        return [caller for one in same for caller in self.sites.graph.callers[one]]


def _gives_it(code: ScopeCode, user: int, value: int) -> bool:
    """Whether an instruction gives the value again, or something that holds it: also what a container gives of what it
    holds (`jobs.values()`, `jobs["a"]`)."""
    instruction = code.scope.code[user]
    opcode = instruction[0]
    if opcode == ir.CALL:
        callee = code.scope.code[value]
        return bool(instruction[1] == value) and callee[0] == ir.ATTR and callee[2] in (*_GIVING, _RESULT)
    if opcode == ir.ATTR:
        return instruction[2] in (*_GIVING, _RESULT)
    return opcode in _ALIASES or (opcode == ir.SUBSCRIPT and _is_container(code, instruction[1]))


def _filled_with(code: ScopeCode, user: int, value: int) -> int:
    """The container of the same function that an instruction puts a value into, or that is the value and is filled;
    -1 for none."""
    instruction = code.scope.code[user]
    if instruction[0] == ir.SET_ITEM and value in (instruction[1], instruction[3]):
        holder = instruction[1]
    elif instruction[0] == ir.CALL and code.is_filler(user) and value in call_operands(instruction):
        holder = code.receiver(user)
    else:
        return -1
    return holder if holder >= 0 and _is_container(code, holder) else -1


def _is_container(code: ScopeCode, register: int, depth: int = _DEPTH) -> bool:
    """Whether a register holds what is displayed or collected in the same function."""
    instruction = code.scope.code[register]
    if instruction[0] in _JOINS and depth:
        parts = [part for part in operands(instruction) if part >= 0]
        return any(_is_container(code, part, depth - 1) for part in parts)
    return instruction[0] in _CONTAINERS or _builtin(code, register) in _MAKING


def _builtin(code: ScopeCode, register: int) -> str:
    """The name of the builtin that an instruction calls, as it is written; "" for anything else."""
    instruction = code.scope.code[register]
    callee = code.scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
    return str(callee[1]) if callee[0] == ir.NAME else ""


def _users(code: ScopeCode, value: int) -> Iterator[int]:
    return (register for register, instruction in enumerate(code.scope.code) if value in operands(instruction))
