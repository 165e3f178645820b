"""Printing: coloured on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from dealix_lint.engine.output import Line, plain
from dealix_lint.engine.request import Progress, silent
from dealix_lint.model.errors import SourceError

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


def is_colourful(stream: TextIO) -> bool:
    """Whether a stream is a terminal that should be coloured (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(lines: Iterable[Line], output: Path | None) -> None:
    """Print lines, or write them to a file. Raises SourceError when the file cannot be written."""
    if output is not None:
        try:
            output.write_text(plain(lines), encoding="utf-8")
        except OSError as error:
            raise SourceError(f"{output}: cannot be written: {error.strerror}") from error
    elif is_colourful(sys.stdout):
        _write_coloured(lines)
    else:
        _write_plain(plain(lines))


def note(text: str) -> None:
    """Tell the user something that is not part of the answer."""
    print(f"dealix-lint: {text}", file=sys.stderr)


@contextmanager
def watching() -> Iterator[Progress]:
    """A progress to hand to the engine: a bar while standard error is a terminal, nothing otherwise."""
    if not is_colourful(sys.stderr):
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total or None)

        yield show


def _write_plain(text: str) -> None:
    """Names in the code analysed may hold characters that the terminal's encoding lacks."""
    sys.stdout.flush()
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _write_coloured(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for parts in lines:
        console.print(Text.assemble(*((text, _COLOURS.get(style, "")) for style, text in parts)))
