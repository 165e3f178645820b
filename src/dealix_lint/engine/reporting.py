"""The report of a check, computed from the files. Of what is remembered nothing is imported that would compute it."""

from __future__ import annotations

from dealix_lint.engine.judgement import Judge
from dealix_lint.engine.memory import without_collection
from dealix_lint.engine.reading import Reading
from dealix_lint.engine.request import Progress
from dealix_lint.engine.rulebook import Rulebook
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.engine.verdict import join_verdicts
from dealix_lint.engine.verdicts import reach_verdicts
from dealix_lint.findings.report import Report


@without_collection()
def compute_report(snapshot: Snapshot, store: Store, progress: Progress) -> Report:
    """Check a whole project. Parts of it that were checked before are not analysed again where only their layout has changed.
    Raises DealixError."""
    rulebook = Rulebook(snapshot, store)
    rules = rulebook.rules
    reading = Reading(snapshot, rulebook, store, progress)
    judge = Judge(reading, rules)
    found, scale = join_verdicts(reach_verdicts(reading, judge.is_on, store, progress))
    return judge.report(found, scale, store, progress)
