"""The fixpoint: evaluate activations until nothing new flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from dealix_lint.callgraph import (
    absent,
    actors,
    branches,
    choosing,
    closures,
    defaults,
    dependencies,
    guessing,
    inherited,
    instructions,
    kinds,
    ordering,
    parameters,
    plugins,
    presuming,
    settings,
)
from dealix_lint.callgraph.deciding import mark_key_parameters
from dealix_lint.callgraph.evaluation import evaluate, update
from dealix_lint.callgraph.frame import Frame
from dealix_lint.callgraph.inspection import make_functions
from dealix_lint.callgraph.machine import Machine
from dealix_lint.callgraph.requiring import Required
from dealix_lint.callgraph.rules import FrameworkRules
from dealix_lint.callgraph.state import (
    ACTIVATION_SHIFT,
    LOCAL_MASK,
    REGISTER_BITS,
    REGISTER_MASK,
    Activation,
    Function,
    State,
)
from dealix_lint.callgraph.values import CLASS, CONT, FUNC, INST, PARTIAL, Slot, Values
from dealix_lint.link import ClassId
from dealix_lint.link.imports import imported_modules
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC

MOST_OWNERS = (
    12  # classes that say something of one function, or of one member of a base; with more, they say nothing of it
)
_DATA = frozenset((CLASS, INST, CONT, PARTIAL))
BATCH = 64  # functions that nothing calls, started together once the analysis is coarse


def solve(program: Program, rules: FrameworkRules) -> Machine:
    """Analyse a whole program. Modules first, then what nothing calls, then what only annotations and names tell."""
    state = State(program, rules)
    state.functions = make_functions(program, rules)
    state.sent_attributes, state.requests = mark_key_parameters(
        state.functions, program, rules.naming_factories, rules.telling_methods
    )
    kinds.mark(state.functions)
    absent.mark_objects(state.functions, program, state.classes.by_member)
    for index, function in enumerate(state.functions):
        state.function_ids[function.module, function.scope_index] = index
    machine = Machine(state)
    configuring = {
        module for marker in state.rules.mirrors.values() for module in settings.modules_with(machine, marker)
    }
    modules = [(function.module not in configuring, index) for index, function in enumerate(state.functions)]
    for _, index in sorted(modules):
        if state.functions[index].scope.kind == "module":
            state.activation(index, 0, ()).called = True
    run(machine)
    inherited.start(machine)
    run(machine)
    parameters.start_handed(machine)
    _start_uncalled(machine)
    inherited.start(machine)
    inherited.start_hooks(machine)
    dependencies.start(machine)
    actors.start(machine)
    _start_constructors(machine)
    state.trusting = True
    _revisit(machine, state.undeclared)
    state.guessing = True
    _revisit(machine, filter(_Guessable(machine), state.unknown))
    inherited.start_hooks(machine)
    dependencies.start(machine)
    _admit_overrides(machine)
    _note_unknown_callees(machine)
    _forget_unreached(state)
    choosing.lower(machine)
    _let_go(machine)
    return machine


def _revisit(machine: Machine, points: Iterable[int]) -> None:
    """Evaluate what depends on something unknown again, now that less certain sources count."""
    for where in sorted(points):
        machine.state.mark(where)
    run(machine)


class _Guessable:
    """Whether guessing can tell anything of an instruction in an activation."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def __call__(self, where: int) -> bool:
        state, register = self._machine.state, where & REGISTER_MASK
        module = state.functions[state.activations[where >> ACTIVATION_SHIFT].function].module
        index = (where & LOCAL_MASK) >> REGISTER_BITS
        scope = state.program.summaries[module].scopes[index]
        instruction = scope.code[register]
        if instruction[0] == ir.PARAM:
            parameter = scope.parameters[instruction[1]]
            is_optional = parameter.has_default and parameter.annotation is not None  # see `defaults`
            return is_optional or presuming.may_be_presumed(self._machine, module, index, register)
        return instruction[0] != ir.ATTR or guessing.may_be_guessed(self._machine, instruction[2])


