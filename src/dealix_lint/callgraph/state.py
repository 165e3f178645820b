"""The state of the analysis: activations, slots, edges, worklist."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING, Any

from dealix_lint.callgraph import crowding, memo, merging, widening
from dealix_lint.callgraph.codefacts import loop_registers, scopes_with_captures, users
from dealix_lint.callgraph.dotted import DottedNames
from dealix_lint.callgraph.population import Population
from dealix_lint.callgraph.registry import UnitRegistry
from dealix_lint.callgraph.rules import FrameworkRules
from dealix_lint.callgraph.values import (
    BOUND,
    CONST,
    DECLARED_KEY,
    EMPTY,
    INST,
    TEXT,
    Slot,
    Slots,
    Value,
    Values,
    ValueTable,
    View,
)
from dealix_lint.link import Classes, ClassId, ModuleNames, Symbols
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, HIGH
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.folding import Fold
    from dealix_lint.callgraph.frame import Frame

# The work of the analysis is counted, not timed, so that every run gives the same: one for evaluating an instruction, and
# what the rest costs beside that (least squares over the time of six applications and libraries).
CALL_WORK = 4  # of calling one function again
BINDING_WORK = 8  # of letting arguments flow into it
COARSE_AFTER = 15  # work per instruction of the program until no new contexts are made; most code takes five
LEAST_PATIENCE = 4_000_000  # the same for a small program
FIRST_SHARING = 2_000  # contexts from which on equal sets are shared, see `solver`

EdgeInfo = tuple[str, str, int]
"""(kind, mechanism, confidence)"""
PLAIN_EDGE: EdgeInfo = (CALL_EDGE, "", HIGH)


REGISTER_BITS, SCOPE_BITS = 26, 22
ACTIVATION_SHIFT = REGISTER_BITS + SCOPE_BITS
LOCAL_MASK = (1 << ACTIVATION_SHIFT) - 1
REGISTER_MASK = (1 << REGISTER_BITS) - 1


def point(activation: int, scope: int, register: int) -> int:
    """An instruction in an activation as one number."""
    return (activation << ACTIVATION_SHIFT) | (scope << REGISTER_BITS) | register


class Function:
    """A scope that runs as a function (or a module's top level), with what never changes about it."""

    __slots__ = (
        "asks",
        "assigning",
        "bodies",
        "captured_flags",
        "constant_defaults",
        "contexts",
        "copies",
        "counted",
        "displayed",
        "flags",
        "fold",
        "hands_on",
        "identity_elements",
        "identity_parameters",
        "is_class_method",
        "is_static",
        "joined",
        "keeps",
        "kept_flags",
        "key_parameters",
        "kinds",
        "loads",
        "module",
        "objects",
        "owner",
        "receivers",
        "replaced",
        "scope",
        "scope_index",
        "sends",
        "size",
        "spreads",
        "tables",
        "unchanged",
    )

    def __init__(self, module: int, scope_index: int, scope: Scope) -> None:
        self.module = module
        self.scope_index = scope_index
        self.scope = scope
        self.owner: ClassId | None = None  # the class whose body defines it
        self.is_static = False
        self.is_class_method = False
        self.contexts: dict[tuple[int, ...], int] = {}
        self.receivers: set[Value] = set()  # the instances that contexts tell apart
        self.size = 1 + len(scope.code)  # instructions, nested functions included
        self.key_parameters: frozenset[int] = frozenset()
        self.kinds: frozenset[int] = frozenset()  # parameters of which the class decides, see `kinds`
        self.loads = -1  # the parameter that names what the function imports and gives back, see `loaders`
        self.displayed: frozenset[int] | None = (
            None  # parameters put into what it writes down, once asked, see `contexts`
        )
        self.spreads = False  # whether it hands its `**kwargs` on
        self.hands_on: frozenset[int] = frozenset()  # parameters that a wrapper hands to the function it wraps
        self.sends = False  # whether some of them are where or by which method a request goes that may write
        self.identity_parameters: frozenset[int] = frozenset()
        self.identity_elements: frozenset[int] = frozenset()  # registers given back that are elements of `*args`
        self.tables: frozenset[int] = frozenset()  # parameters of which elements decide what it calls or sends
        self.copies: frozenset[int] = frozenset()  # parameters of which it gives back a copy, see `copying`
        self.joined = -1  # the `*args` of which it joins a text
        self.unchanged: frozenset[int] = frozenset()  # parameters that are as they came when conditions ask for them
        self.fold: Fold | None = None  # how a loop over them does
        self.counted = -1  # the `*args` of which a condition asks how many they are
        self.flags: frozenset[int] = frozenset()  # parameters that a condition asks for
        self.captured_flags: tuple[tuple[str, int, int], ...] = ()  # those of functions around: name, scope, position
        self.kept_flags: dict[str, int] = {}  # attributes that keep such a parameter, which conditions ask for
        self.replaced: frozenset[int] = frozenset()  # assignments that nothing sees, see `placeholders`
        self.asks: frozenset[str] = frozenset()  # attributes that conditions of a method ask for, see `keeping`
        self.keeps: dict[str, int] = {}  # such attributes, and the parameters of the constructor that they keep
        self.assigning: dict[str, tuple[ClassId, ...]] = {}  # the classes whose methods assign those
        self.objects: frozenset[int] = frozenset()  # parameters of which methods are called, see `absent`
        self.bodies: frozenset[int] = frozenset()  # those of them that decide what a request does
        self.constant_defaults: dict[int, tuple[Any]] = {}  # defaults of parameters that are constants

    @property
    def receivers_before(self) -> int:
        """How many parameters stand before those that calls hand something to: `self` or `cls` of a method."""
        return 1 if self.owner is not None and not self.is_static else 0


class Activation:
    """A function in a context: where its parameters, result and edges live."""

    __slots__ = (
        "called", "context", "defaulted", "depth", "dirty", "edges", "environment", "external", "frames", "function", "index",
        "is_entered", "maybe_given", "parameters", "queued", "result", "stands_alone", "yields",
    )  # fmt: skip

    def __init__(
        self, index: int, function: int, environment: int, context: tuple[int, ...], depth: int, width: int
    ) -> None:
        self.index = index
        self.function = function
        self.environment = environment
        self.context = context
        self.depth = depth
        self.parameters = [Slot() for _ in range(width)]
        self.defaulted: frozenset[int] = EMPTY  # parameters that calls leave to their defaults
        self.maybe_given: frozenset[int] = (
            EMPTY  # those of them that each such call may hand on, if it is handed them: `f(**options)`
        )
        self.result = Slot()
        self.yields = Slot()
        self.edges: dict[tuple[int, int], dict[int, EdgeInfo]] = {}
        self.external: dict[tuple[int, int], Values] = {}
        self.dirty: set[int] = set()  # local parts of points to be evaluated again
        self.frames: dict[int, Frame] = {}  # by scope: its own, and the class bodies in it
        self.queued = False
        self.called = False
        self.is_entered = False  # a framework runs a method on a class, see `inherited`
        self.stands_alone = False  # a closure that nothing called in its environment when it was made


class State:
    """Everything the fixpoint reads and writes."""

    def __init__(self, program: Program, rules: FrameworkRules) -> None:
        self.program = program
        self.rules = rules
        self.names = ModuleNames(program)
        self.symbols = Symbols(program, self.names)
        self.dotted = DottedNames(self.names, self.symbols)
        self.classes = Classes(program, self.symbols)
        self.table = ValueTable()
        self.slots = Slots()
        self.recorded: list[Slot] | None = None  # slots read so far for the view being worked out
        self.functions: list[Function] = []
        self.sent_attributes: frozenset[str] = frozenset()
        self.requests: frozenset[ClassId] = frozenset()  # classes whose objects keep them from their constructor on
        self.function_ids: dict[tuple[int, int], int] = {}
        self.activations: list[Activation] = [Activation(0, -1, 0, (), 0, 0)]  # 0 is no activation
        self.queue: deque[int] = deque()
        self.registry = UnitRegistry()
        self.sites: dict[tuple[int, ...], int] = {}
        self.site_list: list[tuple[int, int, int]] = [(0, 0, 0)]
        self.class_ids: dict[ClassId, int] = {}
        self.class_list: list[ClassId] = []
        self.class_environments: dict[int, int] = {}
        self.creations: dict[int, Any] = {}  # site -> arguments of the external constructor call there
        self.partials: dict[int, Any] = {}
        self.undeclared: set[int] = set()  # points where an annotation would be believed
        self.unknown: set[int] = set()  # points with a receiver of which nothing is known
        self.trusting = False  # annotations are believed where values say nothing
        self.guessing = False  # methods are found by name where even annotations say nothing
        self.work = 0  # done so far, see `CALL_WORK`
        size = sum(len(scope.code) for module in program.summaries for scope in module.scopes)
        self.patience = max(LEAST_PATIENCE, COARSE_AFTER * size)
        self.most_callback_code = crowding.most_callback_code(size)
        self.spare_code = crowding.Reserve(size)
        self.callback_code = crowding.Reserve(
            size
        )  # for contexts that tell nothing but callables apart: they take from no others
        self.most_held = sys.maxsize  # values per slot, see `hurry`
        self.roomy = widening.MOST_TEXTS  # values up to which a slot takes in anything
        self.next_sharing = FIRST_SHARING  # activations, see `solver`
        self.point = 0  # the instruction being evaluated
        self.population = Population(self)
        self.joined: dict[Value, tuple[Value, ...]] = {}  # containers -> those that stand for them, see `merging`
        self.merged: dict[Value, merging.Origin] = {}  # those -> where the others are made
        self.stand_ins: dict[merging.Origin, tuple[int, Value]] = {}  # how many of those there are, and the last one
        self.to_join: list[tuple[Value, Value]] = []
        self.is_joining = False
        self.uncalled: set[Value] = set()  # callees of calls that have too many
        self.identities: set[Value] = set()  # instances that are one object each
        self.class_code: dict[ClassId, int] = {}  # see `crowding.code_of_class`
        self._captures: dict[int, frozenset[int]] = {}
        self._loops: dict[tuple[int, int], tuple[int, ...]] = {}
        self._calls: dict[tuple[int, int], tuple[int, ...]] = {}
        self._memo_reads: dict[tuple[int, int], dict[int, tuple[int, ...]]] = {}
        self._users: dict[tuple[int, int], tuple[Sequence[int], ...]] = {}

    @property
    def is_coarse(self) -> bool:
        """True once the analysis has taken so long that no further contexts are made, and places that hold much take in
        less: its time stays linear in the code."""
        return self.work > self.patience

    def hurry(self) -> None:
        """Once coarse: let places that hold much take in less, the longer the analysis has taken."""
        share = self.work / self.patience
        self.most_held = next(most for limit, most in widening.MOST_WHEN_COARSE if share > limit)
        self.roomy = min(widening.MOST_TEXTS, self.most_held)

    # -- slots --------------------------------------------------------------------------------------------------

    def read(self, slot: Slot) -> Values:
        """The values of a slot; the instruction that reads it is evaluated again when they grow."""
        if self.recorded is None:
            readers = slot.readers
            if isinstance(readers, set):
                readers.add(self.point)
            elif readers != self.point:
                slot.readers = {readers, self.point} if readers else self.point
        else:
            self.recorded.append(slot)
        return slot.values

    def record(self, slots: list[Slot] | None) -> list[Slot] | None:
        """Note the slots that are read in this list from now on; what noted them so far."""
        before, self.recorded = self.recorded, slots
        return before

    def speak(self) -> None:
        """What follows has effects (it calls something): no view can stand for it, the instruction itself depends on what
        was read."""
        for slot in self.record(None) or ():
            self.read(slot)

    def watch(self, view: View, slots: Iterable[Slot]) -> None:
        """Work a view out again when one of the slots grows."""
        view.is_stale = False
        for slot in slots:
            if view not in slot.views:
                slot.views = (*slot.views, view)

    def add(self, slot: Slot, values: Values) -> None:
        """Let values flow into a slot."""
        known = slot.values
        if values <= known:
            return
        if slot.refused:
            values -= slot.refused
            if values <= known:
                return
        if slot.forgets_texts:
            values = self.without_texts(values)
            if values <= known:
                return
        if slot.bases:
            values = frozenset(v for v in values if v in known or not widening.is_covered(self, slot, v))
            if values <= known:
                return
        grown = known | values if known else values
        if len(grown) > self.roomy:
            grown = widening.widened(self, slot, grown, known)
        if grown != known:
            slot.values = grown
            self._announce(slot)
            for target in slot.targets:
                self.add(target, values)
        if self.to_join:
            merging.join(self)

    def _announce(self, slot: Slot) -> None:
        """A slot has changed."""
        for reader in slot.reading():
            self.mark(reader)
        for view in slot.views:
            if not view.is_stale:
                view.is_stale = True
                self._announce(view)

    def link(self, source: Slot, target: Slot) -> None:
        """Let everything that flows into a slot flow on into another one."""
        if isinstance(source.targets, list):
            source.targets.append(target)
        else:
            source.targets = [target]
        self.add(target, source.values)

    def without_key(self, value: Value) -> Value:
        """Instances told apart by their constructor's arguments become one; methods bound to them likewise."""
        kind, data = self.table.kinds[value], self.table.data[value]
        if kind == INST and data[1] > 0:
            return self.table.make(INST, data[0], DECLARED_KEY)
        if kind == BOUND:
            receiver = self.without_key(data[1])
            if receiver != data[1]:
                return self.table.make(BOUND, data[0], receiver, depth=self.table.depths[data[0]])
        return value

    def without_texts(self, values: Values) -> Values:
        """Values without constants and texts."""
        kinds = self.table.kinds
        return frozenset(v for v in values if kinds[v] != TEXT and kinds[v] != CONST)

    def mark(self, where: int) -> None:
        """Evaluate an instruction again later."""
        activation = self.activations[where >> ACTIVATION_SHIFT]
        activation.dirty.add(where & LOCAL_MASK)
        if not activation.queued:
            activation.queued = True
            self.queue.append(activation.index)

    # -- identities ---------------------------------------------------------------------------------------------

    def function_id(self, module: int, scope: int) -> int:
        """The number of a function, lambda or module scope."""
        return self.function_ids[module, scope]

    def site(self, activation: int, scope: int, register: int, single: int = -1) -> int:
        """The number of an instruction of an activation; another one where it is run for a single value, see `singling`."""
        place = (activation, scope, register)
        key = place if single < 0 else (*place, single)
        found = self.sites.get(key)
        if found is None:
            found = self.sites[key] = len(self.site_list)
            self.site_list.append(place)
        return found

    def class_id(self, identity: ClassId) -> int:
        """The number of a class."""
        found = self.class_ids.get(identity)
        if found is None:
            found = self.class_ids[identity] = len(self.class_list)
            self.class_list.append(identity)
        return found

    def declared(self, identity: ClassId) -> Value:
        """An instance of a class of which only the annotation is known."""
        return self.table.make(INST, self.class_id(identity), DECLARED_KEY)

    def activation(self, function: int, environment: int, context: tuple[int, ...]) -> Activation:
        """The activation of a function in a context (pairs of parameter index and value, flattened)."""
        info = self.functions[function]
        depth = self._depth(environment, context)
        fitting = crowding.fitting(self, info, environment, context, depth) if context else context
        if fitting != context:
            context, depth = fitting, self._depth(environment, fitting)
        key = (environment, *context)
        found = info.contexts.get(key)
        if found is None:
            found = info.contexts[key] = len(self.activations)
            info.receivers.update(v for v in context[1::2] if self.table.kinds[v] == INST)
            activation = Activation(found, function, environment, context, depth, len(info.scope.parameters))
            self.activations.append(activation)
            activation.queued = True
            self.queue.append(found)
        return self.activations[found]

    def _depth(self, environment: int, context: tuple[int, ...]) -> int:
        depths = self.table.depths
        depth = self.activations[environment].depth if environment else 0
        if not context:
            return depth
        inner = max((depths[value] for value in context[1::2]), default=-1)
        return max(depth, inner + 1)

    def instance(self, class_index: int, key: int, place: tuple[int, int] | None = None) -> Value:
        """An instance; makes the class known as instantiated, if only as the default of a parameter (`place`)."""
        value = self.table.make(INST, class_index, key, depth=1 if key > 0 else 0)
        if key >= 0:
            self.population.note(self.class_list[class_index], value, place)
        return value

    def grow(self, slot: Slot, values: Set[Value]) -> None:
        """Let a slot that nothing flows out of hold more values."""
        slot.values |= values
        self._announce(slot)

    def live(self, function: Function) -> list[Activation]:
        """Contexts that matter: those called, those that a framework enters, closures that nothing calls in their environment,
        or the one of a function that nothing calls at all."""
        contexts = [self.activations[index] for index in function.contexts.values()]
        called = {activation.environment for activation in contexts if activation.called}
        alive = [a for a in contexts if a.called or a.is_entered or (a.stands_alone and a.environment not in called)]
        return alive or contexts

    # -- code ---------------------------------------------------------------------------------------------------

    def needs_environment(self, function: int) -> bool:
        """True if a function uses variables of an enclosing function."""
        info = self.functions[function]
        found = self._captures.get(info.module)
        if found is None:
            found = self._captures[info.module] = scopes_with_captures(self.program, info.module)
        return info.scope_index in found

    def loop_registers(self, module: int, scope: int) -> tuple[int, ...]:
        """`PHI`s that close a loop."""
        found = self._loops.get((module, scope))
        if found is None:
            found = self._loops[module, scope] = loop_registers(self.program.summaries[module].scopes[scope])
        return found

    def call_registers(self, module: int, scope: int) -> tuple[int, ...]:
        """The CALL instructions of a scope."""
        found = self._calls.get((module, scope))
        if found is None:
            code = self.program.summaries[module].scopes[scope].code
            found = self._calls[module, scope] = tuple(r for r, i in enumerate(code) if i[0] == ir.CALL)
        return found

    def users(self, module: int, scope: int) -> tuple[Sequence[int], ...]:
        """For each register of a scope the instructions that use it."""
        found = self._users.get((module, scope))
        if found is None:
            found = self._users[module, scope] = users(
                self.program.summaries[module].scopes[scope], self.memo_reads(module, scope)
            )
        return found

    def memo_reads(self, module: int, scope: int) -> dict[int, tuple[int, ...]]:
        """See `memo.reads`."""
        found = self._memo_reads.get((module, scope))
        if found is None:
            found = self._memo_reads[module, scope] = memo.reads(self.program.summaries[module].scopes[scope])
        return found

    def module_activation(self, module: int) -> int:
        """The activation of a module's top-level code."""
        return next(iter(self.functions[self.function_ids[module, 0]].contexts.values()), 0)
