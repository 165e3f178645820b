"""`dealix-lint check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealix_lint.engine.advice import advice
from dealix_lint.engine.answers import Checked, check, read_settings
from dealix_lint.engine.output import Line, line, plural, show_check
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.faces.cli.asking import Asked, ask, explain_silence
from dealix_lint.faces.cli.options import analysing, codes
from dealix_lint.faces.cli.status import CLEAN, FINDINGS, TROUBLE
from dealix_lint.faces.terminal import note, save, watching, write
from dealix_lint.faces.terminal import replace as replace_file
from dealix_lint.model.errors import DealixError, SourceError

if TYPE_CHECKING:
    from dealix_lint.engine.fixing import Fixed

_FORMATS = click.Choice(["text", "json"])
_SEVERITIES = click.Choice(["note", "warning", "error"])
_CONFIDENCES = click.Choice(["low", "medium", "high"])
_BASELINE = "Silence what is found now: write it into the file that `baseline` names."
_STDIN = "What comes in for the path `-` is the unsaved content of FILE."


@click.command("check")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True, help="How to print the report.")
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Report only these, e.g. DLX1,DLX204.")
@click.option(
    "--extend-select", multiple=True, callback=codes, metavar="CODES", help="Report these too, even if off by default."
)
@click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Do not report these.")
@click.option("--min-confidence", type=_CONFIDENCES, help="Only count findings below it.  [default: medium]")
@click.option("--fail-on", type=_SEVERITIES, help="Exit with 1 from this severity on.  [default: warning]")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--write-baseline", is_flag=True, help=_BASELINE)
@click.option("--fix", "is_fixing", is_flag=True, help="Repair what can be, and report the rest.")
@click.option("--diff", "is_comparing", is_flag=True, help="Print what --fix would change; exit with 1 if anything.")
@click.option("--unsafe-fixes", is_flag=True, help="Also make repairs after which the code may mean something else.")
@click.option("--stdin-filename", type=click.Path(path_type=Path), metavar="FILE", help=_STDIN)
@analysing
def command(
    paths: tuple[Path, ...],
    no_cache: bool,
    jobs: int | None,
    config: Path | None,
    output: Path | None,
    form: str,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    min_confidence: str | None,
    fail_on: str | None,
    exit_zero: bool,
    is_fixing: bool,
    is_comparing: bool,
    unsafe_fixes: bool,
    stdin_filename: Path | None,
    write_baseline: bool,
) -> int:
    """Report what breaks the policy.

    PATHS name the project (the nearest pyproject.toml at or above them) and limit the report; the whole project is
    always analysed. Default: the current folder.

    Exit status: 0 clean, 1 findings, 2 the job could not be done, or not all of it."""
    overrides = Overrides(select or None, extend_select, ignore, min_confidence, fail_on, jobs, not write_baseline)
    asked = ask(paths, stdin_filename)
    request = Request(paths, config, overrides, asked.overlay, not no_cache)
    for option, is_given in (
        ("--format json", form == "json"),
        ("--output", output),
        ("--write-baseline", write_baseline),
    ):
        if is_given:
            asked.only(option)
    if (is_fixing or is_comparing) and (write_baseline or (is_fixing and asked.overlay)):
        raise click.UsageError("--fix changes files: give neither --write-baseline nor unsaved text with it")
    if is_comparing:
        return _compare(asked, request, unsafe_fixes, output)
    if write_baseline:
        _write_baseline(asked.projects[0], request)
        return CLEAN
    statuses = {TROUBLE if asked.is_incomplete else CLEAN}
    for project in asked.projects:
        try:
            checked = _repaired(project, request, unsafe_fixes, statuses) if is_fixing else _watched(project, request)
        except DealixError as error:  # of this project; the others are checked all the same
            note(str(error))
            statuses.add(TROUBLE)
            continue
        _explain(project, checked)
        write(show_check(checked, form, project.shown), output)
        if checked.report.fails(checked.snapshot.settings.fail_on) and not exit_zero:
            statuses.add(FINDINGS)
    return max(statuses)


def _watched(project: Project, request: Request) -> Checked:
    with watching() as progress:
        return check(project, replace(request, progress=progress))


def _repaired(project: Project, request: Request, unsafe_fixes: bool, statuses: set[int]) -> Checked:
    """Write the repairs; what is left to report. A file that cannot be written is named, and costs the others nothing."""
    fixed = _fixed(project, request, unsafe_fixes)
    written = []
    for change in fixed.changes:
        try:
            replace_file(project.root / change.path, change.after, project.shown(change.path))
        except SourceError as error:
            note(str(error))
            statuses.add(TROUBLE)
        else:
            written.append(change)
    if written:
        said = ", ".join(project.shown(change.path) for change in written)
        note(f"repaired {plural(sum(change.repaired for change in written), 'finding')} in {said}")
    return fixed.checked if len(written) == len(fixed.changes) else _watched(project, request)


def _compare(asked: Asked, request: Request, unsafe_fixes: bool, output: Path | None) -> int:
    """Print what the repairs would change."""
    statuses = {TROUBLE if asked.is_incomplete else CLEAN}
    lines: list[Line] = []
    for project in asked.projects:
        try:
            changes = _fixed(project, request, unsafe_fixes).changes
        except DealixError as error:
            note(str(error))
            statuses.add(TROUBLE)
            continue
        lines += [line(text) for change in changes for text in change.diff(project.shown(change.path))]
    write(lines, output)
    return max(*statuses, FINDINGS if lines else CLEAN)


def _fixed(project: Project, request: Request, unsafe_fixes: bool) -> Fixed:
    from dealix_lint.engine.fixing import fix

    with watching() as progress:
        return fix(project, replace(request, progress=progress), with_unsafe=unsafe_fixes)


def _explain(project: Project, checked: Checked) -> None:
    explain_silence(project, checked.snapshot)
    for text in advice(checked.snapshot.settings, project.root):
        note(text)


def _write_baseline(project: Project, request: Request) -> None:
    """Raises UsageError where there is none to write."""
    with_baseline = replace(request, overrides=replace(request.overrides, use_baseline=True))
    name = read_settings(project, with_baseline).baseline
    if not name:
        raise click.UsageError(
            'no baseline is configured; add baseline = ".dealix-baseline.json" to [tool.dealix-lint]'
        )
    if project.wanted != ("",):
        raise click.UsageError("a baseline covers the whole project; name no files or folders inside it")
    from dealix_lint.engine.baselines import baseline_of

    file = project.root / name
    save(baseline_of(_watched(project, request), file), file)
    note(f"wrote {project.shown(name)}")
