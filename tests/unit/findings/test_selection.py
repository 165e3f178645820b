"""Which codes are on, where, and how severe."""

from __future__ import annotations

from typing import Any

from dealix_lint.findings.choose import choose
from dealix_lint.findings.identify import Described, identify
from dealix_lint.findings.selection import PathRules, selection
from dealix_lint.model.graph import LOW
from dealix_lint.model.settings import PathSettings, Settings

from .made import raw

OFF = frozenset({"DLX107"})


def is_on(code: str, **settings: Any) -> bool:
    return selection(Settings(**settings), OFF).is_on(code)


def test_everything_is_on_but_what_the_catalogue_leaves_off() -> None:
    assert is_on("DLX101")
    assert not is_on("DLX107")


def test_what_is_off_by_default_is_switched_on_by_name_or_by_extension() -> None:
    assert is_on("DLX107", select=("DLX107",))
    assert is_on("DLX107", extend_select=("DLX1",))
    assert not is_on("DLX107", select=("DLX1",))


def test_the_longest_beginning_decides_and_ignore_wins_a_tie() -> None:
    assert not is_on("DLX101", ignore=("DLX1",))
    assert is_on("DLX101", ignore=("DLX1",), extend_select=("DLX101",))
    assert not is_on("DLX101", select=("DLX101",), ignore=("DLX101",))
    assert not is_on("DLX201", select=("DLX1",))


def test_an_unreadable_file_is_always_reported() -> None:
    assert is_on("DLX001", ignore=("DLX001",), select=("DLX2",))
    rules = PathRules(Settings(per_path=(("*", PathSettings(("DLX",))),)))
    assert not rules.is_silenced("DLX001", "a.py")


def test_paths_silence_codes_and_change_severities() -> None:
    rules = PathRules(
        Settings(
            severity=(("DLX101", "warning"),),
            per_path=(("scripts/**", PathSettings(("DLX2",), (("DLX101", "note"),))),),
        )
    )
    assert rules.is_silenced("DLX204", "scripts/run.py")
    assert not rules.is_silenced("DLX204", "app/run.py")
    assert rules.severity("DLX101", "scripts/run.py", "error") == "note"
    assert rules.severity("DLX101", "app/run.py", "error") == "warning"


def test_findings_of_too_little_confidence_are_parted_off() -> None:
    findings = identify(map(Described, (raw(), raw(register=2, confidence=LOW), raw("DLX204", register=3))))
    chosen = choose(findings, selection(Settings(ignore=("DLX204",)), OFF), PathRules(Settings()), "medium")
    assert [entry.raw.place.register for entry in chosen.shown if entry.raw.place] == [1]
    assert [entry.raw.place.register for entry in chosen.below_confidence if entry.raw.place] == [2]
