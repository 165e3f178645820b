"""Findings made up for tests."""

from __future__ import annotations

from typing import Any

from dealix_lint.model.findings import EffectLabel, Finding, Location, RawFinding, Suppression, TraceStep
from dealix_lint.model.graph import HIGH, Place


def raw(code: str = "DLX101", register: int = 1, **changes: Any) -> RawFinding:
    values: dict[str, Any] = {
        "message": "message",
        "place": Place(0, 1, register),
        "path": "app/pay.py",
        "function": "app.pay.charge",
        "severity": "error",
        "confidence": HIGH,
    }
    return RawFinding(code, **{**values, **changes})


def finding(code: str = "DLX101", line: int = 3, path: str = "app/pay.py", **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "name": "unclassified-effect",
        "severity": "error",
        "confidence": "high",
        "message": "stripe charge.create has a path without classes",
        "location": Location(path, line, 5, line, 20),
        "function": "app.pay.charge",
        "fingerprint": f"{code}-{path}-{line}",
        "effect": EffectLabel("payment", "stripe", "charge.create"),
        "entry_points": 2,
        "trace": (
            TraceStep("app/api.py", 9, "app.api.checkout", "web", "call"),
            TraceStep("app/tasks.py", 4, "app.tasks.settle", "celery", "dispatch"),
            TraceStep(path, line, "app.pay.charge", "celery", "call"),
        ),
        "other_traces": (),
        "fix": "Decorate it.",
    }
    return Finding(code, **{**values, **changes})


SILENCED = Suppression("comment", "approved")
