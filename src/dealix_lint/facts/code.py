"""Reading the instructions of one scope: operands, what flows into a register, what is written into an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import Scope

_ONE_OPERAND = frozenset(
    {ir.ATTR, ir.RETURN, ir.YIELD, ir.YIELD_FROM, ir.RAISE, ir.AWAIT, ir.ITERATE, ir.ENTER, ir.ITEM, ir.REST, ir.CAUGHT}
)
AWAITING = frozenset((ir.AWAIT, ir.YIELD, ir.YIELD_FROM))
"""Where a function waits for what it started; a generator that is run as a coroutine yields it."""
_TYPED = {ir.NARROW: 1, ir.DECLARED: 2}  # the operand that is the value itself
_CARRIED = frozenset({"headers", "params"})
_FILLING_METHODS = frozenset(
    {
        "update", "setdefault", "append", "extend", "add", "insert", "attach", "set",
        "set_content", "set_payload", "attach_alternative",
    }
)  # fmt: skip
_ADDING = "add_"  # `add_header`, `add_field`, `add_custom_arg`
_STARTING = frozenset({"add_task", "add_job", "add_done_callback", "add_node"})  # what they are handed runs by itself


def _fills(method: str) -> bool:
    return method in _FILLING_METHODS or (method.startswith(_ADDING) and method not in _STARTING)


def call_operands(instruction: Instruction) -> Iterator[int]:
    """Argument registers of a CALL, without the callee."""
    for register in instruction[2]:
        yield register if register >= 0 else -register - 1
    for _, register in instruction[3]:
        yield register


def operands(instruction: Instruction) -> Iterator[int]:
    """Registers of the same scope that an instruction reads, in the order they stand in it."""
    opcode = instruction[0]
    if opcode == ir.CALL:
        yield instruction[1]
        yield from call_operands(instruction)
    elif opcode in _ONE_OPERAND:
        yield instruction[1]
    elif opcode == ir.PHI:
        yield from instruction[1]
    elif opcode in (ir.TUPLE, ir.LIST, ir.SET):
        yield from (register if register >= 0 else -register - 1 for register in instruction[1])
    elif opcode == ir.DICT:
        for key, value in instruction[1]:
            if key is not None:
                yield key
            yield value
    elif opcode == ir.TEXT:
        yield from (part for part in instruction[1] if not isinstance(part, str))
    else:
        yield from _other_operands(instruction)


def is_empty(instruction: Instruction) -> bool:
    """Whether an instruction gives None, an empty text, or another constant that is nothing."""
    return instruction[0] == ir.CONST and not instruction[1]


def _other_operands(instruction: Instruction) -> Iterator[int]:
    opcode = instruction[0]
    if opcode in (ir.SUBSCRIPT, ir.DECORATE):
        yield from instruction[1:3]
    elif opcode == ir.NARROW:
        yield instruction[1]
    elif opcode == ir.BINARY:
        yield from instruction[2:4]
    elif opcode == ir.LOGIC:
        yield from instruction[2]
    elif opcode == ir.COLLECT:
        yield from (register for register in instruction[2:4] if register >= 0)
    elif opcode == ir.DECLARED and instruction[2] >= 0:
        yield instruction[2]
    elif opcode == ir.SET_ATTR:
        yield instruction[1]
        yield instruction[3]
    elif opcode == ir.SET_ITEM:
        yield from instruction[1:4]


class ScopeCode:
    """Indexes over the code of one scope, each computed once."""

    __slots__ = ("_awaited", "_decorators", "_exports", "_fills", "_parts", "_tested", "_used", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._awaited: frozenset[int] | None = None
        self._decorators: frozenset[int] | None = None
        self._exports: dict[str, tuple[int, ...]] | None = None
        self._used: frozenset[int] | None = None
        self._fills: dict[int, tuple[int, ...]] | None = None
        self._tested: frozenset[int] | None = None
        self._parts: dict[int, tuple[int, ...]] = {}

    def closure(self, roots: Iterable[int], closed: frozenset[int] = frozenset()) -> frozenset[int]:
        """All registers whose values may be part of the roots: operands, and what is written into them (`d[k] = v`,
        `d.update(...)`). `closed`: registers that hold nothing of their operands."""
        seen: set[int] = set()
        pending = list(roots)
        while pending:
            register = pending.pop()
            if register in seen:
                continue
            seen.add(register)
            if register in closed:
                continue
            parts = self._parts.get(register)
            if parts is None:
                parts = (*operands(self.scope.code[register]), *self.fillers(register))
                self._parts[register] = parts
            pending.extend(parts)
        return frozenset(seen)

    @property
    def tested(self) -> frozenset[int]:
        """Registers whose values may be part of what a branch depends on."""
        if self._tested is None:
            self._tested = self.closure(block.test for block in self.scope.blocks if block.test >= 0)
        return self._tested

    @property
    def exports(self) -> dict[str, tuple[int, ...]]:
        """Names that the scope defines -> registers of what they are assigned."""
        if self._exports is None:
            self._exports = dict(self.scope.exports)
        return self._exports

    @property
    def decorators(self) -> frozenset[int]:
        """Registers of the decorators of what is defined in the scope: they speak of that, not of the scope."""
        if self._decorators is None:
            self._decorators = frozenset(i[1] for i in self.scope.code if i[0] == ir.DECORATE)
        return self._decorators

    def is_awaited(self, register: int) -> bool:
        """Whether the function awaits what the call at `register` started, by itself or gathered with others; generators
        that are run as coroutines (`inlineCallbacks`) yield it."""
        if self._awaited is None:
            self._awaited = self.closure(i[1] for i in self.scope.code if i[0] in AWAITING)
        return register in self._awaited

    def is_used(self, register: int) -> bool:
        """Whether the value of a register is an operand of another call."""
        if self._used is None:
            self._used = frozenset(o for i in self.scope.code if i[0] == ir.CALL for o in call_operands(i))
        return register in self._used

    def fillers(self, register: int) -> tuple[int, ...]:
        """Registers of instructions that write into the object at `register`."""
        if self._fills is None:
            found: dict[int, list[int]] = {}
            for index, instruction in enumerate(self.scope.code):
                for target in self._filled(instruction):
                    found.setdefault(target, []).append(index)
            self._fills = {target: tuple(indexes) for target, indexes in found.items()}
        return self._fills.get(register, ())

    def _filled(self, instruction: Instruction) -> Iterator[int]:
        target = -1
        if instruction[0] in (ir.SET_ITEM, ir.SET_ATTR):
            target = instruction[1]
        elif instruction[0] == ir.CALL:
            callee = self.scope.code[instruction[1]]
            if callee[0] == ir.ATTR and _fills(callee[2]):
                target = callee[1]
        if target >= 0:
            yield target
            holder = self.scope.code[target]
            if holder[0] == ir.ATTR and holder[2] in _CARRIED:
                yield holder[1]  # a client sends its headers with every request

    def is_filler(self, register: int) -> bool:
        """Whether an instruction writes into an object."""
        return any(True for _ in self._filled(self.scope.code[register]))

    def identifiers(self, register: int) -> Iterator[str]:
        """Names written in the instruction at `register`: identifiers, attributes, parameter names, keywords,
        constant texts."""
        instruction = self.scope.code[register]
        opcode = instruction[0]
        if opcode in (ir.NAME, ir.FREE):
            yield instruction[1]
        elif opcode == ir.IMPORT_FROM:
            yield instruction[3]
        elif opcode in (ir.ATTR, ir.SET_ATTR):
            yield instruction[2]
        elif opcode == ir.PARAM:
            yield self.scope.parameters[instruction[1]].name
        elif opcode == ir.CALL:
            yield from (keyword for keyword, _ in instruction[3] if keyword is not None)
        elif opcode == ir.CONST and isinstance(instruction[1], str):
            yield instruction[1]

    def receiver(self, register: int) -> int:
        """The object that a CALL is made on (`client` of `client.send(x)`); -1 if it is no method of one."""
        instruction = self.scope.code[register]
        callee = self.scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        return int(callee[1]) if callee[0] == ir.ATTR else -1

    def is_made_on(self, call: int, register: int) -> bool:
        """Whether a call is that of a method of what comes out of a register."""
        receiver = self.receiver(call)
        return receiver >= 0 and register in self.closure((receiver,))

    def value_of(self, register: int) -> int:
        """The register of a value itself, behind what only says of which type it is."""
        inner = register
        while inner >= 0:
            register, instruction = inner, self.scope.code[inner]
            inner = instruction[_TYPED[instruction[0]]] if instruction[0] in _TYPED else -1
        return register

    def callee_name(self, register: int) -> str:
        """The last name written in the callee of a CALL."""
        instruction = self.scope.code[register]
        callee = self.scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        if callee[0] in (ir.ATTR, ir.IMPORT_FROM):
            return str(callee[-1])
        return str(callee[1]) if callee[0] in (ir.NAME, ir.FREE) else ""
