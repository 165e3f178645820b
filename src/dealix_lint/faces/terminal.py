"""Printing: coloured on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from dealix_lint.engine.output import Line, plain
from dealix_lint.engine.request import Progress, silent
from dealix_lint.model.errors import SourceError

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_COLOURS: Final = {
    "path": "bold",
    "code": "bold red",
    "error": "red",
    "warning": "yellow",
    "note": "cyan",
    "dim": "dim",
    "strong": "bold",
    "mechanism": "magenta",
    "ok": "green",
}


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody is watching a stream."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def is_colourful(stream: TextIO) -> bool:
    """Whether what is written to a stream is coloured: https://no-color.org and https://force-color.org, else on a
    terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def write(lines: Iterable[Line], output: Path | None) -> None:
    """Print lines, or write them to a file. Raises SourceError when the file cannot be written."""
    if output is not None:
        save(plain(lines), output)
        return
    if isinstance(sys.stdout, TextIOWrapper):  # names may hold characters that the terminal's encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    if is_colourful(sys.stdout):
        _write_coloured(lines)
    else:
        sys.stdout.write(plain(lines))


def save(text: str, file: Path) -> None:
    """Write a file. Raises SourceError where that cannot be done."""
    try:
        file.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise SourceError(f"{file}: cannot be written: {error.strerror}; name another file") from error


def replace(file: Path, data: bytes, name: str) -> None:
    """Give a file other content in one step; its permissions stay. Raises SourceError, which calls it `name`, where that
    cannot be done."""
    target = file.resolve()
    if not os.access(target, os.W_OK):  # its folder may let it be replaced all the same
        raise SourceError(f"{name}: cannot be changed: it is read-only; check its permissions")
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            shutil.copymode(target, draft)
            os.replace(draft, target)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise SourceError(f"{name}: cannot be changed: {error.strerror}; check its permissions") from error


def note(text: str) -> None:
    """Tell the user something that is not part of the answer."""
    print(f"dealix-lint: {text}", file=sys.stderr)


@contextmanager
def watching() -> Iterator[Progress]:
    """A progress to hand to the engine: a bar on standard error while that is a terminal, from the first thing there
    is to tell; nothing otherwise."""
    if not is_terminal(sys.stderr):
        yield silent
        return
    with ExitStack() as stack:
        bars: list[tuple[Bar, TaskID]] = []

        def show(stage: str, done: int, total: int) -> None:
            if not bars:
                bars.append(_start_bar(stack))
            bar, task = bars[0]
            bar.update(task, description=stage, completed=done, total=total or None)

        yield show


def _start_bar(stack: ExitStack) -> tuple[Bar, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    return bar, bar.add_task("starting", total=None)


def _write_coloured(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True, force_terminal=True)
    for parts in lines:
        console.print(Text.assemble(*((text, _COLOURS.get(style, "")) for style, text in parts)))
