"""Makes the changes of one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from dealix_lint.fixes.comments import drop_codes
from dealix_lint.fixes.imports import import_name
from dealix_lint.fixes.keywords import add_keywords
from dealix_lint.fixes.text import Edit, SourceText
from dealix_lint.fixes.tree import Range, SourceTree
from dealix_lint.model.repairs import AddAttributes, AddKeywords, Decorate, DropCodes, Repair

LONGEST_LINE = 88
NOWHERE: Range = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Located:
    """A repair, and where its place is: line, column, end line, end column (1-based, the end exclusive)."""

    repair: Repair
    place: Range = NOWHERE


@dataclass(frozen=True, slots=True)
class Repaired:
    """The file after its repairs, and those that were made."""

    data: bytes
    made: tuple[Located, ...]


def repair(data: bytes, repairs: Sequence[Located]) -> Repaired:
    """Make the repairs of a file; one that does not fit the code, or that would break it, is left out."""
    file = _File(data)
    edits: dict[Located, list[Edit]] = {}
    for located in dict.fromkeys(repairs):
        try:
            found = list(file.edits(located))
        except ValueError:
            continue
        if found:
            edits[located] = found
    changed = file.source.edited(edit for found in edits.values() for edit in found)
    if _parses(changed):
        return Repaired(changed, tuple(edits))
    return Repaired(data, ())


class _File:
    """One file, parsed when a repair needs it."""

    def __init__(self, data: bytes) -> None:
        self.source = SourceText(data)

    @cached_property
    def _tree(self) -> SourceTree:
        return SourceTree(self.source)

    def edits(self, located: Located) -> Iterator[Edit]:
        """The changes of one repair; none where it does not fit."""
        wanted = located.repair
        if isinstance(wanted, DropCodes):
            edit = drop_codes(self.source, wanted)
            if edit is not None:
                yield edit
        elif isinstance(wanted, AddKeywords):
            call = self._tree.at(cst.Call, located.place)
            if call is not None:
                yield from add_keywords(self._tree, call, wanted.keywords)
        elif isinstance(wanted, AddAttributes):
            yield from self._add_attributes(located.place, wanted)
        else:
            yield from self._decorate(located.place, wanted)

    def _add_attributes(self, place: Range, wanted: AddAttributes) -> Iterator[Edit]:
        """Lines below the statement that a class attribute is assigned in."""
        statement = self._tree.around(cst.SimpleStatementLine, place)
        if statement is not None:
            start, end = self._tree.span(statement)
            line_end, indent = self.source.line_end(end), self.source.indent(start)
            lines = (f"{self.source.newline}{indent}{name} = {value}" for name, value in wanted.attributes)
            yield Edit(line_end, line_end, "".join(lines))

    def _decorate(self, place: Range, wanted: Decorate) -> Iterator[Edit]:
        """A line above the `def`, below the decorators that it has."""
        function = self._tree.around(cst.FunctionDef, place)
        if function is None:
            return
        start = self.source.line_start(self._tree.span(function.asynchronous or function.name)[0])
        name, imports = import_name(self._tree, wanted.module, wanted.name)
        yield from imports
        keywords = ", ".join(f"{keyword}={value}" for keyword, value in wanted.keywords)
        indent, newline = self.source.indent(start), self.source.newline
        line = f"{indent}@{name}({keywords})"
        if len(line) > LONGEST_LINE:
            line = f"{indent}@{name}({newline}{indent}    {keywords}{newline}{indent})"
        yield Edit(start, start, f"{line}{newline}")


def _parses(data: bytes) -> bool:
    try:
        cst.parse_module(data)
    except (cst.ParserSyntaxError, cst.CSTValidationError, ValueError, SyntaxError, RecursionError):
        return False
    return True
