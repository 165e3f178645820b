"""The flake8 extension: whole-program findings of the file flake8 looks at, and nothing else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from dealix_lint.faces.flake8_plugin import WholeProgram

from .conftest import PAY, Run

REGISTERED = any(point.name == "DLX" for point in entry_points(group="flake8.extension"))
LOCAL = "[flake8:local-plugins]\nextension =\n    DLX = dealix_lint.faces.flake8_plugin:WholeProgram\n"


@pytest.fixture
def flake8(shop: Path, tmp_path: Path, environment: dict[str, str]) -> Run:
    """Runs flake8 with only our extension's codes in the application's folder."""
    configuration = tmp_path / "flake8.ini"
    configuration.write_text("[flake8]\nselect = DLX\n" + ("" if REGISTERED else LOCAL))

    def run(
        *arguments: str, text: str | None = None, folder: Path | None = None, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flake8", "--config", str(configuration), *arguments],
            cwd=folder or shop,
            env={**environment, **changes},
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.stderr == ""
    return [line.split(" ", 2)[0] + " " + line.split(" ", 2)[1] for line in done.stdout.splitlines()]


def test_findings_of_the_whole_program_appear_in_the_file(flake8: Run) -> None:
    done = flake8("app/pay.py")
    assert lines(done) == ["app/pay.py:5:5: DLX101"]
    assert "[app.api.pay]" in done.stdout
    assert lines(flake8("app/api.py")) == []


def test_all_workers_say_the_same_as_one_and_the_program_is_computed_once(
    flake8: Run, shop: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    for number in range(12):
        (shop / f"app/pay{number}.py").write_text(PAY)
    log = tmp_path / "started"
    log.touch()
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nif 'dealix_lint' in sys.orig_argv:\n    open({str(log)!r}, 'a').write('once\\n')\n"
    )
    many = flake8("--jobs", "4", ".", PYTHONPATH=f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}")
    assert len(lines(many)) == 13
    assert log.read_text() == "once\n"
    assert lines(flake8("--jobs", "1", ".")) == lines(many)


def test_an_unsaved_buffer_is_what_counts(flake8: Run, shop: Path) -> None:
    moved = "\n\n" + PAY
    assert lines(flake8("--stdin-display-name", "app/pay.py", "-", text=moved)) == ["app/pay.py:7:5: DLX101"]
    harmless = "def charge(amount):\n    pass\n"
    assert lines(flake8("--stdin-display-name", "app/pay.py", "-", text=harmless)) == []
    assert lines(flake8("--stdin-display-name", "app/new.py", "-", text=PAY)) == ["app/new.py:5:5: DLX101"]
    assert (shop / "app/pay.py").read_text() == PAY


def test_text_without_a_name_has_no_program(flake8: Run) -> None:
    assert lines(flake8("-", text=PAY)) == []


def test_comments_of_both_spellings_silence(flake8: Run, shop: Path) -> None:
    for comment in ("# noqa: DLX101 -- sandbox", "# noqa", "# dealix: ignore[DLX101] -- sandbox"):
        (shop / "app/pay.py").write_text(PAY.rstrip("\n") + f"  {comment}\n")
        assert lines(flake8("app/pay.py")) == []


def test_an_edit_of_another_file_is_seen(flake8: Run, shop: Path) -> None:
    assert "[app.api.pay]" in flake8("app/pay.py").stdout
    (shop / "app/api.py").unlink()
    assert "[app.api.pay]" not in flake8("app/pay.py").stdout


def test_files_of_several_projects_each_get_their_own(flake8: Run, shop: Path) -> None:
    other = shop.parent / "other"
    other.mkdir()
    (other / "setup.cfg").write_text("")
    (other / "pay.py").write_text(PAY)
    done = flake8("shop/app/pay.py", "other/pay.py", folder=shop.parent)
    assert {line.split(":")[0] for line in lines(done)} == {"shop/app/pay.py", "other/pay.py"}


def test_files_that_are_left_out_have_no_findings(flake8: Run, shop: Path) -> None:
    (shop / "tests").mkdir()
    (shop / "tests/test_pay.py").write_text(PAY)
    assert lines(flake8("tests/test_pay.py")) == []


def test_a_broken_configuration_is_told_and_flake8_goes_on(flake8: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text("[tool.dealix-lint]\nselekt = []\n")
    done = flake8("--jobs", "1", "app")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("selekt: unknown key") == 1
    assert done.stderr.count("dealix-lint:") == 1


def test_where_nothing_can_be_remembered_findings_come_all_the_same(flake8: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = str(tmp_path / "file" / "below")
    done = flake8("app/pay.py", DEALIX_LINT_CACHE_DIR=blocked, TMPDIR=str(tmp_path))
    assert lines(done) == ["app/pay.py:5:5: DLX101"]


@pytest.mark.parametrize("name", ["", "-", "stdin", "nowhere/x.py", "a\0b.py", "/", "x" * 5000 + ".py"])
def test_no_file_name_makes_it_raise(name: str) -> None:
    assert list(WholeProgram(ast.parse(""), name, ["x = 1\n"]).run()) == []


def test_its_import_is_light(environment: dict[str, str]) -> None:
    code = (
        "import sys, dealix_lint.faces.flake8_plugin\n"
        "sys.exit(sorted({'libcst', 'networkx', 'pydantic', 'rich', 'click', 'sqlite3'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_heavy_is_imported_for_saved_or_unsaved_text(
    flake8: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    log = tmp_path / "imported"
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, sys\n"
        "if 'flake8' in sys.orig_argv:\n"
        f"    atexit.register(lambda: open({str(log)!r}, 'a').write("
        "' '.join(sorted({'libcst', 'networkx', 'pydantic', 'rich', 'click'} & set(sys.modules))) + '.'))\n"
    )
    path = f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"
    assert lines(flake8("--jobs", "1", "app/pay.py", PYTHONPATH=path)) == ["app/pay.py:5:5: DLX101"]
    unsaved = flake8("--stdin-display-name", "app/pay.py", "-", text="\n" + PAY, PYTHONPATH=path)
    assert lines(unsaved) == ["app/pay.py:6:5: DLX101"]
    assert log.read_text() == ".."


def test_a_byte_order_mark_and_windows_line_ends_are_no_unsaved_change(flake8: Run, shop: Path) -> None:
    (shop / "app/pay.py").write_bytes(b"\xef\xbb\xbf" + PAY.replace("\n", "\r\n").encode())
    assert lines(flake8("app/pay.py")) == ["app/pay.py:5:5: DLX101"]


def test_an_entry_point_is_declared() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'DLX = "dealix_lint.faces.flake8_plugin:WholeProgram"' in text
