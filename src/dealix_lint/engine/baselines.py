"""Writing a baseline."""

from __future__ import annotations

from pathlib import Path

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.engine.answers import Checked
from dealix_lint.engine.judgement import selected
from dealix_lint.findings.baseline import read_baseline, write_baseline
from dealix_lint.model.errors import ConfigError


def baseline_of(checked: Checked, file: Path) -> str:
    """The text of a baseline that silences everything a report shows. What the `file` that is there says about codes that
    were not looked for stays in it."""
    try:
        before = read_baseline(file.read_bytes(), str(file))
    except (OSError, ConfigError):
        before = {}
    selection = selected(checked.snapshot.settings, load_rules(rules_folder()))
    kept = {entry: text for entry, text in before.items() if text and not selection.is_on(text.split()[0])}
    return write_baseline(checked.report.findings, kept.items())
