"""The story of one finding: files -> summaries -> program -> call graph -> effects and starts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from dealix_lint.callgraph import Resolved, build
from dealix_lint.effects import EffectIndex, recognise
from dealix_lint.engine.identity import combine
from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.engine.memory import forget_garbage
from dealix_lint.engine.request import Progress
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.summaries import Summaries
from dealix_lint.entrypoints import find
from dealix_lint.link import link, parts
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.program import Program
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary
from dealix_lint.sources.naming import find_roots, name_modules

_PARTS: Final = "parts"


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


@dataclass(frozen=True, slots=True)
class Part:
    """Files of a project that know nothing of its other files: their numbers, and a digest of everything that what is found
    in them can depend on before it is located and silenced."""

    files: tuple[int, ...]
    key: str


class Reading:
    """The files of a snapshot, named and read: everything that is known before they are seen together."""

    def __init__(self, snapshot: Snapshot, knowledge: Knowledge, store: Store, progress: Progress) -> None:
        self.snapshot = snapshot
        self.knowledge = knowledge
        settings = snapshot.settings
        roots = find_roots(snapshot.contents, settings.roots, knowledge.libraries, snapshot.package)
        self.sources = name_modules(snapshot.contents, roots)
        self.summaries = Summaries(snapshot.contents, store, settings.jobs, progress)
        self.parts = tuple(self._part(files) for files in self._groups(store))

    def _groups(self, store: Store) -> Sequence[tuple[int, ...]]:
        """The files that belong together; remembered, as it takes what all files mention."""
        sizes = self.summaries.sizes
        names = (" ".join((source.path, source.module, *source.aliases)) for source in self.sources)
        key = combine((self.summaries.mentions_key, *map(str, sizes), *names))
        data = store.get(_PARTS, key)
        if data is not None:
            with suppress(ValueError, TypeError):
                return [tuple(files) for files in json.loads(data)]
        groups = parts(self.sources, self.summaries.mentions(), sizes)
        store.put(_PARTS, [(key, json.dumps(groups).encode())])
        return groups

    def _part(self, files: tuple[int, ...]) -> Part:
        names = (text for s in self.sources_of(files) for text in (s.path, s.module, " ".join(s.aliases)))
        return Part(files, combine((self.snapshot.context, *(self.summaries.meanings[i] for i in files), *names)))

    def sources_of(self, files: Iterable[int]) -> tuple[SourceFile, ...]:
        """The files of those numbers."""
        return tuple(self.sources[index] for index in files)

    def analyses(self, progress: Progress) -> Iterator[Analysis]:
        """Each part understood, one after the other: what is no longer needed of one is gone before the next."""
        for part in self.parts:
            sources, summaries = self.sources_of(part.files), self.summaries.take(part.files)
            yield understand(sources, summaries, self.knowledge, self.snapshot.settings, progress)
            if part is not self.parts[-1]:
                forget_garbage()


def understand(
    sources: Sequence[SourceFile],
    summaries: Sequence[ModuleSummary],
    knowledge: Knowledge,
    settings: Settings,
    progress: Progress,
) -> Analysis:
    """Understand the files of a program."""
    progress("linking", 0, 0)
    program = link(sources, summaries)
    progress("resolving calls", 0, 0)
    resolved = build(program, knowledge.frameworks, knowledge.effects.patterns)
    progress("finding effects and entry points", 0, 0)
    index = EffectIndex(knowledge.effects, knowledge.policy.floors, settings.own_hosts)
    effects = recognise(_leaving(resolved, index, knowledge.effects.named), index, program)
    nodes = frozenset(node for effect in effects for node in effect.nodes)
    starts = find(program, resolved, knowledge.frameworks, settings.flows, nodes)
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
