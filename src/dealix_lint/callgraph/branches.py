"""Branches that a call never takes: `update(message)` leaves `query=None`, and `if query:` in it does not hold.

A call that says exactly what a parameter is - a constant written at the call, a default that it leaves, a function by its
name - gets a context of its own where a condition in the function asks for that parameter alone. What depends on the
condition's other answer is not evaluated in that context."""

from __future__ import annotations

from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Final

from dealix_lint.callgraph import keeping
from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.crowding import FLAG_BASE, SITE_BASE, VARIADIC_BASE
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import BOUND, CALLABLE_KINDS, CLASS, CONST, CONT, EMPTY, FUNC, PARTIAL, Value
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Block, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.binding import BoundArguments
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation, Function

_COMPARISONS: Final = frozenset(("is", "is not", "==", "!="))
_AMONG: Final = frozenset(("in", "not in"))
_SIZES: Final = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
_NAMED: Final = frozenset((ir.FUNCTION, ir.NAME, ir.CLASS, ir.DECORATE))
_ASKED: Final = frozenset((ir.PARAM, ir.FREE))
_CASES: Final = frozenset(("lower", "upper", "casefold"))
_KINDS: Final = {
    "callable": CALLABLE_KINDS,
    "isfunction": frozenset((FUNC,)),
    "isroutine": frozenset((FUNC, BOUND)),
    "isclass": frozenset((CLASS,)),
}
"""Tests of what a value is, and the kinds of values that pass."""
_BODIES: Final = {
    "iscoroutinefunction": (True, False),
    "is_async_callable": (True, False),
    "isgeneratorfunction": (False, True),
    "isasyncgenfunction": (True, True),
}
"""Tests of what a function is: whether it is asynchronous, and whether it is a generator."""
_TESTS: Final = frozenset((*_KINDS, *_BODIES))
_FILLED: Final = ("",)
"""Stands for any display that is not empty: no constant is equal to it."""
Constant = tuple[Any]
"""One constant; in a tuple, since None is one."""
Known = dict[int | str | tuple[str, int], Value]
"""Parameters of which it is known what they are, attributes that keep them, and parameters of functions around."""


def kept_flags(scope: Scope) -> dict[str, int]:
    """Attributes of the object that a method gives one of its parameters, as it came, and asks for in a condition later on."""
    code = scope.code
    tests = [block.test for block in scope.blocks if block.test >= 0]
    asked = {code[r][2]: r for r in tests if code[r][0] == ir.ATTR and code[code[r][1]][:2] == (ir.PARAM, 0)}
    found: dict[str, int] = {}
    for register, instruction in enumerate(code) if asked else ():
        if instruction[0] == ir.SET_ATTR and register < asked.get(instruction[2], -1):
            is_own, given = code[instruction[1]][:2] == (ir.PARAM, 0), code[instruction[3]]
            if is_own and given[0] == ir.PARAM and scope.parameters[given[1]].kind not in (VARIADIC, KEYWORDS):
                found[instruction[2]] = given[1]
    return found


def asked_of(scope: Scope) -> frozenset[ir.Instruction]:
    """What conditions of a function ask for: parameters, and variables of functions around it."""
    found: set[ir.Instruction] = set()
    pending = [block.test for block in scope.blocks if block.test >= 0]
    while pending:
        instruction = scope.code[pending.pop()]
        if instruction[0] in _ASKED:
            found.add(instruction)
        elif instruction[0] == ir.LOGIC and instruction[1] in ("not", "bool"):
            pending += instruction[2]
        elif instruction[0] == ir.LOGIC and instruction[1] in _COMPARISONS:
            sides = [scope.code[register] for register in instruction[2]]
            if any(side[0] == ir.CONST for side in sides):
                asked = (_without_case(scope, r)[0] for r in instruction[2])
                pending += [r for r in asked if scope.code[r][0] in _ASKED]
        elif instruction[0] == ir.LOGIC and instruction[1] in _AMONG and _listed(scope, instruction[2][1]) is not None:
            register, _ = _without_case(scope, instruction[2][0])
            pending += [register] if scope.code[register][0] in _ASKED else []
        elif instruction[0] == ir.PHI and len(instruction) > 2:
            pending += instruction[1]
        elif instruction[0] == ir.CALL and _test(scope, instruction):
            pending += [r for r in instruction[2] if scope.code[r][0] in _ASKED]
    return frozenset(found)


