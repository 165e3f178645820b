"""Findings of one call that does several things."""

from __future__ import annotations

import pytest

from dealix_lint.findings.sites import one_per_site
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding
from dealix_lint.model.graph import HIGH, LOW, MEDIUM, Place

SITE = Place(0, 1, 2)


def reached_from(*starts: frozenset[str]) -> str:
    """What is said behind the message of the first operation, of the starts of each."""
    effects = [Effect(SITE, "app.send", (0,), "payment", "strike", "post", HIGH, "", "R3", "S1") for _ in starts]
    raw = [
        RawFinding("DLX101", "Payment", SITE, "app.py", "app.send", "error", HIGH, n, len(found), starts=found)
        for n, found in enumerate(starts)
    ]
    (joined,) = one_per_site(raw, effects)
    assert joined.entry_points == len(frozenset[str]().union(*starts))
    return joined.message.removeprefix("Payment ")


def test_starts_of_the_other_operations_alone_are_counted_with_those_of_the_first() -> None:
    assert reached_from(frozenset("ab"), frozenset("a")) == "(and 1 more operation of this call)"
    assert reached_from(frozenset("ab"), frozenset("bc"), frozenset("ade")) == (
        "(and 2 more operations of this call; together they are reached from 5 entry points)"
    )
    assert reached_from(frozenset("ab"), frozenset("bc")) == (
        "(and 1 more operation of this call; together they are reached from 3 entry points)"
    )


def test_what_other_starts_alone_do_is_told_apart() -> None:
    assert (
        reached_from(frozenset("ab"), frozenset("c")) == "(and from 1 other entry point 1 more operation of this call)"
    )
    assert reached_from(frozenset("ab"), frozenset("bc"), frozenset("de"), frozenset("d")) == (
        "(and 1 more operation of this call; together they are reached from 3 entry points; "
        "and from 2 other entry points 2 more operations of this call)"
    )


def test_the_other_operations_are_named_where_they_are_few() -> None:
    assert named("order.create", "post /orders", "post /orders") == "POST /orders"
    assert named("order.create", "order.create") == ""
    assert named("order.create", "a.create", "b.create", "c.create", "d.create") == ""


def named(*operations: str) -> str:
    """What is said of the operations behind the first."""
    effects = [
        Effect(SITE, "app.send", (n,), "payment", "x", o, HIGH, "", "R3", "S1") for n, o in enumerate(operations)
    ]
    raw = [RawFinding("DLX101", "", SITE, "app.py", "app.send", "error", HIGH, n, 1) for n in range(len(effects))]
    (joined,) = one_per_site(raw, effects)
    return joined.message.partition("of this call")[2].removeprefix(": ").removesuffix(")")


def led_by(*operations: tuple[str, int, str]) -> str:
    """The operation that leads, of (operation, confidence, floor)."""
    effects = [
        Effect(SITE, "app.send", (node,), "payment", "strike", operation, confidence, "", floor, "S1")
        for node, (operation, confidence, floor) in enumerate(operations)
    ]
    raw = [
        RawFinding("DLX101", f"{found.operation}", SITE, "app.py", "app.send", "error", found.confidence, number, 1)
        for number, found in enumerate(effects)
    ]
    (joined,) = one_per_site(raw, effects)
    assert f"(and {len(operations) - 1} more operation{'s' * (len(operations) > 2)} of this call" in joined.message
    return joined.message.partition(" (and ")[0]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ((("post /quotes", HIGH, "R1"), ("quote.execute", MEDIUM, "R3")), "quote.execute"),
        ((("post /", MEDIUM, "R1"), ("post /issues", MEDIUM, "R1")), "post /issues"),
        ((("request /issues", HIGH, "R1"), ("post /issues", MEDIUM, "R1")), "post /issues"),
        ((("post /notes", MEDIUM, "R1"), ("post /issues", HIGH, "R1"), ("post /x", MEDIUM, "R1")), "post /issues"),
        ((("post /issues", MEDIUM, "R1"), ("quote.execute", LOW, "R3")), "post /issues"),
        ((("post /issues", HIGH, "R1"), ("post /notes", HIGH, "R1")), "post /issues"),
    ],
)
def test_the_gravest_operation_that_is_shown_leads(operations: tuple[tuple[str, int, str], ...], expected: str) -> None:
    assert led_by(*operations) == expected
