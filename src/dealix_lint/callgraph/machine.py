"""The abstract machine: state plus the operations that instructions are made of."""

from __future__ import annotations

import builtins
import re

from dealix_lint.callgraph import (
    attributes,
    calls,
    crowding,
    defining,
    descriptors,
    external,
    families,
    iteration,
    methods,
    parameters,
    scoping,
    telling,
    units,
)
from dealix_lint.callgraph.assigned import Assigned
from dealix_lint.callgraph.codefacts import attribute_names
from dealix_lint.callgraph.crowding import HTTP_METHODS
from dealix_lint.callgraph.frame import Arguments, Frame
from dealix_lint.callgraph.generics import Variables
from dealix_lint.callgraph.hierarchy import Hierarchy
from dealix_lint.callgraph.interfaces import Interfaces
from dealix_lint.callgraph.predicates import Predicate
from dealix_lint.callgraph.requiring import Required
from dealix_lint.callgraph.state import PLAIN_EDGE, REGISTER_MASK, Activation, EdgeInfo, State
from dealix_lint.callgraph.types import Types
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONST,
    CONT,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    GENERIC,
    HOLE,
    INST,
    MODULE,
    PARTIAL,
    PASSIVE_KINDS,
    PROP,
    STATICM,
    TEXT,
    Value,
    Values,
    View,
)
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Dispatch
from dealix_lint.model.graph import MEDIUM, UNKNOWN_CALLEE
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.summary import TypeExpr
from dealix_lint.model.text import ArgumentValue

_FIELD = re.compile(r"(?:^|\.)(?:field|Field|ib|attrib|PrivateAttr|mapped_column|relationship|Column)\(\)$")
_METHOD_OF_REQUEST = re.compile(r"\.method(?:\.(?:lower|upper)\(\))?$")
BUILTIN_NAMES = frozenset(dir(builtins))


