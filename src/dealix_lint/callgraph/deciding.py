"""Which parameters decide what a function does: computed once, before the analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.callgraph.codefacts import called_name, called_names, operands, parameters_in
from dealix_lint.callgraph.crowding import SMALL
from dealix_lint.callgraph.rules import QUERY
from dealix_lint.callgraph.state import Function
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_KEYED_METHODS = frozenset(("get", "pop", "setdefault", "has", "lookup"))
SENDING_METHODS = frozenset(
    (
        "request",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "send",
        "stream",
        "fetch",
        "urlopen",
    )
)
_TEXT_METHODS = frozenset(
    (
        "lstrip",
        "rstrip",
        "strip",
        "removeprefix",
        "removesuffix",
        "replace",
        "format",
        "upper",
        "lower",
        "str",
        "urljoin",
    )
)
_COPYING = frozenset(("list", "tuple"))
CASES = frozenset(("upper", "lower", "strip"))
_NAMING_FUNCTIONS = frozenset(
    ("import_module", "__import__", "import_string", "import_from_string", "symbol_by_name", "resolve_name", "locate")
)
_WRITING_METHODS = frozenset(("request", "build_request", "stream", "post", "put", "patch", "urlopen"))
"""Those that may write: what is handed to them is worth telling apart in large functions as well."""
SENT_KEYWORDS = frozenset(("url", "method", "base_url"))
_BODY_KEYWORDS = frozenset(("json", "data", "body"))
_MEMBERS_VALUE = "value"  # of a member of an enumeration, `method.value`: what the member is
_LARGEST_TEXT_HELPER = 60  # instructions; what is longer does more than put a text together
_MADE_OF_TEXTS = frozenset((ir.TEXT, ir.BINARY, ir.PHI, ir.LOGIC, ir.SUBSCRIPT))
_LOOKED_UP = frozenset((ir.SUBSCRIPT, ir.CALL, ir.LOGIC))
_ISINSTANCE = 4  # elements of a `NARROW` by class; a longer one compares an attribute with a key
_ROUNDS = 3  # of wrappers around wrappers
_MOST_ROUNDS = 8  # of small ones that send what they are handed

Keyed = dict[str, set[int | str]]
"""Names of functions with deciding parameters -> positions at the call and names of those."""


def mark_key_parameters(
    functions: Sequence[Function],
    program: Program,
    factories: frozenset[str] = frozenset(),
    telling: frozenset[str] = frozenset(),
) -> tuple[frozenset[str], frozenset[ClassId]]:
    """Mark parameters whose constant decides what is found or where a request goes: used as a key, part of a text that is
    sent or given back, kept in an attribute that is, or handed on to such a parameter (by names, an over-approximation that
    only decides how finely calls are told apart). `factories`: names of calls of which the first argument says what they
    make (`boto3.client("ses")`); `telling`: names of methods that say something of a request. Gives the names of those
    attributes, and the classes of which objects keep where, or by which method, a request goes that may write."""
    sent: set[str] = set()
    written: set[str] = set()
    captured = _captured_keys(functions, factories)
    for function in functions:
        parameters, attributes = _leaves(function.scope, _sent_registers(function.scope, factories), is_sent=True)
        returned, read = _leaves(function.scope, _given_back(function.scope, telling))
        named, spoken = _leaves(function.scope, _made_names(function.scope))
        function.key_parameters = _direct_keys(function.scope) | parameters | returned | named
        function.key_parameters |= captured.get((function.module, function.scope_index), frozenset())
        function.spreads = _spreads(function.scope)
        function.hands_on = _handed_on(function.scope)
        handed, kept = _leaves(function.scope, _written_registers(function.scope), is_sent=True, is_of_any=True)
        function.sends = bool(handed or kept)
        function.tables |= _describing(function.scope) | _choosing(function.scope)
        written |= kept
        sent |= attributes | read | kept | spoken
    calls = [(function, list(_calls(function.scope))) for function in functions]
    places = {(function.module, function.scope_index): function for function in functions}
    constructors = [function for function in functions if function.scope.name == "__init__"]
    records = dict(_with_fields(program, written))
    for round_ in range(_MOST_ROUNDS):
        if round_ == _ROUNDS:
            calls = [(function, made) for function, made in calls if function.size <= SMALL]
        keyed = _keyed_names(functions if round_ < _ROUNDS else _small_senders(functions), program)
        for (module, index), fields in records.items():
            keyed.setdefault(program.summaries[module].scopes[index].name, set()).update(fields)
        sending = {function.scope.name for function in functions if function.sends} - _KEYED_METHODS
        changed = False
        for function, made in calls:
            given = [r for call in made if (wanted := keyed.get(call[0])) for r in _given(call, wanted)]
            if not function.sends and any(call[0] in sending for call in made):
                passed = [r for call in made if call[0] in sending for r in _given(call, keyed.get(call[0], set()))]
                function.sends = bool(_leaves(function.scope, passed)[0])
                changed |= function.sends
            if given:
                parameters, attributes = _leaves(function.scope, given)
                changed |= _add(function, parameters)
                sent |= attributes
                for name, place in _captured(function, given):
                    changed |= _add(places[place], parameters_in(places[place].scope, {name}))
        for function in constructors:
            changed |= _add(function, _kept(function.scope, sent))
        if not changed:
            break
    keeping = {f.owner for f in constructors if f.owner is not None and _kept(f.scope, written)}
    return frozenset(sent), frozenset((*keeping, *records))


def _small_senders(functions: Sequence[Function]) -> list[Function]:
    return [function for function in functions if function.sends and function.size <= SMALL]


def _with_fields(program: Program, names: set[str]) -> Iterator[tuple[ClassId, set[int | str]]]:
    """Classes that declare fields of these names, which a generated constructor fills; with the names and their positions at a
    call of it."""
    for module, summary in enumerate(program.summaries):
        for index, scope in enumerate(summary.scopes if names else ()):
            fields = _fields(scope) if scope.kind == "class" else []
            if found := names.intersection(fields):
                yield (module, index), {*found, *map(fields.index, found)}


def _fields(scope: Scope) -> list[str]:
    """The fields that a class declares, in the order in which a generated constructor takes them."""
    declared = (
        (registers, n) for n, registers in scope.exports if any(scope.code[r][0] == ir.DECLARED for r in registers)
    )
    return [name for _, name in sorted(declared)]


def _add(function: Function, parameters: frozenset[int]) -> bool:
    if parameters <= function.key_parameters:
        return False
    function.key_parameters |= parameters
    return True


def _keyed_names(functions: Iterable[Function], program: Program) -> Keyed:
    keyed: Keyed = {}
    for function in functions:
        keys = function.key_parameters | ({function.loads} if function.loads >= 0 else frozenset())
        if not keys and not function.spreads:
            continue
        known = handed_as(function, keys) | (SENT_KEYWORDS if function.spreads else frozenset())
        for name in (function.scope.name, called_as(function, program)):  # `super().__init__(url)`, `Client(url)`
            keyed.setdefault(name, set()).update(known)
    return keyed


def called_as(function: Function, program: Program) -> str:
    """The name that others call a function by: a constructor by that of its class."""
    if function.scope.name != "__init__" or function.owner is None:
        return function.scope.name
    module, scope = function.owner
    return program.summaries[module].scopes[scope].name


def handed_as(function: Function, parameters: frozenset[int]) -> set[int | str]:
    """The names of parameters, and the positions at which calls hand them over."""
    shift = function.receivers_before
    names = (function.scope.parameters[index].name for index in parameters)
    return {*names, *(index - shift for index in parameters if index >= shift)}


def _direct_keys(scope: Scope) -> frozenset[int]:
    return frozenset(i[1] for i in map(scope.code.__getitem__, _keys(scope)) if i[0] == ir.PARAM)


def _captured_keys(functions: Iterable[Function], factories: frozenset[str]) -> dict[tuple[int, int], frozenset[int]]:
    """The parameters of functions that closures inside use as keys, or send: `def register(name): def add(f): hooks[name] = f`."""
    found: dict[tuple[int, int], set[str]] = {}
    scopes: dict[tuple[int, int], Scope] = {}
    for function in functions:
        scopes[function.module, function.scope_index] = function.scope
        for name, place in _captured(function, _used(function.scope, factories) if function.scope.parent > 0 else ()):
            found.setdefault(place, set()).add(name)
    return {place: parameters_in(scopes[place], names) for place, names in found.items()}


def _captured(function: Function, registers: Iterable[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Those registers of a closure that are variables of functions around it, by name, and these functions."""
    for register in registers:
        instruction = function.scope.code[register] if register >= 0 else ()
        if instruction[:1] == (ir.FREE,) and instruction[2] > 0:
            yield instruction[1], (function.module, instruction[2])


