"""How the command line behaves where it is run: terminals, pipes, signals."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PAY, Run

COLOUR = "\x1b["


def test_a_reader_that_goes_away_is_no_error(shop: Path, environment: dict[str, str]) -> None:
    for number in range(300):
        (shop / f"app/pay{number}.py").write_text(PAY)
    command = f"{sys.executable} -m dealix_lint check | head -n 1"
    done = subprocess.run(command, shell=True, cwd=shop, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("app/pay.py:5:5: DLX101")
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_a_full_disk_is_one_message(shop: Path, environment: dict[str, str]) -> None:
    for arguments in ("check", "explain DLX101", "--version"):
        command = f"{sys.executable} -m dealix_lint {arguments} > /dev/full"
        done = subprocess.run(
            command, shell=True, cwd=shop, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr == "dealix-lint: the output cannot be written: No space left on device\n"


def test_closed_streams_leave_the_exit_status(shop: Path, environment: dict[str, str]) -> None:
    for redirection in (">&-", "2>&-", ">&- 2>&-"):
        command = f"{sys.executable} -m dealix_lint check {redirection}"
        done = subprocess.run(
            command, shell=True, cwd=shop, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (1, "")


def test_names_that_the_terminal_cannot_show_are_no_error(lint_process: Run, shop: Path) -> None:
    (shop / "app/pay.py").write_text(PAY.replace("charge", "دفع"), encoding="utf-8")
    done = lint_process("check", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 1
    assert "DLX101" in done.stdout


def test_colours_come_on_a_terminal_only_and_as_the_user_wills(
    shop: Path, environment: dict[str, str], lint_process: Run
) -> None:
    terminal = {**environment, "TERM": "xterm-256color"}
    assert COLOUR in _on_terminal(shop, terminal)
    assert COLOUR not in _on_terminal(shop, {**terminal, "NO_COLOR": "1"})
    assert COLOUR not in _on_terminal(shop, {**terminal, "TERM": "dumb"})
    assert COLOUR not in lint_process("check").stdout
    assert COLOUR in lint_process("check", FORCE_COLOR="1").stdout
    assert COLOUR not in lint_process("check", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_terminal_shows_the_same_text_as_a_pipe(shop: Path, environment: dict[str, str], lint_process: Run) -> None:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", _on_terminal(shop, {**environment, "TERM": "xterm-256color"}))
    assert shown.replace("\r\n", "\n") == lint_process("check").stdout


def test_a_bar_is_drawn_while_something_is_computed_and_somebody_watches(
    shop: Path, environment: dict[str, str], lint_process: Run
) -> None:
    terminal = {**environment, "TERM": "xterm-256color"}
    assert "looking up lines" in _on_terminal(shop, terminal, "stderr", "check")
    assert _on_terminal(shop, terminal, "stderr", "check") == ""
    assert _on_terminal(shop, {**terminal, "TERM": "dumb"}, "stderr", "check", "--no-cache") == ""
    assert lint_process("check", "--no-cache", FORCE_COLOR="1").stderr == ""


def test_an_encoding_without_the_lines_of_the_tree_is_no_error(shop: Path, environment: dict[str, str]) -> None:
    latin = {**environment, "TERM": "xterm-256color", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    assert "\\u2514\\u2500" in _on_terminal(shop, latin)


def _on_terminal(folder: Path, environment: dict[str, str], stream: str = "stdout", *arguments: str) -> str:
    """What `dealix-lint` writes to a stream that is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dealix_lint", *(arguments or ("check",))]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
    process = subprocess.Popen(command, cwd=folder, env=environment, **streams)
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:  # Linux: the other end was closed
        pass
    process.communicate()
    os.close(ours)
    return said.decode()


def test_an_interrupt_is_one_line(shop: Path, environment: dict[str, str]) -> None:
    code = (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # whatever the tests were started with
        "from dealix_lint.engine import answers\n"
        "from dealix_lint.faces.cli import main\n"
        "answers.configure = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "import sys; sys.argv = ['dealix-lint', 'check']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shop, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.lstrip()) == (130, "dealix-lint: interrupted\n")


def test_a_defect_of_ours_is_not_mistaken_for_findings(shop: Path, environment: dict[str, str]) -> None:
    code = (
        "from dealix_lint.engine import answers\n"
        "from dealix_lint.faces.cli import main\n"
        "answers.configure = lambda *_: 1 / 0\n"
        "import sys; sys.argv = ['dealix-lint', 'check']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shop, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert "a defect in dealix-lint" in done.stderr
