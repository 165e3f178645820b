"""`check --fix` and `check --diff`, as users meet them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PAY, Run

ROOT = Path(__file__).resolve().parents[2]


def test_a_finding_that_can_be_repaired_is_announced_and_repaired(lint: Run, shop: Path) -> None:
    assert "1 can be repaired with --fix." in lint("check").stdout
    result = lint("check", "--fix")
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, "No findings.")
    assert "repaired 1 finding in app/pay.py" in result.stderr
    assert (shop / "app/pay.py").read_text() == PAY.replace(
        "import stripe\n", "import stripe\nfrom dealix_lint.markers import external_effect\n"
    ).replace(
        "def charge",
        '@external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")\ndef charge',
    )
    assert lint("check", "--fix").stderr == ""


def test_a_diff_shows_the_change_and_makes_none(lint: Run, shop: Path) -> None:
    result = lint("check", "--diff")
    assert result.returncode == 1
    assert "--- app/pay.py" in result.stdout
    assert '+@external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")' in result.stdout
    assert (shop / "app/pay.py").read_text() == PAY
    lint("check", "--fix")
    assert (lint("check", "--diff").returncode, lint("check", "--diff").stdout) == (0, "")


@pytest.mark.parametrize("inside", [".", "app"])
def test_a_diff_can_be_applied_where_it_was_made(lint: Run, shop: Path, inside: str) -> None:
    diff = lint("check", "--diff", folder=shop / inside).stdout
    command = ["git", "apply", "-p0", "-"]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(shop.parent)}
    done = subprocess.run(
        command, cwd=shop / inside, env=environment, input=diff, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    patched = (shop / "app/pay.py").read_text()
    (shop / "app/pay.py").write_text(PAY)
    lint("check", "--fix")
    assert (shop / "app/pay.py").read_text() == patched


def test_a_file_that_must_not_be_written_is_named_and_the_others_are_repaired(lint_process: Run, shop: Path) -> None:
    (shop / "app/refund.py").write_text(PAY)
    (shop / "app/pay.py").chmod(0o444)
    done = lint_process("check", "--fix", "--no-cache", is_bound=True)
    assert done.returncode == 2
    assert "app/pay.py: cannot be changed: it is read-only; check its permissions" in done.stderr
    assert "repaired 1 finding in app/refund.py" in done.stderr
    assert "app/pay.py:5:5: DLX101" in done.stdout
    assert (shop / "app/pay.py").read_text() == PAY
    assert "@external_effect" in (shop / "app/refund.py").read_text()


def test_repaired_code_runs_as_before(lint: Run, shop: Path) -> None:
    (shop / "app/gov.py").write_text(
        "def governed(*, approval_class, reversibility_class, sensitivity_class, owner):\n    return lambda f: f\n"
    )
    classes = 'approval_class="A3", reversibility_class="R3", sensitivity_class="S2"'
    (shop / "app/pay.py").write_text(
        PAY.replace("import stripe\n", "import stripe\n\nfrom app.gov import governed\n")
        + f'\n\n@governed({classes}, owner="finance")\ndef again(amount):\n    stripe.PaymentIntent.create(amount=amount)\n'
        + "\n\nfrom dealix_lint.markers import external_effect\n\ncharge(1)\n"
    )
    lint("check", "--fix")
    assert "@external_effect" in (shop / "app/pay.py").read_text()
    (shop / "stripe.py").write_text("class PaymentIntent:\n    create = staticmethod(lambda **given: None)\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(shop), str(ROOT / "src")])}
    command = [sys.executable, "-c", "import app.pay"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_only_what_was_asked_for_is_repaired(lint: Run, shop: Path) -> None:
    lint("check", "--fix", "app/api.py")
    assert (shop / "app/pay.py").read_text() == PAY


def test_a_suppressed_finding_is_not_repaired(lint: Run, shop: Path) -> None:
    text = PAY.replace('currency="sar")', 'currency="sar")  # dealix: ignore[DLX101] -- sandbox')
    (shop / "app/pay.py").write_text(text)
    lint("check", "--fix")
    assert (shop / "app/pay.py").read_text() == text


def test_permissions_and_links_stay(lint: Run, shop: Path) -> None:
    (shop / "app/pay.py").chmod(0o640)
    lint("check", "--fix")
    assert (shop / "app/pay.py").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in (shop / "app").iterdir() if path.suffix == ".py") == ["api.py", "pay.py"]


def test_an_unsafe_repair_needs_to_be_asked_for(lint: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nselect = ["DLX102"]\n')
    (shop / "app/gov.py").write_text(
        'import enum\n\n\nclass Approval(enum.Enum):\n    A3 = "A3"\n\n\ndef governed(**classes):\n    return lambda f: f\n'
    )
    text = "from app.gov import Approval, governed\n" + PAY.replace(
        "def charge", '@governed(approval_class=Approval.A3, reversibility_class="R3")\ndef charge'
    )
    (shop / "app/pay.py").write_text(text)
    assert "1 can be repaired with --fix --unsafe-fixes." in lint("check").stdout
    lint("check", "--fix")
    assert (shop / "app/pay.py").read_text() == text
    assert lint("check", "--fix", "--unsafe-fixes").returncode == 0
    assert 'reversibility_class="R3", sensitivity_class="S2")' in (shop / "app/pay.py").read_text()


@pytest.mark.parametrize("option", [["--write-baseline"], ["--stdin-filename", "app/pay.py", "-"]])
def test_what_does_not_go_with_it_is_refused(lint: Run, option: list[str]) -> None:
    assert lint("check", "--fix", *option).returncode == 2


def test_the_example_application_keeps_working(tmp_path: Path) -> None:
    application = tmp_path / "commitments"
    shutil.copytree(ROOT / "examples" / "commitments", application, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "dealix_lint", "check", "--no-cache", "--fix", "--unsafe-fixes", str(application)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    first = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert "repaired 6 findings" in first.stderr
    assert "--fix" not in first.stdout
    again = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (again.stderr, again.stdout) == ("", first.stdout)
    scenarios = ROOT / "tests" / "examples" / "scenarios"
    paths = os.pathsep.join([str(application), str(ROOT / "src"), str(scenarios)])
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(scenarios / "commitments.py")]
    result = subprocess.run(
        tests, cwd=application, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
