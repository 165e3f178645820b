"""The story of one finding: files -> summaries -> program -> call graph -> effects and starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.callgraph import Resolved, build
from dealix_lint.effects import EffectIndex, recognise
from dealix_lint.engine.identity import combine
from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.engine.request import Progress
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.summaries import Summaries
from dealix_lint.entrypoints import find
from dealix_lint.link import link
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.program import Program
from dealix_lint.sources.naming import find_roots, name_modules


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


class Reading:
    """The files of a snapshot, named and read: everything that is known before they are seen together."""

    def __init__(self, snapshot: Snapshot, knowledge: Knowledge, store: Store, progress: Progress) -> None:
        self.snapshot = snapshot
        self.knowledge = knowledge
        settings = snapshot.settings
        roots = find_roots(snapshot.contents, settings.roots, knowledge.libraries, snapshot.package)
        self.sources = name_modules(snapshot.contents, roots)
        self.summaries = Summaries(snapshot.contents, store, settings.jobs, progress)

    @property
    def key(self) -> str:
        """A digest of everything that the findings can depend on before they are located and silenced."""
        names = (text for s in self.sources for text in (s.path, s.module, " ".join(s.aliases)))
        return combine((self.snapshot.context, *self.summaries.meanings, *names))


def analyse(snapshot: Snapshot, knowledge: Knowledge, store: Store, progress: Progress) -> Analysis:
    """Understand the files of a snapshot."""
    return understand(Reading(snapshot, knowledge, store, progress), progress)


def understand(reading: Reading, progress: Progress) -> Analysis:
    """Understand files that were read."""
    snapshot, knowledge = reading.snapshot, reading.knowledge
    progress("linking", 0, 0)
    program = link(reading.sources, reading.summaries.all())
    progress("resolving calls", 0, 0)
    resolved = build(program, knowledge.frameworks, knowledge.effects.patterns)
    progress("finding effects and entry points", 0, 0)
    index = EffectIndex(knowledge.effects, knowledge.policy.floors, snapshot.settings.own_hosts)
    effects = recognise(_leaving(resolved, index, knowledge.effects.named), index, program)
    nodes = frozenset(node for effect in effects for node in effect.nodes)
    starts = find(program, resolved, knowledge.frameworks, snapshot.settings.flows, nodes)
    return Analysis(resolved, effects, starts)


def _leaving(resolved: Resolved, index: EffectIndex, named: tuple[str, ...]) -> Iterator[ExternalCall]:
    """The calls that may be effects. What a function does whose calls are declared to be effects is part of them."""
    nodes = resolved.graph.nodes
    declared = PatternIndex[bool]((path, True) for path in named)
    functions = frozenset(node.function for node in nodes if named and declared.find(node.function))
    yield from (c for c in resolved.external_calls(index.is_modelled) if nodes[c.node].function not in functions)
    if functions:
        calls = resolved.declared_calls(functions.__contains__)
        yield from (call for call in calls if nodes[call.node].function not in functions)