def flags_of(scope: Scope) -> frozenset[int]:
    """The parameters that conditions of a function ask for."""
    asked = (instruction[1] for instruction in asked_of(scope) if instruction[0] == ir.PARAM)
    return frozenset(index for index in asked if scope.parameters[index].kind not in (VARIADIC, KEYWORDS))


def unchanged(scope: Scope, flags: frozenset[int]) -> frozenset[int]:
    """Those of some parameters that are as they came when the last condition asks for them: a list that was handed on, or put
    something into, may not be empty any more."""
    code = scope.code
    found: set[int] = set()
    for index in flags:
        held = {register for register, instruction in enumerate(code) if instruction == (ir.PARAM, index)}
        asked = [r for r, i in enumerate(code) if i[0] == ir.LOGIC and not held.isdisjoint(i[2])]
        before = code[: max(asked, default=0)]
        found.update(() if any(_may_change(i, held) for i in before) else (index,))
    return frozenset(found)


def _may_change(instruction: ir.Instruction, held: set[int]) -> bool:
    if instruction[0] in (ir.LOGIC, ir.PHI, ir.PARAM, ir.SUBSCRIPT):
        return False
    return not held.isdisjoint(operands(instruction))


def _is_display(m: Machine, value: Value) -> bool:
    return m.table.kinds[value] == CONST and isinstance(m.table.data[value][1], tuple)


def _without_case(scope: Scope, register: int) -> tuple[int, str]:
    """The register that another one is in one case (`method.lower()`), and which case; else itself and ""."""
    call = scope.code[register]
    callee = scope.code[call[1]] if call[0] == ir.CALL and not call[2] and not call[3] else (ir.NOP,)
    return (callee[1], callee[2]) if callee[0] == ir.ATTR and callee[2] in _CASES else (register, "")


def _listed(scope: Scope, register: int) -> list[object] | None:
    """The constants of a display of nothing else."""
    instruction = scope.code[register]
    if instruction[0] not in (ir.TUPLE, ir.LIST, ir.SET):
        return None
    if any(r < 0 or scope.code[r][0] != ir.CONST for r in instruction[1]):
        return None
    return [scope.code[r][1] for r in instruction[1]]


def counted(scope: Scope) -> int:
    """The `*args` of which a condition asks how many they are (`if len(args) == 3`); -1 if there is none."""
    for block in scope.blocks:
        test = scope.code[block.test] if block.test >= 0 else (ir.NOP,)
        for register in test[2] if test[0] == ir.LOGIC and test[1] in _SIZES else ():
            index = _length_of(scope, register)
            if index >= 0 and scope.parameters[index].kind == VARIADIC:
                return index
    return -1


def _length_of(scope: Scope, register: int) -> int:
    """The parameter whose length a register is; -1 for anything else."""
    instruction = scope.code[register] if register >= 0 else (ir.NOP,)
    if instruction[0] != ir.CALL or scope.code[instruction[1]] != (ir.NAME, "len") or len(instruction[2]) != 1:
        return -1
    asked = scope.code[instruction[2][0]] if instruction[2][0] >= 0 else (ir.NOP,)
    return asked[1] if asked[0] == ir.PARAM else -1


def _test(scope: Scope, call: ir.Instruction) -> str:
    """The name of the test that a call makes of its argument: `callable(fn)`; "" for any other call."""
    callee = scope.code[call[1]]
    is_one = callee[0] in (ir.NAME, ir.ATTR) and callee[-1] in _TESTS and len(call[2]) == 1 and call[2][0] >= 0
    return str(callee[-1]) if is_one else ""