def _used(scope: Scope, factories: frozenset[str]) -> Iterator[int]:
    """Registers of what a closure uses as a key, sends, or puts together to send."""
    yield from _keys(scope)
    pending = [register for register in _sent_registers(scope, factories) if register >= 0]
    seen = set(pending)
    while pending:
        register = pending.pop()
        yield register
        if scope.code[register][0] in (ir.TEXT, ir.BINARY, ir.PHI, ir.LOGIC):
            new = [r for r in operands(scope.code[register]) if r not in seen]
            seen.update(new)
            pending += new


def _keys(scope: Scope) -> Iterator[int]:
    """Registers of what is used as a key or as the name of an attribute, whatever its case."""
    for register in key_operands(scope):
        made_of = _unchanged(scope, register)
        if made_of >= 0:
            yield made_of


def key_operands(scope: Scope) -> Iterator[int]:
    """Registers of keys and of the names of attributes, as they are used."""
    code = scope.code
    for instruction in code:
        opcode = instruction[0]
        candidates: tuple[int, ...] = ()
        if opcode in (ir.SUBSCRIPT, ir.SET_ITEM) or (opcode == ir.NARROW and len(instruction) > _ISINSTANCE):
            candidates = (instruction[2],)
        elif opcode == ir.CALL and instruction[2]:
            callee = code[instruction[1]]
            if callee[0] == ir.ATTR and callee[2] in _KEYED_METHODS:
                candidates = instruction[2][:1]
        yield from candidates or _attribute_name(code, instruction)


