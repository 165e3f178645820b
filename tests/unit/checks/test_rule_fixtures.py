"""What the rules say of the projects in `tests/fixtures/DLX*`: exactly what the comments beside the lines announce.

`# error: DLX101` (or `warning`, `note`) stands on the line of a finding. Further blocks of a case:

* `trace`, `other-trace`: a finding with this chain of functions, `a.f -> b.g`, has to be among them;
* `message`: a part of the message of a finding;
* `starts`: `path:line CODE number` says from how many entry points that finding is reached.

Whatever a case is about, its findings keep what every finding promises (`_broken_promises`).

A case without a `pyproject.toml` runs its folder's code alone. The examples of the catalogue are cases too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.engine.answers import check
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.findings import Finding, TraceStep
from tests.fixture_files import FIXTURES, FixtureCase, cases_under

AT_EFFECTS = frozenset({"DLX101", "DLX109", "DLX201", "DLX204", "DLX206", "DLX301", "DLX302", "DLX303", "DLX304"})
MARKER = re.compile(r"# (error|warning|note): (DLX\d{3})")
CASES = [case for folder in sorted(FIXTURES.glob("DLX*")) for case in cases_under(folder)]
RULES = load_rules(rules_folder())


def _announced(files: Iterable[tuple[str, str]]) -> list[tuple[str, int, str, str]]:
    return sorted(
        (path, number, severity, code)
        for path, text in files
        for number, line in enumerate(text.splitlines(), 1)
        for severity, code in MARKER.findall(line)
    )


def _findings(folder: Path, default_select: str) -> tuple[Finding, ...]:
    settings = folder / "pyproject.toml"
    if not settings.exists():
        settings.write_text(f'[tool.dealix-lint]\nselect = ["{default_select}"]\n')
    (project,) = find_projects((folder,))
    request = Request((folder,), overrides=Overrides(jobs=1), use_store=False)
    return tuple(f for f in check(project, request).report.findings if f.suppressed is None)


def _reported(findings: Iterable[Finding]) -> list[tuple[str, int, str, str]]:
    return sorted((f.location.path, f.location.line, f.severity, f.code) for f in findings)


def _chain(steps: Iterable[TraceStep]) -> str:
    return " -> ".join(step.function for step in steps)


def _broken_promises(finding: Finding) -> Iterator[str]:
    """What is wrong with the shape of a finding: the trace leads from a start to the effect that is reported."""
    if finding.code in AT_EFFECTS:
        if finding.effect is None or finding.entry_points < 1 or not finding.trace:
            yield "an effect is reported without its start"
        elif (finding.trace[-1].path, finding.trace[-1].line) != (finding.location.path, finding.location.line):
            yield "the trace does not end at the effect"
        elif finding.trace[-1].function != finding.function:
            yield "the trace ends in another function"
    if (finding.code in ("DLX301", "DLX303")) != bool(finding.other_traces):
        yield "only a duplicate has the path of a second owner"
    for trace in (finding.trace, *finding.other_traces):
        if trace and trace[0].edge != "call":
            yield "a start is dispatched by nothing"
        if any(step.mechanism not in MECHANISMS or step.edge not in ("call", "dispatch") for step in trace):
            yield "a step has an unknown mechanism or edge"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_project_gets_the_findings_beside_its_lines(case: FixtureCase, tmp_path: Path) -> None:
    case.write(tmp_path)
    findings = _findings(tmp_path, case.fixture.parent.name)
    assert _reported(findings) == _announced((file.path, file.text) for file in case.files)
    assert set(case.expected("trace")) <= {_chain(f.trace) for f in findings}
    assert set(case.expected("other-trace")) <= {_chain(trace) for f in findings for trace in f.other_traces}
    messages = [finding.message for finding in findings]
    assert [part for part in case.expected("message") if not any(part in message for message in messages)] == []
    starts = {f"{f.location.path}:{f.location.line} {f.code} {f.entry_points}" for f in findings}
    assert set(case.expected("starts")) <= starts
    assert [broken for finding in findings for broken in _broken_promises(finding)] == []
    assert len({(f.code, f.location) for f in findings}) == len(findings)


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_examples_of_the_catalogue_are_right(code: str, tmp_path: Path) -> None:
    for name, example in (("bad", RULES[code].bad), ("good", RULES[code].good)):
        folder = tmp_path / name
        folder.mkdir()
        if RULES[code].settings:
            (folder / "pyproject.toml").write_text(f'[tool.dealix-lint]\nselect = ["{code}"]\n{RULES[code].settings}')
        (folder / "main.py").write_text(example.lstrip("\n"), encoding="utf-8")
        found = [(path, line, code) for path, line, _, code in _reported(_findings(folder, code))]
        said = [(path, line, code) for path, line, _, code in _announced([("main.py", example.lstrip("\n"))])]
        assert found == said or (code == "DLX001" and bool(found) == (name == "bad")), name


def test_every_code_has_six_cases_or_more() -> None:
    count = Counter(case.fixture.parent.name for case in CASES)
    assert {code: count[code] for code in RULES if count[code] < 6} == {}
