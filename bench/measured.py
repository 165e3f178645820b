"""Running a command and measuring it, for all benchmarks alike."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """One process and its children: wall and CPU (user + system) seconds, peak memory in MiB, and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: str = ""


def run(command: list[str], accepted: tuple[int, ...] = (0,), settings: Mapping[str, str] | None = None) -> Cost:
    """Run a command with `src` on the path and further environment variables; ends the program, with what it complained
    of, if its status is none of the accepted ones."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0", **(settings or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its byte code
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            errors.seek(0)
            raise SystemExit(f"exit status {process.returncode}: {' '.join(command)}\n{errors.read()}")
        output.seek(0)
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read())
