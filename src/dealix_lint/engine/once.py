"""A report for many processes that all want it at the same time, none of which wants to import the analysis."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dealix_lint.engine.answers import Checked, read_snapshot, recall_check
from dealix_lint.engine.folder import cache_folder
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Request
from dealix_lint.engine.single import single_flight
from dealix_lint.model.errors import DealixError
from dealix_lint.reporters.check_json import read_check


def check_once(project: Project, request: Request) -> Checked:
    """Check a project: what is remembered, else computed by one process while the others wait for it. Raises
    DealixError. The report of unsaved content may be limited to the file that it is the content of."""
    found = recall_check(project, request)
    if found is not None:
        return found
    import tempfile

    folder = cache_folder("", project.root) or Path(tempfile.gettempdir())
    with single_flight(folder, project.root):
        return recall_check(project, request) or _compute_elsewhere(project, request)


def _compute_elsewhere(project: Project, request: Request) -> Checked:
    """Run the command line in a process of its own, and read what it remembered; where nothing can be remembered,
    what it printed. `-P`: nothing is imported from the folder we happen to be in."""
    import subprocess

    command = [sys.executable, "-P", "-m", "dealix_lint", "check", "--format", "json"]
    unsaved = next(iter(request.overlay.items()), None)
    command += [str(project.root)] if unsaved is None else ["--stdin-filename", str(unsaved[0]), "-"]
    done = subprocess.run(command, capture_output=True, input=b"" if unsaved is None else unsaved[1], check=False)
    if done.returncode not in (0, 1):
        raise DealixError(done.stderr.decode("utf-8", "replace").strip().removeprefix("dealix-lint: "))
    return recall_check(project, request) or Checked(
        read_check(json.loads(done.stdout), ()).limited_to(project.wanted), read_snapshot(project, request)
    )
