"""Fingerprints name a finding for as long as it is the same one."""

from __future__ import annotations

from dealix_lint.findings.identify import Described, identify
from dealix_lint.model.findings import EffectLabel

from .made import raw

CHARGE = EffectLabel("payment", "stripe", "charge.create")
REFUND = EffectLabel("payment", "stripe", "refund.create")


def test_moving_code_about_keeps_the_fingerprint() -> None:
    (before,) = identify([Described(raw(effect=0, register=1), CHARGE)])
    (after,) = identify([Described(raw(effect=0, register=77, message="other words"), CHARGE)])
    assert before.fingerprint == after.fingerprint


def test_code_function_effect_and_key_tell_findings_apart() -> None:
    findings = identify(
        (
            Described(raw(effect=0), CHARGE),
            Described(raw(effect=1), REFUND),
            Described(raw("DLX204", effect=0), CHARGE),
            Described(raw(function="app.pay.other", effect=0), CHARGE),
            Described(raw(effect=0, key="k"), CHARGE),
        )
    )
    assert len({finding.fingerprint for finding in findings}) == 5


def test_equal_findings_are_numbered_in_source_order_whatever_order_they_come_in() -> None:
    first, second = Described(raw(register=1)), Described(raw(register=5))
    assert identify((first, second)) == identify((second, first))
    assert len({finding.fingerprint for finding in identify((first, second))}) == 2
