"""What the checkpointer of a graph is made of, and whether that outlives the process."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.handing import Handing, is_declared
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import ExternalCall, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GraphNames
from dealix_lint.model.text import ArgumentValue, Constant, Symbol, Text

WITHOUT = "is compiled without a checkpointer"
IN_MEMORY = "is compiled with a checkpointer that lives in memory"
_CHECKPOINTER = "checkpointer"
_NAMING = frozenset({ir.NAME, ir.FREE, ir.IMPORT_FROM})
Values = tuple[ArgumentValue, ...]


class Checkpoints:
    """Judges the `checkpointer` of calls that make a graph."""

    __slots__ = ("_abstract", "_ephemeral", "_files", "_handing", "_in_memory", "sites")

    def __init__(self, sites: Sites, names: GraphNames) -> None:
        self.sites = sites
        self._ephemeral, self._files, self._abstract = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.ephemeral, names.files, names.abstract)
        )
        self._handing = Handing(sites, self._abstract)
        self._in_memory = frozenset(names.in_memory)

    def why_lost(self, call: ExternalCall, takes_position: bool) -> str:
        """Why what a graph remembers does not outlive the process; "" where it may."""
        values = dict(call.keywords).get(_CHECKPOINTER, ())
        positional = call.arguments[:1] if takes_position else ()
        values = values or (positional[0] if positional else ())
        has_one = any(name == _CHECKPOINTER for name, _ in call.keywords) or bool(positional)
        if not has_one:
            return WITHOUT
        if any(map(self._is_declared, values)):
            values = tuple(value for value in values if not self._is_declared(value))
            if not values or any(map(self._handing.may_be_anything, self._sources(call))):
                return ""
        makers = [value for value in values if not (isinstance(value, Constant) and not value.value)]
        if (values and not makers) or any(map(self._is_never_set, self._handed(call))):
            return WITHOUT
        if any(map(self._may_be_anything, self._alternatives(call))):
            return ""
        if makers and all(isinstance(v, Symbol) and self._is_lost(call, v.name) for v in makers):
            return IN_MEMORY
        return ""

    def _is_lost(self, call: ExternalCall, maker: str) -> bool:
        return bool(self._ephemeral.find(maker)) or (bool(self._files.find(maker)) and self._opens_memory(call))

    def _handed(self, call: ExternalCall) -> list[Place]:
        """Where the checkpointer of a call stands."""
        instruction = self.sites.instruction(call.place)
        handed = [register for name, register in instruction[3] if name == _CHECKPOINTER] or instruction[2][:1]
        return [Place(call.place.module, call.place.scope, register) for register in handed if register >= 0]

    def _is_declared(self, value: ArgumentValue) -> bool:
        return is_declared(value, self._abstract)

    def _sources(self, call: ExternalCall) -> Iterator[Place]:
        """Where a checkpointer comes from: itself, what it is one of, what is written to the attribute that it is."""
        for place in self._handed(call):
            instruction = self.sites.instruction(place)
            yield place
            if instruction[0] == ir.ATTR:
                yield from self._written(instruction[2])
        yield from (place for _, place in self._alternatives(call))

    def _written(self, name: str) -> Iterator[Place]:
        for module, summary in enumerate(self.sites.definitions.program.summaries):
            for index, scope in enumerate(summary.scopes):
                written = [i[3] for i in scope.code if i[0] == ir.SET_ATTR and i[2] == name]
                parts = [part for register in written for part in (register, *_joined(scope.code[register]))]
                yield from (Place(module, index, part) for part in parts)

    def _alternatives(self, call: ExternalCall) -> Iterator[tuple[int, Place]]:
        """The values that a checkpointer is one of (`given or MemorySaver()`), in the node of the call."""
        pending, seen = self._handed(call), set[Place]()
        while pending:
            place = pending.pop()
            instruction = self.sites.instruction(place)
            if place not in seen and instruction[0] == ir.PHI:
                pending += [Place(place.module, place.scope, part) for part in instruction[1]]
                yield from ((call.node, Place(place.module, place.scope, part)) for part in instruction[1])
            seen.add(place)

    def _may_be_anything(self, alternative: tuple[int, Place]) -> bool:
        """Whether nothing is known of an alternative, or only that an attribute is empty at first."""
        node, place = alternative
        if self.sites.scope_of(node) != (place.module, place.scope):
            return False
        opcode = self.sites.instruction(place)[0]
        values = self.sites.resolution.values(node, place.register)
        if opcode == ir.ATTR and values and all(isinstance(value, Constant) for value in values):
            return True
        is_repeated = bool(values) and all(map(self._is_declared, values))
        is_unknown = not values or is_repeated or any(isinstance(value, Text) for value in values)
        return opcode != ir.PHI and is_unknown

    def _is_never_set(self, place: Place) -> bool:
        """Whether a checkpointer is an attribute to which only constructors write, whose callers all give none."""
        instruction = self.sites.instruction(place)
        writers = list(self._writers(instruction[2])) if instruction[0] == ir.ATTR else []
        is_given = [opcode == ir.PARAM for opcode, _ in writers]
        return any(is_given) and all(
            opcode in (ir.PARAM, ir.CONST) and values == (Constant(None),) for opcode, values in writers
        )

    def _writers(self, name: str) -> Iterator[tuple[int, Values]]:
        """What is written to attributes of that name: by which instruction, and its values in every node."""
        definitions = self.sites.definitions
        for module, summary in enumerate(definitions.program.summaries):
            for index, scope in enumerate(summary.scopes):
                written = [i[3] for i in scope.code if i[0] == ir.SET_ATTR and i[2] == name]
                nodes = self.sites.nodes_of(definitions.name((module, index))) if written else ()
                for register in written:
                    opcode = scope.code[register][0]
                    found = [self.sites.resolution.values(n, register) for n in nodes]
                    yield from ((opcode, values) for values in found or [()])

    def _opens_memory(self, call: ExternalCall) -> bool:
        """Whether what a checkpointer writes its file to is a database in memory, by the text that opens it."""
        pending = self._handed(call)
        seen: set[Place] = set()
        while pending:
            place = pending.pop()
            if place not in seen:
                seen.add(place)
                if any(text in self._in_memory for text in self._texts(place)):
                    return True
                pending += self._made_of(place)
        return False

    def _texts(self, place: Place) -> Iterator[str]:
        instruction = self.sites.instruction(place)
        if instruction[0] == ir.CONST and isinstance(instruction[1], str):
            yield instruction[1]

    def _made_of(self, place: Place) -> Iterator[Place]:
        """The parts of a value, names followed to where they are bound."""
        code = self.sites.code_of((place.module, place.scope))
        yield from (Place(place.module, place.scope, part) for part in code.closure((place.register,)))
        if self.sites.instruction(place)[0] in (*_NAMING, ir.CALL):
            yield from self.sites.origins(place)


def _joined(instruction: ir.Instruction) -> tuple[int, ...]:
    return tuple(instruction[1]) if instruction[0] == ir.PHI else ()
