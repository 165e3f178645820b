"""The hook that pre-commit reads from this repository."""

from __future__ import annotations

import tomllib

import yaml  # comes with LibCST

from tests.meta.pages import ROOT


def test_the_hook_runs_the_installed_command_once_for_all_files() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    command, subcommand = hook["entry"].split()
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert (command in scripts, subcommand) == (True, "check")
    assert (hook["id"], hook["language"], hook["types"]) == ("dealix-lint", "python", ["python"])
    assert hook["require_serial"] is True
    assert hook.get("pass_filenames", True) is True
