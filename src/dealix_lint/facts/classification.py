"""Which classes are in force where a path leaves a function."""

from __future__ import annotations

from collections.abc import Collection, Container

from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.declarations import Classify, Declarations
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.names import Phrases
from dealix_lint.facts.shapes import Shapes, certain, filled
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.facts import FROM_CALL, NO_CLASSES, ClassTriple, Declared, Evidence, declared_from
from dealix_lint.model.graph import CALL_EDGE, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import Policy
from dealix_lint.model.resolved import Attributes, CallView, Fields
from dealix_lint.model.text import Constant

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
        self.declarations = Declarations(sites, self.shapes, classify, policy.requests.tasks)
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
        """The declarations in force at a call site, the innermost first: those in calls one by one, then those of the
        function."""
        function = self.declarations.layers(self.sites.scope_of(node))
        own = (*self._dominating(node, register), *self._configured_callee(node, register))
        found = [declared_from((evidence,)) for evidence in own if not self._makes_connector(node, evidence)]
        return (*found, *function)

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
            self._telling = self.shapes.telling() | self.declarations.telling
        return self._telling

    def _of_call(self, node: int, view: CallView) -> Evidence | None:
        if self._is_ignored(view):
            return None
        classes = self._said(node, view)
        if classes != NO_CLASSES and not self._only_hands_on(node, view):
            label = f"{view.spelling or 'call'}(...)"
            return Evidence(FROM_CALL, label, view.place, self.sites.graph.nodes[node].function, classes)
        callee = self.sites.instruction(view.place)[1] if view.place.register in self.sites.edges(node) else -1
        place = self.sites.scope_of(node)
        by_hand = self.declarations.by_hand(node, Place(*place, callee), view) if callee >= 0 else iter(())
        return next(by_hand, None) or self._of_helper(node, view.place.register)

    def _is_ignored(self, view: CallView) -> bool:
        """Queries and log lines; and `dict(...)`, which is a value: what it is handed to states the classes."""
        if view.spelling in self._ignored_methods:
            return True
        return any(name.startswith("<builtin>") or self._ignored.find(name) for name in view.names)

    def _said(self, node: int, view: CallView, depth: int = _HELPER_DEPTH) -> ClassTriple:
        """What a call states, whoever runs its function: of what that only hands on, what all of its callers bring."""
        said = certain(self._stated(node, view))
        given = self._given(node, view.place.register) if said != NO_CLASSES and depth else {}
        if not given:
            return said
        own = certain(self._stated(node, self._without(node, view, given), given))
        is_own = all(b for a, b in zip(said, own, strict=True) if a)
        brought = None if is_own else self._brought(node, {*given.values()}, depth - 1)
        if brought is None:
            return said
        parts = [value if own[axis] or brought[axis] else None for axis, value in enumerate(said)]
        return parts[0], parts[1], parts[2]

    def _only_hands_on(self, node: int, view: CallView) -> bool:
        """Whether all that a call states is what the callers of its function state, for the same effect."""
        given = self._given(node, view.place.register)
        if not given or certain(self._stated(node, self._without(node, view, given), given)) != NO_CLASSES:
            return False
        return self._brought(node, {*given.values()}, _HELPER_DEPTH - 1) not in (None, NO_CLASSES)

    def _given(self, node: int, register: int) -> dict[int, int]:
        """The operands of a call that are, or are part of, what the function is given by its callers; by which parameter."""
        code = self.sites.code(node)
        found = {operand: _parameter(code, operand) for operand in call_operands(code.scope.code[register])}
        return {operand: index for operand, index in found.items() if index >= 0}

    def _without(self, node: int, view: CallView, given: Container[int]) -> CallView:
        """A call without these operands."""
        _, _, positional, named = self.sites.code(node).scope.code[view.place.register]
        left = {name for name, register in named if register not in given}
        spread = {name for name, _ in view.keywords}.difference(name for name, _ in named)
        left |= spread if None in left else frozenset()
        is_aligned = len(positional) == len(view.arguments)
        arguments = [
            () if not is_aligned or register in given else values
            for register, values in zip(positional, view.arguments, strict=is_aligned)
        ]
        kept = tuple(keyword for keyword in view.keywords if keyword[0] in left)
        return CallView(view.place, view.names, view.spelling, lambda: (tuple(arguments), kept))

    def _brought(self, node: int, indexes: Collection[int], depth: int) -> ClassTriple | None:
        """What all that call the function by its name, and hand it one of these parameters, state in the call; None where
        nobody is known to. What is made for a parameter that is left out is not theirs."""
        found: list[ClassTriple] = []
        for caller, edge in self.sites.graph.callers[node]:
            register = self.sites.register(caller, edge.place)
            is_named = edge.kind == CALL_EDGE and caller != node and self.sites.is_named(caller, register, node)
            if is_named and not self._is_left_out(caller, register, node, indexes):
                found.append(self._handed_over(caller, register, depth))
                if found[-1] == NO_CLASSES:
                    return NO_CLASSES
        return self.shapes.joined(found) if found else None

    def _is_left_out(self, caller: int, register: int, node: int, indexes: Collection[int]) -> bool:
        call, callee = self.sites.code(caller).scope.code[register], self.sites.code(node).scope
        made = self.declarations.defaults.made(self.sites.scope_of(node))
        return not made.isdisjoint(indexes) and not any(any(handed_to(call, callee, index)) for index in indexes)

    def _handed_over(self, node: int, register: int, depth: int) -> ClassTriple:
        """What a call states, and what those calls state that make what it is handed."""
        code, views, found = self.sites.code(node), self.sites.calls(node), NO_CLASSES
        parts = code.closure(call_operands(code.scope.code[register]))
        for part in (register, *sorted(parts)) if self._may_state(node) or self._given(node, register) else ():
            found = filled(found, self._said(node, views[part], depth)) if part in views else found
        return found

    def _stated(self, node: int, view: CallView, apart: Container[int] = ()) -> ClassTriple:
        """Classes among the arguments, then field defaults of what is constructed, then those a lookup function gives
        back. `apart`: operands to leave out."""
        named = [*self.shapes.named(view), *self.shapes.bound(view)]
        found = self.declarations.defaults.completed(self.shapes.read(named, view.arguments), view.names)
        if found == NO_CLASSES:
            found = self._handed(node, view, apart)
        if found == NO_CLASSES and self._tables.are_in(view.spelling):
            return self._looked_up(node, view)
        return found

    def _looked_up(self, node: int, view: CallView) -> ClassTriple:
        """Classes that a value is made of, or that are fields of it, where the call does not construct it."""
        register = view.place.register
        found = self.shapes.of_value(self.sites.resolution.values(node, register))
        if found != NO_CLASSES or any(map(self.sites.definitions.find_class, view.names)):
            return found
        packets = self.sites.resolution.fields(node, register, self.shapes.long_names)
        return self.shapes.joined([self._of_fields(*packet) for packet in packets]) if packets else NO_CLASSES

    def _handed(self, node: int, view: CallView, apart: Container[int]) -> ClassTriple:
        """Classes of a packet that was made elsewhere; where it may be one of several, those that all of them state."""
        code, names = self.sites.code(node), self.shapes.long_names
        for register in call_operands(code.scope.code[view.place.register]):
            packets = self.sites.resolution.fields(node, register, names) if register not in apart else ()
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


def _parameter(code: ScopeCode, register: int) -> int:
    """The index of the parameter that a value is, or comes out of; -1 for none."""
    instruction = code.scope.code[code.value_of(register)]
    while instruction[0] in (ir.ATTR, ir.SUBSCRIPT):
        instruction = code.scope.code[code.value_of(instruction[1])]
    is_given = instruction[0] == ir.PARAM and code.scope.parameters[instruction[1]].name not in ("self", "cls")
    return int(instruction[1]) if is_given else -1