def _attribute_name(code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> tuple[int, ...]:
    """The register of the name that `getattr(x, name)` asks for."""
    is_asking = instruction[0] == ir.CALL and code[instruction[1]] == (ir.NAME, "getattr")
    return instruction[2][1:2] if is_asking else ()


def _made_names(scope: Scope) -> list[int]:
    """Registers of names of attributes that are put together: `getattr(client, "get_" + self.resource)`."""
    names = (register for instruction in scope.code for register in _attribute_name(scope.code, instruction))
    return [register for register in names if register >= 0 and scope.code[register][0] in (ir.TEXT, ir.BINARY)]


def _unchanged(scope: Scope, register: int) -> int:
    """What a register is but for its case, or the member of an enumeration: `method` of `method.upper()`, `method.value`."""
    while register >= 0:
        instruction = scope.code[register]
        if instruction[0] == ir.CALL:
            callee = scope.code[instruction[1]]
            register = callee[1] if callee[0] == ir.ATTR and callee[2] in CASES else -1
        elif (
            instruction[0] == ir.ATTR and instruction[2] == _MEMBERS_VALUE and not _is_self(scope.code, instruction[1])
        ):
            register = instruction[1]
        else:
            break
    return register


Call = tuple[str, tuple[int, ...], tuple[tuple[str | None, int], ...]]


def _calls(scope: Scope) -> Iterator[Call]:
    """Name of the callee, positional and keyword operands of each call that passes something."""
    for instruction in scope.code:
        if instruction[0] == ir.CALL and (instruction[2] or instruction[3]):
            yield called_name(scope, instruction), instruction[2], instruction[3]


def _given(call: Call, wanted: set[int | str]) -> list[int]:
    _, positional, keywords = call
    given = [register for position, register in enumerate(positional) if position in wanted]
    return [*given, *(register for name, register in keywords if name in wanted)]


def _given_back(scope: Scope, telling: frozenset[str]) -> list[int]:
    """Registers of texts that a helper gives back, and of whatever a method of those names does."""
    if scope.name in telling:
        return [instruction[1] for instruction in scope.code if instruction[0] == ir.RETURN]
    if len(scope.code) > _LARGEST_TEXT_HELPER or scope.name.startswith("__"):
        return []
    returned = [(i[1], scope.code[i[1]]) for i in scope.code if i[0] == ir.RETURN]
    return [
        r for r, i in returned if i[0] in _MADE_OF_TEXTS or (i[0] == ir.CALL and called_name(scope, i) in _TEXT_METHODS)
    ]


def _sent_registers(scope: Scope, factories: frozenset[str]) -> list[int]:
    """Registers of texts that a function sends (the path and the method of a request helper), and by which it imports or makes
    a client."""
    found: list[int] = []
    for instruction in scope.code:
        if instruction[0] == ir.CALL:
            names = set(called_names(scope, instruction))
            if not names.isdisjoint(SENDING_METHODS) or any(map(_may_write, names)):
                found += [*instruction[2][:2], *(r for name, r in instruction[3] if name in SENT_KEYWORDS)]
                found += [_document(scope, r) for name, r in instruction[3] if name in _BODY_KEYWORDS]
            elif not names.isdisjoint(_NAMING_FUNCTIONS) or not names.isdisjoint(factories):
                found += instruction[2][:1]
            elif instruction[3]:
                found += [register for name, register in instruction[3] if name == "base_url"]
    return found


def _written_registers(scope: Scope) -> list[int]:
    """Registers of the methods and paths of requests that may write."""
    calls = (i for i in scope.code if i[0] == ir.CALL and any(map(_may_write, called_names(scope, i))))
    return [r for i in calls for r in (*i[2][:2], *(operand for name, operand in i[3] if name in SENT_KEYWORDS))]


def _describing(scope: Scope) -> frozenset[int]:
    """Parameters that are dicts from which the method or the path of a request that may write is taken: `spec["path"]`."""
    return _holding(scope, [register for register in _written_registers(scope) if register >= 0])


def _choosing(scope: Scope) -> frozenset[int]:
    """Parameters that are dicts of which an element says what is called: `self._ops[job["kind"]](job)`."""
    code = scope.code
    pending = [i[1] for i in code if i[0] == ir.CALL and code[i[1]][0] in _LOOKED_UP]
    keys: list[int] = []
    for register in pending:
        instruction = code[register]
        if instruction[0] == ir.SUBSCRIPT:
            keys.append(instruction[2])
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in _KEYED_METHODS:
            keys += instruction[2][:1]
        elif instruction[0] == ir.CALL and called_name(scope, instruction) == "getattr":
            keys += instruction[2][1:2]
        elif instruction[0] == ir.LOGIC:
            pending += [r for r in operands(instruction) if r not in pending]
    return _holding(scope, [key for key in keys if key >= 0])


def _holding(scope: Scope, pending: list[int]) -> frozenset[int]:
    """Parameters of which the registers are elements, or put together from such."""
    code = scope.code
    found: set[int] = set()
    seen = set(pending)
    while pending:
        instruction = code[pending.pop()]
        holder = instruction
        if instruction[0] == ir.SUBSCRIPT:
            holder = code[instruction[1]]
        elif instruction[0] == ir.CALL and code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] == "get":
            holder = code[code[instruction[1]][1]]
        elif instruction[0] in (ir.TEXT, ir.BINARY, ir.PHI):
            new = [r for r in operands(instruction) if r not in seen]
            seen.update(new)
            pending += new
        if holder is not instruction and holder[0] == ir.PARAM:
            found.add(holder[1])
    return frozenset(index for index in found if scope.parameters[index].kind not in (VARIADIC, KEYWORDS))


