"""What stands where nobody says anything better: `mailer: Mailer = FileMailer()`, `self.mailer = mailer or FileMailer()`,
`actions: list[Action] = field(default_factory=list)`. Where no analysed code hands in anything else, or puts anything in, that
says less than the annotation next to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, protocols, types
from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.state import Function
from dealix_lint.callgraph.values import CONT, EMPTY, INST, PASSIVE_KINDS, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import Parameter, TypeExpr

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Place = tuple[int, int]
"""A function and one of its parameters, which has an annotation and a default."""
_SAME = frozenset((ir.NARROW, ir.DECLARED))


def place_of(m: Machine, frame: Frame, register: int, identity: ClassId) -> Place | None:
    """The parameter for which an object of a class that is made by an instruction is only the default, where the annotation
    names a base of that class."""
    scope = (frame.module, frame.scope_index)
    places = m.default_places.get(scope)
    if places is None:
        places = m.default_places[scope] = dict(_places(m, frame))
    found = places.get(register)
    if found is None:
        return None
    return found if wider(m, _said(m, m.state.functions[found[0]], found[1]), {identity}) else None


def _places(m: Machine, frame: Frame) -> Iterator[tuple[int, Place]]:
    """The calls that make what is a default: as it is written down, or where the parameter is None."""
    code, functions = frame.scope.code, m.state.functions
    for instruction in code:
        if instruction[0] == ir.FUNCTION:
            function = m.state.function_id(frame.module, instruction[1])
            for index, operand in instruction[2]:
                if code[operand][0] == ir.CALL and _says_something(functions[function].scope.parameters[index]):
                    yield operand, (function, index)
        elif instruction[0] == ir.PHI and frame.scope.kind == "function":
            function = m.state.function_id(frame.module, frame.scope_index)
            indices = [code[r][1] for r in (_origin(code, r) for r in instruction[1]) if code[r][0] == ir.PARAM]
            for index in indices[:1]:
                is_nothing = functions[function].constant_defaults.get(index) == (None,)
                if is_nothing and _says_something(functions[function].scope.parameters[index]):
                    yield from ((r, (function, index)) for r in instruction[1] if code[r][0] == ir.CALL)


def _origin(code: tuple[ir.Instruction, ...], register: int) -> int:
    while code[register][0] in _SAME:
        register = code[register][-1] if code[register][0] == ir.DECLARED else code[register][1]
    return register


def _says_something(parameter: Parameter) -> bool:
    return parameter.annotation is not None and not types.is_data(parameter.annotation)


def _said(m: Machine, function: Function, index: int) -> Values:
    annotation = function.scope.parameters[index].annotation
    return m.types.instances(function.module, function.scope.parent, annotation)


def wider(m: Machine, declared: Values, made: set[ClassId]) -> Values:
    """Of what an annotation says that of which objects of some classes are just one kind: a base of theirs, a protocol."""
    classes, data = m.state.class_list, m.table.data
    bases = {base for identity in made for base in m.state.classes.info(identity).ancestry[1:]}
    return frozenset(
        v
        for v in m.instances(declared)
        if (identity := classes[data[v][0]]) in bases or not made.isdisjoint(protocols.implementers(m, identity))
    )


def is_needed(m: Machine, place: Place) -> bool:
    """Whether some call leaves the parameter out, so that its default is what there is."""
    function, index = place
    contexts = (m.state.activations[number] for number in m.state.functions[function].contexts.values())
    return any(a.called and index in a.defaulted and index not in a.maybe_given for a in contexts)


def beside(m: Machine, frame: Frame, index: int, values: Values) -> Values:
    """What the annotation of a parameter says next to a default, which is all that is known of it as nothing analysed calls the
    function."""
    activation, state, table = frame.activation, m.state, m.table
    default = state.slots["default", activation.function, activation.environment, index].values
    if not values or not values <= default:
        return EMPTY
    declared = _said(m, frame.function, index)
    made = {state.class_list[table.data[v][0]] for v in values if table.kinds[v] == INST}
    found = wider(m, declared, made) if made else EMPTY
    if _are_empty(m, values):
        found |= {v for v in declared if table.kinds[v] == CONT}
    return found if found and _is_all(m) else EMPTY


def fill(m: Machine, frame: Frame, register: int, known: Values, annotation: TypeExpr) -> None:
    """Let a container that an annotated variable begins with hold what the annotation says, if nothing is ever put into it."""
    kinds, data = m.table.kinds, m.table.data
    made = frozenset(value for value in known if kinds[value] == CONT)
    sites = {m.state.sites.get((frame.activation.index, frame.scope_index, r)) for r in _made_by(frame, register)}
    if not made or any(data[value][1] not in sites for value in made) or not m.is_field(known - made):
        return
    if not _are_empty(m, made):
        return
    declared = m.types.instances(frame.module, frame.scope_index, annotation)
    said = [value for value in sorted(declared) if kinds[value] == CONT]
    if said and _is_all(m):
        for container in sorted(made):
            for other in said:
                if containers.is_dict(m, container) is containers.is_dict(m, other):
                    containers.put(m, container, None, m.state.slots["all", other].values)


def _made_by(frame: Frame, register: int) -> Iterable[int]:
    """An instruction, and those of which it takes what they make: `x or []`, `Field([])`."""
    return (register, *operands(frame.scope.code[register]))


def _are_empty(m: Machine, values: Values) -> bool:
    """True for containers into which nothing is put, next to what is no object."""
    return all(m.table.kinds[v] in PASSIVE_KINDS or (m.table.kinds[v] == CONT and _is_empty(m, v)) for v in values)


def _is_empty(m: Machine, container: Value) -> bool:
    return not m.state.slots["all", container].values and container not in m.default_factories


def _is_all(m: Machine) -> bool:
    """Whether no more becomes known at the instruction being evaluated; else it is evaluated again once that is so."""
    if m.state.guessing and m.state.point in m.state.unknown:
        return True
    m.state.unknown.add(m.state.point)
    return False