def _passes(m: Machine, value: Value, test: str) -> bool | None:
    """Whether a value passes a test; None if that is not known."""
    kind = m.table.kinds[value]
    if test in _KINDS:
        return kind in _KINDS[test]
    if kind != FUNC:
        return None
    function: Function = m.state.functions[m.table.data[value][0]]
    return (function.scope.is_async, function.scope.is_generator) == _BODIES[test]


def known_exactly(
    m: Machine, frame: Frame, function: Function, given: BoundArguments, operands: BoundArguments
) -> list[tuple[int, Value]]:
    """The parameters that conditions ask for and of which a call says exactly what they are. `operands`: the registers that
    the call hands to its parameters, in place of their values, see `operands_of`."""
    found: list[tuple[int, Value]] = []
    for index in sorted(function.flags | function.objects):
        value = exactly(m, frame, function, index, given, operands)
        if value is not None and _is_display(m, value) and index not in function.unchanged:
            value = None
        if value is not None and (index in function.flags or index in function.bodies or value == m.none()):
            found.append((index, value))
    if function.counted >= 0:
        count = sum(1 for index in given.values if index >= VARIADIC_BASE)
        found.append((VARIADIC_BASE + function.counted, m.table.constant(count)))
    return found


def exactly(
    m: Machine, frame: Frame, function: Function, index: int, given: BoundArguments, operands: BoundArguments
) -> Value | None:
    """What a call says exactly of a parameter, if it does."""
    if index in operands.values:
        (operand,) = operands.values[index] or (-1,)
        return _exact(m, frame, operand) if operand >= 0 else None
    if index not in given.values and index in function.constant_defaults:
        return m.table.constant(function.constant_defaults[index][0])
    return None


def operands_of(m: Machine, frame: Frame, register: int, arguments: Arguments) -> Arguments | None:
    """The arguments of a call with their registers in place of their values (-1: the receiver, keywords that a partial keeps,
    and those that come out of `**`); None if some came another way (spread, kept in a partial by position)."""
    if register < 0 or arguments.has_rest or arguments.rest:
        return None
    instruction = frame.scope.code[register]
    given: tuple[int, ...]
    keywords: tuple[tuple[str | None, int], ...] = ()
    if instruction[0] == ir.DECORATE:
        given = (instruction[2],)
    elif instruction[0] == ir.CALL:
        given, keywords = instruction[2], instruction[3]
    else:
        return None
    named = {name: frozenset((r,)) for name, r in keywords if name is not None}
    spreads = [r for name, r in keywords if name is None]
    in_front = len(arguments.positional) - len(given)
    if in_front not in (0, 1) or len(named) + len(spreads) < len(keywords) or min(given, default=0) < 0:
        return None
    if arguments.others and not spreads:
        return None
    if arguments.keywords.keys() != named.keys():
        if not named.keys() <= arguments.keywords.keys() or not (spreads or _is_of_partial(m, frame, instruction)):
            return None
        named = dict.fromkeys(arguments.keywords, _KEPT) | named
    others = _KEPT if arguments.others or not all(_is_known(m, frame, r) for r in spreads) else EMPTY
    positional = [*([-1] * in_front), *given]
    return Arguments([frozenset((operand,)) for operand in positional], EMPTY, named, others)


def _is_of_partial(m: Machine, frame: Frame, call: ir.Instruction) -> bool:
    return any(m.table.kinds[v] == PARTIAL for v in frame.registers[call[1]])


def _is_known(m: Machine, frame: Frame, spread: int) -> bool:
    """Whether all keywords are known that come out of a `**`."""
    if is_left_open(frame, spread):
        return False
    values = frame.registers[spread]
    return bool(values) and all(m.table.kinds[v] == CONT and m.table.data[v][0] == "dict" for v in values)


def is_left_open(frame: Frame, spread: int) -> bool:
    """Whether what is spread is the `*args` or `**kwargs` of a function that nothing analysed calls: anything may be in it."""
    instruction = frame.scope.code[spread]
    if frame.activation.called or instruction[0] != ir.PARAM:
        return False
    return frame.scope.parameters[instruction[1]].kind in (VARIADIC, KEYWORDS)


