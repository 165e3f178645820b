"""Fingerprints name a finding for as long as it is the same one."""

from __future__ import annotations

from dealix_lint.findings.identify import identify
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import HIGH, Place

from .made import raw

CHARGE = Effect(Place(0, 1, 1), "f", (0,), "payment", "stripe", "charge.create", HIGH, "", "R3", "S2")
REFUND = Effect(Place(0, 1, 2), "f", (0,), "payment", "stripe", "refund.create", HIGH, "", "R3", "S2")


def test_moving_code_about_keeps_the_fingerprint() -> None:
    (before,) = identify((raw(effect=0, register=1),), (CHARGE,))
    (after,) = identify((raw(effect=0, register=77, message="other words"),), (CHARGE,))
    assert before.fingerprint == after.fingerprint


def test_code_function_effect_and_key_tell_findings_apart() -> None:
    findings = identify(
        (raw(effect=0), raw(effect=1), raw("DLX204", effect=0), raw(function="app.pay.other", effect=0), raw(key="k")),
        (CHARGE, REFUND),
    )
    assert len({finding.fingerprint for finding in findings}) == 5


def test_equal_findings_are_numbered_in_source_order_whatever_order_they_come_in() -> None:
    first, second = raw(register=1), raw(register=5)
    assert identify((first, second), ()) == identify((second, first), ())
    assert len({finding.fingerprint for finding in identify((first, second), ())}) == 2