def _note_unknown_callees(machine: Machine) -> None:
    """Calls of which no callee is known in any context are calls of something unknown."""
    unknown: list[tuple[Frame, int]] = []
    known: set[tuple[int, int, int]] = set()
    for activation in machine.state.activations[1:]:
        for frame in activation.frames.values():
            for register in machine.state.call_registers(frame.module, frame.scope_index):
                callee = frame.scope.code[register][1]
                if register in frame.dead or _is_known_elsewhere(machine.state, frame, callee):
                    continue
                if instructions.is_unknown(frame, callee) or machine.all_passive(frame.registers[callee]):
                    unknown.append((frame, register))
                else:
                    known.add((frame.module, frame.scope_index, register))
    for frame, register in unknown:
        if (frame.module, frame.scope_index, register) not in known:
            machine.add_external(frame, register, machine.unknown)


def _is_known_elsewhere(state: State, frame: Frame, callee: int) -> bool:
    """True in a function that calls what stands in tables, for a callee that only another table has: without one, nothing is
    called."""
    if not frame.function.tables:
        return False
    others = (state.activations[index].frames.get(frame.scope_index) for index in frame.function.contexts.values())
    return not frame.registers[callee] and any(other is not None and other.registers[callee] for other in others)


def run(machine: Machine) -> None:
    """Work until nothing changes."""
    _work(machine)
    while machine.state.population.tell():
        _work(machine)


def _work(machine: Machine) -> None:
    """Work until nothing changes but what is known of who makes objects."""
    state = machine.state
    queue = state.queue
    while queue:
        if state.is_coarse:
            state.hurry()
        if len(state.activations) > state.next_sharing:
            state.next_sharing = 2 * len(state.activations)
            _share_sets(state)
        activation = state.activations[queue.popleft()]
        activation.queued = False
        if activation.frames:
            update(machine, activation)
        else:
            start(machine, activation)


def _share_sets(state: State) -> None:
    """Let registers and slots that hold the same values hold the same set: on large programs most of the memory is such
    copies. Done whenever the program's contexts have doubled."""
    known: dict[Values, Values] = {}
    share = known.setdefault
    for activation in state.activations[1:]:
        for frame in activation.frames.values():
            frame.registers[:] = [share(values, values) for values in frame.registers]
        for slot in (*activation.parameters, activation.result, activation.yields):
            slot.values = share(slot.values, slot.values)
    for slot in state.slots.values():
        slot.values = share(slot.values, slot.values)


def start(machine: Machine, activation: Activation) -> None:
    """Evaluate an activation for the first time; its globals and captured variables flow on from then."""
    state = machine.state
    function = state.functions[activation.function]
    scope = function.scope
    frame = Frame(activation, function, function.scope_index, scope)
    frame.dead = branches.never_taken(machine, activation, function)
    if scope.kind == "module":
        _let_flow(frame, scope.exports, lambda name: state.slots["global", function.module, name])
    _let_flow(frame, scope.cells, lambda name: state.slots["cell", activation.index, name])
    evaluate(machine, frame)


def _let_flow(frame: Frame, names: tuple[tuple[str, tuple[int, ...]], ...], slot_of: Callable[[str], Slot]) -> None:
    for name, registers in names:
        for register in registers:
            frame.outflows.setdefault(register, []).append(slot_of(name))


