"""Positions of places in the program, looked up in the files concerned only."""

from __future__ import annotations

from collections.abc import Mapping

from dealix_lint.engine.request import Progress
from dealix_lint.engine.summaries import find_positions
from dealix_lint.findings.locate import Positions
from dealix_lint.model.graph import Place
from dealix_lint.model.program import Program


def look_up(
    wanted: Mapping[int, set[tuple[int, int]]],
    program: Program,
    data: Mapping[str, bytes],
    jobs: int,
    progress: Progress,
) -> Positions:
    """The positions of (scope, register) pairs by module index. `data` are the files by path."""
    modules = sorted(wanted)
    asked = [(data[program.sources[module].path], frozenset(wanted[module])) for module in modules]
    found = find_positions(asked, jobs, progress)
    return {
        Place(module, scope, register): span
        for module, spans in zip(modules, found, strict=True)
        for (scope, register), span in spans.items()
    }
