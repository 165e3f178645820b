"""Clients that send a correlation id with every request: by default headers, hooks or transports of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.known_ids import KnownIds, Values
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.supply import CERTAIN, NOTHING, Supply
from dealix_lint.facts.variables import Variables
from dealix_lint.model import ir, text
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.summary import Scope

_Pair: TypeAlias = tuple[int | None, int]
"""Registers of a key and of what stands under it."""
_FILLED = (".headers.update", ".headers.setdefault", ".headers.add", ".params.update")
_MOUNTED = (".mount",)
_HEADERS = "headers"
_SIGNING = "auth"
"""The keyword for an object that completes each request before it is sent."""


class Clients:
    """What is known of the object that a call is made on, by the place where it was made."""

    __slots__ = (
        "_filled",
        "_ids",
        "_injectors",
        "_known",
        "_mounted",
        "_requesting",
        "_variables",
        "_writers",
        "sites",
    )

    def __init__(
        self,
        sites: Sites,
        ids: Spellings,
        injectors: PatternIndex[bool],
        variables: Variables,
        requesting: tuple[str, ...] = (),
    ) -> None:
        """`requesting`: methods of clients that each request goes through."""
        self.sites = sites
        self._variables = variables
        self._requesting = requesting
        self._mounted: dict[int, Supply] | None = None
        self._ids = ids
        self._injectors = injectors
        self._known = KnownIds(ids, trusts_parameters=True)
        self._filled: frozenset[int] | None = None
        self._writers: dict[str, Supply] = {}

    def bring(self, call: ExternalCall) -> Supply:
        """What the client of a call adds to what it sends."""
        made_with = [*call.creation_arguments, *(values for _, values in call.creation_keywords)]
        signing = [values for name, values in call.keywords if name == _SIGNING]
        if self._known.in_any(made_with) or call.creation in self._with_filled_headers():
            return CERTAIN
        found = Supply.joined(map(self.written_by, (*_symbols(signing), *_symbols(made_with))))
        found |= self._by_adapters().get(call.creation, NOTHING)
        if found.is_certain or self._has_filled_attribute(call):
            return CERTAIN
        return found | self._by_own_class(call)

    def _by_own_class(self, call: ExternalCall) -> Supply:
        """What a client of a class of the project adds to each request, or to its own headers."""
        receiver = _receiver(self.sites.code(call.node).scope, call.place.register)
        values = self.sites.resolution.values(call.node, receiver) if receiver >= 0 else ()
        names = [value.name for value in values if isinstance(value, text.Symbol) and value.name.endswith("()")]
        completed = [self._completed_by(name[:-2]) for name in names] if len(names) == len(values) else []
        return Supply.joined(completed) if all(supply.may_be for supply in completed) else NOTHING

    def _completed_by(self, name: str) -> Supply:
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        classes = [definitions.name(base) for base in definitions.mro(place)] if place is not None else []
        found = Supply.joined(self.written_by(f"{base}.{method}") for base in classes for method in self._requesting)
        made = (node for base in classes for node in self.sites.nodes_of(f"{base}.__init__"))
        keys = (key for node in made for key, _ in _written(self.sites.code(node).scope, own=True))
        return CERTAIN if any(map(self._ids.have, keys)) else found

    def _has_filled_attribute(self, call: ExternalCall) -> bool:
        """`self.session.post(...)`, where a method of the class says `self.session.headers["X-Request-ID"] = ...`."""
        scopes = self.sites.resolution.program.summaries[call.place.module].scopes
        scope = scopes[call.place.scope]
        name = _own_attribute(scope, _receiver(scope, call.place.register))
        if not name or scope.parent < 0 or scopes[scope.parent].kind != "class":
            return False
        methods = (method for method in scopes if method.parent == scope.parent)
        return any(self._ids.have(key) for method in methods for key, _ in _written(method, name))

    def _with_filled_headers(self) -> frozenset[int]:
        """Clients whose headers are completed with an id after they were made."""
        if self._filled is None:
            calls = self.sites.resolution.external_calls(lambda path: path.endswith(_FILLED))
            self._filled = frozenset(c.creation for c in calls if c.creation and self._known.in_arguments(c))
        return self._filled

    def _by_adapters(self) -> dict[int, Supply]:
        """What adapters of the project add, by the clients that send with them."""
        if self._mounted is None:
            calls = self.sites.resolution.external_calls(lambda path: path.endswith(_MOUNTED))
            given = [(call.creation, [*call.arguments, *(values for _, values in call.keywords)]) for call in calls]
            added = {made: Supply.joined(map(self.written_by, _symbols(handed))) for made, handed in given if made}
            self._mounted = {made: supply for made, supply in added.items() if supply.may_be}
        return self._mounted

    def written_by(self, name: str) -> Supply:
        """What a function, or the methods of a class, put under keys that are called like ids."""
        known = self._writers.get(name)
        if known is None:
            nodes = self.sites.nodes_of(name.removesuffix("()"))
            known = self._writers[name] = Supply.joined(one for node in nodes for one in self._written(node))
        return known

    def _written(self, node: int) -> Iterator[Supply]:
        code = self.sites.code(node)
        for key, value in (*_written(code.scope), *_sent_as_headers(code)):
            if self._ids.have(key):
                read = self._variables.read(node, value)
                yield CERTAIN if read is None else Supply(contexts=read)
        if any(self._injectors.find(name) for view in self.sites.calls(node).values() for name in view.names):
            yield CERTAIN


def _receiver(scope: Scope, register: int) -> int:
    """The object that a call is made on; -1 for none."""
    instruction = scope.code[register]
    callee = scope.code[instruction[1]] if instruction[0] == ir.CALL else instruction
    return callee[1] if callee[0] == ir.ATTR else -1


def _own_attribute(scope: Scope, register: int) -> str:
    """The name of an attribute of `self`; "" for anything else."""
    instruction = scope.code[register] if register >= 0 else (ir.NOP,)
    if instruction[0] != ir.ATTR:
        return ""
    holder = scope.code[instruction[1]]
    return instruction[2] if holder[0] == ir.PARAM and holder[1] == 0 else ""


def _sent_as_headers(code: ScopeCode) -> Iterator[tuple[str, int]]:
    """Constant keys of what a scope sends as headers, with the values: `headers={**headers, "X-Request-ID": current()}`."""
    for instruction in code.scope.code:
        sent = [value for name, value in instruction[3] if name == _HEADERS] if instruction[0] == ir.CALL else []
        is_item = instruction[0] == ir.SET_ITEM and code.scope.code[instruction[2]] == (ir.CONST, _HEADERS)
        if is_item or (instruction[0] == ir.SET_ATTR and instruction[2] == _HEADERS):
            sent.append(instruction[3])
        displays = (code.scope.code[register] for register in code.closure(sent))
        pairs = (pair for display in displays if display[0] == ir.DICT for pair in display[1])
        yield from _constant_keys(code.scope, pairs)


def _written(scope: Scope, client: str = "", *, own: bool = False) -> Iterator[tuple[str, int]]:
    """Constant keys under which a scope puts something, and what it is; with `client`, only what goes into `self.<client>.headers`; with `own`
    only what goes into `self.headers`."""
    for instruction in scope.code:
        target, pairs = _put(scope, instruction)
        if own and _own_attribute(scope, target) != _HEADERS:
            continue
        if target >= 0 and (not client or _is_headers_of(scope, target, client)):
            yield from _constant_keys(scope, pairs)


def _constant_keys(scope: Scope, pairs: Iterable[_Pair]) -> Iterator[tuple[str, int]]:
    for key, value in pairs:
        if key is not None and scope.code[key][0] == ir.CONST and isinstance(scope.code[key][1], str):
            yield scope.code[key][1], value


def _put(scope: Scope, instruction: ir.Instruction) -> tuple[int, list[_Pair]]:
    """What an instruction puts something into, and the registers of keys and values: `h["X"] = ...`, `h.update({"X": ...})`,
    `h.setdefault("X", ...)`."""
    pairs: list[_Pair] = []
    target = -1
    if instruction[0] == ir.SET_ITEM:
        target, pairs = instruction[1], [(instruction[2], instruction[3])]
    elif instruction[0] == ir.CALL and scope.code[instruction[1]][0] == ir.ATTR:
        _, target, method = scope.code[instruction[1]]
        given = [scope.code[value] for value in instruction[2] if value >= 0 and method == "update"]
        pairs = [pair for display in given if display[0] == ir.DICT for pair in display[1]]
        if method == "setdefault" and len(instruction[2]) == 2 and min(instruction[2]) >= 0:
            pairs = [instruction[2]]
    return target, pairs


def _is_headers_of(scope: Scope, register: int, client: str) -> bool:
    holder = scope.code[register]
    return holder[0] == ir.ATTR and holder[2] == "headers" and _own_attribute(scope, holder[1]) == client


def _symbols(arguments: list[Values]) -> Iterator[str]:
    pending = [value for values in arguments for value in values]
    while pending:
        value = pending.pop()
        if isinstance(value, text.Symbol):
            yield value.name
        elif isinstance(value, text.Mapping):
            pending.extend(inner for _, values in value.items for inner in values)
        elif isinstance(value, text.Sequence):
            pending.extend(value.elements)
