"""The story of one finding: files -> summaries -> program -> call graph -> effects and starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dealix_lint.callgraph import Resolved, build
from dealix_lint.effects import EffectIndex, Recogniser, attributed
from dealix_lint.engine.knowledge import INDEXED, Knowledge
from dealix_lint.engine.reading import Part, Reading
from dealix_lint.engine.request import Progress
from dealix_lint.entrypoints import find
from dealix_lint.link import link
from dealix_lint.model.effect_rules import EffectRules, Floor
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.program import Program
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary
from dealix_lint.sources.commands import Commands


@dataclass(frozen=True, slots=True)
class Analysis:
    """A project understood: the resolved program, what leaves it, and where it starts."""

    resolved: Resolved
    effects: tuple[Effect, ...]
    starts: tuple[EntryPoint, ...]

    @property
    def program(self) -> Program:
        """The linked program."""
        return self.resolved.program


def analyses(reading: Reading, parts: Sequence[Part], progress: Progress) -> Iterator[Analysis]:
    """Parts of a project understood, one after the other: what one takes is given back before the next."""
    for number, part in enumerate(parts, start=1):
        yield (analysis := _of_part(reading, part, counted(progress, number - 1, len(parts))))
        if number < len(parts):
            analysis.resolved.release()


def _of_part(reading: Reading, part: Part, progress: Progress) -> Analysis:
    sources, summaries = reading.sources_of(part.files), reading.summaries.take(part.files)
    snapshot = reading.snapshot
    return understand(sources, summaries, reading.knowledge, snapshot.settings, progress, snapshot.commands)


def counted(progress: Progress, done: int, total: int) -> Progress:
    """Progress in parts, where there are several."""
    return progress if total == 1 else lambda stage, *_: progress(stage, done, total)


def understand(
    sources: Sequence[SourceFile],
    summaries: Sequence[ModuleSummary],
    knowledge: Knowledge,
    settings: Settings,
    progress: Progress,
    commands: Commands = (),
) -> Analysis:
    """Understand the files of a program. `commands`: those that its project installs."""
    progress("linking", 0, 0)
    program = link(sources, summaries)
    progress("resolving calls", 0, 0)
    resolved = build(program, knowledge.framework_rules)
    progress("finding effects and entry points", 0, 0)
    index = _indexed(knowledge.effects, knowledge.policy.floors, settings.own_hosts)
    calls = _leaving(resolved, index, knowledge.effects.named)
    effects = attributed(Recogniser(calls, index, program, resolved.graph), resolved)
    nodes = frozenset(node for effect in effects for node in effect.nodes)
    starts = find(program, resolved, knowledge.frameworks, settings.flows, nodes, commands)
    entered = frozenset(node for start in starts for node in start.nodes)
    happening = (e for e in effects if not e.only_from or not entered.isdisjoint(e.only_from))
    return Analysis(resolved, tuple(happening), starts)


@lru_cache(maxsize=INDEXED)
def _indexed(rules: EffectRules, floors: tuple[Floor, ...], own_hosts: tuple[str, ...]) -> EffectIndex:
    return EffectIndex(rules, floors, own_hosts)


def _leaving(resolved: Resolved, index: EffectIndex, named: tuple[str, ...]) -> Iterator[ExternalCall]:
    """The calls that may be effects. What a function does whose calls are declared to be effects is part of them."""
    nodes = resolved.graph.nodes
    declared = PatternIndex[bool]((path, True) for path in named)
    functions = frozenset(node.function for node in nodes if named and declared.find(node.function))
    leaving = (*resolved.external_calls(index.is_modelled), *resolved.unknown_calls(index.is_modelled))
    yield from (call for call in leaving if nodes[call.node].function not in functions)
    if functions:
        calls = resolved.declared_calls(functions.__contains__)
        yield from (call for call in calls if nodes[call.node].function not in functions)
