"""The verdicts on all parts of a project: remembered ones, and the others reached anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dealix_lint.engine.reading import Reading
from dealix_lint.engine.request import Progress
from dealix_lint.engine.store import Store
from dealix_lint.engine.verdict import Verdict, recall_verdict, remember_verdict


def reach_verdicts(
    reading: Reading, is_on: Callable[[str], bool], store: Store, progress: Progress
) -> Iterator[tuple[Verdict, Sequence[int]]]:
    """What the checks whose code `is_on` find in each part of a project, and the numbers of the part's files."""
    known = {part: recall_verdict(part.key, store) for part in reading.parts}
    missing = [part for part, verdict in known.items() if verdict is None]
    if missing:
        from dealix_lint.engine.trial import try_parts

        for part, verdict in try_parts(reading, missing, is_on, progress):
            known[part] = verdict
            remember_verdict(part.key, verdict, store)
    return ((verdict, part.files) for part, verdict in known.items() if verdict is not None)
