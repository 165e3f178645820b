"""What silences findings - comments, the baseline - and what there is to say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.findings.baseline import apply_baseline, read_baseline, stale_entries
from dealix_lint.findings.directives import Directive, read_directives
from dealix_lint.findings.identify import fingerprint
from dealix_lint.findings.selection import PathRules, Selection
from dealix_lint.findings.suppress import ANY, Hidden, Remark, remarks, suppress
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.findings import Finding, Location
from dealix_lint.model.repairs import applicability
from dealix_lint.model.rule import Rule


class Silencing:
    """The suppressions of one snapshot. `modules` are module names by path, `commented` the files with comments that may name
    our codes."""

    def __init__(
        self,
        snapshot: Snapshot,
        rules: Mapping[str, Rule],
        selection: Selection,
        path_rules: PathRules,
        modules: Mapping[str, str],
        commented: frozenset[str],
    ) -> None:
        self._snapshot, self._rules, self._modules, self._commented = snapshot, rules, modules, commented
        self._selection, self._path_rules = selection, path_rules

    def comments(self, reported: frozenset[str]) -> dict[str, tuple[Directive, ...]]:
        """Suppression comments by path, of the files with findings and of those whose comments name our codes."""
        found = {}
        for content in self._snapshot.contents:
            if content.path in reported or content.path in self._commented:
                directives = read_directives(content.data)
                if directives:
                    found[content.path] = directives
        return found

    def apply(
        self,
        findings: Iterable[Finding],
        comments: Mapping[str, tuple[Directive, ...]],
        hidden: Mapping[str, Sequence[Hidden]],
        present: frozenset[str],
    ) -> Iterator[Finding]:
        """The findings with the silenced ones marked, and findings about suppressions.

        `hidden` are findings below the confidence by path, `present` the fingerprints of everything found. Raises
        ConfigError for a broken baseline."""
        marked = suppress(findings, comments)
        marked, stale = self._baselined(marked, present)
        yield from marked
        yield from self._as_findings((*self._remarks(marked, comments, hidden), *stale))

    def _baselined(
        self, findings: tuple[Finding, ...], present: frozenset[str]
    ) -> tuple[tuple[Finding, ...], tuple[Remark, ...]]:
        name = self._snapshot.settings.baseline
        data = _read(self._snapshot.root / name, name) if name else b""
        if not data:
            return findings, ()
        baseline = read_baseline(data, name)
        judged = frozenset(code for code in self._rules if self._selection.is_on(code))
        return apply_baseline(findings, baseline), tuple(stale_entries(baseline, data, name, present, judged))

    def _remarks(
        self,
        findings: Sequence[Finding],
        comments: Mapping[str, tuple[Directive, ...]],
        hidden: Mapping[str, Sequence[Hidden]],
    ) -> Iterator[Remark]:
        for path, directives in comments.items():
            here = [finding for finding in findings if finding.location.path == path]
            yield from remarks(path, directives, here, hidden.get(path, ()), self._is_judged(path))

    def _is_judged(self, path: str) -> Callable[[str], bool]:
        """Whether a code or beginning of codes was looked for in a file, so that its absence means something; of all codes
        those that are not off by default."""

        def is_judged(code: str) -> bool:
            off = self._selection.off if code == ANY else ()
            meant = [known for known in self._rules if known.startswith(code) and known not in off]
            return all(self._selection.is_on(k) and not self._path_rules.is_silenced(k, path) for k in meant)

        return is_judged

    def _as_findings(self, said: Iterable[Remark]) -> Iterator[Finding]:
        seen: Counter[tuple[str, ...]] = Counter()
        for remark in said:
            rule = self._rules.get(remark.code)
            if rule is None or not self._selection.is_on(remark.code):
                continue
            if self._path_rules.is_silenced(remark.code, remark.path):
                continue
            identity = (remark.code, remark.path, remark.message)
            yield self._finding(remark, rule, fingerprint(*identity, str(seen[identity])))
            seen[identity] += 1

    def _finding(self, remark: Remark, rule: Rule, identity: str) -> Finding:
        return Finding(
            code=remark.code,
            name=rule.name,
            severity=self._path_rules.severity(remark.code, remark.path, rule.severity),
            confidence="high",
            message=remark.message,
            location=Location(remark.path, remark.line, remark.column, remark.line, remark.column),
            function=self._modules.get(remark.path, ""),
            fingerprint=identity,
            effect=None,
            entry_points=0,
            trace=(),
            other_traces=(),
            fix=rule.how_to_fix,
            fixable=applicability(remark.repair),
            repair=remark.repair,
        )


def _read(path: Path, name: str) -> bytes:
    """The bytes of a file; none while it does not exist yet. Raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ConfigError(f"{name}: the baseline cannot be read: {error.strerror}; check its permissions") from error
