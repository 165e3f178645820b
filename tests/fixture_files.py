"""Reads Markdown fixtures: one file holds several cases, each a small project with what is expected of it.

A case starts at a heading of level two or more; its sentence is the name of the test. Inside it,

* a line that is only a path in backticks names the next fenced block: it is a file of the project; a `python` block
  without a name is `main.py`;
* every other fenced block is an expectation, found by the first word of its info string (`edges`, `paths` ...);
* a line `known gap: <reason>` says that the case is expected to fail, and why;
* all other text explains the case to a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"

_HEADING = re.compile(r"##+ +(.+)")
_NAME = re.compile(r"`([^`\s]+)`:?")
_FENCE = re.compile(r"(`{3,})(.*)")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """One file of a case: path relative to the project, text, and the line of the fixture its text starts at."""

    path: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """A fenced block that is no file: first word of its info string, the remaining words, and its lines."""

    kind: str
    options: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FixtureCase:
    """One case: the fixture it stands in, its heading and line, its files and expectations."""

    fixture: Path
    heading: str
    line: int
    files: tuple[ProjectFile, ...]
    expectations: tuple[Expectation, ...]
    known_gap: str = ""

    @property
    def id(self) -> str:
        """A readable test id: `topic/file: sentence`."""
        topic = self.fixture.relative_to(FIXTURES) if self.fixture.is_relative_to(FIXTURES) else self.fixture
        return f"{topic.with_suffix('')}: {self.heading}"

    def expected(self, kind: str) -> tuple[str, ...]:
        """The lines of all blocks of a kind, without blank and comment lines and without trailing comments."""
        lines = (line for block in self.expectations if block.kind == kind for line in block.lines)
        bare = (line.split(" #")[0].strip() for line in lines if not line.startswith("#"))
        return tuple(line for line in bare if line)

    def has_option(self, kind: str, option: str) -> bool:
        """Whether a block of that kind carries that word after it."""
        return any(block.kind == kind and option in block.options for block in self.expectations)

    def write(self, root: Path) -> None:
        """Write the project's files below `root`."""
        for file in self.files:
            path = root / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.text.encode())


def cases_under(folder: Path) -> list[FixtureCase]:
    """All cases of all Markdown files below a folder, in path order."""
    return [case for path in sorted(folder.rglob("*.md")) if path.name != "README.md" for case in read_cases(path)]


def read_cases(path: Path) -> list[FixtureCase]:
    """The cases of one Markdown file, in order; raises `ValueError` for a heading without any file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [index for index, is_code in _outside_code(lines) if not is_code and _HEADING.fullmatch(lines[index])]
    cases = [_case(path, lines, start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    for case in cases:
        if not case.files:
            raise ValueError(f"{path}:{case.line}: the case has no file")
    return cases


def _outside_code(lines: list[str]) -> Iterator[tuple[int, bool]]:
    """Each line's index and whether it belongs to a fenced block."""
    fence = ""
    for index, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        yield index, bool(fence or match)
        if match and not fence:
            fence = match[1]
        elif line == fence:
            fence = ""


def _case(path: Path, lines: list[str], start: int, end: int) -> FixtureCase:
    heading = _HEADING.fullmatch(lines[start])
    assert heading is not None
    files: list[ProjectFile] = []
    expectations: list[Expectation] = []
    name, index, gap = "", start + 1, ""
    while index < end:
        fence = _FENCE.fullmatch(lines[index])
        if fence:
            close = lines.index(fence[1], index + 1, end)
            body = lines[index + 1 : close]
            words = fence[2].split()
            if name or words[:1] == ["python"]:
                files.append(ProjectFile(name or "main.py", "\n".join([*body, ""]), index + 2))
            elif words:
                expectations.append(Expectation(words[0], tuple(words[1:]), tuple(body)))
            name, index = "", close
        elif match := _NAME.fullmatch(lines[index].strip()):
            name = match[1]
        elif lines[index].startswith("known gap: "):
            gap = lines[index].removeprefix("known gap: ").strip()
        index += 1
    return FixtureCase(path, heading[1].strip(), start + 1, tuple(files), tuple(expectations), gap)
