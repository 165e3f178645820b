"""Options of command lines: what a parameter, or an attribute of what was parsed, holds unless somebody says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import parameters
from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import FUNC, HOLE, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Option

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def note(m: Machine, value: Value, rules: tuple[Option, ...], a: Arguments) -> None:
    """A call declares an option of what is parsed by the object that it is called on."""
    root = m.table.data[value][1]
    for rule in rules if root > 0 else ():
        name, default = _name(m, rule, a), _default(m, rule, a)
        if name and default:
            m.state.add(m.state.slots["option", root, name], default)


def keep(m: Machine, value: Value, name: str, values: Values) -> None:
    """Something is set on what was parsed, for whoever it is handed to: `setattr(args, "client", Client(args.url))`."""
    root = m.table.data[value][1]
    if root > 0:
        m.state.add(m.state.slots["option", root, name], values)


def parsed(m: Machine, value: Value, name: str) -> Values:
    """What an option of something parsed is by default, or has been set to."""
    return m.state.read(m.state.slots["option", m.table.data[value][1], name])


def hand_in(m: Machine, frame: Frame, decorator: int, rules: tuple[Option, ...], targets: Values) -> None:
    """A decorator declares an option: the parameter of its name holds the default, or something else."""
    instruction = frame.scope.code[decorator]
    a = arguments_of(m, frame, instruction) if instruction[0] == ir.CALL else Arguments()
    for rule in rules:
        name, default = _name(m, rule, a), _default(m, rule, a)
        functions = (target for target in sorted(targets) if default and m.table.kinds[target] == FUNC)
        for function in functions:
            declared = m.state.functions[m.table.data[function][0]].scope.parameters
            for index, parameter in enumerate(declared):
                if parameter.name == name:
                    unknown = m.table.make(HOLE, f"parameter:{name}")
                    parameters.hand_in(m, function, index, default | {unknown})


def _default(m: Machine, rule: Option, a: Arguments) -> Values:
    """The texts that may be an address; others decide too much."""
    given = a.get(rule.default.position, rule.default.keyword)
    return frozenset(value for value in given if "." in (m.table.text_of(value) or ""))


def _name(m: Machine, rule: Option, a: Arguments) -> str:
    """The name that an option goes by: a plain one, else the first of the longest form."""
    for value in m.constants(a.get(None, rule.name)) if rule.name else ():
        return value
    names = [name for values in a.positional for name in m.constants(values)]
    plain = [name for name in names if not name.startswith("-")]
    long = [name for name in names if name.startswith("--")]
    chosen = [*plain, *long, *names][:1]
    return chosen[0].partition("/")[0].lstrip("-").replace("-", "_") if chosen else ""
