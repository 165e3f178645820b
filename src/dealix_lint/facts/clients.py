"""Clients that send a correlation id with every request: by default headers, hooks or transports of the project."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.known_ids import KnownIds, Values
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir, text
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.summary import Scope

_FILLED = (".headers.update", ".headers.setdefault", ".headers.add", ".params.update")
_MOUNTED = (".mount",)
_HEADERS = "headers"
_SIGNING = "auth"
"""The keyword for an object that completes each request before it is sent."""


class Clients:
    """What is known of the object that a call is made on, by the place where it was made."""

    __slots__ = ("_filled", "_ids", "_injectors", "_known", "_mounted", "_requesting", "_writers", "sites")

    def __init__(
        self, sites: Sites, ids: Spellings, injectors: PatternIndex[bool], requesting: tuple[str, ...] = ()
    ) -> None:
        """`requesting`: methods of clients that each request goes through."""
        self.sites = sites
        self._requesting = requesting
        self._mounted: frozenset[int] | None = None
        self._ids = ids
        self._injectors = injectors
        self._known = KnownIds(ids, trusts_parameters=True)
        self._filled: frozenset[int] | None = None
        self._writers: dict[str, bool] = {}

    def bring_one(self, call: ExternalCall) -> bool:
        """Whether the client of a call adds an id to what it sends."""
        made_with = [*call.creation_arguments, *(values for _, values in call.creation_keywords)]
        signing = [values for name, values in call.keywords if name == _SIGNING]
        if any(map(self._writes_ids, _symbols(signing))):
            return True
        if self._known.in_any(made_with) or any(map(self._writes_ids, _symbols(made_with))):
            return True
        if call.creation in self._with_filled_headers() or call.creation in self._with_adapters():
            return True
        return self._has_filled_attribute(call) or self._is_of_own_class(call)

    def _is_of_own_class(self, call: ExternalCall) -> bool:
        """Whether the client is of a class of the project that completes each request, or its own headers."""
        receiver = _receiver(self.sites.code(call.node).scope, call.place.register)
        values = self.sites.resolution.values(call.node, receiver) if receiver >= 0 else ()
        names = [value.name for value in values if isinstance(value, text.Symbol) and value.name.endswith("()")]
        return bool(names) and len(names) == len(values) and all(self._completes(name[:-2]) for name in names)

    def _completes(self, name: str) -> bool:
        definitions = self.sites.definitions
        place = definitions.find_class(name)
        classes = [definitions.name(base) for base in definitions.mro(place)] if place is not None else []
        if any(self._writes_ids(f"{base}.{method}") for base in classes for method in self._requesting):
            return True
        made = (node for base in classes for node in self.sites.nodes_of(f"{base}.__init__"))
        return any(self._ids.have(key) for node in made for key in _written_keys(self.sites.code(node).scope, own=True))

    def _has_filled_attribute(self, call: ExternalCall) -> bool:
        """`self.session.post(...)`, where a method of the class says `self.session.headers["X-Request-ID"] = ...`."""
        scopes = self.sites.resolution.program.summaries[call.place.module].scopes
        scope = scopes[call.place.scope]
        name = _own_attribute(scope, _receiver(scope, call.place.register))
        if not name or scope.parent < 0 or scopes[scope.parent].kind != "class":
            return False
        methods = (method for method in scopes if method.parent == scope.parent)
        return any(self._ids.have(key) for method in methods for key in _written_keys(method, name))

    def _with_filled_headers(self) -> frozenset[int]:
        """Clients whose headers are completed with an id after they were made."""
        if self._filled is None:
            calls = self.sites.resolution.external_calls(lambda path: path.endswith(_FILLED))
            self._filled = frozenset(c.creation for c in calls if c.creation and self._known.in_arguments(c))
        return self._filled

    def _with_adapters(self) -> frozenset[int]:
        """Clients that send with an adapter of the project which adds an id."""
        if self._mounted is None:
            calls = self.sites.resolution.external_calls(lambda path: path.endswith(_MOUNTED))
            given = [(call.creation, [*call.arguments, *(values for _, values in call.keywords)]) for call in calls]
            self._mounted = frozenset(made for made, handed in given if any(map(self._writes_ids, _symbols(handed))))
        return self._mounted - {0}

    def _writes_ids(self, name: str) -> bool:
        """Whether a function, or a method of a class, puts something under a key that is called like an id."""
        known = self._writers.get(name)
        if known is None:
            nodes = self.sites.nodes_of(name.removesuffix("()"))
            known = self._writers[name] = any(self._writes(node) for node in nodes)
        return known

    def _writes(self, node: int) -> bool:
        scope = self.sites.code(node).scope
        if any(self._ids.have(key) for key in (*_written_keys(scope), *_header_keys(self.sites.code(node)))):
            return True
        return any(self._injectors.find(name) for view in self.sites.calls(node).values() for name in view.names)


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


def _header_keys(code: ScopeCode) -> Iterator[str]:
    """Constant keys of what a scope sends as headers: `headers={**headers, "X-Request-ID": current()}`."""
    for instruction in code.scope.code:
        sent = [value for name, value in instruction[3] if name == _HEADERS] if instruction[0] == ir.CALL else []
        if instruction[0] == ir.SET_ITEM and code.scope.code[instruction[2]] == (ir.CONST, _HEADERS):
            sent.append(instruction[3])
        displays = (code.scope.code[register] for register in code.closure(sent))
        keys = (key for display in displays if display[0] == ir.DICT for key, _ in display[1] if key is not None)
        yield from (code.scope.code[key][1] for key in keys if isinstance(code.scope.code[key][-1], str))


def _written_keys(scope: Scope, client: str = "", *, own: bool = False) -> Iterator[str]:
    """Constant keys under which a scope puts something; with `client`, only what goes into `self.<client>.headers`; with `own`
    only what goes into `self.headers`."""
    for instruction in scope.code:
        target, keys = _put(scope, instruction)
        if own and _own_attribute(scope, target) != _HEADERS:
            continue
        if target >= 0 and (not client or _is_headers_of(scope, target, client)):
            yield from (scope.code[key][1] for key in keys if isinstance(scope.code[key][-1], str))


def _put(scope: Scope, instruction: ir.Instruction) -> tuple[int, list[int]]:
    """What an instruction puts something into, and the registers of constant keys: `h["X"] = ...`, `h.update({"X": ...})`."""
    keys: list[int | None] = []
    target = -1
    if instruction[0] == ir.SET_ITEM:
        target, keys = instruction[1], [instruction[2]]
    elif instruction[0] == ir.CALL and scope.code[instruction[1]][0] == ir.ATTR:
        _, target, method = scope.code[instruction[1]]
        given = [scope.code[value] for value in instruction[2] if value >= 0 and method == "update"]
        keys = [key for display in given if display[0] == ir.DICT for key, _ in display[1]]
    return target, [key for key in keys if key is not None and scope.code[key][0] == ir.CONST]


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
