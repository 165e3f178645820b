"""From what the checks say to the report: chosen, located, silenced, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.engine.knowledge import ANY_EFFECT, Knowledge
from dealix_lint.engine.lines import look_up
from dealix_lint.engine.request import Progress
from dealix_lint.engine.silencing import Silencing
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.findings.choose import choose
from dealix_lint.findings.identify import Identified, identify
from dealix_lint.findings.locate import Positions, line_of, locate, places_of
from dealix_lint.findings.report import Report, Scale, in_order
from dealix_lint.findings.selection import UNREADABLE, PathRules, selection
from dealix_lint.findings.sites import one_per_site
from dealix_lint.findings.suppress import Hidden
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import Finding, RawFinding
from dealix_lint.model.graph import HIGH
from dealix_lint.model.program import Program
from dealix_lint.model.rule import Rule
from dealix_lint.model.settings import Settings


class Judge:
    """Turns the raw findings on one snapshot into a report."""

    def __init__(self, snapshot: Snapshot, knowledge: Knowledge, program: Program, effects: Sequence[Effect]) -> None:
        self._snapshot, self._knowledge, self._program, self._effects = snapshot, knowledge, program, effects
        off = frozenset(rule.code for rule in knowledge.rules.values() if not _is_on(rule, snapshot.settings))
        self._selection = selection(snapshot.settings, off)
        self._path_rules = PathRules(snapshot.settings)
        self._paths = [source.path for source in program.sources]
        modules = {source.path: source.module for source in program.sources}
        self._silencing = Silencing(snapshot, knowledge.rules, self._selection, self._path_rules, modules)

    def is_on(self, code: str) -> bool:
        """Whether a code is reported anywhere in this run."""
        return self._selection.is_on(code)

    def report(self, raw: Iterable[RawFinding], scale: Scale, progress: Progress) -> Report:
        """The report of all raw findings and of what could not be read. Raises ConfigError for a broken baseline."""
        identified = identify((*self._unreadable(), *one_per_site(raw, self._effects)), self._effects)
        chosen = choose(identified, self._selection, self._path_rules, self._snapshot.settings.min_confidence)
        comments = self._silencing.comments(frozenset(finding.raw.path for finding in chosen.shown))
        below = [finding for finding in chosen.below_confidence if finding.raw.path in comments]
        positions = self._positions((*chosen.shown, *below), progress)
        hidden: defaultdict[str, list[Hidden]] = defaultdict(list)
        for finding in below:
            hidden[finding.raw.path].append(Hidden(finding.raw.code, line_of(finding, positions)))
        located = [self._located(finding, positions) for finding in chosen.shown]
        present = frozenset(finding.fingerprint for finding in identified)
        return Report(
            in_order(self._silencing.apply(located, comments, hidden, present)),
            scale,
            tuple(finding.raw.path for finding in chosen.below_confidence),
        )

    def _unreadable(self) -> Iterator[RawFinding]:
        for source, summary in zip(self._program.sources, self._program.summaries, strict=True):
            problem = summary.problem
            if problem is not None:
                yield RawFinding(
                    code=UNREADABLE,
                    message=problem.reason,
                    place=None,
                    path=source.path,
                    function=source.module,
                    severity=self._knowledge.rules[UNREADABLE].severity,
                    confidence=HIGH,
                    position=(problem.line, problem.column),
                )

    def _positions(self, findings: Iterable[Identified], progress: Progress) -> Positions:
        data = {content.path: content.data for content in self._snapshot.contents}
        return look_up(places_of(findings), self._program, data, self._snapshot.settings.jobs, progress)

    def _located(self, finding: Identified, positions: Positions) -> Finding:
        rule = self._knowledge.rules[finding.raw.code]
        return locate(finding, positions, self._paths, rule.name, self._fix(rule, finding.raw.effect))

    def _fix(self, rule: Rule, effect_index: int) -> str:
        """The rule's advice, with the least classes that the policy asks for this effect."""
        if effect_index < 0:
            return rule.how_to_fix.format(**ANY_EFFECT)
        effect = self._effects[effect_index]
        return rule.how_to_fix.format(
            effect=effect.operation,
            provider=effect.provider,
            kind=effect.kind,
            approval=self._knowledge.policy.least_approval(effect.floor_reversibility, effect.floor_sensitivity),
            reversibility=effect.floor_reversibility,
            sensitivity=effect.floor_sensitivity,
        )


def _is_on(rule: Rule, settings: Settings) -> bool:
    """Whether a rule runs unless it is selected away."""
    return rule.is_on or (rule.on_with != "" and bool(getattr(settings, rule.on_with)))
