"""Reads a documentation page as a session: files to write and commands to run, in the order they stand there.

* A line that is only a path in backticks names the next fenced block: the file is written before what follows.
* A `console` block holds commands, each after `$ `, and what they print. A line `...` stands for any number of lines.
  The exit status has to be 0 or 1 (findings), or what the info string says: `console status=2`.
* An `sh` block holds commands that no test can run; `NOT_RUN` in `test_pages.py` says why, command by command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = "..."

_FENCE = re.compile(r"(`{3,})(.*)")
_NAME = re.compile(r"`([^`\s]+)`:?")
_STATUS = re.compile(r"status=(\d)")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that the page asks its reader to write."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the lines it prints, the exit statuses it may end with, and its line on the page."""

    text: str
    output: tuple[str, ...]
    statuses: tuple[int, ...]
    line: int


Step: TypeAlias = PageFile | Command


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its steps in order, and the commands it names without showing them run."""

    path: Path
    steps: tuple[Step, ...]
    named: tuple[str, ...]


def all_pages() -> list[Path]:
    """Every page a reader may land on, generated ones included."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def read_page(path: Path) -> Page:
    """The session of one page."""
    lines = path.read_text(encoding="utf-8").splitlines()
    steps: list[Step] = []
    named: list[str] = []
    title, index = "", 0
    while index < len(lines):
        fence = _FENCE.fullmatch(lines[index])
        if fence:
            close = lines.index(fence[1], index + 1)
            body = lines[index + 1 : close]
            language, *options = fence[2].split() or [""]
            if language == "console":
                steps.extend(_commands(body, " ".join(options), index + 2))
            elif language == "sh":
                named.extend(line for line in body if line and not line.startswith("#"))
            elif title:
                steps.append(PageFile(title, "\n".join([*body, ""])))
            title, index = "", close
        elif lines[index].strip():
            match = _NAME.fullmatch(lines[index].strip())
            title = match[1] if match else ""
        index += 1
    return Page(path, tuple(steps), tuple(named))


def _commands(body: list[str], options: str, first_line: int) -> list[Command]:
    starts = [index for index, line in enumerate(body) if line.startswith("$ ")]
    status = _STATUS.search(options)
    statuses = (int(status[1]),) if status else (0, 1)
    return [
        Command(body[start][2:], tuple(_without_blank_end(body[start + 1 : end])), statuses, first_line + start)
        for start, end in zip(starts, [*starts[1:], len(body)], strict=True)
    ]


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def agrees(expected: tuple[str, ...], printed: list[str]) -> bool:
    """Whether the printed lines are the expected ones, `...` standing for any number of lines."""
    if not expected:
        return not printed
    if expected[0] == SKIPPED:
        return any(agrees(expected[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and printed[0].rstrip() == expected[0].rstrip() and agrees(expected[1:], printed[1:])
