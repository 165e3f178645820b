"""The flake8 extension `DLX`: findings of the whole program, those in the file that flake8 looks at.

The program is computed once for all flake8 workers, in a process of its own; see `engine.once`. Here nothing heavy is
imported, nothing is raised, and nothing outside the file is reported."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from types import TracebackType
from typing import Final, TypeAlias

from dealix_lint import __version__

Problem: TypeAlias = tuple[int, int, str, type]

_LOG: Final = logging.getLogger("flake8.dealix_lint")


class WholeProgram:
    """One file as flake8 hands it: its tree (unused: the program is read from its files), name, and lines."""

    name = "dealix-lint"
    version = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self._filename = filename
        self._lines = lines

    def run(self) -> Iterator[Problem]:
        """The findings in this file: line, column from 0, text, and this class."""
        found: list[tuple[int, int, str]] = []
        with _Boundary(self._filename):
            from dealix_lint.faces.flake8_program import findings_in

            found.extend(findings_in(self._filename, "".join(self._lines)))
        for line, column, text in found:
            yield line, column, text, type(self)


class _Boundary:
    """flake8 stops at an extension that raises, and the user loses what all others found; ours says so in the log."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or not isinstance(error, Exception):
            return False
        _LOG.warning("%s: no findings of dealix-lint: %s: %s", self._filename, type(error).__name__, error)
        return True
