"""Sensitive data on its way into a call: from the arguments of an effect back to types and fields that are declared so,
through the parameters of the functions between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dealix_lint.facts.code import ScopeCode, call_operands, operands
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.names import Phrases, last_segment
from dealix_lint.facts.paths import Paths
from dealix_lint.facts.sensitive import Sensitive
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import HIGH, MEDIUM, Edge
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import SensitiveNames
from dealix_lint.model.text import ArgumentValue, Sequence, Symbol, Text


@dataclass(frozen=True, slots=True)
class Leak:
    """A call of a node that is given sensitive data: what data, its level, and how sure it is that it gets there."""

    node: int
    register: int
    what: str
    level: str
    confidence: int


@dataclass(slots=True)
class _Found:
    """What flows into some registers: declared data with its level, and parameters."""

    data: dict[str, str]
    parameters: set[int]


class Leaks:
    """Follows data from effects back."""

    __slots__ = ("_choosing", "_cleaning", "_dumping", "_neutral", "_omitting", "paths", "sensitive", "sites")

    def __init__(self, sites: Sites, paths: Paths, sensitive: Sensitive, names: SensitiveNames) -> None:
        self.sites = sites
        self.paths = paths
        self.sensitive = sensitive
        self._cleaning = Phrases(names.cleaning)
        self._neutral = frozenset(names.neutral)
        self._dumping = frozenset(names.dumping)
        self._omitting, self._choosing = names.omitting, names.choosing

    def into(self, effect: Effect) -> Iterator[Leak]:
        """The calls that pass sensitive data to an effect, those nearest to it first."""
        pending: list[tuple[int, frozenset[int], int]] = []
        for node in sorted(effect.nodes):
            register = self.sites.register(node, effect.call)
            if register != NO_SITE and self._code(node).scope.code[register][0] == ir.CALL:
                yield from self._at(node, register, self._arguments(node, register), HIGH, pending)
        seen = {(node, parameter) for node, parameters, _ in pending for parameter in parameters}
        for node, parameters, confidence in pending:
            for caller, edge in self.paths.callers(node):
                register = self.sites.register(caller, edge.place)
                if register == NO_SITE or self._code(caller).scope.code[register][0] != ir.CALL:
                    continue
                roots, sureness = self._handed(caller, register, edge, parameters)
                before = len(pending)
                yield from self._at(caller, register, roots, min(confidence, sureness), pending)
                fresh = [(n, frozenset(p for p in ps if (n, p) not in seen), c) for n, ps, c in pending[before:]]
                pending[before:] = [entry for entry in fresh if entry[1]]
                seen.update((n, p) for n, ps, _ in pending[before:] for p in ps)

    def _at(
        self,
        node: int,
        register: int,
        roots: Iterable[int],
        confidence: int,
        pending: list[tuple[int, frozenset[int], int]],
    ) -> Iterator[Leak]:
        found = self._follow(node, roots)
        if found.parameters:
            pending.append((node, frozenset(found.parameters), confidence))
        for what, level in sorted(found.data.items()):
            yield Leak(node, register, what, level, confidence)

    def _code(self, node: int) -> ScopeCode:
        return self.sites.code(node)

    def _arguments(self, node: int, register: int) -> list[int]:
        return list(call_operands(self._code(node).scope.code[register]))

    def _handed(self, caller: int, register: int, edge: Edge, parameters: frozenset[int]) -> tuple[list[int], int]:
        """Registers of a call that reach those parameters of what an edge leads to. Where a helper hands them on (a
        dispatch, a decorator), any argument may."""
        code, callee = self._code(caller), self._code(edge.target).scope
        if self.sites.is_named(caller, register, edge.target):
            handed = (
                value
                for parameter in sorted(parameters)
                for _, value, _ in handed_to(code.scope.code[register], callee, parameter)
            )
            return list(handed), HIGH
        return self._arguments(caller, register), min(edge.confidence, MEDIUM)

    # -- inside a function --------------------------------------------------------------------------------------

    def _follow(self, node: int, roots: Iterable[int]) -> _Found:
        code, found = self._code(node), _Found({}, set())
        pending, seen = list(roots), set[int]()
        while pending:
            register = pending.pop()
            if register not in seen:
                seen.add(register)
                pending.extend(self._step(node, code, register, found))
        return found

    def _step(self, node: int, code: ScopeCode, register: int, found: _Found) -> Iterable[int]:
        """Notes what one register holds; the registers to follow."""
        instruction = code.scope.code[register]
        opcode = instruction[0]
        if opcode in (ir.CONST, ir.LOGIC):
            return ()
        if opcode == ir.ATTR:
            return self._of_attribute(node, code, instruction, found)
        if opcode == ir.CALL:
            return self._of_call(node, code, register, found)
        is_object = self._note_objects(node, register, found)
        if opcode == ir.PARAM and not is_object:
            level = self.sensitive.of_parameter(self.sites.scope_of(node), instruction[1])
            if level:
                found.data[code.scope.parameters[instruction[1]].name] = level
            else:
                found.parameters.add(instruction[1])
        return () if is_object else (*operands(instruction), *code.fillers(register))

    def _of_call(self, node: int, code: ScopeCode, register: int, found: _Found) -> Iterable[int]:
        name = code.callee_name(register)
        if name in self._neutral or self._cleaning.are_in(name):
            return ()
        if self._note_objects(node, register, found):
            return ()
        instruction = code.scope.code[register]
        if name in self._dumping and self._note_chosen(node, code, instruction, found):
            return code.fillers(register)
        return (*call_operands(instruction), instruction[1], *code.fillers(register))

    def _note_chosen(self, node: int, code: ScopeCode, call: Instruction, found: _Found) -> bool:
        """Notes the fields that a call gives back which names those it leaves out or keeps (`model_dump(exclude={...})`);
        whether it is one."""
        callee, keywords = code.scope.code[call[1]], dict(call[3])
        left_out = {text for word in self._omitting for text in self._texts(node, keywords.get(word, -1))}
        kept = {text for word in self._choosing for text in self._texts(node, keywords.get(word, -1))}
        classes = self._classes(node, callee[1]) if callee[0] == ir.ATTR and left_out | kept else ()
        for class_name in classes:
            fields = kept or self.sensitive.fields(class_name).keys()
            levels = {field: self.sensitive.of_field(class_name, field) for field in fields if field not in left_out}
            stated = [(level, field) for field, level in levels.items() if level]
            if not kept and self.sensitive.of_type(class_name):
                self._note(class_name, found)
            elif stated:
                level, field = max(stated)
                found.data[f"{last_segment(class_name)}.{field}"] = level
        return bool(classes)

    def _texts(self, node: int, register: int) -> frozenset[str]:
        """Texts in a list or set; none where it may hold others."""
        values = self.sites.resolution.values(node, register) if register >= 0 else ()
        listed = [value.elements for value in values if isinstance(value, Sequence)]
        texts = {element.literal if isinstance(element, Text) else None for elements in listed for element in elements}
        return frozenset(text for text in texts if text) if len(values) == 1 and None not in texts else frozenset()

    def _of_attribute(self, node: int, code: ScopeCode, instruction: Instruction, found: _Found) -> Iterable[int]:
        """A field of a declared object; a method that gives back all of it."""
        holder, name = instruction[1], instruction[2]
        classes = self._classes(node, holder)
        if not classes:
            return (holder,)
        for class_name in classes:
            if name in self._dumping:
                self._note(class_name, found)
            else:
                level = self.sensitive.of_field(class_name, name)
                if level:
                    found.data[f"{last_segment(class_name)}.{name}"] = level
        return ()

    def _note_objects(self, node: int, register: int, found: _Found) -> bool:
        """Whether a register holds objects of first-party classes; those that are declared are noted."""
        classes = self._classes(node, register)
        for class_name in classes:
            self._note(class_name, found)
        return bool(classes)

    def _note(self, class_name: str, found: _Found) -> None:
        level = self.sensitive.of_type(class_name)
        fields = self.sensitive.fields(class_name)
        if level:
            found.data[last_segment(class_name)] = level
        elif fields:
            field, level = max(fields.items(), key=lambda item: (item[1], item[0]))
            found.data[f"{last_segment(class_name)}.{field}"] = level

    def _classes(self, node: int, register: int) -> tuple[str, ...]:
        """First-party classes of which a register holds instances, also as elements."""
        values = self.sites.resolution.values(node, register)
        return tuple(sorted({name for value in values for name in self._class_names(value)}))

    def _class_names(self, value: ArgumentValue) -> Iterator[str]:
        if isinstance(value, Sequence):
            for element in value.elements:
                yield from self._class_names(element)
        elif isinstance(value, Symbol) and value.name.endswith("()"):
            name = value.name.removesuffix("()")
            if self.sites.definitions.find_class(name) is not None:
                yield name
