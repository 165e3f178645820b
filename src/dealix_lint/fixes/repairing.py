"""Makes the changes of one file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_OF_ANY_TEXT = re.compile(r"str|(?:\w+\.)?(?:ClassVar|Final)(?:\[str\])?")
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
        found = list(file.edits(located))
        if found:
            edits[located] = found
    made = tuple(edits)
    if not _parses(_edited(file, edits, made)):
        made = ()
        for located in edits:
            made = (*made, located) if _parses(_edited(file, edits, (*made, located))) else made
    return Repaired(_edited(file, edits, made), made)


def _edited(file: _File, edits: Mapping[Located, list[Edit]], made: Iterable[Located]) -> bytes:
    return file.source.edited(edit for located in made for edit in edits[located])


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
        """Lines below the statement that a class attribute is assigned in; a `None` that one has is replaced."""
        body = self._tree.around(cst.ClassDef, place)
        statement = self._tree.around(cst.AnnAssign, place) or self._tree.around(cst.Assign, place)
        if body is None or statement is None:
            return
        absent = {name: value for name, value in _assigned(body) if _is_none(value)}
        annotation = self._annotation(statement, is_decorated=bool(body.decorators))
        lines = []
        for name, value in wanted.attributes:
            if name in absent:
                yield Edit(*self._tree.span(absent[name]), value)
            else:
                lines.append(f"{name}{annotation} = {value}")
        start, end = self._tree.span(statement)
        line_end, indent = self.source.line_end(end), self.source.indent(start)
        if isinstance(body.body, cst.SimpleStatementSuite):
            yield Edit(end, end, "".join(f"; {text}" for text in lines))
        elif lines:
            yield Edit(line_end, line_end, "".join(f"{self.source.newline}{indent}{text}" for text in lines))

    def _annotation(self, statement: cst.Assign | cst.AnnAssign, *, is_decorated: bool) -> str:
        """What to annotate further attributes with: some base classes ask for it where others are annotated, and some
        decorators would take an annotated one for a field."""
        if not isinstance(statement, cst.AnnAssign) or is_decorated:
            return ""
        start, end = self._tree.span(statement.annotation.annotation)
        written = self.source.text[start:end]
        return f": {written}" if _OF_ANY_TEXT.fullmatch(written) else ": str"

    def _decorate(self, place: Range, wanted: Decorate) -> Iterator[Edit]:
        """A line above the `def`, below the decorators that it has."""
        function = self._tree.around(cst.FunctionDef, place)
        if function is None:
            return
        start = self.source.line_start(self._tree.span(function.asynchronous or function.name)[0])
        name, imports = import_name(self._tree, wanted.module, wanted.name, start)
        yield from imports
        keywords = ", ".join(f"{keyword}={value}" for keyword, value in wanted.keywords)
        indent, newline = self.source.indent(start), self.source.newline
        line = f"{indent}@{name}({keywords})"
        if len(line) > LONGEST_LINE:
            line = f"{indent}@{name}({newline}{indent}    {keywords}{newline}{indent})"
        yield Edit(start, start, f"{line}{newline}")


def _assigned(owner: cst.ClassDef) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Names that the body of a class assigns, with what is assigned."""
    for line in owner.body.body:
        for part in line.body if isinstance(line, cst.SimpleStatementLine) else (line,):
            if not isinstance(part, cst.Assign | cst.AnnAssign) or part.value is None:
                continue
            targets = [each.target for each in part.targets] if isinstance(part, cst.Assign) else [part.target]
            yield from ((target.value, part.value) for target in targets if isinstance(target, cst.Name))


def _is_none(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value == "None"


def _parses(data: bytes) -> bool:
    try:
        cst.parse_module(data)
    except (cst.ParserSyntaxError, cst.CSTValidationError, ValueError, SyntaxError, RecursionError):
        return False
    return True
