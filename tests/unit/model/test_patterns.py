"""Patterns over access paths."""

from __future__ import annotations

import pytest

from dealix_lint.model.patterns import PatternIndex, expand, segments


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("requests.post", ("requests", "post")),
        ("httpx.AsyncClient().post", ("httpx", "AsyncClient()", "post")),
        ("boto3.client('ses').send_email", ("boto3", "client('ses')", "send_email")),
        ("boto3.client('a.b', \"c.d\").x", ("boto3", "client('a.b', \"c.d\")", "x")),
        ("os.environ['PAY.URL'].strip", ("os", "environ['PAY.URL']", "strip")),
        ("print", ("print",)),
    ],
)
def test_a_path_is_split_at_dots_outside_quotes_and_brackets(path: str, expected: tuple[str, ...]) -> None:
    assert segments(path) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.b", ("a.b",)),
        ("{a,b}.c", ("a.c", "b.c")),
        ("{,Async}Client", ("Client", "AsyncClient")),
        ("x.{a,b{1,2}}.{c,d}", ("x.a.c", "x.a.d", "x.b1.c", "x.b1.d", "x.b2.c", "x.b2.d")),
    ],
)
def test_braces_stand_for_each_alternative_also_when_nested(pattern: str, expected: tuple[str, ...]) -> None:
    assert expand(pattern) == expected


def test_an_unclosed_brace_is_an_error() -> None:
    with pytest.raises(ValueError, match="closing"):
        expand("a.{b,c")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("a.*.c", "a.b.c", True),
        ("a.*.c", "a.c", False),
        ("a.*.c", "a.b.b.c", False),
        ("a.**.c", "a.c", True),
        ("a.**.c", "a.b().d.c", True),
        ("**.send", "send", True),
        ("a.**", "a", True),
        ("a.**", "a.b.c", True),
        ("a.**", "ab.c", False),
        ("*.send", "x.y.send", False),
        ("boto3.client('ses*').send_*", "boto3.client('sesv2').send_email", True),
        ("boto3.client('ses*').send_*", "boto3.client('sns').send_email", False),
        ("boto3.*.send", "boto3.client('a.b').send", True),
        ("os.environ['*']", "os.environ['X']", True),
        ("a.{b,*d}.e", "a.xd.e", True),
        ("a.***.c", "a.c", True),
        ("a.***.c", "a.b.d.c", True),
        ("a.***.c", "a.b().c", False),
        ("a.***.c", "a.b[].c", False),
        ("a.<write>", "a.create", True),
        ("a.<write>", "a.batch_delete_items", True),
        ("a.<write>", "a.cancelOrder", True),
        ("a.<write>", "a.creates", False),
        ("a.<write>", "a.get", False),
        ("a.<write>", "a.close", False),
        ("a.<read>", "a.list_orders", True),
        ("a.<read>", "a.bulk_retrieve", True),
        ("a.<read>", "a.create", False),
        ("a.{b.<read>,c}", "a.b.search", True),
    ],
)
def test_wildcards(pattern: str, path: str, matches: bool) -> None:
    assert bool(PatternIndex([(pattern, 1)]).find(path)) is matches


def test_the_most_specific_pattern_comes_first() -> None:
    index = PatternIndex(
        [("**", "any"), ("a.**.c", "wide"), ("a.*.c", "narrow"), ("a.b.c", "exact"), ("a.b*.c", "part")]
    )
    assert index.find("a.b.c") == ("exact", "part", "narrow", "wide", "any")


def test_a_verb_by_name_is_more_specific_than_a_class_of_verbs() -> None:
    index = PatternIndex([("a.***.<write>", "class"), ("a.***.pay", "verb"), ("a.b.<write>", "resource")])
    assert index.find("a.b.pay") == ("resource", "verb", "class")


def test_several_values_of_one_pattern_keep_their_order_and_answers_repeat() -> None:
    index = PatternIndex([("a.{b,c}", 1), ("a.b", 2)])
    assert index.find("a.b") == index.find("a.b") == (1, 2)
    assert index.find("a.x") == ()
