"""The measured side of `bench/cold.py`, one task per process; prints JSON.

python bench/stages.py parse FOLDER    files, lines and CPU seconds of `libcst.parse_module` alone
python bench/stages.py check FOLDER    CPU seconds of each stage of a cold check, as (stage, seconds) pairs
"""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from pathlib import Path


def spent() -> float:
    """CPU seconds of this process and the children it has waited for."""
    return sum(os.times()[:4])


def parse(folder: Path) -> dict[str, float]:
    """Parse every file that a check of the folder would analyse."""
    import libcst

    from dealix_lint.engine.configuration import configure
    from dealix_lint.engine.project import find_projects
    from dealix_lint.engine.request import Request
    from dealix_lint.engine.snapshot import take_snapshot

    project = find_projects((folder,))[0]
    settings, store = configure(project.root, Request((folder,), use_store=False))
    contents = take_snapshot(project, settings, {}, store).contents
    libcst.parse_module(b"")
    before = spent()
    for content in contents:
        try:
            libcst.parse_module(content.data)
        except (libcst.ParserSyntaxError, UnicodeError):
            continue
    seconds = spent() - before
    return {"files": len(contents), "lines": sum(c.data.count(b"\n") for c in contents), "seconds": seconds}


def check(folder: Path) -> list[tuple[str, float]]:
    """Check the folder cold and note when each stage first reports itself."""
    marks: list[tuple[str, float]] = [("start", spent())]

    def progress(stage: str, done: int, total: int) -> None:
        if marks[-1][0] != stage:
            marks.append((stage, spent()))

    from dealix_lint.engine import answers
    from dealix_lint.engine.project import find_projects
    from dealix_lint.engine.request import Overrides, Request

    request = Request((folder,), overrides=Overrides(jobs=1), use_store=False, progress=progress)
    answers.check(find_projects((folder,))[0], request)
    marks.append(("end", spent()))
    return [(name, after - before) for (name, before), (_, after) in pairwise(marks)]


if __name__ == "__main__":
    task = {"parse": parse, "check": check}[sys.argv[1]]
    print(json.dumps(task(Path(sys.argv[2]))))
