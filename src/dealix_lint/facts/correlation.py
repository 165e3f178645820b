"""Whether a correlation id reaches a call: in what is sent, through a logging context, or by an open span."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Final

from dealix_lint.facts.ambient import Ambient
from dealix_lint.facts.bound import BoundArguments
from dealix_lint.facts.captured import Captured
from dealix_lint.facts.clients import Clients
from dealix_lint.facts.code import ScopeCode, call_operands
from dealix_lint.facts.constructing import Constructing
from dealix_lint.facts.handovers import Handovers
from dealix_lint.facts.injected import Injected
from dealix_lint.facts.invented import Invented
from dealix_lint.facts.known_ids import KnownIds
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.objects import WholeObjects
from dealix_lint.facts.prepared import Prepared
from dealix_lint.facts.results import Results
from dealix_lint.facts.resuming import Resuming
from dealix_lint.facts.sequels import Sequels
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.supply import CERTAIN, NOTHING, OWN, Slot, Supplies, Supply
from dealix_lint.model import ir, text
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, Edge, ExternalCall
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames
from dealix_lint.model.resolved import CallView, Resolution
from dealix_lint.model.summary import KEYWORDS
from dealix_lint.model.text import ArgumentValue

_DISPLAYS: Final = frozenset((ir.DICT, ir.LIST, ir.TUPLE))
_OWN_SLOTS: Final = frozenset((Slot(0, False, OWN),))
_GLOBAL: Final = frozenset((ir.NAME, ir.IMPORT_FROM))
_READ: Final = _DISPLAYS | {ir.PARAM, ir.CONST, ir.TEXT, ir.PHI}


class Correlation:
    """Correlation facts: what an effect carries itself, and which contexts are open where a path leaves a function."""

    __slots__ = (
        "__weakref__",
        "_all_known",
        "_bound",
        "_by_node",
        "_clients",
        "_completed",
        "_constructing",
        "_copying",
        "_external",
        "_giving",
        "_handed",
        "_ids",
        "_injected",
        "_injectors",
        "_invented",
        "_known",
        "_leaving",
        "_objects",
        "_prepared",
        "_propagated",
        "_results",
        "_sequels",
        "ambient",
        "captured",
        "handovers",
        "resuming",
        "sites",
    )

    def __init__(self, sites: Sites, names: CorrelationNames) -> None:
        self.sites = sites
        self.handovers = Handovers(sites)
        self._ids = Spellings(names.names)
        self._injectors = PatternIndex((pattern, True) for pattern in names.injectors)
        self._injected = Injected(sites, self._ids)
        self._invented = Invented(sites, names.invented, names.supplied)
        self._known = KnownIds(self._ids)
        self._all_known = KnownIds(self._ids, trusts_parameters=True)
        self._objects = WholeObjects(sites, self._ids)
        self._bound = BoundArguments(sites, self.handovers, self._supplies)
        self.captured = Captured(sites, self._ids, self._supplies)
        self._results = Results(sites, self.handovers, self._supplies)
        self._constructing = Constructing(sites)
        self._sequels = Sequels(sites, names)
        self.resuming = Resuming(sites, names)
        self._prepared = Prepared(sites, names.senders)
        self._copying = PatternIndex((pattern, True) for pattern in names.copying)
        self._leaving = PatternIndex((pattern, True) for pattern in names.leaving)
        self.ambient = Ambient(sites, names, self._ids)
        self._clients = Clients(sites, self._ids, self._injectors, self.ambient.variables, names.requesting)
        self._external: dict[tuple[int, int], ExternalCall] | None = None
        self._completed: dict[str, bool] = {}
        self._giving: dict[int, bool] = {}
        self._propagated: dict[str, bool] = {}
        self._by_node: dict[int, Supplies] = {}
        self._handed: dict[tuple[int, int, int, frozenset[Slot]], Supply] = {}

    def sent(self, node: int, effect: Effect) -> Supply:
        """Whether the effect's own call carries an id in its arguments, headers, metadata or payload."""
        register = self.sites.register(node, effect.call)
        if register == NO_SITE or self.sites.code(node).scope.code[register][0] != ir.CALL:
            return NOTHING
        supply = self._supplies(node).of_call(register)
        if supply.is_certain or self._is_injected(node, register) or self._objects.carry_one(node, register):
            return CERTAIN
        call = self._externals().get((node, effect.call.register))
        if call is None:
            return supply
        if not supply.contexts and self._known.in_any(self._not_read(self.sites.code(node), call)):
            return CERTAIN
        return supply | self._clients.bring(call) | self._brought_by_some(node, register, call)

    def _brought_by_some(self, node: int, register: int, call: ExternalCall) -> Supply:
        """An id that some objects of the class send which the function is a method of: `client.with_correlation(ref)`."""
        code = self.sites.code(node)
        own = {r for r, i in enumerate(code.scope.code) if i[0] == ir.ATTR and code.scope.code[i[1]] == (ir.PARAM, 0)}
        is_method = self.sites.definitions.enclosing_class(self.sites.scope_of(node)) is not None
        if not is_method or own.isdisjoint(code.closure(call_operands(code.scope.code[register]))):
            return NOTHING
        given = (*call.arguments, *(values for _, values in call.keywords))
        return Supply(slots=_OWN_SLOTS) if self._all_known.in_some(given) else NOTHING

    def handed_on(self, node: int, edge: Edge, slots: frozenset[Slot]) -> Supply:
        """What the call behind an edge brings to those parameters of its target."""
        if edge.kind == DISPATCH_EDGE and slots:
            invented = self._invented.parameters(edge.target)
            slots = frozenset(slot for slot in slots if slot.is_id or slot.node >= 0 or slot.index not in invented)
        key = (node, edge.place.register, edge.target, slots)
        known = self._handed.get(key)
        if known is None:
            later = frozenset(slot for slot in slots if slot.node >= 0)
            slots -= later
            known = (self._find_handed_on(node, edge, slots) | Supply(slots=later)).seen_from(node)
            if slots and not known.is_certain and edge.kind == DISPATCH_EDGE:
                known |= self.captured.by_default(node, edge, slots)
                known |= self._sent_later(node, self.sites.register(node, edge.place))
                started = (self.handed_on(*start, slots) for start in self.resuming.starts(node, edge))
                known |= CERTAIN if any(supply.may_be for supply in started) else NOTHING
            self._handed[key] = known
        return known

    def is_completed(self, edge: Edge) -> bool:
        """Whether code of the project puts an id into whatever is dispatched to a mechanism."""
        if edge.kind == CALL_EDGE:
            return False
        known = self._completed.get(edge.mechanism)
        if known is None:
            names = self.ambient.hooks.publishers(edge.mechanism)
            known = self._completed[edge.mechanism] = any(self._clients.written_by(name).may_be for name in names)
        return known

    def is_told_anyway(self, node: int, edge: Edge) -> bool:
        """Whether all effects behind a dispatch carry the id of the run that its framework hands over by itself, or what is
        in a context that goes along."""
        behind = self.sites.graph.reached_from((edge.target,))
        effects = [(n, e) for e in self.sites.effects if e.is_commitment for n in e.nodes if n in behind]
        is_copied = bool(effects) and self.keeps_context(node, edge)
        return bool(effects) and all(
            self._sends_run_id(*one) or (is_copied and self.sent(*one).contexts) for one in effects
        )

    def _sends_run_id(self, node: int, effect: Effect) -> bool:
        register, supplies = self.sites.register(node, effect.call), self._supplies(node)
        return register != NO_SITE and any(map(supplies.is_run_id, self.sites.code(node).closure((register,))))

    def supply_of(self, node: int, register: int) -> Supply:
        """What the arguments of a call, and the object it is made on, bring."""
        found = self._supplies(node).of_call(register) | self._sent_later(node, register)
        found |= self._supplies(node).of(self._sequels.before(node, register))
        return found | self._known_supply(node, register)

    def carries_object(self, node: int, register: int) -> bool:
        """Whether a call is given an object with an id in a field, written out whole."""
        return self._objects.carry_one(node, register)

    def given(self, node: int) -> frozenset[int]:
        """Parameters of the function that a framework fills with an id."""
        return self._injected.parameters(self.sites.scope_of(node))

    def _find_handed_on(self, node: int, edge: Edge, slots: frozenset[Slot]) -> Supply:
        register = self.sites.register(node, edge.place)
        if register == NO_SITE or not slots or self.sites.code(node).scope.code[register][0] != ir.CALL:
            return NOTHING
        supplies = self._supplies(node)
        own = self._of_object(node, register) if not _OWN_SLOTS.isdisjoint(slots) else NOTHING
        if own.may_be:
            return own
        kept = self._bound.supply(node, register, edge, slots)
        if kept is not None:
            return own | kept
        call = self.handovers.call_of_target(node, register, edge)
        if call is not None:
            found = own | self._brought_to(node, edge, call, slots)
            if found.is_certain or found.contexts or all(slot.part for slot in slots):
                return found
            for_others = self._for_others(edge.target, slots)
            return found | self._known_supply(node, register, reads=edge.kind == CALL_EDGE, for_others=for_others)
        if edge.kind == CALL_EDGE and any(slot.is_id for slot in slots):
            return CERTAIN  # called back by a helper: what it is given cannot be told apart
        dispatched = self.handovers.dispatched(node, register) if edge.kind == DISPATCH_EDGE else None
        if dispatched is not None:
            return self._brought_to(node, edge, dispatched[0], slots) | supplies.of(dispatched[1])
        is_wrapped = self.handovers.holds_more(node, register, edge)
        parts = None if is_wrapped else supplies.stated_parts(register, slots)
        return (
            supplies.of_call(register)
            if parts is None
            else supplies.follow(parts) | self._made_by_others(node, edge, slots)
        )

    def _brought_to(self, node: int, edge: Edge, call: Instruction, slots: frozenset[Slot]) -> Supply:
        """What a call brings to those parameters; a dispatch after others, with what they give back as its first argument."""
        before = self._sequels.before(node, edge.place.register) if edge.kind == DISPATCH_EDGE else ()
        calls = [(ir.CALL, call[1], (place, *call[2]), call[3]) for place in before] or [call]
        callee, supplies = self.sites.code(edge.target).scope, self._supplies(node)
        return Supply.joined(supplies.of_slot(callee, one, slot) for one in calls for slot in sorted(slots))

    def _of_object(self, node: int, register: int) -> Supply:
        """What the object brings that a method is called on."""
        code = self.sites.code(node)
        receiver = code.receiver(register)
        is_own = receiver >= 0 and code.scope.code[code.value_of(receiver)] == (ir.PARAM, 0)
        if is_own and self.sites.definitions.enclosing_class(self.sites.scope_of(node)) is not None:
            return Supply(slots=_OWN_SLOTS)
        return self._supplies(node).of((receiver,)) if receiver >= 0 else NOTHING

    def _made_by_others(self, node: int, edge: Edge, slots: frozenset[Slot]) -> Supply:
        """Whether what a call hands to one function may come out of the others that it runs (the nodes of a graph)."""
        targets = {other.target for other in self.sites.edges(node)[self.sites.register(node, edge.place)]} - {
            edge.target
        }
        made = (self._results.part_of(target, slot.part) for target in sorted(targets) for slot in slots)
        return CERTAIN if any(supply.may_be for supply in made) else NOTHING

    def _sent_later(self, node: int, register: int) -> Supply:
        """What calls bring that send a dispatch on its way which was prepared before."""
        later = self._prepared.sent_by(node, register)
        return Supply.joined(self._supplies(node).of_arguments(call) for call in later)

    def _for_others(self, target: int, slots: frozenset[Slot]) -> frozenset[str]:
        """Names of a function's parameters that none of the slots is: what they are given leads nowhere."""
        asked, parameters = {slot.index for slot in slots}, self.sites.code(target).scope.parameters
        is_named = all(0 <= index < len(parameters) for index in asked)
        return frozenset(p.name for index, p in enumerate(parameters) if is_named and index not in asked)

    def _known_supply(
        self, node: int, register: int, *, reads: bool = True, for_others: frozenset[str] = frozenset()
    ) -> Supply:
        """An id in what resolution knows of the arguments (headers made by another function). `reads`: what the function
        writes down itself is seen elsewhere; `for_others`: names of arguments that do not matter."""
        code = self.sites.code(node)
        if all(code.scope.code[value][0] in (ir.PARAM, ir.CONST) for value in call_operands(code.scope.code[register])):
            return NOTHING
        view = self.sites.calls(node)[register]
        if reads:
            return CERTAIN if self._known.in_any(self._not_read(code, view, for_others)) else NOTHING
        named = (values for name, values in view.keywords if name not in for_others)
        return CERTAIN if self._known.in_any((*view.arguments, *named)) else NOTHING

    def _supplies(self, node: int) -> Supplies:
        known = self._by_node.get(node)
        if known is None:
            given = self._injected.parameters(self.sites.scope_of(node))
            texts = partial(_texts, self.sites.resolution, node)
            known = self._by_node[node] = Supplies(
                self.sites.code(node),
                self._ids,
                texts,
                partial(self._constructing.of, node),
                partial(self._results.of, node),
                partial(self.ambient.variables.read, node),
                partial(self.ambient.variables.holds_id, node),
                partial(self._constructing.leaves_empty, node),
                partial(self.captured.supply, node),
                given,
            )
        return known

    def crosses(self, edge: Edge) -> bool:
        """Whether open spans and contexts survive an edge: calls, and dispatches that an instrumentation covers."""
        return edge.kind == CALL_EDGE or self._is_propagated(edge.mechanism)

    def keeps_context(self, node: int, edge: Edge) -> bool:
        """Whether what is bound in contexts is so behind an edge, too."""
        calls, register = self.sites.calls(node), self.sites.register(node, edge.place)
        names = calls[register].names if register in calls else ()
        if edge.kind == CALL_EDGE:
            return not any(map(self._leaving.find, names))
        code = self.sites.code(node).scope.code
        takers = (c.names for r, c in calls.items() if code[r][0] == ir.CALL and register in call_operands(code[r]))
        return self._is_propagated(edge.mechanism) or any(map(self._copying.find, (*names, *chain(*takers))))

    def _is_propagated(self, mechanism: str) -> bool:
        if mechanism not in self._propagated:
            self._propagated[mechanism] = self.ambient.hooks.is_propagated(mechanism)
        return self._propagated[mechanism]

    def is_logged(self, node: int) -> bool:
        """Whether a log line of the function itself carries an id among its arguments or on a bound logger."""
        said = {r: view for r, view in self.sites.calls(node).items() if self.ambient.is_log_call(view)}
        supplies = (self._supplies(node).of_call(register) for register in said)
        if any(supply.is_certain or any(slot.is_id for slot in supply.slots) for supply in supplies):
            return True
        return any(self.ambient.is_bound_logger(node, view) for view in said.values())

    def printed(self, node: int) -> frozenset[int]:
        """Contexts that log lines of the function carry, if they are bound; what they are handed counts, too."""
        said = (r for r, view in self.sites.calls(node).items() if self.ambient.is_log_call(view))
        supplies = self._supplies(node)
        return self.ambient.printed(node).union(*(supplies.of_call(register).contexts for register in said))

    # -- ids found by resolution --------------------------------------------------------------------------------

    def _is_injected(self, node: int, register: int) -> bool:
        """`propagate.inject(headers)` has written the current trace into something that the call sends, here or in a
        function that gives it back."""
        return self._holds_carrier(node, register, register)

    def _holds_carrier(self, node: int, place: int, register: int) -> bool:
        """The same of a value, at a place."""
        sent = self.sites.code(node).closure((register,))
        if not sent.isdisjoint(self._carriers(node, place)):
            return True
        edges = self.sites.edges(node)
        return any(
            made and all(self._gives_carrier(edge.target) for edge in made)
            for made in (edges.get(value, ()) for value in sent if value != place)
        )

    def _carriers(self, node: int, register: int) -> frozenset[int]:
        """What the current trace has been written into before a place is reached."""
        code, flow = self.sites.code(node).scope.code, self.sites.flow(node)
        return frozenset(
            argument
            for site, view in self.sites.calls(node).items()
            if any(self._injectors.find(name) for name in view.names) and flow.dominates(site, register)
            for argument in (*code[site][2], *(value for _, value in code[site][3]))
        )

    def _gives_carrier(self, node: int) -> bool:
        """Whether all that a function gives back has had the trace written into it by the function itself."""
        known = self._giving.get(node)
        if known is None:
            self._giving[node] = False
            given = [(r, i[1]) for r, i in enumerate(self.sites.code(node).scope.code) if i[0] == ir.RETURN]
            known = bool(given) and all(self._holds_carrier(node, place, value) for place, value in given)
            self._giving[node] = known
        return known

    def _not_read(
        self, code: ScopeCode, call: CallView | ExternalCall, for_others: frozenset[str] = frozenset()
    ) -> Iterator[tuple[ArgumentValue, ...]]:
        """Values of those arguments that the function does not write down itself from what it was given: what such a display
        holds is seen in the code, and what its parts are is for the callers to say. `for_others`: names of those to leave out."""
        _, _, given, named = code.scope.code[call.place.register]
        written = {name for name, value in named if name is not None and _is_display(code, value)}
        positions = range(len(given)) if all(value >= 0 for value in given) else ()
        displayed = {position for position in positions if _is_display(code, given[position])}
        yield from (values for position, values in enumerate(call.arguments) if position not in displayed)
        yield from (values for name, values in call.keywords if name not in written and name not in for_others)

    def _externals(self) -> dict[tuple[int, int], ExternalCall]:
        if self._external is None:
            views = (self.sites.calls(n).get(e.call.register) for e in self.sites.effects for n in e.nodes)
            paths = frozenset(name for view in views if view is not None for name in view.names)
            calls = self.sites.resolution.external_calls(paths.__contains__)
            self._external = {(call.node, call.place.register): call for call in calls}
        return self._external


