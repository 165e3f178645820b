"""One handler per instruction: (machine, frame, instruction, register) -> values of the register."""

from __future__ import annotations

from dealix_lint.callgraph import (
    attributes,
    branches,
    containers,
    conversions,
    decorating,
    defaults,
    defining,
    descriptors,
    enums,
    evaluation,
    families,
    fitting,
    getters,
    globalnames,
    growing,
    guessing,
    importing,
    iteration,
    joining,
    memo,
    operators,
    parameters,
    predicates,
    presuming,
    singling,
    subscripts,
    supplies,
    telling,
    templates,
    texts,
    unheld,
    urls,
    widening,
)
from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.codefacts import constant_keys
from dealix_lint.callgraph.frame import Arguments, Frame
from dealix_lint.callgraph.machine import Machine
from dealix_lint.callgraph.values import CLASS, CONT, EMPTY, EXT, FUNC, GEN, HOLE, INST, PASSIVE_KINDS, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.summary import TypeExpr

_ISINSTANCE = len(("opcode", "value", "type", "holds"))
TRAMPOLINES = frozenset(("inlineCallbacks", "coroutine"))  # decorators that run a generator as a coroutine


def _nothing(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return EMPTY


def _const(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    value = i[1]
    key = (value.__class__, value)
    found = m.constant_sets.get(key)
    if found is None:
        found = m.constant_sets[key] = frozenset((m.table.constant(value),))
    return found


def _phi(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    registers = frame.registers
    if len(i[1]) == 1:
        only: int = i[1][0]
        return registers[only]
    if frame.function.fold is not None and (grown := joining.grown(m, frame, r)) is not None:
        return grown
    joined = EMPTY.union(*[registers[operand] for operand in i[1]])
    if len(joined) > widening.MOST_JOINED:
        joined = widening.narrowed(m.state, joined, registers[r])
    if r not in frame.forgetful:
        most = widening.MOST_TEXTS
        if len(joined) <= most or len(joined) - len(m.state.without_texts(joined)) <= most:
            return joined
        frame.forgetful |= {r}
    # `url += "&..."` round a loop would go on without end; how it begins is known.
    begun = EMPTY.union(*[registers[operand] for operand in i[1] if operand < r])
    return m.state.without_texts(joined) | texts.opened(m, begun)


def _name(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return globalnames.global_name(m, frame, i[1])


def _free(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    activation = _owner(m, frame, i[2])
    return EMPTY if activation == 0 else m.state.read(m.state.slots["cell", activation, i[1]])


def _owner(m: Machine, frame: Frame, scope: int) -> int:
    """The activation that owns a captured variable."""
    activation = frame.activation
    while activation.index:
        function = m.state.functions[activation.function]
        if function.scope_index == scope:
            return activation.index
        activation = m.state.activations[activation.environment]
    return m.state.module_activation(frame.module) if scope == 0 else 0


_SELF = (ir.PARAM, 0)


def _attr(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    holder = m.required.remaining(frame, i[1], r)
    if holder:
        found = attributes.load(m, frame, r, holder, i[2])
        source = frame.scope.code[i[1]]
        if source == _SELF and frame.function.owner is not None:
            found = descriptors.of_self(m, frame, holder, found)
        else:
            found = descriptors.of_one(m, holder, i[2], found)
        if found:
            return guessing.guess_on_results(m, frame, r, holder, i[2], found)
        if source[0] == ir.PARAM and branches.is_nothing(m, frame.activation, source[1]):
            return EMPTY
        if any(m.has_member(value, i[2]) for value in m.instances(holder)):
            return EMPTY  # a property that gives data: no other class is meant
    if m.state.guessing:
        return guessing.guess_methods(m, frame, r, i[2], i[1])
    m.state.unknown.add(m.state.point)
    return EMPTY


def is_unknown(frame: Frame, register: int, seen: frozenset[int] = frozenset()) -> bool:
    """True if nothing is known of a register, or of one of those that it joins."""
    if not frame.registers[register]:
        return register not in frame.dead
    instruction = frame.scope.code[register]
    if instruction[0] != ir.PHI or register in seen:
        return False
    return any(is_unknown(frame, operand, seen | {register}) for operand in instruction[1])


def _call(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    callees = frame.registers[i[1]]
    if not callees:
        return telling.given(m, frame, i, r, _of_unknown_callee(m, frame, i))
    most = unheld.MOST_CALLEES
    if len(callees) > most and not families.are_one(m, frame, i[1], callees, most):
        m.add_external(frame, r, m.unknown)
        m.state.uncalled |= callees
        return EMPTY
    if i[1] in frame.guessed:
        frame.guessed |= {r}
    if singling.added(m, frame, i, r):
        return EMPTY
    callees = fitting.among(m, frame, i, r, callees)
    arguments = arguments_of(m, frame, i, r)
    result = templates.call(m, frame, i, r, callees, arguments) if templates.may_be_one(frame, i, callees) else None
    if result is None:
        result = m.call(frame, r, callees, arguments)
    result = getters.given(m, frame, i, callees, result)
    if m.telling:
        result = telling.given(m, frame, i, r, result)
    callee = frame.scope.code[i[1]]
    return memo.own(m, frame, r, result) if callee[0] == ir.ATTR and callee[2] == "get" else result


def _of_unknown_callee(m: Machine, frame: Frame, i: ir.Instruction) -> Values:
    """`config.get("base_url", "https://api.example.com")` of a mapping of which nothing is known: the address that is there
    where nobody configured another."""
    callee = frame.scope.code[i[1]]
    if callee[0] != ir.ATTR or callee[2] not in urls.LOOKING_UP or len(i[2]) + len(i[3]) < len(("key", "default")):
        return EMPTY
    if m.state.guessing:
        return urls.default_of(m, arguments_of(m, frame, i))
    m.state.unknown.add(m.state.point)
    return EMPTY


def _display(kind: str) -> evaluation.Handler:
    def handle(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
        container = containers.new_container(m, kind, frame, r)
        position: int | None = 0
        for operand in i[1]:
            if operand < 0:
                values = iteration.iterate(m, frame, r, frame.registers[-operand - 1], False)
                containers.put(m, container, None, values)
                position = None
            elif kind == "set":
                containers.put(m, container, None, frame.registers[operand])
            else:
                containers.put(m, container, position, frame.registers[operand])
                position = None if position is None else position + 1
        if position is not None:
            m.lengths[container] = len(i[1])
        return frozenset((container,))

    return handle


def _dict(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    container = containers.new_container(m, "dict", frame, r)
    for place, (key, operand) in enumerate(i[1]):
        if key is not None:
            singling.write_key(m, frame, container, key, operand)
            continue
        replaced = constant_keys(frame.scope.code, i[1][place + 1 :])
        for value in sorted(frame.registers[operand]):
            if m.table.kinds[value] == CONT:
                containers.copy_into(m, frame, value, container, replaced)
            elif containers.is_mapping(m, value):
                containers.write_key(m, container, *conversions.items_of(m, frame, r, value))
    return frozenset((container,))


def _collect(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    kind = "list" if i[1] == "generator" else i[1]
    container = containers.new_container(m, kind, frame, r)
    if i[3] >= 0:
        singling.write_key(m, frame, container, i[3], i[2])
    else:
        containers.put(m, container, None, singling.pairs(m, frame, r, i[2]) or frame.registers[i[2]])
    return frozenset((container,))


def _function(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    function = m.state.function_id(frame.module, i[1])
    environment = frame.activation.index if m.state.needs_environment(function) else 0
    depth = m.state.activations[environment].depth if environment else 0
    value = m.table.make(FUNC, function, environment, depth=depth)
    for index, operand in i[2]:
        m.state.add(m.state.slots["default", function, environment, index], frame.registers[operand])
    return frozenset((value,))


def _class(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    state = m.state
    identity = (frame.module, i[1])
    if i[1] not in frame.activation.frames:
        body = Frame(frame.activation, frame.function, i[1], state.program.summaries[frame.module].scopes[i[1]])
        for name, registers in body.scope.exports:
            for register in registers:
                body.outflows.setdefault(register, []).append(state.slots["class", identity, name])
        evaluation.evaluate(m, body)
        state.point = frame.base + r
    keywords = {name: frame.registers[operand] for name, operand in i[3] if name not in (None, "metaclass")}
    return frozenset((defining.define(m, frame, r, identity, keywords),))


def _import(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    values: set[int] = set()
    for definition in m.state.symbols.imported(frame.module, i) if i[0] == ir.IMPORT else ():
        if definition.kind == "module":
            values |= m.module_value(definition.name)
        else:
            values |= m.external(definition.name, 0)
    return frozenset(values)


def _import_from(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    names = m.state.names
    base = names.absolute(frame.module, i[1], i[2])
    child = f"{base}.{i[3]}"
    if names.canonical(base) == m.state.program.sources[frame.module].module and names.is_module(child):
        return m.module_value(child)  # a package importing its own submodule
    if not base:
        return m.module_value(i[3]) if names.is_module(i[3]) else m.external(i[3], 0)
    if not names.is_module(base):
        return m.external(f"{base}.{i[3]}", 0)
    importing.ask_for_path(m, frame, r, base)
    return attributes.module_attribute(m, frame, r, base, i[3])


def _set_attr(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    is_replaced = r in frame.function.replaced and frame.scope is frame.function.scope
    if is_replaced and not any(_is_described(m, value, i[2]) for value in m.instances(frame.registers[i[1]])):
        return EMPTY
    attributes.store(m, frame, r, frame.registers[i[1]], i[2], growing.assigned(m, frame, i, r))
    return EMPTY


def _is_described(m: Machine, instance: Value, name: str) -> bool:
    """Whether assigning an attribute of an object may call something."""
    return m.has_member(instance, name) or m.has_member(instance, "__setattr__")


def _set_item(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    for value in sorted(frame.registers[i[1]]):
        kind = m.table.kinds[value]
        if kind == CONT:
            keys = frame.registers[i[2]]
            if len(keys) > 1:
                singling.write_key(m, frame, value, i[2], i[3])
            else:
                containers.write_key(m, value, keys, containers.kept_under(m, frame, r, value, keys, i[3]))
        elif kind == INST:
            iteration.special(m, frame, r, value, "__setitem__", frame.registers[i[2]], frame.registers[i[3]])
        elif kind == EXT:
            subscripts.store(m, frame, value, frame.registers[i[2]], frame.registers[i[3]])
    return EMPTY


def _set_name(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    values = frame.registers[i[2]]
    if not values:
        values = m.types.of_unknown(frame, 0, m.declared_global(frame.module, i[1]))
    m.state.add(m.state.slots["global", frame.module, i[1]], values)
    return EMPTY


def _set_free(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    owner = _owner(m, frame, i[2])
    if owner:
        m.state.add(m.state.slots["cell", owner, i[1]], frame.registers[i[3]])
    return EMPTY


def _return(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    values = frame.registers[i[1]]
    if not values:
        values = m.types.of_unknown(frame, frame.scope.parent, frame.scope.returns)
    function = frame.function
    if values and i[1] not in function.identity_parameters and i[1] not in function.identity_elements:
        m.state.add(frame.activation.result, values)
    return EMPTY


def _yield(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    values = frame.registers[i[1]]
    m.state.add(frame.activation.yields, values)
    sent = m.state.read(m.state.slots["sent", frame.activation.index])
    if not values or not _is_trampolined(m, frame):
        return sent
    awaited = iteration.awaited(m, frame, r, values)
    plain = frozenset(value for value in awaited if m.table.kinds[value] != GEN)
    return sent | plain | iteration.finished(m, frame, awaited - plain)


def _is_trampolined(m: Machine, frame: Frame) -> bool:
    """Whether a decorator runs a generator as a coroutine: `x = yield f()` is what `f()` gives in the end
    (`@inlineCallbacks` of Twisted, `@gen.coroutine` of Tornado)."""
    scope = frame.scope
    if not scope.decorators:
        return False
    parent = m.state.program.summaries[frame.module].scopes[scope.parent].code
    return any(parent[r][0] in (ir.NAME, ir.ATTR) and parent[r][-1] in TRAMPOLINES for r in scope.decorators)


def _yield_from(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    m.state.add(frame.activation.yields, iteration.iterate(m, frame, r, frame.registers[i[1]], False))
    return iteration.finished(m, frame, frame.registers[i[1]])


def _raise(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    classes = frozenset(v for v in frame.registers[i[1]] if m.table.kinds[v] == CLASS)
    if classes:
        m.call(frame, r, classes, Arguments())
    return EMPTY


def _await(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return iteration.awaited(m, frame, r, frame.registers[i[1]])


def _iterate(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return iteration.iterate(m, frame, r, frame.registers[i[1]], i[2])


def _enter(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return iteration.enter(m, frame, r, frame.registers[i[1]], i[2])


def _item(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return iteration.item(m, frame, r, frame.registers[i[1]], i[2])


def _rest(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    container = containers.new_container(m, "list", frame, r)
    sources = sorted(frame.registers[i[1]])
    lengths = {containers.known_length(m, value) for value in sources}
    for value in sources:
        length = containers.known_length(m, value)
        if length is not None:
            for position in range(i[2], length + i[3]):
                containers.put(m, container, position - i[2], containers.get(m, frame, value, position))
        elif containers.is_sequence(m, value):
            containers.shift_into(m, frame, value, container, i[2])
        else:
            containers.put(m, container, None, iteration.iterate(m, frame, r, frozenset((value,)), False))
    length = next(iter(lengths), None) if len(lengths) == 1 else None
    if length is not None:
        m.lengths[container] = max(length + i[3] - i[2], 0)
    else:
        m.lengths.pop(container, None)
    return frozenset((container,))


def _caught(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return parameters.instances_of(m, frame, frame.registers[i[1]])


def _narrow(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    if len(i) > _ISINSTANCE:
        return singling.chosen(m, frame, i[1], singling.wanted(frame, i), i[4])
    if predicates.is_asked(frame, i):
        return _judged(m, frame, i)
    return parameters.narrowed(m, frame, frame.registers[i[1]], frame.registers[i[2]], i[3])


def _judged(m: Machine, frame: Frame, i: ir.Instruction) -> Values:
    """What can remain of values of which a function was asked of what class they are."""
    values, said = frame.registers[i[1]], predicates.said(m, frame, i)
    if said is None:
        return values
    types, is_exact = said
    if not types:
        return EMPTY
    return parameters.narrowed(m, frame, values, types, i[3]) if i[3] or is_exact else values


def _declared(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    known = frame.registers[i[2]] if i[2] >= 0 else _field_default(m, frame, i[1])
    if known and not m.all_passive(known) and not m.is_field(known):
        if i[2] >= 0:
            defaults.fill(m, frame, i[2], known, i[1])
        is_from_outside = all(m.is_external_value(v) for v in known)
        return known | parameters.declared_outside(m, frame, frame.scope_index, i[1]) if is_from_outside else known
    declared = enums.beside(m, known, m.types.instances(frame.module, frame.scope_index, i[1]))
    if i[2] >= 0 and not known:
        m.types.of_unknown(frame, frame.scope_index, i[1])
    if frame.scope.kind == "class" and not declared and (not known or m.is_configured(frame)):
        name = next((n for n, registers in frame.scope.exports if r in registers), "")
        owner = m.state.program.function_name(frame.module, frame.scope_index)
        return known | {m.table.make(HOLE, f"{owner}.{name}")}
    is_field = frame.scope.kind == "class" and i[2] < 0
    return known | (supplies.of_type(m, declared) if is_field else declared)


def _field_default(m: Machine, frame: Frame, declared: TypeExpr) -> Values:
    """The default that a field has by its annotation: `url: Annotated[str, Field(default="https://...")]`."""
    if frame.scope.kind != "class" or declared[0] != "sub" or declared[1][-1] != "Annotated":
        return EMPTY
    described = EMPTY.union(*(frame.registers[part[1]] for part in declared[2][1:] if part[0] == "call"))
    return frozenset(value for value in described if m.table.kinds[value] in PASSIVE_KINDS)


def _param(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    values = parameters.parameter(m, frame, i[1])
    if values and (len(values) > 1 or m.none() not in values):
        return values
    if m.state.guessing:
        return values | presuming.presumed(m, frame, r)
    m.state.unknown.add(m.state.point)
    return values


def _decorate(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    return decorating.decorate(m, frame, r, i[1], frame.registers[i[2]])


for _opcode, _handler in {
    ir.CONST: _const, ir.PARAM: _param, ir.PHI: _phi, ir.NAME: _name, ir.FREE: _free, ir.ATTR: _attr,
    ir.SUBSCRIPT: subscripts.subscript, ir.CALL: _call, ir.TEXT: operators.text, ir.BINARY: operators.binary, ir.LOGIC: operators.logic,
    ir.TUPLE: _display("tuple"), ir.LIST: _display("list"), ir.SET: _display("set"), ir.DICT: _dict,
    ir.COLLECT: _collect, ir.FUNCTION: _function, ir.CLASS: _class, ir.DECORATE: _decorate, ir.IMPORT: _import,
    ir.IMPORT_FROM: _import_from, ir.SET_ATTR: _set_attr, ir.SET_ITEM: _set_item, ir.SET_NAME: _set_name,
    ir.SET_FREE: _set_free, ir.RETURN: _return, ir.YIELD: _yield, ir.YIELD_FROM: _yield_from, ir.RAISE: _raise,
    ir.AWAIT: _await, ir.ITERATE: _iterate, ir.ENTER: _enter, ir.ITEM: _item, ir.REST: _rest, ir.CAUGHT: _caught,
    ir.NARROW: _narrow, ir.DECLARED: _declared,
}.items():  # fmt: skip
    evaluation.HANDLERS[_opcode] = _handler