def _start_uncalled(machine: Machine) -> None:
    """Give every function nobody calls an activation of its own, and closures one per environment in which nobody calls
    them (what a decorator makes of each route), in the order that `ordering` tells. Each is followed to its end before the next
    one, until that takes too long: where everything goes everywhere, each changes what all others see."""
    state = machine.state
    keepers = _keepers(machine)
    last = None
    for number, (stage, rank, index) in enumerate(ordering.order(machine)):
        # Objects made by what nobody names are told of together: nothing that is started before can be called by them.
        owner = state.functions[index].owner
        if not state.is_coarse and (rank or stage != last or (owner and state.population.is_newcomer(owner))):
            run(machine)
        last = stage
        environments = closures.uncalled_environments(machine, index)
        if environments == [0]:
            inherited.start_keeper(machine, index)
        for environment in environments:
            activation = state.activation(index, environment, ())
            activation.stands_alone = environment > 0
            owners = keepers.get((index, environment), ())
            if 0 < len(owners) <= MOST_OWNERS:
                state.add(activation.parameters[0], frozenset(state.declared(owner) for owner in owners))
            if not state.is_coarse:
                _work(machine)
            elif number % BATCH == 0:
                run(machine)
    run(machine)


def _keepers(machine: Machine) -> dict[tuple[int, int], set[ClassId]]:
    """The classes of which a function from elsewhere is a method: what a decorator makes of each (function, activation around
    it), so that its first parameter is an object of them."""
    state, table = machine.state, machine.table
    found: dict[tuple[int, int], set[ClassId]] = {}
    for key, slot in state.slots.items():
        if key[0] != "class":
            continue
        for value in slot.values:
            if table.kinds[value] != FUNC:
                continue
            function = state.functions[table.data[value][0]]
            parameters = function.scope.parameters
            if function.owner is None and parameters and parameters[0].kind not in (VARIADIC, KEYWORDS):
                found.setdefault(table.data[value], set()).add(key[1])
    return found


def _start_constructors(machine: Machine) -> None:
    """Evaluate constructors for classes that inherit them and that nothing known instantiates: what their methods read from
    `self` was assigned there, too, not only for the subclass that is known to call the constructor. Not for abstract ones, of
    which there are no objects but those of subclasses."""
    state = machine.state
    for index, function in enumerate(state.functions):
        owner = function.owner
        if function.scope.name != "__init__" or owner is None or (0,) in function.contexts or not function.contexts:
            continue
        inherited.start_keeper(machine, index)
        if not state.population.has(owner) and not machine.hierarchy.is_abstract(owner):
            activation = state.activation(index, 0, ())
            state.add(activation.parameters[0], frozenset((state.declared(owner),)))
    run(machine)


def _admit_overrides(machine: Machine) -> None:
    """Let methods that nothing calls be called where the method that they override is called on an object of which only the
    class is known: something unknown makes instances of their class, and hands them there."""
    state = machine.state
    imported = imported_modules(state.program, state.names)
    plugins.start_heirs(machine, imported)
    run(machine)
    called = _called(state)
    is_needed = partial(defaults.is_needed, machine)
    for function in state.functions:
        owner, name = function.owner, function.scope.name
        if owner is None or _is_called(machine, function, called):
            continue
        if machine.hierarchy.left_to(owner, owner, name) is not None:  # no object has it
            continue
        for base in state.classes.info(owner).ancestry[1:]:
            definer = state.classes.definer(base, name)
            if definer is not None:
                overriding = machine.hierarchy.overriding(base, definer, name)
                state.population.admit(
                    owner, base, overriding, _is_made_outside(machine, owner, base, imported), is_needed
                )
    for (base, definer, name), owners in _data_overrides(machine).items():
        for owner in owners if len(owners) <= MOST_OWNERS else ():
            overriding = machine.hierarchy.overriding(base, definer, name)
            state.population.admit(owner, base, overriding, _is_made_outside(machine, owner, base, imported), is_needed)
    run(machine)


def _is_made_outside(machine: Machine, owner: ClassId, base: ClassId, imported: frozenset[int]) -> bool:
    """True for classes of which a framework makes objects, and for those in a module of their own that nothing imports: what
    makes their objects finds them by their names."""
    return plugins.is_plugin(owner, base, imported) or inherited.is_run(machine, owner)


