"""Positions of places in the program, looked up in the files concerned only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealix_lint.engine.request import Progress
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.summaries import find_positions
from dealix_lint.findings.locate import Positions
from dealix_lint.model.graph import Place


def look_up(
    wanted: Mapping[int, set[tuple[int, int]]],
    paths: Sequence[str],
    snapshot: Snapshot,
    store: Store,
    progress: Progress,
) -> Positions:
    """The positions of (scope, register) pairs by module index. `paths` are those of the modules."""
    contents = {content.path: content for content in snapshot.contents}
    modules = sorted(wanted)
    files = [contents[paths[module]] for module in modules]
    asked = [(file.digest, file.data, frozenset(wanted[module])) for file, module in zip(files, modules, strict=True)]
    found = find_positions(asked, store, snapshot.settings.jobs, progress)
    return {
        Place(module, scope, register): span
        for module, spans in zip(modules, found, strict=True)
        for (scope, register), span in spans.items()
    }
