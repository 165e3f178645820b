"""What would make a finding go away: the decorator with the least classes, the missing class, the id that is at hand."""

from __future__ import annotations

from typing import Final

from dealix_lint.checks.context import Context
from dealix_lint.checks.declarations import nearest_effect
from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.marking import SHIPPED
from dealix_lint.facts.names import snake
from dealix_lint.facts.passing import is_called
from dealix_lint.facts.sites import Step
from dealix_lint.model import ir
from dealix_lint.model.effects import Effect
from dealix_lint.model.facts import FROM_CALL, FROM_CLASS, FROM_DECORATOR, Declared, Evidence
from dealix_lint.model.graph import CALL_EDGE, Edge, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import REVERSIBILITY, SENSITIVITY
from dealix_lint.model.repairs import AddAttributes, AddKeywords, Decorate
from dealix_lint.model.summary import KEYWORDS, Scope

_LONGEST: Final = 60
"""How much code a message quotes."""

Levels = tuple[str, str, str]


def classify(context: Context, effect: Effect) -> Decorate | None:
    """A decorator for the function that performs an effect, with the least classes for all of its effects; None where no
    function does, or nothing that can be imported states the keywords of the policy."""
    place = effect.place.module, effect.place.scope
    if context.facts.sites.definitions.scope(place).kind != "function":
        return None
    levels = _least(context, [e for _, e in context.commitments if (e.place.module, e.place.scope) == place])
    names = [axis.keywords[0] for axis in context.policy.axes]
    keywords = tuple((name, _literal(level)) for name, level in zip(names, levels, strict=True))
    module, _, name = context.facts.marking.decorator_for(place[0]).rpartition(".")
    return Decorate(Place(*place, -1), module, name, keywords) if name else None


def complete(
    context: Context, evidence: Evidence, declared: Declared, step: Step | None
) -> AddKeywords | AddAttributes | None:
    """The classes that a declaration lacks, at the least that the nearest effect asks for."""
    index = nearest_effect(context, step) if step is not None else -1
    if index < 0:
        return None
    floors = _least(context, [context.effects[index]])
    reversibility = _stated(declared, REVERSIBILITY) or floors[REVERSIBILITY]
    sensitivity = _stated(declared, SENSITIVITY) or floors[SENSITIVITY]
    levels = context.policy.least_approval(reversibility, sensitivity), reversibility, sensitivity
    missing = [axis for axis in range(len(levels)) if declared.by_axis[axis] is None]
    if evidence.source == FROM_CLASS:
        keywords = tuple((context.policy.axes[axis].keywords[0], _literal(levels[axis])) for axis in missing)
        owner = context.facts.sites.definitions.scope((evidence.place.module, evidence.place.scope))
        can_have = all(_can_have(owner, name) for name, _ in keywords)
        return AddAttributes(evidence.place, keywords) if can_have else None
    if evidence.source not in (FROM_DECORATOR, FROM_CALL):
        return None
    return _completed(context, evidence.place, missing, levels)


def _can_have(owner: Scope, name: str) -> bool:
    """Whether a class does not have an attribute yet, or has `None` for it on every way through its body."""
    named = {snake(name): (name, registers) for name, registers in owner.exports}
    if name not in named:
        return True
    spelled, registers = named[name]
    values = [owner.code[register] for register in registers]
    values = [owner.code[value[2]] if value[0] == ir.DECLARED and value[2] >= 0 else value for value in values]
    return spelled == name and len(owner.blocks) == 1 and all(value == (ir.CONST, None) for value in values)


def _completed(context: Context, place: Place, missing: list[int], levels: Levels) -> AddKeywords | None:
    """Further keywords for a call that states the others by keyword, in the same form (long or short names); None where it
    is not known to take them."""
    code = context.facts.sites.code_of((place.module, place.scope)).scope.code
    instruction = code[place.register] if place.register >= 0 else (ir.NOP,)
    if instruction[0] != ir.CALL:
        return None
    axes = context.policy.axes
    given = {snake(name): value for name, value in instruction[3] if name is not None}
    is_long = any(snake(word) in given for axis in axes for word in axis.keywords)
    forms = [axis.keywords if is_long else axis.short for axis in axes]
    values = [given[snake(word)] for words in forms for word in words if snake(word) in given]
    if not values or not all(forms):
        return None
    keywords = tuple((forms[axis][0], _literal(levels[axis])) for axis in missing)
    taken = [_takes(context, name, [keyword for keyword, _ in keywords]) for name in _called(context, place)]
    if not taken or None in taken:
        return None
    return AddKeywords(place, keywords, all(taken) and all(code[value][0] == ir.CONST for value in values))


def _called(context: Context, place: Place) -> tuple[str, ...]:
    """Names of what a decorator or call at a place may call; none where that is not known."""
    definitions = context.facts.sites.definitions
    for index, scope in enumerate(context.resolution.program.summaries[place.module].scopes):
        if place.register in scope.decorators and max(scope.parent, 0) == place.scope:
            decorators = definitions.resolution.decorators(place.module, index)
            return next((decorator.names for decorator in decorators if decorator.place == place), ())
    view = context.facts.sites.view_at(place)
    return view.names if view is not None else ()