def _may_write(name: str) -> bool:
    return name in _WRITING_METHODS or name.endswith("Request")  # whatever it is imported as


def _spreads(scope: Scope) -> bool:
    """Whether a function hands its keywords on as they came: `send(**kwargs)`."""
    if not scope.parameters or scope.parameters[-1].kind != KEYWORDS:
        return False
    handed = (operand for i in scope.code if i[0] == ir.CALL for name, operand in i[3] if name is None)
    return any(scope.code[operand] == (ir.PARAM, len(scope.parameters) - 1) for operand in handed)


def _handed_on(scope: Scope) -> frozenset[int]:
    """Parameters that a closure hands on as they came to a function it has from around it: `function(*args)`; and the
    `*args` that a function sends, whatever it has taken off them."""
    code = scope.code
    calls = [i for i in code if i[0] == ir.CALL]
    handed = (code[r if r >= 0 else -r - 1] for i in calls if code[i[1]][0] == ir.FREE for r in i[2])
    sent = (_copied(scope, -r - 1) for i in calls if called_name(scope, i) in SENDING_METHODS for r in i[2] if r < 0)
    return frozenset(i[1] for i in (*handed, *sent) if i[0] == ir.PARAM)


def _copied(scope: Scope, register: int) -> ir.Instruction:
    """What a list is a copy of, or of a part of."""
    instruction = scope.code[register]
    while True:
        if instruction[0] in (ir.REST, ir.SUBSCRIPT):
            instruction = scope.code[instruction[1]]
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in _COPYING and instruction[2]:
            instruction = scope.code[max(instruction[2][0], 0)]
        else:
            return instruction


