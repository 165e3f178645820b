"""Where what the recipient sees comes from: the function's own constants, or wholly its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dealix_lint.effects.graphql import is_bare_document
from dealix_lint.facts.code import operands
from dealix_lint.facts.names import snake
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import OwnershipRules
from dealix_lint.model.text import Text

_DEPTH: Final = 3
_MADE: Final = frozenset({ir.CALL, ir.LIST})
_HEADER: Final = "add_header"
_SUFFIX: Final = re.compile(r"(\.[a-z][a-z0-9]{0,7})+")  # of a file: `.html`, `.html.j2`


@dataclass(frozen=True, slots=True)
class Sources:
    """What content is made of: whether constants of the function are in it, and which parameters (by index)."""

    is_own: bool = False
    parameters: frozenset[int] = frozenset()

    def __or__(self, other: Sources) -> Sources:
        return Sources(self.is_own or other.is_own, self.parameters | other.parameters)


class Content:
    """Follows content through the code of functions."""

    __slots__ = ("_content", "_delivery", "_formats", "sites")

    def __init__(self, sites: Sites, rules: OwnershipRules) -> None:
        self.sites = sites
        self._content = frozenset(map(snake, rules.content))
        self._delivery = frozenset(map(snake, rules.delivery))
        self._formats = frozenset(rules.formats)

    def of_effect(self, node: int, register: int, *, by_name: bool) -> Sources:
        """Sources of the content of an effect's call. `by_name`: where arguments named like content exist, only they
        count (messages); otherwise every argument that does not only say where and how (records)."""
        instruction = self.sites.code(node).scope.code[register]
        if instruction[0] != ir.CALL:
            return Sources(is_own=True)
        named = [(keyword or "", value) for keyword, value in instruction[3]]
        named += [("", value if value >= 0 else -value - 1) for value in instruction[2]]
        return self.of_named(node, named, by_name=by_name)

    def of_named(self, node: int, named: Iterable[tuple[str, int]], *, by_name: bool, depth: int = _DEPTH) -> Sources:
        """Sources of values by the name they are passed under ("" = by position)."""
        visible = [(name, register) for name, register in self._flat(node, named) if snake(name) not in self._delivery]
        if by_name and any(snake(name) in self._content for name, _ in visible):
            visible = [(name, register) for name, register in visible if snake(name) in self._content]
        found = Sources()
        for _, register in visible:
            found |= self._of_value(node, register, depth, set())
        return found

    def _flat(self, node: int, named: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """Dict displays opened: their values under their keys; those under keys that say nothing under the outer
        name."""
        code = self.sites.code(node).scope.code
        for name, register in named:
            instruction = code[register]
            if snake(name) in self._delivery or instruction[0] != ir.DICT:
                yield name, register
                continue
            pairs = [(_key(code, key) or name, value) for key, value in instruction[1]]
            pairs += self._written(node, register)
            yield from self._flat(node, pairs)

    def _written(self, node: int, register: int) -> Iterator[tuple[str, int]]:
        """What is written into an object after it was made, by the name it is written under: `msg["Subject"] = subject`,
        `msg.attach(part)`."""
        code = self.sites.code(node)
        for place in code.fillers(register):
            instruction = code.scope.code[place]
            if instruction[0] in (ir.SET_ITEM, ir.SET_ATTR):
                is_item = instruction[0] == ir.SET_ITEM
                yield _key(code.scope.code, instruction[2]) if is_item else instruction[2], instruction[3]
                continue
            values = [value if value >= 0 else -value - 1 for value in instruction[2]]
            if code.callee_name(place) == _HEADER and values:
                header = _key(code.scope.code, values[0])
                yield from ((header, value) for value in (*values[1:], *(value for _, value in instruction[3])))
                continue
            yield from (("", value) for value in values)
            yield from ((keyword or "", value) for keyword, value in instruction[3])

    def _of_value(self, node: int, register: int, depth: int, seen: set[int]) -> Sources:
        if register in seen:
            return Sources()
        seen.add(register)
        instruction = self.sites.code(node).scope.code[register]
        opcode = instruction[0]
        if opcode == ir.PARAM:
            return Sources(parameters=frozenset((instruction[1],)))
        if opcode == ir.CONST:
            return Sources(is_own=self._is_visible(instruction[1]))
        if opcode in (ir.NAME, ir.FREE):
            return Sources(is_own=self._is_constant_text(node, register))
        if opcode == ir.DICT:
            return self.of_named(node, [("", register)], by_name=False, depth=depth)
        own = opcode == ir.TEXT and any(map(self._is_visible, instruction[1]))
        if opcode == ir.ATTR and self._is_constant_text(node, register):
            own = True
        found = Sources(is_own=own)
        for operand in self._inputs(node, register, instruction):
            found |= self._of_value(node, operand, depth, seen)
        if opcode in _MADE:
            for name, value in self._written(node, register):
                found |= self._of_value(node, value, depth, seen) if snake(name) not in self._delivery else Sources()
        if opcode == ir.CALL and depth > 0:
            found |= self._of_callees(node, register, depth)
        return found

    def _inputs(self, node: int, register: int, instruction: Instruction) -> Iterator[int]:
        """What the value is made of; of a callee only the object a method is called on; of a subscript not its key."""
        opcode = instruction[0]
        if opcode == ir.CALL:
            callee = self.sites.code(node).scope.code[instruction[1]]
            if callee[0] == ir.ATTR:
                yield callee[1]
            yield from self._arguments(instruction)
        elif opcode == ir.SUBSCRIPT:
            yield instruction[1]
        elif opcode != ir.LOGIC:
            yield from operands(instruction)

    def _arguments(self, call: Instruction) -> Iterator[int]:
        yield from (value if value >= 0 else -value - 1 for value in call[2])
        yield from (value for keyword, value in call[3] if snake(keyword or "").strip("_") not in self._delivery)

    def _of_callees(self, node: int, register: int, depth: int) -> Sources:
        """Constants that first-party functions put into what they return (their parameters are arguments here)."""
        found = Sources()
        for callee in self.sites.callees(node, register):
            code = self.sites.code(callee).scope.code
            returned = [("", instruction[1]) for instruction in code if instruction[0] == ir.RETURN]
            found |= self.of_named(callee, returned, by_name=False, depth=depth - 1)
        return Sources(is_own=found.is_own)

    def _is_constant_text(self, node: int, register: int) -> bool:
        """A module constant or class attribute that holds a text people would read (not an address)."""
        values = self.sites.resolution.values(node, register)
        return any(isinstance(value, Text) and self._is_visible(value.literal) for value in values)

    def _is_visible(self, value: object) -> bool:
        """A text that people read: no name of a form, and no document that only says where the values go."""
        return _is_visible_text(value) and value not in self._formats and not is_bare_document(str(value))


def _key(code: tuple[Instruction, ...], register: int | None) -> str:
    instruction = code[register] if register is not None else (ir.NOP,)
    return str(instruction[1]) if instruction[0] == ir.CONST else ""


def _is_visible_text(value: object) -> bool:
    """A text with letters in it that is neither an address, a path of one, a bare format, nor the suffix of a file."""
    if not isinstance(value, str) or not any(character.isalpha() for character in value) or _SUFFIX.fullmatch(value):
        return False
    is_word = not any(character.isspace() for character in value)
    return "://" not in value and not (is_word and ("@" in value or "/" in value))
