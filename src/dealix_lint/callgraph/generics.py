"""Type parameters of classes, and what they stand for in an annotation or in a subclass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import DECLARED_KEY, EMPTY, INST, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import TypeExpr

if TYPE_CHECKING:
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
        found.add(value)
    return frozenset(found)


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
    index, key = m.table.data[receiver]
    identity = m.state.class_list[index]
    if identity == owner:
        return next(
            (v for v, number in m.type_arguments.get(index, {}).items() if number == DECLARED_KEY - 1 - key), ()
        )
    known = m.base_arguments.get((identity, owner))
    if known is None:
        known = m.base_arguments[identity, owner] = _by_subclass(m, identity, owner)
    return known


def _by_subclass(m: Machine, identity: ClassId, owner: ClassId) -> Variables:
    """`class Users(Repository[User])`: what a subclass gives to the parameters of its base."""
    for ancestor in m.state.classes.info(identity).ancestry:
        scope, _ = m.state.classes.site(ancestor)
        for base, arguments in _subscripted_bases(m, ancestor):
            definitions = m.state.symbols.at(ancestor[0], scope, base)
            if any(d.kind == "class" and (d.module, d.scope) == owner for d in definitions):
                given = [m.types.part(ancestor[0], scope, argument) for argument in arguments if argument >= 0]
                return tuple(zip(parameters(m, owner), given, strict=False))
    return ()
