"""A resolution of small programs good enough for these tests: names are followed as written, no values flow."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.entrypoints import find
from dealix_lint.link import Classes, Definition, ModuleNames, Symbols, link
from dealix_lint.model import ir
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.graph import CallGraph, Edge, ExternalCall, Node, Place
from dealix_lint.model.program import Program
from dealix_lint.model.resolved import CallView, Decorator, Registration
from dealix_lint.model.settings import FlowClass
from dealix_lint.model.source import SourceFile
from dealix_lint.model.text import ArgumentValue, Constant, Text
from dealix_lint.summarize import summarize

RULES = Path(__file__).resolve().parents[3] / "rules"


class StaticResolution:
    """Implements `Resolution`: one node per function and module, edges for calls of names that are functions.

    `extra` are further edges (caller, callee) by dotted name, for what only frameworks or values tell."""

    def __init__(self, program: Program, frameworks: Frameworks, extra: tuple[tuple[str, str], ...]) -> None:
        self.program = program
        self._aliases = frameworks.aliases
        self._symbols = Symbols(program, ModuleNames(program))
        self._classes = Classes(program, self._symbols)
        self._nodes = tuple(
            Node(program.function_name(module, scope), module, scope)
            for module, summary in enumerate(program.summaries)
            for scope, info in enumerate(summary.scopes)
            if info.kind != "class"
        )
        self._numbers = {(node.module, node.scope): number for number, node in enumerate(self._nodes)}
        by_name = {node.function: number for number, node in enumerate(self._nodes)}
        out: list[list[Edge]] = [[] for _ in self._nodes]
        external: list[ExternalCall] = []
        for number, node in enumerate(self._nodes):
            for place, found in self._calls(node):
                for definition in found:
                    target = self._numbers.get((definition.module, definition.scope))
                    if definition.kind == "function" and target is not None:
                        out[number].append(Edge(target, place))
                    elif definition.kind == "external":
                        external.append(ExternalCall(number, place, definition.name))
        for caller, callee in extra:
            out[by_name[caller]].append(Edge(by_name[callee], Place(0, 0, 0)))
        self.graph = CallGraph(self._nodes, tuple(map(tuple, out)), tuple(external))

    def _calls(self, node: Node) -> list[tuple[Place, tuple[Definition, ...]]]:
        code = self.program.summaries[node.module].scopes[node.scope].code
        return [
            (Place(node.module, node.scope, register), self._symbols.at(node.module, node.scope, instruction[1]))
            for register, instruction in enumerate(code)
            if instruction[0] == ir.CALL
        ]

    def values(self, node: int, register: int) -> tuple[ArgumentValue, ...]:
        at = self._nodes[node]
        instruction = self.program.summaries[at.module].scopes[at.scope].code[register]
        if instruction[0] != ir.CONST:
            return ()
        return (Text((instruction[1],)) if isinstance(instruction[1], str) else Constant(instruction[1]),)

    def calls(self, node: int) -> tuple[CallView, ...]:
        return tuple(
            CallView(place, tuple(d.name for d in found if d.kind == "external"), "", lambda: ((), ()))
            for place, found in self._calls(self._nodes[node])
        )

    def decorators(self, module: int, scope: int) -> tuple[Decorator, ...]:
        own = self.program.summaries[module].scopes[scope]
        code = self.program.summaries[module].scopes[own.parent].code
        found = []
        for register in own.decorators:
            is_call = code[register][0] == ir.CALL
            definitions = self._symbols.at(module, own.parent, code[register][1] if is_call else register)
            names = tuple(d.name or self.program.function_name(d.module, d.scope) for d in definitions)
            found.append(Decorator(names, (), (), Place(module, own.parent, register), is_call))
        return tuple(found)

    def bases(self, module: int, scope: int) -> tuple[str, ...]:
        info = self._classes.info((module, scope))
        return tuple(item if isinstance(item, str) else self.program.function_name(*item) for item in info.linear)

    def class_attributes(self, module: int, scope: int) -> tuple[tuple[str, tuple[ArgumentValue, ...]], ...]:
        return ()

    def module_variable(self, module: int, name: str) -> tuple[ArgumentValue, ...]:
        return ()

    def wrapped(self, node: int) -> tuple[int, int] | None:
        return None

    def sides_never_taken(self, node: int) -> frozenset[tuple[int, int]]:
        return frozenset()

    def never_reached(self, node: int) -> frozenset[int]:
        return frozenset()

    def is_unheld(self, node: int) -> bool:
        return False

    def is_entered(self, node: int) -> bool:
        return False

    def entered_on(self, node: int) -> tuple[int, int] | None:
        return None

    def registrations(self) -> tuple[Registration, ...]:
        return ()

    def outside_values(self, path: str) -> tuple[ArgumentValue, ...]:
        return ()

    def outside_calls(self, node: int) -> tuple[tuple[int, str], ...]:
        return ()

    def external_calls(self, is_wanted: Callable[[str], bool]) -> tuple[ExternalCall, ...]:
        return tuple(call for call in self.graph.external if is_wanted(call.path))


def starts(
    files: dict[str, str] | str,
    *extra: tuple[str, str],
    flows: tuple[tuple[str, FlowClass], ...] = (),
    effects_in: tuple[str, ...] = (),
) -> tuple[EntryPoint, ...]:
    """Entry points of a program given as {module: code} (one text: the module `app`), with extra graph edges."""
    modules = {"app": files} if isinstance(files, str) else files
    ordered = sorted(modules)
    sources = [SourceFile(f"{name.replace('.', '/')}.py", name, "") for name in ordered]
    summaries = [summarize(textwrap.dedent(modules[name]).encode()) for name in ordered]
    program = link(sources, summaries)
    frameworks = load_frameworks(RULES)
    resolution = StaticResolution(program, frameworks, extra)
    effects = [number for number, node in enumerate(resolution.graph.nodes) if node.function in effects_in]
    return find(program, resolution, frameworks, flows, effects)


def known_as(files: dict[str, str] | str, *extra: tuple[str, str]) -> dict[str, str]:
    """id -> detail of every entry point."""
    return {entry.id: entry.detail for entry in starts(files, *extra)}
