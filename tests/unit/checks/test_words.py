"""How findings name effects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dealix_lint.checks.words import Words
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import HIGH, Place

WORDS = Words({"stripe": "Stripe"})


@pytest.mark.parametrize(
    ("kind", "provider", "operation", "expected"),
    [
        ("payment", "stripe", "payment_intent.create", "Stripe payment (payment_intent.create)"),
        ("external_write", "stripe", "post /v1/radar/{}", "Stripe write (POST /v1/radar/{})"),
        ("payment", "stripe", "request /", "Stripe payment (method unknown)"),
        ("payment", "stripe", "request /v1/{}", "Stripe payment (/v1/{}, method unknown)"),
        ("messaging", "slack", "post /{}", "Slack message (POST, path unknown)"),
        ("messaging", "slack", "request /{}/{}", "Slack message (method and path unknown)"),
        ("messaging", "slack", "post /v1/{}", "Slack message (POST /v1/{})"),
        ("external_write", "house_engine", "", "House Engine write"),
        ("external_write", "hooks.example.com", "put /orders", "Write to hooks.example.com (PUT /orders)"),
        ("messaging", "unknown", "post /", "Message to an unknown host (POST)"),
    ],
)
def test_an_effect_is_named_as_people_would(kind: str, provider: str, operation: str, expected: str) -> None:
    effect = Effect(Place(0, 0, 0), "app.f", (0,), kind, provider, operation, HIGH, "", "R1", "S1")
    assert WORDS.effect(effect) == expected


def test_services_that_a_request_may_go_to_are_all_named() -> None:
    bank = Effect(
        Place(0, 0, 0), "app.f", (0,), "external_write", "api.bank.example", "post /pay", HIGH, "", "R1", "S1"
    )
    card = replace(bank, kind="payment", provider="stripe", operation="charge.create")

    assert (
        WORDS.effect(replace(bank, others=("test.bank.example",)))
        == "Write to api.bank.example or test.bank.example (POST /pay)"
    )
    assert WORDS.effect(replace(card, others=("house_pay",))) == "Stripe or House Pay payment (charge.create)"


def test_of_handlers_that_share_a_start_the_one_on_the_path_is_named() -> None:
    routes = ("GET /show Show", "POST /place Place", "POST /undo Undo")
    known = tuple((route, route.rpartition(" ")[2]) for route in routes)
    entry = EntryPoint("web:app.Handler.process", "app.Handler.process", "web", ", ".join(routes), (0,), details=known)

    assert WORDS.start(entry, ["Mixin", "Place"]) == "web POST /place Place"
    assert WORDS.start(entry, ["Handler"]) == "web GET /show Show (or 2 others that run the same function)"
    two = replace(entry, details=known[:2], detail="GET /show Show, POST /place Place")
    assert WORDS.start(two) == "web GET /show Show or POST /place Place"
    pay = replace(
        two, mechanism="cli", detail="command pay or refund", details=(("command pay", ""), ("command refund", ""))
    )
    assert WORDS.start(pay) == "command line command pay or refund"


@pytest.mark.parametrize(
    ("mechanism", "detail", "expected"),
    [
        ("langgraph", "node plan", "LangGraph node plan"),
        ("langgraph", "tool refund", "agent tool refund"),
        ("langgraph", "step Orders.receive", "agent step Orders.receive"),
        ("celery", "task app.send", "Celery task app.send"),
        ("celery", "job send", "queue job send"),
        ("web", "command join", "chat command join"),
        ("web", "Slack /refund", "Slack /refund"),
        ("web", "POST /orders", "web POST /orders"),
    ],
)
def test_a_start_is_said_to_be_of_what_runs_it(mechanism: str, detail: str, expected: str) -> None:
    assert WORDS.start(EntryPoint("id", "app.f", mechanism, detail, (0,))) == expected
