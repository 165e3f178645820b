"""The report as text and as JSON."""

from __future__ import annotations

import json

from dealix_lint.findings.report import Report, Scale, in_order
from dealix_lint.reporters.check_json import check_json, read_check
from dealix_lint.reporters.check_text import check_text
from dealix_lint.reporters.styled import plain
from tests.unit.findings.made import SILENCED, finding

SCALE = Scale(files=40, functions=1200, effects=3, entry_points=1)


def test_text_draws_the_path_below_the_finding() -> None:
    report = Report((finding(), finding("DLX204", line=9, suppressed=SILENCED)), SCALE, ("x.py", "y.py"))
    assert plain(check_text(report, "shop/".__add__)) == (
        "shop/app/pay.py:3:5: DLX101 [error] stripe charge.create has a path without classes\n"
        "    [web] app.api.checkout  shop/app/api.py:9\n"
        "    └─ dispatch -> [celery] app.tasks.settle  shop/app/tasks.py:4\n"
        "       └─ app.pay.charge  shop/app/pay.py:3\n"
        "    2 entry points lead here; this is the shortest such path\n"
        "    fix: Decorate it.\n"
        "\n"
        "Found 1 error (1 suppressed, 2 below the confidence asked for).\n"
        "Analysed 40 files, 1,200 functions, 3 effects, 1 entry point.\n"
    )


def test_text_shows_the_second_owner_s_path() -> None:
    one = finding()
    text = plain(check_text(Report((finding(other_traces=(one.trace,)),), SCALE)))
    assert text.count("app.tasks.settle") == 2
    assert "\n    and\n" in text


def test_text_shows_one_path_for_findings_that_share_it() -> None:
    text = plain(check_text(Report((finding(), finding("DLX204"), finding(line=9)), SCALE)))
    assert [line[:19] for line in text.splitlines()[:2]] == ["app/pay.py:3:5: DLX", "app/pay.py:3:5: DLX"]
    assert text.count("app.api.checkout") == 2
    assert "    fix DLX101: Decorate it.\n    fix DLX204: Decorate it.\n\napp/pay.py:9" in text


def test_text_says_that_there_is_nothing() -> None:
    assert plain(check_text(Report((), SCALE))).startswith("No findings.\n")


def test_json_is_what_the_format_describes() -> None:
    document = json.loads(check_json(Report((finding(), finding(line=9, suppressed=SILENCED)), SCALE, ("x.py",))))
    assert document["schema"] == "dealix-lint/check/1"
    first, second = document["findings"]
    assert (first["path"], first["line"], first["column"], first["end_line"], first["end_column"]) == (
        "app/pay.py",
        3,
        5,
        3,
        20,
    )
    assert first["effect"] == {"kind": "payment", "provider": "stripe", "operation": "charge.create"}
    assert first["trace"][1] == {
        "path": "app/tasks.py",
        "line": 4,
        "function": "app.tasks.settle",
        "mechanism": "celery",
        "edge": "dispatch",
    }
    assert (first["suppressed"], second["suppressed"]) == (None, {"by": "comment", "reason": "approved"})
    assert document["summary"] == {
        "files": 40,
        "functions": 1200,
        "effects": 3,
        "entry_points": 1,
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "suppressed": 1,
        "below_confidence": 1,
    }


def test_json_can_be_read_back() -> None:
    report = Report((finding(effect=None, trace=()), finding(other_traces=(finding().trace,))), SCALE, ("x.py",))
    assert read_check(json.loads(check_json(report)), ("x.py",)) == report


def test_a_report_can_be_limited_to_files_and_folders() -> None:
    report = Report(
        (finding(), finding(path="app/payments.py"), finding(path="web/a.py")), SCALE, ("app/pay.py", "b.py")
    )
    assert [entry.location.path for entry in report.limited_to(["app/pay.py"]).findings] == ["app/pay.py"]
    assert len(report.limited_to(["app"]).findings) == 2
    assert report.limited_to(["app"]).below_confidence == ("app/pay.py",)
    assert report.limited_to([""]) == report


def test_failing_depends_on_the_severity_asked_for() -> None:
    report = Report((finding(severity="warning"), finding(suppressed=SILENCED)), SCALE)
    assert [report.fails(severity) for severity in ("note", "warning", "error")] == [True, True, False]


def test_findings_come_by_file_line_and_code() -> None:
    findings = (finding(line=9), finding("DLX204", line=3), finding(line=3), finding(path="a.py"))
    assert [(f.location.path, f.location.line, f.code) for f in in_order(findings)] == [
        ("a.py", 3, "DLX101"),
        ("app/pay.py", 3, "DLX101"),
        ("app/pay.py", 3, "DLX204"),
        ("app/pay.py", 9, "DLX101"),
    ]
