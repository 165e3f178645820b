"""Summaries are stored and come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealix_lint
from dealix_lint.summarize import decode, encode, summarize

_OWN_FILES = sorted(Path(dealix_lint.__file__).parent.rglob("*.py"))

_EVERYTHING = """
from a import *
@d(1, k=2, **e)
class C(B, *more, metaclass=M):
    x: Annotated[int, f("S3")] = 1.5
    def m(self, a, /, b: "list[T]" = 1, *c, d=None, **e) -> Literal["x", 1, True]:
        nonlocal_ = {**a, "k": [1, *b], (1, 2): {3}}
        self.x[1:2], y = f"{a}b{c!r}", not a < b
        del self.x, y[0]
        return {k: v for k, v in e.items() if v} or (yield)
"""


@pytest.mark.parametrize("path", _OWN_FILES[::4], ids=lambda path: path.name)
def test_a_summary_is_read_back_equal(path: Path) -> None:
    summary = summarize(path.read_bytes())
    assert summary.problem is None
    assert decode(encode(summary)) == summary
    assert hash(decode(encode(summary))) == hash(summary)


@pytest.mark.parametrize("source", [_EVERYTHING, "x = (", "x = '\\ud83d\\ude00' '\\ud800'\n"])
def test_every_kind_of_instruction_is_read_back_equal(source: str) -> None:
    summary = summarize(source.encode())
    assert decode(encode(summary)) == summary


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"[2,[],[]]",
        b"[1,[],null]",
        b"[2,[[]],null]",
        b"[2,5,null]",
        b"\xff",
        b"[" * 100_000,
        b"null",
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(data)