def _takes(context: Context, name: str, keywords: list[str]) -> bool | None:
    """Whether what is called takes the keywords: markers do, code that is not at hand may (False), the project's has to say
    so (None)."""
    definitions = context.facts.sites.definitions
    place = definitions.find(name)
    if place is not None:
        return True if all(definitions.takes(place, keyword) for keyword in keywords) else None
    if name == SHIPPED or PatternIndex((marker, True) for marker in context.policy.markers).find(name):
        return True
    parts = name.split(".")
    is_ours = any(".".join(parts[:end]) in context.resolution.program.modules for end in range(1, len(parts)))
    return None if is_ours or name.startswith("<") else False


def hand_over(context: Context, step: Step, parameter: str) -> AddKeywords | None:
    """The id that is at hand, for the parameter of the callee that takes it on and is not given anything."""
    sites, passing = context.facts.sites, context.facts.passing
    edges = [edge for edge in sites.edges(step[0]).get(step[1], ()) if edge.kind == CALL_EDGE]
    if not edges or not all(_is_left_out(context, step, edge, parameter) for edge in edges):
        return None
    if any(_is_read_from(sites.code(edge.target).scope, parameter) for edge in edges):
        return None  # what it wants is an object that holds one
    code, own = sites.code(step[0]), passing.in_scope(*step, parameter)
    register = passing.place_in_scope(*step, parameter)
    is_parameter = register < 0 or code.scope.code[register][0] == ir.PARAM  # also of a function around this one
    written = own if is_parameter else _written(code, register)
    place = Place(*sites.scope_of(step[0]), step[1])
    is_read = is_parameter or code.scope.code[register][0] != ir.CALL
    return AddKeywords(place, ((parameter, written),), is_read and is_called(own, parameter)) if written else None


def at_hand(context: Context, step: Step, parameter: str = "") -> str:
    """The id that the function has before a call, as it is written there; the object that holds it, where the callee reads
    its attributes."""
    sites, passing = context.facts.sites, context.facts.passing
    own, register = passing.in_scope(*step, parameter), passing.place_in_scope(*step, parameter)
    code = sites.code(step[0])
    if register >= 0 and code.scope.code[register][0] != ir.PARAM:
        written = _written(code, register)
        return written if written and len(written) <= _LONGEST else own
    edges = sites.edges(step[0]).get(step[1], ()) if parameter else ()
    takes_object = any(_is_read_from(sites.code(edge.target).scope, parameter) for edge in edges)
    return own.partition(".")[0] if takes_object else own


def _is_left_out(context: Context, step: Step, edge: Edge, parameter: str) -> bool:
    """Whether a callee can be given a parameter by keyword, and is given nothing or `None` by that."""
    callee, code = context.facts.sites.code(edge.target).scope, context.facts.sites.code(step[0]).scope.code
    call = context.facts.correlation.handovers.call_of_target(*step, edge)
    if call is None or not callee.takes(parameter):
        return False
    index = next((n for n, p in enumerate(callee.parameters) if p.name == parameter or p.kind == KEYWORDS), 0)
    given = handed_to(call, callee, index, parameter if callee.parameters[index].kind == KEYWORDS else "")
    keywords = code[step[1]][3]
    return all((parameter, one.register) in keywords and code[one.register] == (ir.CONST, None) for one in given)


def _is_read_from(callee: Scope, name: str) -> bool:
    """Whether a function reads attributes of a parameter."""
    held = (callee.code[i[1]] for i in callee.code if i[0] == ir.ATTR)
    return any(i[0] == ir.PARAM and callee.parameters[i[1]].name == name for i in held)


def _least(context: Context, effects: list[Effect]) -> Levels:
    """The least classes that cover all of some effects."""
    axes = context.policy.axes
    reversibility = max((e.floor_reversibility for e in effects), key=axes[REVERSIBILITY].rank)
    sensitivity = max((e.floor_sensitivity for e in effects), key=axes[SENSITIVITY].rank)
    return context.policy.least_approval(reversibility, sensitivity), reversibility, sensitivity


def _stated(declared: Declared, axis: int) -> str:
    value = declared.value(axis)
    return value.strongest if value is not None else ""


def _literal(level: str) -> str:
    return f'"{level}"'


# -- the id as code -------------------------------------------------------------------------------------------------


def _written(code: ScopeCode, register: int) -> str:
    """The expression at a register as code; "" where it is more than names, attributes, keys and calls of them."""
    instruction = code.scope.code[register]
    opcode = instruction[0]
    if opcode == ir.PARAM:
        return code.scope.parameters[instruction[1]].name
    if opcode in (ir.NAME, ir.FREE):
        return str(instruction[1])
    if opcode == ir.CONST:
        return repr(instruction[1]) if not isinstance(instruction[1], str) else _quoted(instruction[1])
    holder = _written(code, instruction[1]) if opcode in (ir.ATTR, ir.SUBSCRIPT, ir.CALL) else ""
    if not holder:
        return ""
    if opcode == ir.ATTR:
        return f"{holder}.{instruction[2]}"
    if opcode == ir.SUBSCRIPT:
        key = _written(code, instruction[2])
        return f"{holder}[{key}]" if key else ""
    arguments = [_written(code, value) if value >= 0 else "" for value in instruction[2]]
    return f"{holder}({', '.join(arguments)})" if all(arguments) and not instruction[3] else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text and "\\" not in text and text.isprintable() else repr(text)
