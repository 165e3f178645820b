"""The application as it was written: it works, which is why nobody notices what is missing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from replay import replay
from temporalio.testing import ActivityEnvironment

CORRELATION_HEADER = "X-Correlation-ID"
TOOL_CALL = {"tool": "send_contract", "arguments": {"title": "Pumps", "signer": "a@example.org"}}


def test_an_approved_charge_reaches_stripe_with_its_correlation_id_and_leaves_a_record(
    web: TestClient, world: Any, audited: Any
) -> None:
    answer = web.post("/v1/billing/invoices/1/charge", json={"approved_by": "cfo"})

    assert answer.json() == {"reference": "pi_1"}
    (request,) = world.sent("POST", "/payment_intents")
    assert "metadata[correlation_id]=corr-1" in request.content.decode().replace("%5B", "[").replace("%5D", "]")
    assert audited() == [("charge_invoice", "corr-1")]


def test_a_charge_nobody_approved_is_refused(web: TestClient, world: Any) -> None:
    assert web.post("/v1/billing/invoices/1/charge", json={}).status_code == 403
    assert world.requests == []


def test_the_nightly_run_charges_without_a_record(world: Any, audited: Any) -> None:
    from app.workers.billing import collect_overdue

    assert collect_overdue.delay().get() == 1
    assert len(world.sent("POST", "/payment_intents")) == 1
    assert audited() == []


def test_a_refund_and_a_payment_status_work(web: TestClient, world: Any) -> None:
    web.post("/v1/billing/invoices/1/charge", json={"approved_by": "cfo"})

    assert web.post("/v1/billing/invoices/1/refund", json={"approved_by": "cfo"}).json() == {"reference": "re_1"}
    assert web.get("/v1/billing/invoices/1/payment").status_code == 200


def test_a_reminder_leaves_as_sms_through_celery(web: TestClient, world: Any) -> None:
    assert web.post("/v1/billing/invoices/1/reminder", json={"approved_by": "ops"}).status_code == 202
    assert world.texts[0]["Body"] == "Invoice 1 of 5000 is still open."


def test_a_new_deal_is_welcomed_and_every_deal_gets_its_statement(web: TestClient, world: Any, audited: Any) -> None:
    from app.workers.statements import send_statements

    deal = {"title": "Valves", "contact_email": "v@example.org", "contact_phone": "+1"}
    assert web.post("/v1/deals", json=deal).json() == {"id": 2}
    assert send_statements() == 2
    assert [mail["Subject"] for mail in world.mails] == [
        "Welcome to Meridian",
        "Statement: Pumps",
        "Statement: Valves",
    ]
    assert [action for action, _ in audited()] == ["welcome", "statement", "statement"]


def test_a_change_of_stage_reaches_both_crms_and_the_subscriber(web: TestClient, world: Any) -> None:
    change = {"stage": "won", "callback_url": "https://customer.example/hook"}

    assert web.patch("/v1/deals/1", json=change).json() == {"stage": "won"}
    assert [(r.method, r.url.host) for r in world.requests] == [
        ("PATCH", "api.hubapi.com"),
        ("POST", "meridian.my.salesforce.com"),
        ("POST", "customer.example"),
    ]


def test_a_quote_is_asked_of_our_own_service(web: TestClient, world: Any) -> None:
    assert web.get("/v1/deals/1/quote", params={"product": "pump", "quantity": 2}).json()["amount"] == 4200
    assert world.requests[0].url.host == "pricing.internal"


def test_the_deal_desk_graph_sends_a_contract_with_a_tool(web: TestClient, world: Any, audited: Any) -> None:
    world.completions = [json.dumps(TOOL_CALL), "Sent."]

    answer = web.post("/v1/deals/1/desk", json={"text": "Send it", "approved_by": "ceo"})

    assert answer.json() == {"answer": "Sent."}
    assert world.sent("POST", "/envelopes")[0].headers[CORRELATION_HEADER] == "corr-1"
    assert audited() == [("send_contract", "corr-1")]


@pytest.mark.parametrize(
    ("channel", "outcome", "url_end"), [("whatsapp", "wamid-1", "/messages"), ("meeting", "event-1", "/events")]
)
def test_the_outreach_graph_makes_contact(
    web: TestClient, world: Any, channel: str, outcome: str, url_end: str
) -> None:
    body = {"lead": "Sara", "phone": "+1", "channel": channel, "approved_by": "head"}

    assert web.post("/v1/campaigns/outreach", json=body).json() == {"outcome": outcome}
    assert len(world.sent("POST", url_end)) == 1


def test_the_settlement_graph_pays_the_partner_itself(web: TestClient, world: Any) -> None:
    answer = web.post("/v1/partners/1/settlement", json={"amount": 100, "approved_by": "ceo"})

    assert answer.json() == {"payout": "payout-1"}
    assert world.workflows == []


def test_campaigns_leave_as_templates_and_as_local_sms(
    web: TestClient, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.settings import settings

    monkeypatch.setattr(settings, "messaging_live", True)
    monkeypatch.setattr(settings, "unifonic_base_url", "https://api.unifonic.example")
    template = {"phones": ["+1", "+2"], "template": "offer", "approved_by": "head"}

    assert web.post("/v1/campaigns/template", json=template).status_code == 202
    assert web.post("/v1/campaigns/sms", json={"phones": ["+3"], "body": "Sale"}).status_code == 202
    assert [r.url.path.rsplit("/", 2)[-2:] for r in world.requests] == [
        ["1010101010", "messages"],
        ["1010101010", "messages"],
        ["SMS", "messages"],
    ]


def test_local_sms_are_not_sent_unless_messaging_is_live(web: TestClient, world: Any) -> None:
    web.post("/v1/campaigns/sms", json={"phones": ["+3"], "body": "Sale"})

    assert world.requests == []


def test_contracts_and_payouts_are_handed_to_temporal(web: TestClient, world: Any) -> None:
    contract = {"title": "Pumps", "signer": "a@example.org", "phone": "+1", "approved_by": "ceo"}

    assert web.post("/v1/contracts", json=contract).json() == {"workflow": "signing-corr-1"}
    assert web.post("/v1/contracts/signing-corr-1/signed").status_code == 204
    assert web.post("/v1/partners/1/payouts", json={"amount": 5, "approved_by": "ceo"}).json() == {
        "workflow": "payout-corr-1"
    }
    assert [name for name, _, _ in world.workflows] == ["ContractSigning", "PartnerPayout"]
    assert world.signals == [("signing-corr-1", "signed")]


def test_a_contract_is_voided_after_approval(web: TestClient, world: Any) -> None:
    withdrawal = {"reason": "wrong price", "approved_by": "ceo"}

    assert web.post("/v1/contracts/envelope-1/void", json=withdrawal).json() == {"action": "void_contract"}
    assert len(world.sent("PUT", "/envelopes/envelope-1")) == 1


def test_listings_accruals_leads_and_disputes_work(web: TestClient, world: Any) -> None:
    dispute = {"type": "payment_disputed", "data": {"id": "pay_1", "approved_by": "lead"}}

    assert web.post("/v1/partners/1/listing", json={"text": "New"}).json() == {"listing": "listing-1"}
    assert web.post("/v1/partners/1/accruals", json={"amount": 7}).json() == {"amount": 7}
    assert web.post("/v1/leads", json={"email": "l@example.org"}).json() == {"contact": "contact-1"}
    assert web.post("/v1/webhooks/moyasar", json=dispute).json() == {"result": "refunded"}
    assert web.post("/v1/webhooks/moyasar", json={"type": "payment_paid", "data": {"id": "p"}}).json() == {
        "result": "paid"
    }


@pytest.mark.parametrize(
    ("workflow", "first_activity"),
    [("ContractSigning", "send_contract_for_signature"), ("PartnerPayout", "pay_partner_commission")],
)
def test_the_sdk_runs_the_workflows_in_its_sandbox(workflow: str, first_activity: str) -> None:
    from app.workflows.requests import PayoutRequest, SigningRequest
    from app.workflows.worker import WORKFLOWS

    request: object = PayoutRequest(1, 100, "ceo", "corr-1")
    if workflow == "ContractSigning":
        request = SigningRequest("Pumps", "a@example.org", "+1", "ceo", "corr-1")

    assert asyncio.run(replay(WORKFLOWS, workflow, request, first_activity)) is None


def test_the_sdk_runs_the_activities(world: Any, audited: Any) -> None:
    from app.activities.contracts import remind_signer, send_contract_for_signature
    from app.activities.partners import pay_partner_commission
    from app.workflows.requests import PayoutRequest, SigningRequest

    signing = SigningRequest("Pumps", "a@example.org", "+1", "ceo", "corr-1")

    async def run() -> tuple[str, str]:
        environment = ActivityEnvironment()
        envelope = await environment.run(send_contract_for_signature, signing)
        await environment.run(remind_signer, signing)
        return envelope, await environment.run(pay_partner_commission, PayoutRequest(1, 100, "ceo", "corr-1"))

    assert asyncio.run(run()) == ("envelope-1", "payout-1")
    assert [action for action, _ in audited()] == ["send_contract", "remind_signer", "pay_commission"]
