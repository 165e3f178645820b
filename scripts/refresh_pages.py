"""Runs the commands on the documentation pages and writes what they print now below them.

`python scripts/refresh_pages.py [PAGE ...]`. Output that a page shortens with `...` is not replaced: it is printed, to be
shortened by hand. What a command now prints wrongly is not to be written down: read the difference before committing."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.meta.pages import SKIPPED, Command, PageFile, agrees, all_pages, read_page  # noqa: E402
from tests.meta.sessions import run, start_session, write  # noqa: E402


def refresh(path: Path) -> None:
    """Run a page's commands and replace the outputs that differ."""
    page = read_page(path)
    stale: list[tuple[Command, list[str]]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder, environment = start_session(page, Path(scratch))
        for step in page.steps:
            if isinstance(step, PageFile):
                write(step, folder)
                continue
            status, printed = run(step, folder, environment)
            if status not in step.statuses:
                print(f"{path.name}:{step.line}: ended with {status}: $ {step.text}")
            if not agrees(step.output, printed):
                stale.append((step, printed))
    lines = path.read_text(encoding="utf-8").splitlines()
    for command, printed in reversed(stale):
        if SKIPPED in command.output:
            print(f"{path.name}:{command.line}: shorten by hand: $ {command.text}", *printed, sep="\n")
        else:
            lines[command.line : _end(lines, command.line)] = printed
            print(f"{path.name}:{command.line}: refreshed: $ {command.text}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _end(lines: list[str], start: int) -> int:
    """The line after the output that begins at `start`."""
    return next(n for n in range(start, len(lines)) if lines[n].startswith(("$ ", "```")))


if __name__ == "__main__":
    for name in [Path(argument).resolve() for argument in sys.argv[1:]] or all_pages():
        refresh(name)
