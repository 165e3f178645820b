"""Operators, conditions and f-strings: what they call on first-party classes and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, containers, conversions, descriptors, formatting, iteration, texts
from dealix_lint.callgraph.codefacts import constant_keys
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CONST, CONT, EMPTY, EXT, INST, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_OPERATOR_METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "@": "matmul", "**": "pow", "|": "or",
    "&": "and", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip
_MUTABLE_SETS = frozenset(("collections.abc.MutableSet", "collections.MutableSet", "typing.MutableSet"))
_MAPPINGS = frozenset(
    f"{module}.{name}" for module in ("collections.abc", "typing") for name in ("Mapping", "MutableMapping")
)
_SET_METHODS = {"|": ("add",), "-": ("discard",), "&": ("discard",), "^": ("add", "discard")}
_COMPARISONS = {
    "==": ("__eq__",), "!=": ("__ne__", "__eq__"), "<": ("__lt__",), "<=": ("__le__",), ">": ("__gt__",), ">=": ("__ge__",),
}  # fmt: skip
_ON_ITSELF = {
    "-": ("__neg__",), "+": ("__pos__",), "~": ("__invert__",), "not": ("__bool__", "__len__"), "bool": ("__bool__", "__len__"),
    "repr": ("__repr__",), "format": ("__format__", "__str__", "__repr__"),
}  # fmt: skip


def binary(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    """`left op right`; an augmented assignment has an operator that ends in `=`."""
    operator, left, right = i[1].removesuffix("="), i[2], i[3]
    found: set[int] = set()
    name = _OPERATOR_METHODS.get(operator, "")
    for value in m.instances(m.required.remaining(frame, left, r)):
        own = f"__i{name}__" if i[1] != operator and m.has_member(value, f"__i{name}__") else f"__{name}__"
        found |= iteration.special(m, frame, r, value, own, frame.registers[right])
        if i[1] != operator and not m.has_member(value, own):
            _change_set(m, frame, r, value, operator, right)
    for value in m.instances(m.required.remaining(frame, right, r)):
        found |= iteration.special(m, frame, r, value, f"__r{name}__", frame.registers[left])
    if i[1] == "|" and frame.scope.code[right][0] == ir.DICT:
        found.add(_updated(m, frame, r, left, right))
    elif operator in ("+", "|"):
        found |= {v for side in (left, right) for v in frame.registers[side] if m.table.kinds[v] == CONT}
        found |= {v for side in (left, right) for v in frame.registers[side] if operator == "|" and _is_piped(m, v)}
    if operator == "+":
        found |= texts.concatenate(m, frame, left, right)
    elif operator == "%" and any(m.table.text_of(v) is not None for v in frame.registers[left]):
        conversions.interpolate(m, frame, r, right, formatting.conversions(m, frame, left))
        found |= formatting.percent_format(m, frame, left, right)
    elif operator == "/":
        found |= {v for v in frame.registers[left] if m.table.kinds[v] == EXT}
        found |= texts.path_under(m, frame, left, right)
    return frozenset(found)


def _is_piped(m: Machine, value: Value) -> bool:
    """True for objects of libraries that `|` joins (`prompt | model`): what is called on the whole is called on each."""
    return m.table.kinds[value] == EXT and bool(m.state.rules.piped.find(m.table.data[value][0]))


def _updated(m: Machine, frame: Frame, r: int, left: int, right: int) -> Value:
    """`defaults | {"key": value}`: the values of the display stand in the place of those of the same keys."""
    container = containers.new_container(m, "dict", frame, r)
    replaced = constant_keys(frame.scope.code, frame.scope.code[right][1])
    for side, but in ((left, replaced), (right, frozenset[str | int]())):
        for value in sorted(frame.registers[side]):
            if m.table.kinds[value] == CONT:
                containers.copy_into(m, frame, value, container, but)
    return container


def _change_set(m: Machine, frame: Frame, r: int, value: int, operator: str, right: int) -> None:
    """`names -= others` of a class derived from `collections.abc.MutableSet`, which calls its `discard`."""
    if not _is_written_on(m, value, _MUTABLE_SETS):
        return
    elements = Arguments([m.iterate(frame, r, frame.registers[right], False)])
    for name in _SET_METHODS.get(operator, ()):
        m.call(frame, r, m.load(frame, r, frozenset((value,)), name), elements)


def _is_written_on(m: Machine, value: Value, abstract: frozenset[str]) -> bool:
    """True for an object of a class that stands on an abstract collection, whose other methods call its own."""
    info = m.state.classes.info(m.state.class_list[m.table.data[value][0]])
    return not abstract.isdisjoint(info.external)


def logic(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    """Comparisons, unary operators, truth tests, `del`."""
    operator, operands = i[1], i[2]
    if not operands:
        return EMPTY
    values = m.required.remaining(frame, operands[0], r)
    if len(operands) == 1:
        return _on_itself(m, frame, r, operator, values)
    second = m.required.remaining(frame, operands[1], r)
    if operator in _COMPARISONS:
        for value in m.instances(values):
            _first_method(m, frame, r, value, _COMPARISONS[operator], second)
    elif operator in ("in", "not in"):
        for value in m.instances(second):
            _contains(m, frame, r, value, values)
    elif operator == "match":
        return _matched(m, frame, r, values, second)
    elif operator in ("delitem", "delattr"):
        for value in m.instances(values):
            iteration.special(m, frame, r, value, f"__{operator}__", second)
    return EMPTY


def _on_itself(m: Machine, frame: Frame, r: int, operator: str, values: Values) -> Values:
    found: set[int] = set()
    for value in sorted(values):
        if m.table.kinds[value] == INST:
            found |= _first_method(m, frame, r, value, _ON_ITSELF.get(operator, ()))
        elif operator == "-" and m.table.kinds[value] == CONST and m.table.data[value][0] == "int":
            found.add(m.table.constant(-m.table.data[value][1]))
    return EMPTY if operator in ("not", "bool", "repr", "format") else frozenset(found)


def _first_method(m: Machine, frame: Frame, r: int, value: int, names: tuple[str, ...], *arguments: Values) -> Values:
    for name in names:
        if m.has_member(value, name):
            return iteration.special(m, frame, r, value, name, *arguments)
    return EMPTY


def _contains(m: Machine, frame: Frame, r: int, value: int, element: Values) -> None:
    if m.has_member(value, "__contains__"):
        iteration.special(m, frame, r, value, "__contains__", element)
    elif _is_written_on(m, value, _MAPPINGS):
        iteration.special(m, frame, r, value, "__getitem__", element)
    else:
        m.iterate(frame, r, frozenset((value,)), False)


def _matched(m: Machine, frame: Frame, r: int, values: Values, positions: Values) -> Values:
    """What a positional sub-pattern of a class pattern is matched with."""
    found: set[int] = set()
    for value in m.instances(values):
        identity = m.state.class_list[m.table.data[value][0]]
        for position in sorted(positions):
            for name in _match_names(m, frame, identity, m.table.data[position][1]):
                found |= attributes.instance_attribute(m, frame, r, value, name)
    return frozenset(found)


def _match_names(m: Machine, frame: Frame, identity: tuple[int, int], position: int) -> list[str]:
    definer = m.state.classes.definer(identity, "__match_args__")
    if definer is None:
        return m.hierarchy.field_names(identity)[position : position + 1]
    found: set[int] = set()
    for names in descriptors.class_member(m, definer, "__match_args__"):
        if m.table.kinds[names] == CONT:
            found |= containers.get(m, frame, names, position)
    return m.constants(frozenset(found))


def text(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    """An f-string."""
    pieces: list[list[tuple[texts.Part, ...]]] = []
    for part in i[1]:
        if isinstance(part, str):
            pieces.append([(part,)])
            continue
        for value in m.instances(m.required.remaining(frame, part, r)):
            _first_method(m, frame, r, value, _ON_ITSELF["format"])
        pieces.append(texts.alternatives(m, frame, part))
    return texts.join_texts(m, pieces)
