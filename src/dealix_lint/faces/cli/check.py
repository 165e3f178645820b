"""`dealix-lint check`."""

from __future__ import annotations

from pathlib import Path

import click

from dealix_lint.engine.answers import Checked, check
from dealix_lint.engine.output import baseline_of, show_check
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.faces.cli.asking import explain_silence, only_project, projects
from dealix_lint.faces.cli.options import analysing, codes
from dealix_lint.faces.terminal import note, watching, write

_SEVERITIES = click.Choice(["note", "warning", "error"])
_CONFIDENCES = click.Choice(["low", "medium", "high"])


@click.command("check")
@analysing
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Report only these codes.")
@click.option("--extend-select", multiple=True, callback=codes, metavar="CODES", help="Report these codes too.")
@click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Do not report these codes.")
@click.option("--min-confidence", type=_CONFIDENCES, help="Count findings below, do not show them.")
@click.option("--fail-on", type=_SEVERITIES, help="Severity from which on the exit status is 1.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--write-baseline", is_flag=True, help="Silence what is found now: write the configured baseline.")
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
    write_baseline: bool,
) -> int:
    """Report what breaks the policy.

    PATHS name the project and limit the report; the whole project is always analysed. Default: the current folder.

    Exit status: 0 clean, 1 findings, 2 the job could not be done."""
    overrides = Overrides(select or None, extend_select, ignore, min_confidence, fail_on, jobs)
    if form == "json" or output or write_baseline:
        only_project(paths, "this")
    failed = False
    for project in projects(paths):
        with watching() as progress:
            request = Request(paths, config, overrides, {}, not no_cache, progress)
            checked = check(project, request)
        explain_silence(project, checked.snapshot)
        if write_baseline:
            _write_baseline(project, checked)
        else:
            write(show_check(checked, form, project.prefix), output)
            failed = failed or checked.report.fails(checked.snapshot.settings.fail_on)
    return 1 if failed and not exit_zero else 0


def _write_baseline(project: Project, checked: Checked) -> None:
    name = checked.snapshot.settings.baseline
    if not name:
        raise click.UsageError(
            'no baseline is configured; add baseline = ".dealix-baseline.json" to [tool.dealix-lint]'
        )
    if project.wanted != ("",):
        raise click.UsageError("a baseline covers the whole project; name no files or folders inside it")
    (project.root / name).write_text(baseline_of(checked), encoding="utf-8")
    note(f"wrote {project.root / name}")
