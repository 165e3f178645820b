"""Verdicts: remembered as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.engine.store import Store
from dealix_lint.engine.verdict import Verdict, recall_verdict, remember_verdict
from dealix_lint.findings.identify import Described
from dealix_lint.findings.report import Scale
from dealix_lint.model.findings import EffectLabel, RawFinding, Step
from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import AddAttributes, AddKeywords, Decorate, DropCodes, Repair

PLACE = Place(3, 1, 4)
STEP = Step(PLACE, "app.pay", "web", "call")


def verdict(repair: Repair | None, path: str = "app/pay.py") -> Verdict:
    raw = RawFinding(
        "DLX101",
        "Überweisung is unclassified",
        PLACE,
        path,
        "app.pay",
        "error",
        2,
        0,
        1,
        (STEP,),
        ((STEP,),),
        repair=repair,
    )
    return Verdict((Described(raw, EffectLabel("payment", "stripe", "charge"), "Decorate it."),), Scale(1, 2, 3, 4))


@pytest.mark.parametrize(
    "repair",
    [
        None,
        Decorate(PLACE, "dealix_lint.markers", "external_effect", (("approval_class", '"A2"'),)),
        AddKeywords(PLACE, (("sensitivity_class", '"S1"'),), is_safe=False),
        AddKeywords(PLACE, ()),
        AddAttributes(PLACE, (("approval_class", '"A2"'),)),
        DropCodes(3, 7, ("DLX101",)),
    ],
)
def test_a_verdict_is_recalled_as_it_was(tmp_path: Path, repair: Repair | None) -> None:
    with Store(tmp_path) as store:
        remember_verdict("key", verdict(repair), store)
        assert recall_verdict("key", store) == verdict(repair)
        assert recall_verdict("other", store) is None


def test_what_cannot_be_read_back_counts_as_not_remembered(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        remember_verdict("key", verdict(None, "app/\udcff.py"), store)
        assert recall_verdict("key", store) in (None, verdict(None, "app/\udcff.py"))
        store.put("verdict", [("key", b'{"found": [], "scale": 7}')])
        assert recall_verdict("key", store) is None
        store.put("verdict", [("key", b"[")])
        assert recall_verdict("key", store) is None