def _document(scope: Scope, body: int) -> int:
    """The register of the GraphQL document in a body that is written as a dictionary; else the body."""
    instruction = scope.code[body]
    items = instruction[1] if instruction[0] == ir.DICT else ()
    return next((v for k, v in items if k is not None and scope.code[k] == (ir.CONST, QUERY)), body)


def _kept(scope: Scope, sent: set[str]) -> frozenset[int]:
    """Parameters of a constructor that it keeps in attributes of which texts are made that are sent."""
    code = scope.code
    values = [
        instruction[3]
        for instruction in code
        if instruction[0] == ir.SET_ATTR and instruction[2] in sent and _is_self(code, instruction[1])
    ]
    return _leaves(scope, values)[0] if values else frozenset()


def _is_self(code: tuple[ir.Instruction, ...], register: int) -> bool:
    return register >= 0 and code[register][0] == ir.PARAM and code[register][1] == 0


def _leaves(
    scope: Scope, registers: Iterable[int], is_sent: bool = False, is_of_any: bool = False
) -> tuple[frozenset[int], frozenset[str]]:
    """Parameters and attributes of `self` (or of any object: `ROUTE.path`) that the registers are, or are put together from;
    where they are sent (and not just any text that a helper gives back), by `%`, too."""
    code = scope.code
    parameters: set[int] = set()
    attributes: set[str] = set()
    pending = [register for register in registers if register >= 0]
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register in seen:
            continue
        seen.add(register)
        instruction = code[register]
        opcode = instruction[0]
        if opcode == ir.PARAM:
            if scope.parameters[instruction[1]].kind not in (VARIADIC, KEYWORDS):
                parameters.add(instruction[1])
        elif opcode in (ir.TEXT, ir.BINARY, ir.PHI, ir.LOGIC):
            pending += operands(instruction)
            if is_sent and opcode == ir.BINARY and instruction[1] == "%" and code[instruction[3]][0] == ir.TUPLE:
                pending += operands(code[instruction[3]])  # `"%s/%s" % (base, path)`
        elif opcode in (ir.SUBSCRIPT, ir.NARROW):
            pending.append(instruction[1])
        elif opcode == ir.CALL and called_name(scope, instruction) in _TEXT_METHODS:
            pending += [r for r in (instruction[1], *instruction[2]) if r >= 0]
        elif opcode == ir.ATTR:
            is_own = _is_self(code, instruction[1])
            if instruction[2] in _TEXT_METHODS or (instruction[2] == _MEMBERS_VALUE and not is_own):
                pending.append(instruction[1])
            if instruction[2] not in _TEXT_METHODS and (is_of_any or is_own):
                attributes.add(instruction[2])
    return frozenset(parameters), frozenset(attributes)