def _exact(m: Machine, frame: Frame, register: int) -> Value | None:
    instruction = frame.scope.code[register]
    if instruction[0] == ir.CONST:
        return m.table.constant(instruction[1])
    if instruction[0] == ir.PARAM:
        return fixed(frame.activation).get(instruction[1])
    filling = filled(instruction)
    if filling is not None:
        return m.table.constant(filling)
    values = frame.registers[register]
    if instruction[0] in _NAMED and len(values) == 1:
        (value,) = values
        return value if m.table.kinds[value] in CALLABLE_KINDS else None
    return None


def filled(instruction: ir.Instruction) -> tuple[str, ...] | None:
    """What stands for a display as far as conditions go, which ask whether it is empty; None where that is not known."""
    if instruction[0] not in (ir.DICT, ir.LIST, ir.TUPLE):
        return None
    written = instruction[1]
    if instruction[0] == ir.DICT:
        return () if not written else _FILLED if any(key is not None for key, _ in written) else None
    return () if not written else _FILLED if max(written) >= 0 else None


def fixed(activation: Activation) -> dict[int, Value]:
    """The parameters of an activation that are known exactly, and, behind VARIADIC_BASE, how many `*args` there are."""
    context = activation.context
    return {i - FLAG_BASE: v for i, v in zip(context[::2], context[1::2], strict=True) if FLAG_BASE <= i < SITE_BASE}


def _known(m: Machine, activation: Activation, function: Function) -> Known:
    """What is known of parameters, of the attributes that keep them, and of what the object keeps."""
    known = fixed(activation) if function.flags or function.counted >= 0 else {}
    kept: Known = {name: known[index] for name, index in function.kept_flags.items() if index in known}
    kept.update(known.items())
    kept.update(keeping.of_object(m, function, activation.context))
    kept.update(_captured(m, activation, function))
    return kept


def _captured(m: Machine, activation: Activation, function: Function) -> Known:
    """What is known of parameters of the functions around."""
    found: Known = {}
    for name, owner, index in function.captured_flags:
        around = activation
        while around.index and m.state.functions[around.function].scope_index != owner:
            around = m.state.activations[around.environment]
        known = fixed(around) if around.index else {}
        if index in known:
            found[name, owner] = known[index]
    return found


def is_nothing(m: Machine, activation: Activation, index: int) -> bool:
    """Whether a parameter of an activation is None, whatever its annotation says."""
    return FLAG_BASE + index in activation.context and fixed(activation).get(index) == m.none()


def never_taken(m: Machine, activation: Activation, function: Function) -> frozenset[int]:
    """The registers that an activation never comes to."""
    known = _known(m, activation, function)
    if not known:
        return frozenset()
    key = (activation.function, frozenset(known.items()))
    found = m.never_taken.get(key)
    if found is None:
        found = m.never_taken[key] = _never_taken(m, function.scope, known)
    return found


def _never_taken(m: Machine, scope: Scope, known: Known) -> frozenset[int]:
    blocks = scope.blocks
    reached, pending = {0}, [0]
    while pending:
        block = blocks[pending.pop()]
        closed = _closed(m, scope, block, known)
        for number, successor in enumerate(block.successors):
            if number != closed and successor >= 0 and successor not in reached:
                reached.add(successor)
                pending.append(successor)
    if len(reached) == len(blocks):
        return frozenset()
    found: list[int] = []
    block_number = 0
    for register, instruction in enumerate(scope.code):
        if instruction[0] == ir.BLOCK:
            block_number = instruction[1]
        elif block_number not in reached:
            found.append(register)
    return frozenset(found)


def _closed(m: Machine, scope: Scope, block: Block, known: Known) -> int:
    """Which side of the test that ends a block is never taken: 0 or 1, -1 if either may be."""
    if block.test < 0 or len(block.successors) < 2:
        return -1
    answer = _answer(m, scope, block.test, known)
    return -1 if answer is None else int(answer)


