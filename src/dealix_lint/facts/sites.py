"""Call sites of graph nodes: what each may call, where its edges lead, and the control flow around it. Everything is
computed when first asked for, so that only functions on the way to an effect cost anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from dealix_lint.entrypoints.denotations import Denotations
from dealix_lint.entrypoints.origins import Origins
from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.definitions import Definitions, ScopeId
from dealix_lint.facts.endings import Endings
from dealix_lint.facts.flow import Flow
from dealix_lint.facts.vocabulary import Vocabulary
from dealix_lint.link import Symbols
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import CALL_EDGE, Edge, Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import GateNames
from dealix_lint.model.resolved import CallView, Resolution

NO_SITE = -1

Step: TypeAlias = tuple[int, int]
"""A node and the site by which a path leaves it."""


class Sites:
    """Call sites and code of nodes. A *site* is the register of a call in the node's function."""

    __slots__ = (
        "_by_function",
        "_calls",
        "_code",
        "_definitions",
        "_edges",
        "_effects_of",
        "_endings",
        "_flows",
        "_origins",
        "_reaching",
        "definitions",
        "effect_sites",
        "effects",
        "graph",
        "requests",
        "resolution",
        "vocabulary",
    )

    def __init__(self, resolution: Resolution, effects: tuple[Effect, ...], names: GateNames | None = None) -> None:
        """`names`: among them, those of calls that never return."""
        self.resolution = resolution
        self.graph = resolution.graph
        self.effects = effects
        self.definitions = Definitions(resolution)
        self.vocabulary = Vocabulary(resolution.program)
        self._effects_of: dict[int, set[int]] | None = None
        self._by_function: dict[str, list[int]] | None = None
        self._calls: dict[int, dict[int, CallView]] = {}
        self._edges: dict[int, dict[int, tuple[Edge, ...]]] = {}
        self._flows: dict[tuple[ScopeId, frozenset[int]], Flow] = {}
        self._code: dict[ScopeId, ScopeCode] = {}
        self._definitions: dict[tuple[int, str], tuple[Instruction, ...]] = {}
        self._reaching: frozenset[int] | None = None
        self._origins: Origins | None = None
        self._endings = Endings(names)
        sent = [((node, self.register(node, e.call)), e.is_commitment) for e in effects for node in e.nodes]
        self.effect_sites = frozenset(site for site, is_commitment in sent if is_commitment)
        self.requests = frozenset(site for site, _ in sent)

    def scope_of(self, node: int) -> ScopeId:
        """Module and scope of the node's code."""
        record = self.graph.nodes[node]
        return record.module, record.scope

    def register(self, node: int, place: Place) -> int:
        """The site of a place in the node's function; NO_SITE for one in a class body inside it."""
        return place.register if place.scope == self.graph.nodes[node].scope else NO_SITE

    def is_constructor(self, node: int) -> bool:
        """Whether a node runs an `__init__`."""
        return self.graph.nodes[node].function.endswith(".__init__")

    def words(self, node: int) -> frozenset[str]:
        """The words that the node's function is written with."""
        return self.vocabulary.of(self.scope_of(node))

    def nodes_of(self, function: str) -> tuple[int, ...]:
        """All nodes of a function, or of the methods of a class, by dotted name."""
        if self._by_function is None:
            self._by_function = {}
            for node, record in enumerate(self.graph.nodes):
                for name in {record.function, record.function.rpartition(".")[0]}:
                    self._by_function.setdefault(name, []).append(node)
        return tuple(self._by_function.get(function, ()))

    def calls(self, node: int) -> dict[int, CallView]:
        """Call sites of a node by register, in register order."""
        known = self._calls.get(node)
        if known is None:
            views = self.resolution.calls(node)
            known = self._calls[node] = {view.place.register: view for view in views}
        return known

    def is_named(self, node: int, register: int, target: int) -> bool:
        """Whether what the call at a site calls resolves to the target's function, or to the class it constructs."""
        view = self.calls(node).get(register)
        function = self.graph.nodes[target].function
        return view is not None and (function in view.names or function.rpartition(".")[0] in view.names)

    def edges(self, node: int) -> dict[int, tuple[Edge, ...]]:
        """Edges of a node by the register of their call site."""
        known = self._edges.get(node)
        if known is None:
            grouped: dict[int, list[Edge]] = {}
            for edge in self.graph.out[node]:
                grouped.setdefault(self.register(node, edge.place), []).append(edge)
            known = self._edges[node] = {register: tuple(edges) for register, edges in grouped.items()}
        return known

    def sites(self, node: int) -> frozenset[int]:
        """Sites of a node at which it performs an effect or runs other code."""
        if self._effects_of is None:
            self._effects_of = {}
            for owner, register in self.effect_sites:
                self._effects_of.setdefault(owner, set()).add(register)
        return frozenset(self.edges(node)) | self._effects_of.get(node, frozenset())

    def callees(self, node: int, register: int) -> tuple[int, ...]:
        """Nodes that the call at a site runs in the same process."""
        return tuple(edge.target for edge in self.edges(node).get(register, ()) if edge.kind == CALL_EDGE)

    def endings(self, node: int) -> frozenset[int]:
        """Registers of the calls in the node's function that never return."""
        return self._endings.of(self, node)

    def flow(self, node: int) -> Flow:
        """Control flow of the node's function."""
        return self.flow_of(self.scope_of(node), self.endings(node))

    def flow_of(self, scope: ScopeId, endings: frozenset[int] = frozenset()) -> Flow:
        """Control flow of the scope at (module, scope), in which those calls never return."""
        key = scope, endings
        known = self._flows.get(key)
        if known is None:
            known = self._flows[key] = Flow(self.definitions.scope(scope), endings)
        return known

    def code(self, node: int) -> ScopeCode:
        """Instructions of the node's function."""
        return self.code_of(self.scope_of(node))

    def code_of(self, scope: ScopeId) -> ScopeCode:
        """Instructions of the scope at (module, scope)."""
        if scope not in self._code:
            self._code[scope] = ScopeCode(self.definitions.scope(scope))
        return self._code[scope]

    def definition(self, module: int, name: str) -> tuple[Instruction, ...]:
        """What a variable of a module is made of: the instructions of all its assignments."""
        known = self._definitions.get((module, name))
        if known is None:
            code = self.code_of((module, 0))
            parts = sorted(code.closure(code.exports.get(name, ())))
            known = self._definitions[module, name] = tuple(code.scope.code[part] for part in parts)
        return known

    def instruction(self, place: Place) -> Instruction:
        """The instruction at a place."""
        return self.definitions.scope((place.module, place.scope)).code[place.register]

    def origins(self, place: Place, *, into_calls: bool = True) -> Iterator[Place]:
        """Where the value of a place is made, by what is written: names, imports and attributes of modules followed, and calls
        into the functions that make what they give (`into_calls`)."""
        if self._origins is None:
            program, names = self.resolution.program, self.definitions.modules
            symbols = Symbols(program, names)
            self._origins = Origins(program, names, symbols, Denotations(program, symbols))
        return self._origins.of(place, into_calls=into_calls)

    def made_of(self, places: Iterable[Place], naming: frozenset[int]) -> Iterator[Place]:
        """Places whose values may be part of those at some places, themselves first, also behind what names them
        (`naming`: the instructions)."""
        pending, seen = [*places], set[Place]()
        while pending:
            place = pending.pop(0)
            if place in seen:
                continue
            seen.add(place)
            yield place
            code = self.code_of((place.module, place.scope))
            parts = [Place(place.module, place.scope, part) for part in sorted(code.closure((place.register,)))]
            pending += parts
            pending += [o for part in parts if self.instruction(part)[0] in naming for o in self.origins(part)]

    def view_at(self, place: Place) -> CallView | None:
        """The call at a place, of any node of its function, or in the body of a class."""
        if self.definitions.scope((place.module, place.scope)).kind == "class":
            return self.resolution.call_in_class(place)
        nodes = self.nodes_of(self.definitions.name((place.module, place.scope)))
        found = (node for node in nodes if self.scope_of(node) == (place.module, place.scope))
        return next((self.calls(node).get(place.register) for node in found), None)

    def leads_to_effect(self, node: int, register: int) -> bool:
        """Whether the call at a site is an effect or runs code that reaches one."""
        if (node, register) in self.effect_sites:
            return True
        return any(edge.target in self.reaching for edge in self.edges(node).get(register, ()))

    @property
    def reaching(self) -> frozenset[int]:
        """Nodes from which some governed effect can be reached."""
        if self._reaching is None:
            committing = (effect for effect in self.effects if effect.is_commitment)
            self._reaching = self.graph.reaching(node for effect in committing for node in effect.nodes)
        return self._reaching