def _is_display(code: ScopeCode, register: int) -> bool:
    """Whether a value is a dict or list display of parameters, keywords that are asked for by name, settings
    (`settings.sender`), and constants."""
    if code.scope.code[register][0] not in _DISPLAYS:
        return False
    inside = code.closure((register,))
    settings = {r for r in inside if (i := code.scope.code[r])[0] == ir.ATTR and code.scope.code[i[1]][0] in _GLOBAL}
    plain = settings | {code.scope.code[r][1] for r in settings}
    return all(code.scope.code[r][0] in _READ or r in plain or _is_of_keywords(code, r) for r in inside)


def _is_of_keywords(code: ScopeCode, register: int) -> bool:
    """`kwargs["to"]`, `kwargs.get`, `kwargs.get("to")`."""
    instruction = code.scope.code[register]
    if instruction[0] == ir.CALL:
        return code.callee_name(register) == "get" and _is_of_keywords(code, instruction[1])
    holder = code.scope.code[instruction[1]] if instruction[0] in (ir.ATTR, ir.SUBSCRIPT) else instruction
    return holder[0] == ir.PARAM and code.scope.parameters[holder[1]].kind == KEYWORDS


def _texts(resolution: Resolution, node: int, register: int) -> Iterator[str]:
    """The constant texts that a register may be."""
    for value in resolution.values(node, register):
        if isinstance(value, text.Text) and value.literal is not None:
            yield value.literal
