"""Work is done in order, and a process that dies costs its item."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dealix_lint.engine import workers
from dealix_lint.engine.request import silent
from dealix_lint.engine.workers import Work


def double(item: int) -> int:
    if item == -1:
        os._exit(3)
    return item * 2


def refuse(item: int) -> int:
    raise LookupError(item)


def size(item: int) -> int:
    return 1000


def lost(item: int) -> int:
    return -99


def run(items: list[int], jobs: int) -> list[int]:
    return Work(double, size, lost).run(items, jobs, "doubling", silent)


@pytest.fixture(autouse=True)
def _pools_for_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_WORTH_A_POOL", 1)
    monkeypatch.setattr(workers, "_CHUNK", 3000)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_items_whatever_the_number_of_jobs(jobs: int) -> None:
    assert run(list(range(20)), jobs) == [item * 2 for item in range(20)]


def test_a_process_that_dies_costs_its_item_only() -> None:
    assert run([1, 2, -1, 3, 4, 5, 6, 7], 2) == [2, 4, -99, 6, 8, 10, 12, 14]


def test_an_error_of_the_task_is_raised_here() -> None:
    with pytest.raises(LookupError):
        Work(refuse, size, lost).run([1, 2, 3], 2, "", silent)


def test_where_processes_cannot_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_can_start", lambda: False)
    assert run([1, 2, 3], 2) == [2, 4, 6]


def test_progress_counts_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    Work(double, size, lost).run([1, 2, 3, 4], 2, "doubling", lambda *state: told.append(state))
    assert told[-1] == ("doubling", 4, 4)


def test_nothing_to_do_is_no_trouble() -> None:
    assert run([], 4) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there an interrupt is sent otherwise")
@pytest.mark.parametrize("times", [1, 20])
def test_an_interrupt_does_not_wait_for_the_work_under_way(tmp_path: Path, times: int) -> None:
    (tmp_path / "slow.py").write_text(
        "import os, signal, time\n"
        "from dealix_lint.engine import workers\n"
        "workers._WORTH_A_POOL = workers._CHUNK = 1\n"
        "def sleep(item):\n"
        f"    for _ in range({times}):\n"
        "        os.kill(item, signal.SIGINT)\n"
        "        time.sleep(0.002)\n"
        "    time.sleep(90)\n"
        "def one(item): return 1\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # whatever the tests were started with
        "    workers.Work(sleep, one, one).run([os.getpid()] * 4, 2, '', lambda *_: None)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "slow.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert b"KeyboardInterrupt" in done.stderr
