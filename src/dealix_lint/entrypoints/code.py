"""The analysed code as entry points need it: functions by name, their nodes, and what a register denotes without
running anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dealix_lint.entrypoints.denotations import Denotations
from dealix_lint.entrypoints.origins import Origins
from dealix_lint.link import Classes, Definition, ModuleNames, Symbols
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.program import Program
from dealix_lint.model.resolved import CallView, Resolution
from dealix_lint.model.summary import Scope
from dealix_lint.model.text import ArgumentValue

FunctionId = tuple[int, int]
"""(module, scope) of a function, lambda, class, or module (scope 0)."""


class Code:
    """Indexes over the program and its graph that every part of the stage shares."""

    def __init__(self, program: Program, resolution: Resolution) -> None:
        self.program = program
        self.resolution = resolution
        names = ModuleNames(program)
        self.symbols = Symbols(program, names)
        self.denotations = Denotations(program, self.symbols)
        self.origins = Origins(program, names, self.symbols, self.denotations)
        self.classes = Classes(program, self.symbols)
        self.by_name: dict[str, FunctionId] = {}
        self.members: dict[FunctionId, list[int]] = {}
        for module, summary in enumerate(program.summaries):
            for index, scope in enumerate(summary.scopes):
                self.by_name[program.function_name(module, index)] = (module, index)
                if scope.parent >= 0:
                    self.members.setdefault((module, scope.parent), []).append(index)
        self.nodes: dict[FunctionId, list[int]] = {}
        self._views: dict[int, dict[Place, CallView]] = {}
        for number, node in enumerate(resolution.graph.nodes):
            self.nodes.setdefault((node.module, node.scope), []).append(number)

    def scope(self, function: FunctionId) -> Scope:
        """The scope of a function, class or module."""
        return self.program.summaries[function[0]].scopes[function[1]]

    def parent(self, function: FunctionId) -> Scope:
        """The scope that encloses a function or class."""
        return self.program.summaries[function[0]].scopes[self.scope(function).parent]

    def name(self, function: FunctionId) -> str:
        """Its dotted name."""
        return self.program.function_name(*function)

    def scopes(self) -> Iterator[tuple[FunctionId, Scope]]:
        """All scopes of the program, in order."""
        for module, summary in enumerate(self.program.summaries):
            for index, scope in enumerate(summary.scopes):
                yield (module, index), scope

    def is_method(self, function: FunctionId) -> bool:
        """True for a function defined in a class body."""
        scope = self.scope(function)
        return scope.parent >= 0 and self.parent(function).kind == "class"

    def enclosing(self, function: FunctionId) -> Iterator[FunctionId]:
        """The scopes that a function stands in, the innermost first, without the module."""
        module, scope = function[0], self.scope(function).parent
        while scope > 0:
            yield module, scope
            scope = self.scope((module, scope)).parent

    def is_inside(self, function: FunctionId, outer: FunctionId) -> bool:
        """True for a function itself and what is defined inside it."""
        return function == outer or outer in self.enclosing(function)

    def methods(self, cls: FunctionId) -> Iterator[tuple[str, FunctionId]]:
        """Methods of a class and of its first-party bases, the nearest of each name."""
        seen: set[str] = set()
        for module, scope in self.classes.info(cls).ancestry:
            for index in self.members.get((module, scope), ()):
                member = self.program.summaries[module].scopes[index]
                if member.kind == "function" and member.name not in seen:
                    seen.add(member.name)
                    yield member.name, (module, index)

    def values(self, place: Place) -> Iterator[ArgumentValue]:
        """What may flow into a place; nothing for class bodies."""
        for node in self.nodes.get((place.module, place.scope), ()):
            yield from self.resolution.values(node, place.register)

    @cached_property
    def named_in_texts(self) -> frozenset[FunctionId]:
        """Functions and classes of which the dotted name stands in the code as a text, to be imported by it."""
        texts = {
            instruction[1].replace(":", ".")
            for _, scope in self.scopes()
            for instruction in scope.code
            if instruction[0] == ir.CONST and isinstance(instruction[1], str)
        }
        return frozenset(self.by_name[text] for text in texts if text in self.by_name)

    def entered(self, function: FunctionId) -> dict[FunctionId | None, list[int]]:
        """Nodes of a method by the class on which a framework runs it; nothing for what is run on no class in particular."""
        found: dict[FunctionId | None, list[int]] = {}
        for node in self.nodes.get(function, ()):
            on = self.resolution.entered_on(node)
            if on is not None:
                found.setdefault(on, []).append(node)
        return found

    def is_entered(self, function: FunctionId) -> bool:
        """True for a method that a framework runs although something calls it, too."""
        return any(self.resolution.is_entered(node) for node in self.nodes.get(function, ()))

    def views(self, node: int) -> dict[Place, CallView]:
        """The resolved calls of a node by place."""
        found = self._views.get(node)
        if found is None:
            found = self._views[node] = {view.place: view for view in self.resolution.calls(node)}
        return found

    def denoted(self, place: Place) -> tuple[Definition, ...]:
        """What a register means, followed through imports and aliases."""
        return self.denotations.of(place)

    def instruction(self, place: Place) -> ir.Instruction:
        """The instruction at a place."""
        return self.scope((place.module, place.scope)).code[place.register]
