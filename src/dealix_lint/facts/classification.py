"""Which classes are in force where a path leaves a function."""

from __future__ import annotations

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.declarations import Classify, Declarations
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import Phrases
from dealix_lint.facts.shapes import Shapes
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model.facts import FROM_CALL, NO_CLASSES, ClassTriple, Declared, Evidence, declared_from
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import Policy
from dealix_lint.model.resolved import Attributes, CallView, Fields
from dealix_lint.model.text import ArgumentValue, Constant

_HELPER_DEPTH = 3


class Classification:
    """Evidence of the three classes. Evidence in a call covers the places it dominates; a call that itself leads to
    an effect (a governed executor, the effect) speaks for that effect only."""

    __slots__ = (
        "_calls",
        "_candidates",
        "_helpers",
        "_ignored",
        "_ignored_methods",
        "_steps",
        "_tables",
        "_telling",
        "declarations",
        "shapes",
        "sites",
    )

    def __init__(self, sites: Sites, policy: Policy, classify: Classify) -> None:
        self.sites = sites
        self.shapes = Shapes(policy, sites.definitions)
        self.declarations = Declarations(sites, self.shapes, classify)
        names = policy.classification
        self._ignored = PatternIndex((pattern, True) for pattern in names.ignored_calls)
        self._ignored_methods = frozenset(names.ignored_methods)
        self._tables = Phrases(names.tables)
        self._candidates: dict[ScopeId, bool] = {}
        self._telling: frozenset[str] | None = None
        self._calls: dict[int, dict[int, Evidence]] = {}
        self._helpers: dict[int, tuple[Evidence, ...]] = {}
        self._steps: dict[tuple[int, int], Declared] = {}

    def at(self, node: int, register: int) -> Declared:
        """The classes in force at the call site `register` of a node, innermost evidence first."""
        key = node, register
        known = self._steps.get(key)
        if known is None:
            own = self._dominating(node, register)
            external = self._configured_callee(node, register)
            function = self.declarations.of_function(self.sites.scope_of(node))
            known = self._steps[key] = declared_from((*own, *external, *function))
        return known

    def layers(self, node: int, register: int) -> tuple[Declared, ...]:
        """The declarations in force at a call site, the innermost first: those in calls one by one, then what the
        function and its class say together."""
        function = self.declarations.of_function(self.sites.scope_of(node))
        own = (*self._dominating(node, register), *self._configured_callee(node, register))
        found = [declared_from((evidence,)) for evidence in own if not self._makes_connector(node, evidence)]
        return (*found, declared_from(function)) if function else tuple(found)

    def _makes_connector(self, node: int, evidence: Evidence) -> bool:
        """Whether the call constructs something whose own methods lead to effects: its class speaks for those."""
        view = self.sites.calls(node).get(evidence.place.register)
        return view is not None and any(map(self.declarations.defaults.acts, view.names))

    def _dominating(self, node: int, register: int) -> tuple[Evidence, ...]:
        by_register = self.calls(node) if register != NO_SITE else {}
        if not by_register:
            return ()
        flow = self.sites.flow(node)
        others = [other for other in by_register if not self.sites.leads_to_effect(node, other)]
        before = {other for other in others if flow.dominates(other, register)}
        complete = [other for other in others if declared_from((by_register[other],)).is_complete]
        if len(complete) > 1 and flow.is_preceded(register, complete):
            before.add(max((other for other in complete if other < register), default=complete[0]))
        return tuple(
            by_register[other] for other in sorted({*before, *({register} & by_register.keys())}, reverse=True)
        )

    def _configured_callee(self, node: int, register: int) -> tuple[Evidence, ...]:
        """What configuration says of code outside the project that is called: its own it says where that is defined."""
        view = self.sites.calls(node).get(register) if self.declarations.has_configuration else None
        if view is None:
            return ()
        names = [name for name in view.names if self.sites.definitions.find(name) is None]
        return self.declarations.configured(names, view.place, self.sites.graph.nodes[node].function)

    def calls(self, node: int) -> dict[int, Evidence]:
        """Evidence in the calls of a node by register."""
        known = self._calls.get(node)
        if known is None:
            known = self._calls[node] = {}
            sites = self.sites.calls(node) if self._may_state(node) else self.sites.edges(node)
            decorators = self.sites.code(node).decorators
            for register in sorted(sites):
                evidence = None if register in decorators else self._of_site(node, register)
                if evidence is not None:
                    known[register] = evidence
        return known

    def _of_site(self, node: int, register: int) -> Evidence | None:
        if not self._may_state(node):
            return self._of_helper(node, register)
        view = self.sites.calls(node).get(register)
        return None if view is None else self._of_call(node, view)

    def _may_state(self, node: int) -> bool:
        """A cheap look at a function before its calls are resolved: does it contain a keyword or level, or something defined with one?"""
        place = self.sites.scope_of(node)
        known = self._candidates.get(place)
        if known is None:
            words = self.sites.words(node)
            known = not words.isdisjoint(self._telling_words()) or any(map(self._tables.are_in, words))
            self._candidates[place] = known
        return known

    def _telling_words(self) -> frozenset[str]:
        if self._telling is None:
            wanted = self.shapes.telling()
            self._telling = wanted | self.sites.vocabulary.defining(wanted)
        return self._telling

    def _of_call(self, node: int, view: CallView) -> Evidence | None:
        if self._is_ignored(view):
            return None
        classes = self._stated(node, view)
        if classes != NO_CLASSES:
            label = f"{view.spelling or 'call'}(...)"
            return Evidence(FROM_CALL, label, view.place, self.sites.graph.nodes[node].function, classes)
        return self._of_helper(node, view.place.register)

    def _is_ignored(self, view: CallView) -> bool:
        """Queries and log lines; and `dict(...)`, which is a value: what it is handed to states the classes."""
        if view.spelling in self._ignored_methods:
            return True
        return any(name.startswith("<builtin>") or self._ignored.find(name) for name in view.names)

    def _stated(self, node: int, view: CallView) -> ClassTriple:
        """Classes among the arguments, then field defaults of what is constructed, then those a lookup function gives
        back."""
        named = [*self.shapes.named(view), *self._bound(view)]
        found = self.declarations.defaults.completed(self.shapes.read(named, view.arguments), view.names)
        if found == NO_CLASSES:
            found = self._handed(node, view)
        if found == NO_CLASSES and self._tables.are_in(view.spelling):
            return self.shapes.of_value(self.sites.resolution.values(node, view.place.register))
        return found

    def _handed(self, node: int, view: CallView) -> ClassTriple:
        """Classes of a packet that was made elsewhere; where it may be one of several, those that all of them state."""
        code, names = self.sites.code(node), self.shapes.long_names
        for register in call_operands(code.scope.code[view.place.register]):
            packets = self.sites.resolution.fields(node, register, names)
            triples = [self._of_fields(*packet) for packet in packets]
            if any(triple != NO_CLASSES for triple in triples) and not self._is_made_here(node, register, packets):
                return self.shapes.joined(triples)
        return NO_CLASSES

    def _of_fields(self, name: str, attributes: Attributes) -> ClassTriple:
        stated = [(field, values) for field, values in attributes if Constant(None) not in values]
        return self.declarations.defaults.completed(self.shapes.read(stated), (name,))

    def _is_made_here(self, node: int, register: int, packets: tuple[Fields, ...]) -> bool:
        """Whether the function constructs it, so that the constructing call is what states its classes."""
        made, calls = {name for name, _ in packets}, self.sites.calls(node)
        parts = self.sites.code(node).closure((register,))
        return any(part in calls and not made.isdisjoint(calls[part].names) for part in parts)

    def _bound(self, view: CallView) -> list[tuple[str, tuple[ArgumentValue, ...]]]:
        """Positional arguments by the names of the parameters they are bound to."""
        if not view.arguments:
            return []
        for name in view.names:
            parameters = self.sites.definitions.positional_parameters(name)
            if any(map(self.shapes.is_keyword, parameters)):
                return list(zip(parameters, view.arguments, strict=False))
        return []

    # -- helpers that state the classes for their caller --------------------------------------------------------

    def _of_helper(self, node: int, register: int) -> Evidence | None:
        """Evidence that a called function always states before it returns; it must not lead to an effect of its own."""
        callees = self.sites.callees(node, register)
        if not callees or self.sites.leads_to_effect(node, register):
            return None
        found = [self._always_stated(callee, _HELPER_DEPTH) for callee in callees]
        return found[0][0] if all(found) else None

    def _always_stated(self, node: int, depth: int) -> tuple[Evidence, ...]:
        known = self._helpers.get(node)
        if known is None:
            self._helpers[node] = ()
            known = self._helpers[node] = (
                self._find_always_stated(node) if self._mentions_classes(node, depth, set()) else ()
            )
        return known

    def _find_always_stated(self, node: int) -> tuple[Evidence, ...]:
        flow = self.sites.flow(node)
        return tuple(
            evidence
            for register, evidence in self.calls(node).items()
            if declared_from((evidence,)).is_complete and flow.is_always_passed((register,))
        )

    def _mentions_classes(self, node: int, depth: int, seen: set[int]) -> bool:
        """Whether the function or something it calls may state classes."""
        if node in seen or depth == 0:
            return False
        seen.add(node)
        if self._may_state(node):
            return True
        return any(self._mentions_classes(edge.target, depth - 1, seen) for edge in self.sites.graph.out[node])
