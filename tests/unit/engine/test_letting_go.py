"""What an analysis takes is given back when it is done: a project of several programs is analysed one after the other, without
a search for what hangs together in circles."""

from __future__ import annotations

import gc
from pathlib import Path

from dealix_lint.callgraph.machine import Machine
from dealix_lint.checks import run
from dealix_lint.engine.configuration import configure
from dealix_lint.engine.pipeline import analyses
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.reading import Reading
from dealix_lint.engine.request import Request, silent
from dealix_lint.engine.rulebook import Rulebook
from dealix_lint.engine.snapshot import take_snapshot
from dealix_lint.engine.trial import context_of
from dealix_lint.facts.sites import Sites

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "commitments"


def test_nothing_of_a_program_is_left_when_all_codes_have_been_asked() -> None:
    request = Request((EXAMPLE,), use_store=False)
    (project,) = find_projects(request.paths)
    settings, store = configure(project.root, request)
    snapshot = take_snapshot(project, settings, {}, store)
    rulebook = Rulebook(snapshot, store)
    reading = Reading(snapshot, rulebook, store, silent)
    gc.collect()
    gc.disable()
    try:
        for analysis in analyses(reading, reading.parts, silent):
            assert run(context_of(analysis, rulebook.knowledge, settings))
            analysis.resolved.release()
        del analysis
        left = [type(one).__name__ for one in gc.get_objects() if isinstance(one, (Machine, Sites))]
    finally:
        gc.enable()
    assert left == []
