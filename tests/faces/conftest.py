"""A small application with one effect, and ways to run the tool on it."""

from __future__ import annotations

import ctypes
import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TypeAlias

import pytest

from dealix_lint.faces.cli import main

Run: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]

PAY = """\
import stripe


def charge(amount):
    stripe.PaymentIntent.create(amount=amount, currency="sar")
"""
API = """\
from fastapi import FastAPI
from app.pay import charge

app = FastAPI()


@app.post("/pay")
def pay(amount: int):
    charge(amount)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The application: a route in `app/api.py` that reaches a payment in `app/pay.py`."""
    root = tmp_path / "shop"
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.dealix-lint]\nselect = ["DLX101"]\n')
    (root / "app/pay.py").write_text(PAY)
    (root / "app/api.py").write_text(API)
    return root


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of the processes started: this interpreter's modules, a store of their own, no terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**kept, "PYTHONPATH": path, "DEALIX_LINT_CACHE_DIR": str(tmp_path / "store"), "PYTHONUTF8": "1"}


@pytest.fixture
def lint(shop: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `dealix-lint` in this process, in the application's folder."""
    monkeypatch.setenv("DEALIX_LINT_CACHE_DIR", environment["DEALIX_LINT_CACHE_DIR"])

    def run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder or shop)
        monkeypatch.setattr(sys, "argv", ["dealix-lint", *arguments])
        output, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(output), redirect_stderr(errors), pytest.raises(SystemExit) as ended:
            main()
        status = ended.value.code if isinstance(ended.value.code, int) else 0
        return subprocess.CompletedProcess(arguments, status, output.getvalue(), errors.getvalue())

    return run


@pytest.fixture
def lint_process(shop: Path, environment: dict[str, str]) -> Run:
    """Runs `dealix-lint` as a process of its own, in the application's folder; `text` is its standard input. With
    `is_bound` permissions hold for it, also where the tests are run as root."""

    def run(
        *arguments: str, text: str | None = None, is_bound: bool = False, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dealix_lint", *arguments],
            cwd=shop,
            env={**environment, **changes},
            input=text,
            preexec_fn=_give_up_privileges if is_bound else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run


def _give_up_privileges() -> None:
    """Drop what lets root read and write everything (Linux: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH)."""
    if os.getuid() == 0:
        drop, overriding, searching = 24, 1, 2
        libc = ctypes.CDLL(None)
        for capability in (overriding, searching):
            if libc.prctl(drop, capability, 0, 0, 0) != 0:
                os._exit(99)
