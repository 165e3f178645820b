"""The wheel works where nothing of the repository is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.meta.pages import ROOT

APPLICATION = """\
import stripe


def charge(amount: int):
    return stripe.PaymentIntent.create(amount=amount, currency="sar")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dealix-lint` of a new environment that holds the wheel; its dependencies are seen in this one."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "dealix-lint"


def _run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    command = [installed, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_carries_rules_types_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"dealix_lint/_rules/{path.relative_to(ROOT / 'rules')}" for path in (ROOT / "rules").rglob("*.toml")}
    assert rules <= names
    assert "dealix_lint/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests/")]


def test_the_installed_command_tells_its_version(installed: Path, tmp_path: Path) -> None:
    result = _run(installed, tmp_path, "--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert "0.1.0" in result.stdout


def test_the_installed_command_checks_a_folder_elsewhere(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "billing.py").write_text(APPLICATION)
    result = _run(installed, tmp_path, "check", ".")
    assert (result.returncode, result.stderr) == (1, "")
    assert "billing.py:5" in result.stdout
    assert "DLX101" in result.stdout


def test_the_installed_command_explains_a_code(installed: Path, tmp_path: Path) -> None:
    result = _run(installed, tmp_path, "explain", "DLX101")
    assert (result.returncode, result.stderr) == (0, "")
    assert "unclassified-effect" in result.stdout
