"""Names compared by their words."""

from __future__ import annotations

import pytest

from dealix_lint.facts.names import Phrases, Spellings, snake

IDS = Spellings(["correlation_id", "trace_id", "request_id", "traceparent"])


@pytest.mark.parametrize(
    "name",
    [
        "correlation_id",
        "correlationId",
        "X-Correlation-ID",
        "x_request_id",
        "HTTP_X_REQUEST_ID",
        "get_correlation_id",
        "request_id_var",
        "traceparent",
        "TraceId",
        "correlationid",
    ],
)
def test_an_id_is_known_in_every_spelling(name: str) -> None:
    assert IDS.have(name)


@pytest.mark.parametrize(
    "name", ["payment_request_id", "event_id", "idempotency_key", "request", "id", "correlation", ""]
)
def test_other_ids_are_not_correlation_ids(name: str) -> None:
    assert not IDS.have(name)


def test_phrases_are_found_as_whole_words() -> None:
    audit = Phrases(["audit", "send_log"])
    assert audit.are_in("record_audit_event")
    assert audit.are_in("SendLogWriter")
    assert not audit.are_in("auditorium")
    assert not audit.are_in("resend_logic")
    assert not audit.are_in("log_send")


def test_phrases_may_have_to_stand_at_the_end() -> None:
    endings = Phrases(["event", "log"])
    assert endings.end("PaymentEvent")
    assert endings.end("call_log")
    assert not endings.end("EventBus")


def test_camel_case_becomes_snake_case() -> None:
    assert snake("approvalClass") == snake("APPROVAL_CLASS") == snake("ApprovalClass") == "approval_class"
    assert snake("HTTPHeader") == "http_header"