def closed_sides(m: Machine, activation: Activation, function: Function) -> frozenset[tuple[int, int]]:
    """Sides of tests that an activation never takes: the block of each, and the one that it would lead to."""
    known = _known(m, activation, function)
    if not known:
        return frozenset()
    blocks = enumerate(function.scope.blocks)
    sides = ((number, block, _closed(m, function.scope, block, known)) for number, block in blocks)
    return frozenset((number, block.successors[side]) for number, block, side in sides if side >= 0)


def _answer(m: Machine, scope: Scope, register: int, known: Known) -> bool | None:
    """Whether a condition holds; None if that is not known."""
    instruction = scope.code[register]
    opcode = instruction[0]
    if opcode == ir.CONST:
        return bool(instruction[1])
    if opcode in (ir.PARAM, ir.FREE, ir.ATTR):
        constant = _constant(m, scope, register, known)
        return None if constant is None else bool(constant[0])
    if opcode == ir.LOGIC and instruction[1] in ("not", "bool"):
        answer = _answer(m, scope, instruction[2][0], known)
        return answer if answer is None or instruction[1] == "bool" else not answer
    if opcode == ir.LOGIC and instruction[1] in _SIZES and len(instruction[2]) == 2:
        first, second = (_size(m, scope, operand, known) for operand in instruction[2])
        if first is not None and second is not None:
            return bool(_SIZES[instruction[1]](first, second))
    if opcode == ir.LOGIC and instruction[1] in _COMPARISONS and len(instruction[2]) == 2:
        left, right = (_constant(m, scope, operand, known) for operand in instruction[2])
        if left is None or right is None or (isinstance(left[0], tuple) and isinstance(right[0], tuple)):
            return None
        is_same = left[0] is right[0] if None in (left[0], right[0]) else left[0] == right[0]
        return bool(is_same) is (instruction[1] in ("is", "=="))
    if opcode == ir.LOGIC and instruction[1] in _AMONG:
        listed, constant = _listed(scope, instruction[2][1]), _constant(m, scope, instruction[2][0], known)
        return None if listed is None or constant is None else (constant[0] in listed) is (instruction[1] == "in")
    if opcode == ir.PHI and len(instruction) > 2:
        answers = [_answer(m, scope, operand, known) for operand in instruction[1]]
        deciding = instruction[2] == "or"
        return deciding if deciding in answers else None if None in answers else not deciding
    if opcode == ir.CALL and (test := _test(scope, instruction)):
        value = _of_variable(scope.code[instruction[2][0]], known)
        return None if value is None else _passes(m, value, test)
    return None


def _size(m: Machine, scope: Scope, register: int, known: Known) -> int | None:
    """The number that a register is: a constant, or how many `*args` there are."""
    instruction = scope.code[register]
    if instruction[0] == ir.CONST:
        return instruction[1] if isinstance(instruction[1], int) else None
    index = _length_of(scope, register)
    if index < 0 or VARIADIC_BASE + index not in known:
        return None
    count: int = m.table.data[known[VARIADIC_BASE + index]][1]
    return count


def _constant(m: Machine, scope: Scope, register: int, known: Known) -> Constant | None:
    """The constant that a register is; of a function or a class something that is true and equals no constant."""
    plain, case = _without_case(scope, register)
    if case:
        text = _constant(m, scope, plain, known)
        return (getattr(text[0], case)(),) if text is not None and isinstance(text[0], str) else None
    instruction = scope.code[register]
    if instruction[0] == ir.CONST:
        return (instruction[1],)
    value = _of_variable(instruction, known)
    if instruction[0] == ir.ATTR and scope.code[instruction[1]][:2] == (ir.PARAM, 0):
        value = known.get(instruction[2])
    if value is None:
        return None
    return (m.table.data[value][1],) if m.table.kinds[value] == CONST else (_CALLABLE,)


def _of_variable(instruction: ir.Instruction, known: Known) -> Value | None:
    """The value of a parameter, also of a function around."""
    if instruction[0] == ir.FREE:
        return known.get((instruction[1], instruction[2]))
    return known.get(instruction[1]) if instruction[0] == ir.PARAM else None


_CALLABLE: Final = object()
_KEPT: Final = frozenset((-1,))
