"""The files of a project before they are seen together: named, summarised, and in parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dealix_lint.engine.identity import combine
from dealix_lint.engine.request import Progress
from dealix_lint.engine.rulebook import Rulebook
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.summaries import Summaries
from dealix_lint.link.parts import parts
from dealix_lint.model.source import SourceFile
from dealix_lint.sources.naming import find_roots, name_modules

if TYPE_CHECKING:
    from dealix_lint.engine.knowledge import Knowledge

_PARTS: Final = "parts"
_NAMES: Final = "names"


@dataclass(frozen=True, slots=True)
class Part:
    """Files of a project that know nothing of its other files: their numbers, and a digest of everything that what is found
    in them can depend on before it is located and silenced."""

    files: tuple[int, ...]
    key: str


class Reading:
    """The files of a snapshot, named and read: everything that is known before they are seen together."""

    def __init__(self, snapshot: Snapshot, rulebook: Rulebook, store: Store, progress: Progress) -> None:
        self.snapshot, self.rulebook = snapshot, rulebook
        self.summaries = Summaries(snapshot.contents, store, snapshot.settings.jobs, progress)
        self.sources = self._named(store)
        self.parts = tuple(self._part(files) for files in self._groups(store))

    @property
    def knowledge(self) -> Knowledge:
        """What the files are held against, loaded when it is first asked for."""
        return self.rulebook.knowledge

    def _named(self, store: Store) -> tuple[SourceFile, ...]:
        """The files with the names they are imported as; remembered, as it takes what all files import."""
        contents, settings = self.snapshot.contents, self.snapshot.settings
        key = combine((self.snapshot.context, *self.summaries.imports, *(content.path for content in contents)))
        data = store.get(_NAMES, key)
        if data is not None:
            with suppress(ValueError, TypeError):
                return tuple(
                    SourceFile(content.path, module, content.digest, is_package, tuple(aliases))
                    for content, (module, is_package, aliases) in zip(contents, json.loads(data), strict=True)
                )
        roots = find_roots(contents, settings.roots, self.knowledge.libraries, self.snapshot.package)
        sources = name_modules(contents, roots)
        rows = [[source.module, source.is_package, source.aliases] for source in sources]
        store.put(_NAMES, [(key, json.dumps(rows).encode("utf-8", "surrogatepass"))])
        return sources

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
