"""From what the checks say to the report: chosen, located, silenced, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dealix_lint.engine.lines import look_up
from dealix_lint.engine.reading import Reading
from dealix_lint.engine.request import Progress
from dealix_lint.engine.silencing import Silencing
from dealix_lint.engine.store import Store
from dealix_lint.findings.choose import choose
from dealix_lint.findings.identify import Identified
from dealix_lint.findings.locate import Positions, line_of, locate, places_of
from dealix_lint.findings.report import Report, Scale, in_order
from dealix_lint.findings.selection import PathRules, Selection, selection
from dealix_lint.findings.suppress import Hidden
from dealix_lint.model.findings import Finding
from dealix_lint.model.rule import Rule
from dealix_lint.model.settings import Settings


class Judge:
    """Turns what the checks found in the files of a snapshot into a report."""

    def __init__(self, reading: Reading, rules: dict[str, Rule]) -> None:
        snapshot, sources = reading.snapshot, reading.sources
        self._snapshot, self._rules = snapshot, rules
        self._selection = selected(snapshot.settings, rules)
        self._path_rules = PathRules(snapshot.settings)
        self._paths = [source.path for source in sources]
        modules = {source.path: source.module for source in sources}
        self._silencing = Silencing(
            snapshot, rules, self._selection, self._path_rules, modules, reading.summaries.commented
        )

    def is_on(self, code: str) -> bool:
        """Whether a code is reported anywhere in this run."""
        return self._selection.is_on(code)

    def report(self, found: Sequence[Identified], scale: Scale, store: Store, progress: Progress) -> Report:
        """The report of all that was found. Raises ConfigError for a broken baseline."""
        chosen = choose(found, self._selection, self._path_rules, self._snapshot.settings.min_confidence)
        comments = self._silencing.comments(frozenset(finding.raw.path for finding in chosen.shown))
        below = [finding for finding in chosen.below_confidence if finding.raw.path in comments]
        positions = self._positions((*chosen.shown, *below), store, progress)
        hidden: defaultdict[str, list[Hidden]] = defaultdict(list)
        for finding in below:
            hidden[finding.raw.path].append(Hidden(finding.raw.code, line_of(finding, positions)))
        located = [self._located(finding, positions) for finding in chosen.shown]
        present = frozenset(finding.fingerprint for finding in found)
        return Report(
            in_order(self._silencing.apply(located, comments, hidden, present)),
            scale,
            tuple(finding.raw.path for finding in chosen.below_confidence),
        )

    def _positions(self, findings: Iterable[Identified], store: Store, progress: Progress) -> Positions:
        return look_up(places_of(findings), self._paths, self._snapshot, store, progress)

    def _located(self, finding: Identified, positions: Positions) -> Finding:
        return locate(finding, positions, self._paths, self._rules[finding.raw.code].name)


def selected(settings: Settings, rules: Mapping[str, Rule]) -> Selection:
    """The codes that a run with these settings reports."""
    return selection(settings, frozenset(rule.code for rule in rules.values() if not _is_on(rule, settings)))


def _is_on(rule: Rule, settings: Settings) -> bool:
    """Whether a rule runs unless it is selected away."""
    return rule.is_on or (rule.on_with != "" and bool(getattr(settings, rule.on_with)))
