"""What comments and baselines silence, and what there is to say about them."""

from __future__ import annotations

import pytest

from dealix_lint.findings.baseline import apply_baseline, read_baseline, stale_entries, write_baseline
from dealix_lint.findings.directives import read_directives
from dealix_lint.findings.suppress import Hidden, remarks, suppress
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.findings import Finding

from .made import SILENCED, finding

PATH = "app/pay.py"


def silenced(source: str, *findings: Finding) -> list[bool]:
    directives = {PATH: read_directives(source.encode())}
    return [entry.suppressed is not None for entry in suppress(findings, directives)]


def said(source: str, *findings: Finding, hidden: tuple[Hidden, ...] = (), off: str = "-") -> list[tuple[str, int]]:
    found = remarks(PATH, read_directives(source.encode()), findings, hidden, lambda code: not code.startswith(off))
    return [(remark.code, remark.line) for remark in found]


def test_a_comment_silences_its_codes_on_its_line() -> None:
    source = "x\ny\nsend()  # dealix: ignore[DLX101] -- ok\n"
    assert silenced(source, finding(line=3), finding("DLX204", line=3), finding(line=2)) == [True, False, False]


def test_the_beginning_of_a_code_and_a_bare_noqa_silence_as_in_flake8() -> None:
    assert silenced("send()  # noqa: DLX1\n", finding(line=1), finding("DLX204", line=1)) == [True, False]
    assert silenced("send()  # noqa\n", finding(line=1), finding("DLX204", line=1)) == [True, True]


def test_the_tool_s_own_codes_cannot_be_silenced() -> None:
    assert silenced("x  # noqa\n", finding("DLX001", line=1), finding("DLX003", line=1)) == [False, False]


def test_a_comment_that_silences_nothing_is_reported_code_by_code() -> None:
    source = "send()  # dealix: ignore[DLX101, DLX204] -- ok\n"
    assert said(source, finding(line=1), finding("DLX204", line=1)) == []
    assert said(source, finding(line=1)) == [("DLX002", 1)]


def test_foreign_codes_and_codes_not_looked_for_are_not_judged() -> None:
    assert said("x = 1  # noqa: E501\n") == []
    assert said("x = 1  # noqa: DLX204 -- ok\n", off="DLX2") == []


def test_a_finding_below_the_confidence_keeps_its_comment_in_use() -> None:
    assert said("x()  # noqa: DLX101 -- ok\n", hidden=(Hidden("DLX101", 1),)) == []


def test_a_missing_reason_is_reported_though_the_comment_silences() -> None:
    assert said("send()  # dealix: ignore[DLX101]\n", finding(line=1)) == [("DLX003", 1)]
    assert said("send()  # noqa\n", finding(line=1)) == [("DLX003", 1)]
    assert said("send()  # noqa\n") == []


def test_a_baseline_silences_what_was_there_when_it_was_written() -> None:
    old, new = finding(line=3), finding(line=9)
    baseline = read_baseline(write_baseline([old, finding("DLX001", line=1)]).encode(), "b.json")
    marked = apply_baseline([old, new, finding("DLX001", line=1)], baseline)
    assert [entry.suppressed is not None for entry in marked] == [True, False, False]


def test_what_a_comment_silences_stays_out_of_the_baseline() -> None:
    assert read_baseline(write_baseline([finding(suppressed=SILENCED)]).encode(), "b.json") == {}


def test_a_baseline_entry_that_is_gone_is_reported_at_its_line() -> None:
    data = write_baseline([finding(line=3), finding("DLX204", line=9)]).encode()
    baseline = read_baseline(data, "b.json")
    present = frozenset({finding(line=3).fingerprint})
    (remark,) = stale_entries(baseline, data, "b.json", present, frozenset({"DLX101", "DLX204"}))
    assert (remark.code, remark.path) == ("DLX002", "b.json")
    assert "DLX204" in data.decode().splitlines()[remark.line - 1]
    assert list(stale_entries(baseline, data, "b.json", present, frozenset({"DLX101"}))) == []


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"{", b'{"schema": "x"}'])
def test_a_file_that_is_no_baseline_is_a_clear_error(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"b\.json: not a baseline"):
        read_baseline(data, "b.json")


def test_a_plain_list_of_fingerprints_is_a_baseline() -> None:
    assert read_baseline(b'["abc"]', "b.json") == {"abc": ""}


def told(source: str, *findings: Finding) -> list[str]:
    found = remarks(PATH, read_directives(source.encode()), findings, (), lambda code: True)
    return [remark.message for remark in found]


def test_codes_without_brackets_are_pointed_out() -> None:
    assert told("send()  # dealix: ignore DLX204 -- why\n", finding("DLX204", line=1)) == [
        "the brackets are missing, so that it is about every code: # dealix: ignore[DLX204] -- why"
    ]
    assert told("send()  # dealix: ignore -- see DLX204\n", finding("DLX204", line=1)) == []


def test_a_comment_on_a_line_of_its_own_is_told_where_it_belongs() -> None:
    (alone,) = told("# dealix: ignore[DLX101] -- why\nsend()\n", finding(line=2))
    assert alone.endswith("; it stands alone: put it at the end of the line that is reported, or remove it")
    assert told("send()  # dealix: ignore[DLX204] -- why\n", finding(line=1)) == [
        "nothing to suppress here: no DLX204 on this line; remove it"
    ]
