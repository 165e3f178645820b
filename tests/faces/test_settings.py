"""Every key of `[tool.dealix-lint]` does what the page about configuration says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from .conftest import Run

Find: TypeAlias = Callable[..., set[tuple[str, str]]]

PAY = """\
import uuid

import httpx
import stripe

from app.governance import rule
from app.journal import note


@rule(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
def marked(case_id: str) -> None:
    stripe.Refund.create(charge="ch_1", metadata={"case_id": case_id})
    note("refund", case_id)


def plain() -> None:
    stripe.PaymentIntent.create(amount=1, currency="sar")


def ours() -> None:
    httpx.post("https://billing.corp.example/invoices", json={})
"""
GOVERNANCE = """\
from vendored import rule
"""
JOURNAL = """\
from vendored import note
"""
HOUSE = """\
from app.pay import plain


class Flow:
    def begin(self):
        self.step()

    def step(self):
        raise NotImplementedError


class Charge(Flow):
    def step(self):
        plain()
"""


@pytest.fixture
def found(lint: Run, shop: Path) -> Find:
    """Codes and functions of the findings under some settings."""
    for name, text in {"pay": PAY, "governance": GOVERNANCE, "journal": JOURNAL, "house": HOUSE}.items():
        (shop / f"app/{name}.py").write_text(text)
    (shop / "app/api.py").unlink()

    def run(settings: str = "") -> set[tuple[str, str]]:
        (shop / "pyproject.toml").write_text("[tool.dealix-lint]\n" + settings)
        done = lint("check", "--format", "json")
        assert done.returncode in (0, 1), done.stderr
        findings = json.loads(done.stdout)["findings"]
        return {(finding["code"], finding["function"].removeprefix("app.pay.")) for finding in findings}

    return run


def test_without_settings_everything_is_found(found: Find) -> None:
    assert found() >= {("DLX101", "plain"), ("DLX201", "plain"), ("DLX204", "plain"), ("DLX101", "ours")}
    assert {("DLX201", "marked"), ("DLX204", "marked")} <= found()


@pytest.mark.parametrize(
    ("settings", "gone"),
    [
        ('select = ["DLX2"]', ("DLX101", "plain")),
        ('ignore = ["DLX101"]', ("DLX101", "plain")),
        ('exclude = ["/app/pay.py"]', ("DLX101", "plain")),
        ('extend-exclude = ["pay.py"]', ("DLX101", "plain")),
        ('include = ["app/house.py"]', ("DLX101", "plain")),
        ('own-hosts = ["*.corp.example"]', ("DLX101", "ours")),
        ('correlation-names = ["case_id"]', ("DLX201", "marked")),
        ('audit-sinks = ["vendored.note"]', ("DLX204", "marked")),
        (
            'classify."app.pay.plain" = { approval = "A3", reversibility = "R3", sensitivity = "S2" }',
            ("DLX101", "plain"),
        ),
        ('classify."app.pay.o*" = { approval = "A1", reversibility = "R1", sensitivity = "S2" }', ("DLX101", "ours")),
        ('per-path."app/p*.py" = { ignore = ["DLX1"] }', ("DLX101", "plain")),
    ],
)
def test_a_setting_takes_its_findings_away_and_no_others(found: Find, settings: str, gone: tuple[str, str]) -> None:
    before, after = found(), found(settings)
    assert gone in before
    assert gone not in after
    assert after <= before


def test_severities_are_set_for_all_files_or_some(found: Find, lint: Run) -> None:
    found(
        'severity = { DLX101 = "note", DLX201 = "warning" }\nper-path."app/pay.py" = { severity = { DLX204 = "note" } }'
    )
    findings = json.loads(lint("check", "--format", "json").stdout)["findings"]
    assert {(f["code"], f["severity"]) for f in findings if f["function"] == "app.pay.plain"} == {
        ("DLX101", "note"),
        ("DLX201", "warning"),
        ("DLX109", "error"),
        ("DLX204", "note"),
    }
    assert lint("check", "--select", "DLX101").returncode == 0


def test_a_pack_adds_a_provider_and_a_policy_file_changes_floors(found: Find, lint: Run, shop: Path) -> None:
    (shop / "lint").mkdir()
    (shop / "lint/billing.toml").write_text(
        '[provider]\nid = "billing"\ntitle = "Billing"\nkind = "payment"\nhosts = ["billing.corp.example"]\n'
    )
    (shop / "own.toml").write_text('[floors]\npayment = { reversibility = "R2", sensitivity = "S1" }\n')
    assert ("DLX101", "ours") in found('packs = ["lint"]\npolicy = "own.toml"\nselect = ["DLX101"]')
    (finding,) = json.loads(lint("check", "--format", "json").stdout)["findings"][-1:]
    assert finding["effect"]["provider"] == "billing"
    assert 'approval_class="A2", reversibility_class="R2", sensitivity_class="S1"' in finding["fix"]


def test_a_line_declares_an_effect_or_that_something_is_none(found: Find, lint: Run) -> None:
    settings = """
        [tool.dealix-lint.effects]
        "stripe.PaymentIntent.create" = "telemetry/stripe"
        "vendored.note" = { kind = "contract", provider = "vendored", operation = "note.sign", sensitivity = "S3" }
    """
    before, after = found(), found(settings)
    assert ("DLX101", "plain") in before - after
    assert ("DLX104", "marked") in after - before
    findings = json.loads(lint("check", "--format", "json").stdout)["findings"]
    assert [f["effect"] for f in findings if f["code"] == "DLX104"] == [
        {"kind": "contract", "provider": "vendored", "operation": "note.sign"}
    ]


def test_roots_replace_detection(found: Find, lint: Run) -> None:
    found('roots = ["app"]')
    assert "pay.plain" in json.loads(lint("graph", "--format", "json").stdout)


def test_a_flow_class_starts_where_the_settings_say(found: Find, lint: Run) -> None:
    found('flows."app.house.Flow" = { run = ["begin"] }')
    starts = json.loads(lint("inventory", "--format", "json").stdout)["entry_points"]
    assert ("flow", "app.house.Flow.begin") in {(start["mechanism"], start["function"]) for start in starts}


def test_a_cache_folder_is_where_the_settings_say(found: Find, shop: Path) -> None:
    found('cache-dir = ".cache/lint"\njobs = 1')
    assert list((shop / ".cache/lint").iterdir())