class Machine:
    """Operations on abstract values. One per analysis."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.table = state.table
        self.hierarchy = Hierarchy(state)
        self.interfaces = Interfaces(state)
        self.types = Types(self)
        self.assigned = Assigned()
        self.required = Required(self)
        self.telling = telling.find(self)
        self.constant_sets: dict[tuple[type, object], Values] = {}
        self.singles: dict[Values, Values] = {EMPTY: EMPTY}  # one for each value that stands alone
        self.bindings: dict[tuple[int, Value, Value], tuple[Arguments, tuple[Activation, ...], Values]] = {}
        self._second_hand: set[tuple[int, int]] = set()  # classes and keys of instances told apart by such that are
        self._fitted: dict[tuple[int, bool, str], tuple[str, ...]] = {}
        self.guessable: dict[str, bool] = {}
        self.method_roots: dict[str, list[ClassId]] = {}
        self.presumed: dict[tuple[int, int, int], tuple[ClassId, ...]] = {}  # by parameter, see `presuming`
        self.implementers: dict[ClassId, tuple[ClassId, ...]] = {}
        self.structural: frozenset[ClassId] | None = None  # implementers of protocols that have several
        self.metaclasses: dict[ClassId, list[ClassId]] = {}
        self.registered_classes: dict[ClassId, dict[str, None]] = {}  # with the methods that a framework runs on them
        self.collaborators: dict[tuple[int, int], dict[int, frozenset[str]]] = {}  # of constructors, by parameter
        self.called_on: dict[ClassId, dict[str, frozenset[str]]] = {}  # attributes -> methods that are called on them
        self.enums: dict[ClassId, bool] = {}
        self.enums_with_methods: dict[ClassId, bool] = {}
        self.indirect: dict[tuple[int, int, int, Value], Arguments] = {}  # what external calls by others are given
        self.chosen_outside: set[tuple[int, int, int, Value]] = (
            set()
        )  # external calls of what a key chose, see `choosing`
        self.method_partials: set[int] = set()  # sites of `functools.partialmethod`
        self.running: set[tuple[object, object]] = set()  # calls under way that may come to call themselves
        self.called_back: set[Value] = set()  # by the external call under way
        self.decorator_partials: set[int] = set()  # sites where a library makes a decorator of a function
        self.wrapper_partials: set[int] = set()  # sites where a library wraps a function, see `stdlib_calls.wrapper`
        self.provider_kinds: dict[int, str] = {}  # sites where providers of a container are made, see `providers`
        self._container_classes: dict[tuple[str, ...], tuple[ClassId, ...]] = {}
        self.default_places: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}  # by scope, see `defaults`
        self.default_factories: dict[Value, Values] = {}  # of `defaultdict` containers
        self.type_parameters: dict[ClassId, tuple[str, ...]] = {}
        self.type_arguments: dict[int, dict[Variables, int]] = {}
        self.base_arguments: dict[tuple[ClassId, ClassId, Variables], Variables] = {}
        self.shared: dict[tuple[str, int, str], int] = {}  # (path, root, name) -> the site of the first such object
        self.class_parameters: dict[int, tuple[tuple[int, str], ...]] = {}
        self.narrower: dict[tuple[Value, str, ClassId], ClassId | None] = {}
        self.variable_attributes: dict[tuple[ClassId, str], tuple[ClassId, TypeExpr] | None] = {}
        self.unknown = state.table.external(UNKNOWN_CALLEE)
        self.listing_modules: dict[str, tuple[str, ...]] = {}  # by the variable that they have, see `listings`
        self.settings_modules: dict[str, tuple[int, ...]] = {}  # by the name that they all define
        self.attribute_paths: dict[tuple[Value, str], Values] = {}
        self._externals: dict[tuple[str, int], Values] = {}
        self.lengths: dict[Value, int] = {}
        self.grown: dict[tuple[int, int, int], dict[tuple[str | int, ...], None]] = {}  # see `growing`
        self.kept_under: dict[
            tuple[Value, str | int | tuple[int], int], Values
        ] = {}  # empty containers put under constant keys
        self.memoised: dict[tuple[int, int, int], Values] = {}  # what contexts put where the register reads, see `memo`
        self.copied: dict[Value, set[Value]] = {}  # containers -> those that their contents were copied from
        self.bound_members: dict[tuple[Values, Value, int], Values] = {}  # of a class, seen through an instance
        self.left_to_subclasses: dict[Values, tuple[Value, ...]] = {}  # callees -> abstract methods among them
        self.overrides: dict[tuple[ClassId, str], dict[ClassId, descriptors.Override]] = {}  # of a class's member
        self.families: dict[tuple[int, Value], families.Family] = {}  # by place and first callee
        self.results: dict[Values, families.Results] = {}  # of all of these methods
        self.properties: dict[tuple[ClassId, str], families.Family] = {}
        self.views: dict[tuple[Value, str], View] = {}  # attributes of instances
        self.loads: dict[
            tuple[Values, str], tuple[Values, list[Value]]
        ] = {}  # attributes -> values with more to be asked
        self.plain_sets: dict[Values, tuple[Values, Values, bool, list[Value]]] = {}
        self.plain_calls: dict[Value, tuple[Values, bool]] = {}
        self._without_keys: dict[Values, Values] = {}
        self._callables: dict[Values, tuple[Value, ...]] = {EMPTY: ()}
        self.descriptions: dict[tuple[Values, int], tuple[tuple[ArgumentValue, ...], int]] = {}
        self.generics: set[Value] = set()  # `singledispatch` functions
        self.overloads: dict[tuple[Value, Value], Values] = {}  # of these, and what is registered -> for which types
        self.global_names: dict[int, frozenset[str]] = {}
        self.fitting: dict[tuple[int, int, int, int, bool], bool] = {}  # see `fitting`
        self.kept: dict[tuple[int, int], dict[str, Value]] = {}  # by class and key, see `keeping`
        self.predicates: dict[int, Predicate | None] = {}  # by function, see `predicates`
        self.guards: dict[tuple[int, int, int], tuple[tuple[int, bool], ...]] = {}  # see `guards`
        self.never_taken: dict[tuple[int, frozenset[tuple[object, Value]]], frozenset[int]] = {}
        self._global_types: dict[int, dict[str, TypeExpr]] = {}
        self.instance_keys: dict[int, dict[tuple[int, ...], int]] = {}
        self.used_attributes: dict[tuple[int, int], dict[int, frozenset[str]]] = {}
        self.pattern_indexes: dict[tuple[str, ...], PatternIndex[bool]] = {}
        self.registrations: dict[Dispatch, dict[tuple[Value, tuple[int, int, int]], None]] = {}
        self.is_importing = True  # nothing but modules, and what they call, is evaluated so far
        self.handed_in: dict[tuple[Value, int], Values] = {}  # meanwhile: what frameworks give parameters of functions
        self.registration_slots: dict[str, None] = {}
        self.coroutine_edges: dict[
            tuple[int, int], EdgeInfo
        ] = {}  # (site, activation) -> the dispatch that took it over

    # -- small questions ----------------------------------------------------------------------------------------

    def external(self, path: str, root: int) -> Values:
        """An external access path as a set."""
        found = self._externals.get((path, root))
        if found is None:
            found = self._externals[path, root] = frozenset(
                (self.table.external(self.state.rules.canonical(path), root),)
            )
        return found

    def owner_of(self, path: str, root: int) -> Values:
        """An instance of the class that an access path begins with, where the rules say that this is what calling the path
        (or taking an element, `Order.objects[]`) gives."""
        if root >= 0 or self.table.kinds[-root] != CLASS:
            return EMPTY
        is_owner = any(rule.value == "owner" for rule in self.state.rules.facts(path).returns)
        return frozenset((self.state.instance(self.table.data[-root][0], 0),)) if is_owner else EMPTY

    def bound(self, function: Value, receiver: Value) -> Value:
        """A bound method."""
        depths = self.table.depths
        return self.table.make(BOUND, function, receiver, depth=max(depths[function], depths[receiver]))

    def wrapped(self, kind: int, values: Values) -> Values:
        """Functions as static methods, class methods or properties; what is wrapped already is not wrapped deeper each time
        round a loop (`f = staticmethod(f)`)."""
        table = self.table
        plain = frozenset(table.data[v][0] if table.kinds[v] in (STATICM, CLASSM) else v for v in values)
        parts = (0,) if kind == PROP else ()
        return frozenset(
            v if table.kinds[v] == PROP else table.make(kind, v, *parts, depth=table.depths[v]) for v in plain
        )

    def without_keys(self, values: Values) -> Values:
        """Instances of one class told apart no longer."""
        found = self._without_keys.get(values)
        if found is None:
            found = frozenset([self.state.without_key(value) for value in values])
            found = self._without_keys[values] = values if found == values else found
        return found

    def is_plain(self, value: Value) -> bool:
        """True for a function that a call runs, and nothing else."""
        return self.table.kinds[value] == FUNC and value not in self.generics

    def is_text(self, value: Value) -> bool:
        """True for texts with holes."""
        return self.table.kinds[value] == TEXT

    def all_passive(self, values: Values | set[Value]) -> bool:
        """True if there are only constants, texts and unknown scalars."""
        kinds = self.table.kinds
        return all(kinds[value] in PASSIVE_KINDS for value in values)

    def module_names(self, module: int) -> frozenset[str]:
        """Global names of a module: exported ones and those written by `global` in functions."""
        found = self.global_names.get(module)
        if found is None:
            names = set(self.state.symbols.exports(module))
            for scope in self.state.program.summaries[module].scopes:
                names |= {i[1] for i in scope.code if i[0] == ir.SET_NAME}
            found = self.global_names[module] = frozenset(names)
        return found

    def declared_global(self, module: int, name: str) -> TypeExpr | None:
        """The annotation of a global name."""
        known = self._global_types.get(module)
        if known is None:
            code = self.state.program.summaries[module].scopes[0].code
            exports = self.state.symbols.exports(module).items()
            known = self._global_types[module] = {
                exported: code[r][1] for exported, registers in exports for r in registers if code[r][0] == ir.DECLARED
            }
        return known.get(name)

    def has_member(self, instance: Value, name: str) -> bool:
        """True if the class of an instance has a first-party member of that name."""
        identity = self.state.class_list[self.table.data[instance][0]]
        return self.state.classes.definer(identity, name) is not None

    def is_told_apart(self, instance: Value) -> bool:
        """True for instances that are told apart by what they were made with, other than such instances."""
        return self.table.data[instance][1] > 0 and self.table.data[instance] not in self._second_hand

    # -- operations ---------------------------------------------------------------------------------------------

    def call(
        self, frame: Frame, register: int, callees: Values, arguments: Arguments, edge: EdgeInfo = PLAIN_EDGE
    ) -> Values:
        """Call every possible callee."""
        return calls.call(self, frame, register, callees, arguments, edge)

    def load(self, frame: Frame, register: int, values: Values, name: str) -> Values:
        """Load an attribute."""
        return attributes.load(self, frame, register, values, name)

    def iterate(self, frame: Frame, register: int, values: Values, is_async: bool) -> Values:
        """One element of an iterable."""
        return iteration.iterate(self, frame, register, values, is_async)

    def metaclasses_of(self, identity: ClassId) -> list[ClassId]:
        """First-party metaclasses of a class."""
        return defining.metaclasses(self, identity)

    def class_unit_attribute(self, instance: Value, external: tuple[str, ...], name: str) -> Values:
        """`MyTask().delay` on an instance of a class that is a unit by its base."""
        return units.class_unit_attribute(self, instance, external, name)

    def unit_attribute(self, frame: Frame, value: Value, name: str) -> Values:
        """`task.delay` and the like on a unit of a framework."""
        return units.unit_attribute(self, value, name)

    def external_store(self, frame: Frame, register: int, holder: Value, name: str, values: Values) -> None:
        """An attribute of an external object is assigned."""
        external.store(self, frame, register, holder, name, values)

    def generic_register(self, value: Value) -> Value:
        """The `register` decorator of a `functools.singledispatch` function."""
        return self.table.make(GENERIC, value, EMPTY)

    def parameter_container(self, activation: Activation, index: int, kind: str) -> Value:
        """The tuple or dict behind `*args` or `**kwargs`."""
        return self.table.make(CONT, kind, self.state.site(activation.index, -1, index))

    def add_edge(self, frame: Frame, register: int, target: Activation, edge: EdgeInfo) -> None:
        """Record that a call site reaches an activation."""
        if register in frame.guessed and edge[2] > MEDIUM:
            edge = (edge[0], edge[1], MEDIUM)
        if register < 0:
            register = self.state.point & REGISTER_MASK
        targets = frame.activation.edges.setdefault((frame.scope_index, register), {})
        known = targets.get(target.index)
        if known is None or (edge[0], edge[2]) > (known[0], known[2]):
            targets[target.index] = edge

    def add_edges(self, frame: Frame, register: int, targets: dict[int, EdgeInfo]) -> None:
        """Record that a call site reaches many activations; what is known of it counts before them."""
        if register in frame.guessed:
            targets = {target: (kind, mechanism, MEDIUM) for target, (kind, mechanism, _) in targets.items()}
        if register < 0:
            register = self.state.point & REGISTER_MASK
        key = (frame.scope_index, register)
        frame.activation.edges[key] = {**targets, **frame.activation.edges.get(key, {})}

    def add_external(self, frame: Frame, register: int, value: Value) -> None:
        """Record that a call site calls an external path."""
        if register < 0:
            register = self.state.point & REGISTER_MASK
        single = frozenset((value,))
        self.add_externals(frame, register, self.singles.setdefault(single, single))

    def add_externals(self, frame: Frame, register: int, values: Values) -> None:
        """Record that a call site calls several external paths."""
        external, site = frame.activation.external, (frame.scope_index, register)
        known = external.get(site)
        external[site] = values if known is None else known | values

    def store(self, frame: Frame, register: int, holders: Values, name: str, values: Values) -> None:
        """Store an attribute."""
        attributes.store(self, frame, register, holders, name, values)

    def awaited(self, frame: Frame, register: int, values: Values) -> Values:
        """Await values."""
        return iteration.awaited(self, frame, register, values)

    def load_fitting(self, frame: Frame, register: int, holders: Values, names: Values) -> Values:
        """`getattr(x, f"handle_{kind}")`: every method of an object or a class, or function of a module, whose name the known
        parts fit, if it begins or ends with one."""
        found: set[Value] = set()
        for name in sorted(names):
            parts = self.table.data[name][0] if self.is_text(name) else ()
            if not parts or not any(isinstance(part, str) for part in (parts[0], parts[-1])):
                continue
            pattern = "".join(re.escape(part) if isinstance(part, str) else self._unknown_part(part) for part in parts)
            classes = [value for value in sorted(holders) if self.table.kinds[value] == CLASS]
            for holder in (*self.instances(holders), *classes):
                for member in self._fitting(holder, pattern):
                    found |= self.load(frame, register, frozenset((holder,)), member)
            for holder in (value for value in sorted(holders) if self.table.kinds[value] == MODULE):
                index = self.state.program.modules.get(self.table.data[holder][0])
                fits = re.compile(pattern).fullmatch
                for global_name in sorted(filter(fits, self.module_names(index))) if index is not None else ():
                    found |= self.load(frame, register, frozenset((holder,)), global_name)
        frame.guessed |= {register}
        return frozenset(found)

    def _fitting(self, holder: Value, pattern: str) -> tuple[str, ...]:
        """Members of an instance or a class; where only the base of an instance is known, those of subclasses too."""
        data = self.table.data[holder]
        class_index, is_open = data[0], self.table.kinds[holder] == INST and data[1] < 0
        found = self._fitted.get((class_index, is_open, pattern))
        if found is None:
            classes, identity = self.state.classes, self.state.class_list[class_index]
            owners = [*classes.info(identity).ancestry, *(classes.subclasses.get(identity, ()) if is_open else ())]
            fits = re.compile(pattern).fullmatch
            names = {name for owner in owners for name in classes.info(owner).members if fits(name)}
            found = self._fitted[class_index, is_open, pattern] = tuple(sorted(names))
        return found

    def _unknown_part(self, part: Value) -> str:
        """What an unknown part of a name can be: a verb, where it is the method of a request."""
        is_verb = self.table.kinds[part] in (EXT, HOLE) and _METHOD_OF_REQUEST.search(self.table.data[part][0])
        return f"(?i:{'|'.join(sorted(HTTP_METHODS))})" if is_verb else ".*"

    def module_value(self, name: str) -> Values:
        """A first-party module as a value."""
        return frozenset((self.table.make(MODULE, self.state.names.canonical(name)),))

    def creation_site(self, frame: Frame, register: int, arguments: Arguments) -> int:
        """Remember the arguments of a constructor call; returns the site that identifies the object."""
        site = self.state.site(frame.activation.index, frame.scope_index, register, frame.single)
        self.state.creations[site] = arguments
        return site

    def created(self, instances: Values, arguments: Arguments) -> None:
        """Remember what an external base class is constructed with, for instances and where only the class is known."""
        for instance in instances:
            class_index = self.table.data[instance][0]
            for known in (instance, self.table.make(INST, class_index, DECLARED_KEY)):
                self.state.creations.setdefault(-known, arguments)

    def instance_key(self, class_index: int, context: tuple[int, ...]) -> int:
        """The key of instances made in a constructor context (0 for the plain ones)."""
        nested = [value for value in context[1::2] if self.table.depths[value]]
        if not context or self.state.is_coarse or not all(self._may_nest(value) for value in nested):
            return 0
        keys = self.instance_keys.setdefault(class_index, {})
        if context not in keys and crowding.has_enough_keys(
            self.state, self.state.class_list[class_index], context, len(keys)
        ):
            context = crowding.verbs(self.state, context)
            if not context:
                return 0
        key = keys.setdefault(context, len(keys) + 1)
        if nested:
            self._second_hand.add((class_index, key))
        return key

    def _may_nest(self, value: Value) -> bool:
        return self.table.kinds[value] == INST and self.is_told_apart(value)

    def identity_key(self, class_index: int, site: int) -> int:
        """The key of the one instance that a constructor call makes."""
        keys = self.instance_keys.setdefault(class_index, {})
        key = keys.setdefault((-1, site), len(keys) + 1)
        self.state.identities.add(self.table.make(INST, class_index, key, depth=1))
        return key

    def first_parameter(self, frame: Frame) -> Values:
        """`self` or `cls` as the innermost method around the frame sees it."""
        activation = frame.activation
        while activation.index:
            function = self.state.functions[activation.function]
            if function.owner is not None and function.scope.parameters:
                owner_frame = Frame(activation, function, function.scope_index, function.scope)
                return (
                    parameters.parameter(self, owner_frame, 0)
                    if activation is frame.activation
                    else self.state.read(activation.parameters[0]) or frozenset((self.state.declared(function.owner),))
                )
            activation = self.state.activations[activation.environment]
        owner = scoping.enclosing_class(self.state, frame.module, frame.function.scope.parent)
        return frozenset((self.state.declared(owner),)) if owner is not None else EMPTY

    def is_external_value(self, value: Value) -> bool:
        """True for access paths."""
        return self.table.kinds[value] == EXT

    def is_instance_value(self, value: Value) -> bool:
        """True for instances of first-party classes."""
        return self.table.kinds[value] == INST

    def is_field(self, values: Values) -> bool:
        """True if the values are field descriptions (`Field(...)`, `mapped_column(...)`), not what the field holds."""
        return all(
            self.table.kinds[v] in PASSIVE_KINDS
            or (self.table.kinds[v] == EXT and _FIELD.search(self.table.data[v][0]) is not None)
            for v in values
        )

    def is_configured(self, body: Frame) -> bool:
        """True for the body of a class whose fields a deployment may set (`BaseSettings`)."""
        external = self.state.classes.info((body.module, body.scope_index)).external
        return any(self.state.rules.configured.find(self.state.rules.canonical(path)) for path in external)

    def has_data(self, identity: ClassId, name: str) -> bool:
        """True if some code assigns an attribute of that name to instances of the class."""
        return bool(self.state.slots["merged", identity, name].values)

    def attribute_names(self, module: int, scope: int) -> dict[int, frozenset[str]]:
        """Attributes read from each register of a scope."""
        found = self.used_attributes.get((module, scope))
        if found is None:
            found = attribute_names(self.state.program.summaries[module].scopes[scope])
            self.used_attributes[module, scope] = found
        return found

    def definition_of(self, value: Value) -> tuple[int, int]:
        """(module, scope) of a function or class value."""
        while self.table.kinds[value] == BOUND:
            value = self.table.data[value][0]
        if self.table.kinds[value] == FUNC:
            function = self.state.functions[self.table.data[value][0]]
            return (function.module, function.scope_index)
        class_index: int = self.table.data[value][0]
        return self.state.class_list[class_index]

    def matches_any(self, patterns: tuple[str, ...], paths: tuple[str, ...]) -> bool:
        """True if one of the paths matches one of the patterns."""
        index = self.pattern_indexes.get(patterns)
        if index is None:
            index = self.pattern_indexes[patterns] = PatternIndex([(pattern, True) for pattern in patterns])
        return any(index.find(self.state.rules.canonical(path)) for path in paths)

    def container_classes(self, patterns: tuple[str, ...]) -> tuple[ClassId, ...]:
        """The program's classes that inherit from one of the patterns."""
        found = self._container_classes.get(patterns)
        if found is None:
            classes = self.state.classes
            found = tuple(c for c in classes.all() if self.matches_any(patterns, classes.info(c).external))
            self._container_classes[patterns] = found
        return found

    def method_values(self, instance: Value, name: str) -> Values:
        """Bound methods of an instance: by name, by glob, or by decorator (`@path`)."""
        return methods.matching(self, instance, name)

    def note_registration(self, frame: Frame, register: int, rule: Dispatch, targets: Values) -> None:
        """Remember that targets were handed to a framework."""
        self.registration_slots.setdefault(rule.registers)
        known = self.registrations.setdefault(rule, {})
        for target in sorted(targets):
            known[target, (frame.module, frame.scope_index, register)] = None

    def instances(self, values: Values) -> list[Value]:
        """Instances of first-party classes among values."""
        return [v for v in sorted(values) if self.table.kinds[v] == INST]

    def callables(self, values: Values) -> tuple[Value, ...]:
        """First-party functions, methods and partials among values, in order."""
        found = self._callables.get(values)
        if found is None:
            kinds = self.table.kinds
            found = self._callables[values] = tuple(sorted(v for v in values if kinds[v] in (FUNC, BOUND, PARTIAL)))
        return found

    def constants(self, values: Values) -> list[str]:
        """Texts among values, sorted."""
        return sorted(t for v in values if (t := self.table.text_of(v)) is not None)

    def none(self) -> Value:
        """The constant None."""
        return self.table.make(CONST, "NoneType", None)
