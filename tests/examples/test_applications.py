"""Both example applications import and run against the real libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = Path(__file__).parent / "scenarios"


@pytest.mark.parametrize("name", ["commitments", "commitments_governed"])
def test_every_scenario_of_the_application_passes(name: str) -> None:
    application = ROOT / "examples" / name
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(application), str(ROOT / "src"), str(SCENARIOS)])}

    result = subprocess.run(
        [*command, str(SCENARIOS / f"{name}.py")], cwd=application, env=environment, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stdout + result.stderr
