"""Further keyword arguments in a call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from dealix_lint.fixes.text import Edit, SourceText
from dealix_lint.fixes.tree import SourceTree
from dealix_lint.model.repairs import Keywords


def add_keywords(tree: SourceTree, call: cst.Call, keywords: Keywords) -> Iterator[Edit]:
    """Put them after the last argument, on lines of their own where that has one; a `None` that is given is replaced.
    Nothing where the call cannot take any more, or has them already."""
    given = {argument.keyword.value: argument.value for argument in call.args if argument.keyword is not None}
    for name, value in keywords:
        present = given.get(name)
        if isinstance(present, cst.Name) and present.value == "None":
            yield Edit(*tree.span(present), value)
    new = [f"{name}={value}" for name, value in keywords if name not in given]
    if not new:
        return
    if not call.args:
        end = tree.span(call)[1] - 1
        yield Edit(end, end, ", ".join(new))
        return
    last = call.args[-1]
    start, end = tree.span(last)
    if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
        yield Edit(start, start, "(")
        yield Edit(end, end, ")")
    if _stands_alone(tree.source, start, end, tree.span(call)[1]):
        yield from _lines(tree.source, start, end, new, has_comma=isinstance(last.comma, cst.Comma))
    else:
        yield Edit(end, end, "".join(f", {text}" for text in new))


def _stands_alone(source: SourceText, start: int, end: int, closing: int) -> bool:
    """Whether an argument has its line, and the bracket that closes the call another one."""
    is_first = not source.text[source.line_start(start) : start].strip()
    return is_first and source.line_start(closing - 1) > source.line_start(end)


def _lines(source: SourceText, start: int, end: int, new: list[str], *, has_comma: bool) -> Iterator[Edit]:
    comma = source.text.index(",", end) + 1 if has_comma else end
    if not has_comma:
        yield Edit(end, end, ",")
    line_end = source.line_end(comma)
    rest = source.text[comma:line_end].strip()
    where = line_end if not rest or rest.startswith("#") else comma
    yield Edit(where, where, "".join(f"{source.newline}{source.indent(start)}{text}," for text in new))
