"""What is named on the command line, and what is found there: every odd thing costs itself and nothing else."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import PAY, Run


def test_a_missing_path_is_named(lint: Run) -> None:
    done = lint("check", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dealix-lint: nowhere: no such file or folder; give a Python file or a folder that exists\n"


def test_an_empty_project_is_no_failure_but_said(lint: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = lint("check", str(tmp_path / "empty"))
    assert done.returncode == 0
    assert done.stderr == f"dealix-lint: {tmp_path / 'empty'}: no Python files to analyse\n"
    document = json.loads(lint("check", "--format", "json", str(tmp_path / "empty")).stdout)
    assert (document["findings"], document["summary"]["files"]) == ([], 0)


def test_a_missing_path_costs_nothing_of_what_there_is_to_say_about_the_others(lint: Run) -> None:
    done = lint("check", "nowhere", "app", "elsewhere.py")
    assert done.returncode == 2
    assert "app/pay.py:5:5: DLX101" in done.stdout
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == [" nowhere", " elsewhere.py"]
    for command in ("inventory", "graph"):
        done = lint(command, "--format", "json", "nowhere", ".")
        assert (done.returncode, "app.pay.charge" in done.stdout) == (2, True)


def test_a_path_that_is_left_out_is_said_with_the_reason(lint: Run, shop: Path) -> None:
    (shop / "test_pay.py").write_text("")
    (shop / "notes.ipynb").write_text("{}")
    done = lint("check", "test_pay.py", "notes.ipynb", "pyproject.toml")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "dealix-lint: not analysed: test_pay.py (left out by default, by `exclude` or by an ignore file)",
        "dealix-lint: not analysed: notes.ipynb, pyproject.toml (not named .py; `include` adds other files)",
    ]


def test_a_script_without_suffix_is_analysed_where_include_names_it(lint: Run, shop: Path) -> None:
    (shop / "refund").write_text("#!/usr/bin/env python3\n" + PAY)
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nselect = ["DLX101"]\ninclude = ["*.py", "/refund"]\n')
    assert "refund:6:5: DLX101" in lint("check").stdout


def test_a_path_given_twice_is_reported_once(lint: Run) -> None:
    done = lint("check", "app/pay.py", "./app/pay.py", "app/../app/pay.py", "app")
    assert (done.returncode, done.stdout.count("DLX101 [error]")) == (1, 1)


def test_a_file_outside_any_project_is_analysed_with_its_package(lint: Run, tmp_path: Path) -> None:
    package = tmp_path / "alone" / "package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "pay.py").write_text(PAY)
    done = lint("check", "--select", "DLX101", "--format", "json", str(package / "pay.py"))
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["path"], finding["function"]) == ("package/pay.py", "package.pay.charge")


def test_an_empty_file_and_windows_line_ends_are_fine(lint: Run, shop: Path) -> None:
    (shop / "app/__init__.py").touch()
    (shop / "app/pay.py").write_bytes(b"\xef\xbb\xbf" + PAY.replace("\n", "\r\n").encode())
    done = lint("check")
    assert "DLX001" not in done.stdout
    assert "app/pay.py:5:5: DLX101" in done.stdout


def test_links_in_a_circle_or_out_of_the_project_are_not_followed(lint: Run, shop: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "theirs.py").write_text(PAY)
    (shop / "app/outside").symlink_to(outside)
    (shop / "app/theirs.py").symlink_to(outside / "theirs.py")
    (shop / "app/again").symlink_to(shop / "app")
    (shop / "app/self.py").symlink_to(shop / "app/self.py")
    (shop / "app/gone.py").symlink_to(shop / "nowhere.py")
    done = lint("check")
    assert (done.returncode, done.stdout.count("DLX101 [error]"), done.stderr) == (1, 1, "")
    assert "symbolic links in a circle" in lint("check", "app/self.py").stderr
    assert "no such file or folder" in lint("check", "app/gone.py").stderr


def test_the_byte_that_is_not_text_is_pointed_at(lint: Run, shop: Path) -> None:
    (shop / "app/latin.py").write_bytes("x = 1\nname = 'é'\n".encode("latin-1"))
    (shop / "app/pay.py").unlink()
    assert lint("check").stdout.startswith(
        "app/latin.py:2:9: DLX001 [error] byte 0xe9 is not UTF-8; save the file as UTF-8 or declare its encoding\n"
    )


def test_huge_and_deeply_nested_files_cost_themselves(lint: Run, shop: Path) -> None:
    (shop / "app/huge.py").write_text("x = 1\n" * 1_500_000)
    (shop / "app/deep.py").write_text("x = " + "(" * 5000 + ")" * 5000 + "\n")
    done = lint("check")
    assert done.returncode == 1
    assert "app/huge.py:1:1: DLX001 [error] the file is " in done.stdout
    assert "app/deep.py:1:1: DLX001 [error] brackets are nested deeper than 200 levels" in done.stdout
    assert "app/pay.py:5:5: DLX101" in done.stdout


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file names are text there")
def test_file_names_that_are_no_text_are_written_out(lint_process: Run, shop: Path) -> None:
    for name in (b"caf\xe9.py", b"two\nlines.py", "\u202etxt.py".encode()):
        (shop / "app" / os.fsdecode(name)).write_text(PAY)
    text = lint_process("check").stdout
    for line in (
        "app/caf\\udce9.py:5:5: DLX101",
        "app/two\\u000alines.py:5:5: DLX101",
        "app/\\u202etxt.py:5:5: DLX101",
    ):
        assert line in text.splitlines() or any(found.startswith(line) for found in text.splitlines())
    printed = lint_process("check", "--format", "json").stdout
    assert os.fsdecode(b"app/caf\xe9.py") in [finding["path"] for finding in json.loads(printed)["findings"]]
    assert lint_process("check", "--format", "json", "--output", "report.json").returncode == 1
    assert (shop / "report.json").read_text(encoding="utf-8") == printed
    xml = lint_process("graph", "--edges", "--format", "graphml").stdout
    assert any("caf\\udce9" in element.get("id", "") for element in ElementTree.fromstring(xml).iter())
    done = lint_process("check", "app/" + os.fsdecode(b"caf\xe9.py"))
    assert (done.returncode, done.stdout.count("DLX101 [error]")) == (1, 1)


def test_a_mistake_in_one_project_does_not_cost_the_findings_of_another(lint: Run, shop: Path) -> None:
    other = shop.parent / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text("[tool.dealix-lint]\nselekt = []\n")
    done = lint("check", "other", "shop", folder=shop.parent)
    assert done.returncode == 2
    assert "shop/app/pay.py:5:5: DLX101" in done.stdout
    assert done.stderr.startswith("dealix-lint: other/pyproject.toml: 1 mistake in the configuration:\n")


def test_unsaved_text_is_checked_from_standard_input(lint_process: Run, shop: Path) -> None:
    done = lint_process("check", "--stdin-filename", "app/pay.py", "-", text="\n\n" + PAY)
    assert (done.returncode, done.stdout.startswith("app/pay.py:7:5: DLX101")) == (1, True)
    assert "[web] app.api.pay" in done.stdout
    assert lint_process("check", "--stdin-filename", "app/pay.py", "-", text="def charge(a): ...\n").returncode == 0
    new = lint_process("check", "--stdin-filename", "app/new.py", "-", "--format", "json", text=PAY)
    assert [finding["path"] for finding in json.loads(new.stdout)["findings"]] == ["app/new.py"]
    assert (shop / "app/pay.py").read_text() == PAY
    for wrong in (("-",), ("--stdin-filename", "app/pay.py"), ("--stdin-filename", "app/pay.py", "-", "app")):
        done = lint_process("check", *wrong, text=PAY)
        assert (done.returncode, "check --stdin-filename app/pay.py -" in done.stderr) == (2, True)


def test_several_projects_are_checked_one_after_the_other_in_text_only(lint: Run, shop: Path) -> None:
    other = shop.parent / "other"
    other.mkdir()
    (other / "pay.py").write_text(PAY)
    done = lint("check", "shop", "other", folder=shop.parent)
    assert done.returncode == 1
    assert "shop/app/pay.py:5:5: DLX101" in done.stdout
    assert "other/pay.py:5:5: DLX101" in done.stdout
    assert lint("check", "--format", "json", "shop", "other", folder=shop.parent).returncode == 2


def test_files_that_cannot_be_read_are_findings_and_the_rest_goes_on(lint: Run, shop: Path) -> None:
    (shop / "app/broken.py").write_text("def f(:\n")
    (shop / "app/image.py").write_bytes(bytes(range(256)))
    done = lint("check")
    assert done.returncode == 1
    assert "DLX001 [error] syntax error" in done.stdout
    assert "app/broken.py:" in done.stdout
    assert "app/image.py:1:1: DLX001 [error]" in done.stdout
    assert "app/pay.py:5:5: DLX101" in done.stdout


NEEDS_PERMISSIONS = pytest.mark.skipif(
    os.name != "posix" or (os.getuid() == 0 and not sys.platform.startswith("linux")), reason="root may do everything"
)


@NEEDS_PERMISSIONS
def test_files_and_folders_without_permission_are_findings(lint_process: Run, shop: Path) -> None:
    (shop / "app/secret.py").touch(mode=0)
    (shop / "app/closed").mkdir(mode=0)
    done = lint_process("check", is_bound=True)
    assert done.returncode == 1
    assert "app/secret.py:1:1: DLX001 [error] the file cannot be read: Permission denied" in done.stdout
    assert "app/closed:1:1: DLX001 [error] the folder cannot be read: Permission denied" in done.stdout
    assert "app/pay.py:5:5: DLX101" in done.stdout
    (shop / "app/closed").chmod(0o700)


@NEEDS_PERMISSIONS
@pytest.mark.parametrize("path", ["pyproject.toml", "."])
def test_a_project_without_permission_is_one_message(lint_process: Run, shop: Path, path: str) -> None:
    (shop / path).chmod(0)
    done = lint_process("check", str(shop), is_bound=True)
    (shop / path).chmod(0o700)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dealix-lint: pyproject.toml: cannot be read: Permission denied; check its permissions\n"


@NEEDS_PERMISSIONS
def test_a_report_that_cannot_be_written_is_one_message(lint_process: Run, shop: Path) -> None:
    (shop / "reports").mkdir(mode=0o500)
    done = lint_process("check", "--output", "reports/findings.txt", is_bound=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dealix-lint: reports/findings.txt: cannot be written: Permission denied; name another file\n"


def test_paths_are_as_they_are_from_the_current_folder(lint: Run, shop: Path) -> None:
    inside = lint("check", folder=shop / "app").stdout
    assert "\npay.py:5:5: DLX101" in f"\n{inside}"
    assert "  api.py:9" in inside
    outside = lint("check", "shop", folder=shop.parent).stdout
    assert "\nshop/app/pay.py:5:5: DLX101" in f"\n{outside}"
    (shop / "docs").mkdir()
    beside = lint("check", "..", folder=shop / "docs").stdout
    assert "\n../app/pay.py:5:5: DLX101" in f"\n{beside}"
    assert "  pay.py:5  " in lint("inventory", folder=shop / "app").stdout