def _called(state: State) -> set[int]:
    """Activations that something calls now that all is known, though not only those that they call themselves; what was
    called while nothing was seen being made may no longer be."""
    targets = {target for a in state.activations[1:] for targets in a.edges.values() for target in targets}
    reached: set[int] = set()
    _reach(state, reached, [a.index for a in state.activations[1:] if a.index not in targets or a.is_entered])
    return {a.index for a in state.activations[1:] if a.is_entered or (a.index in targets and a.index in reached)}


def _is_called(machine: Machine, function: Function, called: set[int]) -> bool:
    """True if something calls a method; of a decorated one, what the decorator made of it."""
    state, table = machine.state, machine.table
    members = state.slots["class", function.owner, function.scope.name].values if function.scope.decorators else ()
    held = [table.data[value] for value in members if table.kinds[value] == FUNC]
    contexts = [
        index
        for made, environment in held
        for key, index in state.functions[made].contexts.items()
        if key[0] == environment
    ]
    return not called.isdisjoint(contexts or function.contexts.values())


def _data_overrides(machine: Machine) -> dict[tuple[ClassId, ClassId, str], list[ClassId]]:
    """What classes of which no instance is seen say in place of a base (`client_class = Stripe` of a view): by base, by the class
    that the base has the member from, and by name."""
    classes, found = machine.state.classes, defaultdict[tuple[ClassId, ClassId, str], list[ClassId]](list)
    for base, subclasses in sorted(classes.subclasses.items()):
        for owner in sorted(subclasses):
            if machine.state.population.has(owner):
                continue
            for name in sorted(classes.info(owner).members):
                definer = classes.definer(base, name)
                if definer is not None and _holds_data(machine, owner, name):
                    found[base, definer, name].append(owner)
    return found


def _holds_data(machine: Machine, owner: ClassId, name: str) -> bool:
    """True if a class body binds a name to classes, objects or containers of the project."""
    return any(machine.table.kinds[value] in _DATA for value in machine.state.slots["class", owner, name].values)


def _forget_unreached(state: State) -> None:
    """Contexts that were entered before all was known, and that no final edge leads to, do not count as called; nor do
    closures that stand alone in such a context count."""
    reached = {
        a.index for a in state.activations[1:] if a.is_entered or state.functions[a.function].scope.kind == "module"
    }
    roots = [f for f in state.functions if not any(state.activations[index].called for index in f.contexts.values())]
    pending = [*reached, *(index for function in roots for index in function.contexts.values())]
    _reach(state, reached, pending)
    for function in state.functions:
        if reached.isdisjoint(function.contexts.values()):
            _reach(state, reached, [index for index in function.contexts.values() if state.activations[index].called])
    alone = [activation for activation in state.activations[1:] if activation.stands_alone]
    while new := [a.index for a in alone if a.index not in reached and (not a.environment or a.environment in reached)]:
        _reach(state, reached, new)
    for activation in state.activations[1:]:
        activation.called = activation.called and activation.index in reached
        activation.stands_alone &= activation.index in reached


def _reach(state: State, reached: set[int], pending: list[int]) -> None:
    reached.update(pending)
    while pending:
        for targets in state.activations[pending.pop()].edges.values():
            new = [target for target in targets if target not in reached]
            reached.update(new)
            pending += new


def _let_go(machine: Machine) -> None:
    """Forget what only saved work while things were in flux: later stages take its room."""
    machine.bindings.clear()
    machine.loads.clear()
    machine.plain_sets.clear()
    machine.bound_members.clear()
    machine.singles.clear()
    machine.families.clear()
    machine.results.clear()
    machine.properties.clear()
    machine.overrides.clear()
    machine.left_to_subclasses.clear()
    machine.required = Required(machine)
    machine.state.undeclared.clear()
    machine.state.unknown.clear()
    for slot in machine.state.slots.values():
        slot.readers = 0
