"""Type parameters of classes, and what they stand for in an annotation or in a subclass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.state import Activation
from dealix_lint.callgraph.values import CLASS, CONT, DECLARED_KEY, EMPTY, EXT, INST, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import TypeExpr

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.types import Types

Variables = tuple[tuple[str, Values], ...]
MOST_ARGUMENTS = 40  # different type arguments per class that are told apart


def with_arguments(types: Types, instances: Values, module: int, scope: int, arguments: tuple[TypeExpr, ...]) -> Values:
    """`Box[A]`: instances of the generic class that remember their type arguments."""
    found: set[Value] = set()
    for value in sorted(instances):
        if types.m.table.kinds[value] == INST and types.m.table.data[value][1] == DECLARED_KEY:
            names = parameters(types.m, types.m.state.class_list[types.m.table.data[value][0]])
            given = tuple(types.instances(module, scope, argument) for argument in arguments[: len(names)])
            if any(given):
                value = _keyed(types.m, value, tuple(zip(names, given, strict=False)))
        elif types.m.table.kinds[value] == EXT:
            found.update(_of_library(types, value, module, scope, arguments))
        found.add(value)
    return frozenset(found)


def _of_library(
    types: Types, value: Value, module: int, scope: int, arguments: tuple[TypeExpr, ...]
) -> tuple[Value, ...]:
    """What holds the attributes of a library's generic object that are of the types it is given: `ctx.deps` of
    `ctx: RunContext[Deps]`."""
    m = types.m
    path = m.table.data[value][0]
    holder = m.table.make(CONT, "namespace", f"{module}:{scope}:{path}[{arguments}]")
    is_known = False
    for attribute, position in m.state.rules.typed_attributes(path):
        held = types.instances(module, scope, arguments[position]) if position < len(arguments) else EMPTY
        if held:
            containers.put(m, holder, attribute, held)
            is_known = True
    return (holder,) if is_known else ()


def of_library_base(m: Machine, identity: ClassId, name: str) -> Values:
    """What an attribute holds that a class inherits from a library's generic one, by the type that it gives that:
    `class Launcher(MayHaveInstance[Agent])`."""
    found = EMPTY
    for ancestor in m.state.classes.info(identity).ancestry:
        scope, _ = m.state.classes.site(ancestor)
        for base, arguments in _subscripted_bases(m, ancestor):
            paths = (m.table.data[v][0] for v in m.types.part(ancestor[0], scope, base) if m.table.kinds[v] == EXT)
            for attribute, position in (typed for path in paths for typed in m.state.rules.typed_attributes(path)):
                if attribute == name and position < len(arguments) and arguments[position] >= 0:
                    found |= m.types.part(ancestor[0], scope, arguments[position])
    return found


def _keyed(m: Machine, value: Value, variables: Variables) -> Value:
    index = m.table.data[value][0]
    known = m.type_arguments.setdefault(index, {})
    if variables not in known and len(known) >= MOST_ARGUMENTS:
        return value
    return m.table.make(INST, index, DECLARED_KEY - 1 - known.setdefault(variables, len(known)))


def parameters(m: Machine, identity: ClassId) -> tuple[str, ...]:
    """Names of the type parameters of a class, in order."""
    found = m.type_parameters.get(identity)
    if found is None:
        found = m.type_parameters[identity] = tuple(_parameters(m, identity))
    return found


def _parameters(m: Machine, identity: ClassId) -> list[str]:
    module = identity[0]
    own = m.state.program.summaries[module].scopes[identity[1]]
    names = [name for name, registers in own.exports if _variable(m, module, identity[1], registers[0])]
    scope, _ = m.state.classes.site(identity)
    for _, arguments in _subscripted_bases(m, identity):
        names += [name for register in arguments if (name := _variable(m, module, scope, register))]
    return list(dict.fromkeys(names))


def _variable(m: Machine, module: int, scope: int, register: int) -> str:
    """The name of the type variable that a register holds, "" if it is none."""
    code = m.state.program.summaries[module].scopes[scope].code
    if register < 0 or code[register][0] not in (ir.NAME, ir.CALL, ir.IMPORT_FROM, ir.ATTR):
        return ""
    for definition in m.state.symbols.at(module, scope, register):
        if definition.name == "TypeVar" and definition.kind == "alias":
            code = m.state.program.summaries[definition.module].scopes[definition.scope].code
            first = code[code[definition.register][2][0]] if code[definition.register][2] else (ir.NOP,)
            return str(first[1]) if first[0] == ir.CONST else ""
    return ""


def _subscripted_bases(m: Machine, identity: ClassId) -> list[tuple[int, tuple[int, ...]]]:
    """(register of the base, registers of its arguments) of bases written `Base[...]`."""
    scope, instruction = m.state.classes.site(identity)
    code = m.state.program.summaries[identity[0]].scopes[scope].code
    found: list[tuple[int, tuple[int, ...]]] = []
    for base in instruction[2]:
        if base >= 0 and code[base][0] == ir.SUBSCRIPT:
            key = code[base][2]
            found.append((code[base][1], code[key][1] if code[key][0] == ir.TUPLE else (key,)))
    return found


def variables_of(m: Machine, receivers: Values, owner: ClassId) -> Variables:
    """What the type parameters of a class stand for in methods called on these receivers."""
    if not parameters(m, owner):
        return ()
    found: dict[str, Values] = {}
    for receiver in sorted(receivers):
        if m.table.kinds[receiver] == INST:
            for name, values in _of_receiver(m, receiver, owner):
                found[name] = found.get(name, EMPTY) | values
    return tuple(found.items())


def _of_receiver(m: Machine, receiver: Value, owner: ClassId) -> Variables:
    identity = m.state.class_list[m.table.data[receiver][0]]
    if identity == owner:
        return _own(m, receiver)
    return _by_subclass(m, identity, owner, _own(m, receiver))


def _own(m: Machine, receiver: Value) -> Variables:
    """The type arguments that an annotation gives to an object of its class."""
    index, key = m.table.data[receiver]
    known = m.type_arguments.get(index, {}) if key < DECLARED_KEY else {}
    return next((variables for variables, number in known.items() if number == DECLARED_KEY - 1 - key), ())


def _by_subclass(m: Machine, identity: ClassId, owner: ClassId, own: Variables) -> Variables:
    """`class Users(Repository[User])`: what a subclass, where its own parameters are `own`, gives to those of its base."""
    known = m.base_arguments.get((identity, owner, own))
    if known is None:
        known = m.base_arguments[identity, owner, own] = _given_to_base(m, identity, owner, own)
    return known


def _given_to_base(m: Machine, identity: ClassId, owner: ClassId, own: Variables) -> Variables:
    for ancestor in m.state.classes.info(identity).ancestry:
        scope, _ = m.state.classes.site(ancestor)
        for base, arguments in _subscripted_bases(m, ancestor):
            definitions = m.state.symbols.at(ancestor[0], scope, base)
            if ancestor != owner and any(d.kind == "class" and (d.module, d.scope) == owner for d in definitions):
                outer = dict(own if ancestor == identity else _by_subclass(m, identity, ancestor, own))
                given = [
                    outer.get(_variable(m, ancestor[0], scope, argument), EMPTY)
                    or m.types.part(ancestor[0], scope, argument)
                    for argument in arguments
                    if argument >= 0
                ]
                return tuple(zip(parameters(m, owner), given, strict=False))
    return ()


def attribute(m: Machine, frame: Frame, value: Value, name: str, found: set[Value]) -> set[Value]:
    """What was found for an attribute, and where that says nothing of this object what its generic class declares by its type
    parameters, or assigns a parameter so declared to: `client: C` of a `Service[Client]`. As long as more may become known
    of it, it is what was found."""
    identity = m.state.class_list[m.table.data[value][0]]
    declared_as = declaration(m, identity, name)
    if declared_as is None:
        return found
    m.state.speak()
    if not m.state.trusting:
        m.state.undeclared.add(m.state.point)
        return found
    owner, expression = declared_as
    declared = m.types.instances_with(owner[0], owner[1], expression, variables_of(m, frozenset((value,)), owner))
    others = {v for v in found if m.table.kinds[v] == INST and not _may_be(m, v, declared)} if declared else set()
    kept = found - others  # of objects of the class with other type arguments
    return kept | declared if m.all_passive(kept) else kept


def _may_be(m: Machine, instance: Value, declared: Values) -> bool:
    """True for an object of one of the declared classes, as far as that can be told."""
    classes, data, kinds = m.state.class_list, m.table.data, m.table.kinds
    wanted = {classes[data[v][0]] for v in declared if kinds[v] == INST}
    if len(wanted) < len(declared) or any(m.hierarchy.is_protocol(identity) for identity in wanted):
        return True
    return not wanted.isdisjoint(m.state.classes.info(classes[data[instance][0]]).ancestry)


def declaration(m: Machine, identity: ClassId, name: str) -> tuple[ClassId, TypeExpr] | None:
    """The class, and the type by its type parameters, that an attribute is declared in."""
    known = m.variable_attributes.get((identity, name), ...)
    if known is ...:
        known = m.variable_attributes[identity, name] = _declaration(m, identity, name)
    return known


def _declaration(m: Machine, identity: ClassId, name: str) -> tuple[ClassId, TypeExpr] | None:
    for owner in m.state.classes.info(identity).ancestry:
        names = parameters(m, owner)
        for declared in _declared_types(m, owner, name) if names else ():
            if _mentions(declared, names):
                return owner, declared
    return None


def _declared_types(m: Machine, owner: ClassId, name: str) -> list[TypeExpr]:
    found: list[TypeExpr | None] = [*in_body(m, owner, name)]
    for method in m.state.program.summaries[owner[0]].scopes:
        for instruction in method.code if method.parent == owner[1] and method.kind == "function" else ():
            if instruction[0] == ir.SET_ATTR and instruction[2] == name:
                holder, given = method.code[instruction[1]], method.code[instruction[3]]
                if holder[:2] == (ir.PARAM, 0) and given[0] == ir.PARAM:
                    found.append(method.parameters[given[1]].annotation)
    return [declared for declared in found if declared is not None]


def in_body(m: Machine, owner: ClassId, name: str) -> list[TypeExpr]:
    """The types that the body of a class declares an attribute with."""
    code = m.state.program.summaries[owner[0]].scopes[owner[1]].code
    return [code[r][1] for r in m.state.symbols.exports(*owner).get(name, ()) if code[r][0] == ir.DECLARED]


def _mentions(declared: TypeExpr, names: tuple[str, ...]) -> bool:
    """True if a type is told by one of these names."""
    if declared[0] == "name":
        return declared[1] in names
    parts = (part for part in declared[1:] if isinstance(part, tuple))
    return any(_mentions(part, names) if part and isinstance(part[0], str) else _any(part, names) for part in parts)


def _any(parts: tuple[TypeExpr, ...], names: tuple[str, ...]) -> bool:
    return any(_mentions(part, names) for part in parts)


def of_call(m: Machine, activation: Activation) -> Variables:
    """What the type variables of a function stand for in a call that is handed the one class by which a parameter declares
    them: `get(kind: type[T]) -> T` in `get(Client)`."""
    known = m.class_parameters.get(activation.function)
    if known is None:
        known = m.class_parameters[activation.function] = _class_parameters(m, activation.function)
    found: list[tuple[str, Values]] = []
    for index, name in known:
        handed = m.state.read(activation.parameters[index])
        if len(handed) == 1 and (made := _objects(m, handed)):
            found.append((name, made))
    return tuple(found)


def _class_parameters(m: Machine, function: int) -> tuple[tuple[int, str], ...]:
    """Parameters declared as `type[T]`, with the name that is declared by."""
    found = []
    for index, parameter in enumerate(m.state.functions[function].scope.parameters):
        declared = parameter.annotation
        if declared is not None and declared[0] == "sub" and declared[1][-1] in ("type", "Type") and declared[2]:
            found += [(index, declared[2][0][1])] if declared[2][0][0] == "name" else []
    return tuple(found)


def _objects(m: Machine, classes: Values) -> Values:
    found: Values = EMPTY
    for value in classes:
        if m.table.kinds[value] == CLASS:
            found |= m.interfaces.objects(m.state.class_list[m.table.data[value][0]])
        elif m.table.kinds[value] == EXT:
            found |= m.external(f"{m.table.data[value][0]}()", 0)
    return found
