"""Suppression comments are read where they are comments, as flake8 reads them."""

from __future__ import annotations

import pytest

from dealix_lint.findings.directives import Directive, read_directives


def only(source: str) -> Directive:
    (directive,) = read_directives(source.encode())
    return directive


def test_codes_and_reason_of_our_own_comment() -> None:
    directive = only("a = 1\nsend()  # dealix: ignore[DLX101, dlx204] -- approved by legal\n")
    assert directive.codes == ("DLX101", "DLX204")
    assert directive.reason == "approved by legal"
    assert (directive.line, directive.column, directive.is_noqa) == (2, 9, False)


@pytest.mark.parametrize(
    ("comment", "codes", "reason"),
    [
        ("# noqa", (), ""),
        ("# NOQA: DLX101", ("DLX101",), ""),
        ("# noqa:DLX101,E501 -- why", ("DLX101", "E501"), "why"),
        ("# noqa: DLX1, DLX204 -- because it is", ("DLX1", "DLX204"), "because it is"),
        ("# type: ignore # noqa: DLX101", ("DLX101",), ""),
        ("# noqa: not a code", (), ""),
        ("# noqa -- generated", (), "generated"),
    ],
)
def test_flake8_comments(comment: str, codes: tuple[str, ...], reason: str) -> None:
    directive = only(f"send()  {comment}\n")
    assert (directive.codes, directive.reason, directive.is_noqa) == (codes, reason, True)


def test_a_comment_inside_a_string_is_none() -> None:
    assert read_directives(b'x = "# noqa: DLX101"\ny = """\n# dealix: ignore[DLX101]\n"""\n') == ()


def test_a_comment_covers_its_line_and_not_the_other_lines_of_a_call() -> None:
    directive = only("send(\n    a,  # dealix: ignore[DLX101] -- x\n    b,\n)\n")
    assert [directive.covers(line) for line in (1, 2, 3, 4)] == [False, True, False, False]


def test_a_comment_after_a_string_over_several_lines_covers_them() -> None:
    directive = only('send("""\n  text\n""")  # noqa: DLX101 -- x\nother()\n')
    assert [directive.covers(line) for line in (1, 2, 3, 4)] == [True, True, True, False]


def test_other_comments_are_none_of_ours() -> None:
    assert read_directives(b"x = 1  # dealix is great, no QA needed\n") == ()


@pytest.mark.parametrize(
    "data", [b"\xff# noqa", b"x = '''# noqa", b"# coding: nonsense\n# noqa\n", b"  x\n y # noqa\n"]
)
def test_what_cannot_be_tokenised_has_no_comments_from_there_on(data: bytes) -> None:
    assert len(read_directives(data)) <= 1


def test_windows_line_ends_and_byte_order_marks_do_not_matter() -> None:
    (directive,) = read_directives(b"\xef\xbb\xbfa = 1\r\nb()  # noqa: DLX101 -- why\r\n")
    assert (directive.line, directive.reason) == (2, "why")
