"""The records that libcst's parser makes in place of its nodes."""

from __future__ import annotations

from dataclasses import fields

import libcst
import pytest

from dealix_lint.summarize import summarize, tree
from dealix_lint.summarize.module import build

SOURCE = b"""\
# first
@d(1, *a, k='x')
async def f(a, /, b=1, *c, d: int = 2, **e) -> "R":
    async with a as b, c: yield (await b)[1:2, ...]
    return lambda *x: {**x, 1: [y for y in x if y]}  # last

class C(B, metaclass=M):
    x: int = 0; y = 'a' 'b' f"{x!r:>{y}}"
match a:
    case C(x=1) | {"k": [1, *_], **rest} if not b: pass
try: pass
except* (A, B) as e: raise E from None
else:
\tx += 1 if a < b else -2
"""


def test_records_print_the_source_they_were_made_of():
    assert tree.parse_module_bytes(SOURCE, is_whole=True).bytes == SOURCE == libcst.parse_module(SOURCE).bytes


def test_records_are_equal_in_every_field_to_nodes():
    pairs = [(tree.parse_module_bytes(SOURCE, is_whole=True), libcst.parse_module(SOURCE))]
    compared = 0
    while pairs:
        record, node = pairs.pop()
        assert record.__class__ is type(node)
        assert isinstance(record, type(node))
        for name in (field.name for field in fields(node)):
            ours, theirs = getattr(record, name), getattr(node, name)
            if isinstance(theirs, libcst.CSTNode):
                pairs.append((ours, theirs))
            elif isinstance(theirs, (list, tuple)):
                assert len(ours) == len(theirs)
                pairs += zip(ours, theirs, strict=True)
            else:
                assert ours == theirs, (type(node), name)
        compared += 1
    assert compared > 250


def test_libcst_makes_its_own_nodes_for_everybody_else():
    before = dict(vars(libcst))
    summarize(SOURCE)
    summarize(b"def broken(:")
    assert dict(vars(libcst)) == before
    assert type(libcst.parse_module("x")) is libcst.Module


@pytest.mark.parametrize("is_whole", [True, False])
def test_bytes_beside_text_are_refused_as_by_libcst(is_whole):
    with pytest.raises(libcst.CSTValidationError):
        tree.parse_module_bytes(b"x = 'a' b'b'", is_whole=is_whole)


def test_white_space_and_punctuation_have_no_part_in_a_summary():
    code = [
        [
            scope.finish()
            for scope in build(tree.parse_module_bytes(SOURCE, is_whole=is_whole), SOURCE, keeps_nodes=False)
        ]
        for is_whole in (True, False)
    ]
    assert code[0] == code[1]
