"""The corrected twin: the same effects, each classified, approved, traceable, recorded, and owned by one mechanism."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from replay import replay
from temporalio.testing import ActivityEnvironment

CORRELATION_HEADER = "X-Correlation-ID"
TOOL_CALL = {"tool": "send_contract", "arguments": {"title": "Pumps", "signer": "a@example.org", "phone": "+1"}}


@pytest.fixture(autouse=True)
def durable_checkpoints(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    from app.core.settings import settings

    monkeypatch.setattr(settings, "checkpoint_path", str(tmp_path / "checkpoints.sqlite"))
    return tmp_path / "checkpoints.sqlite"


def test_a_charge_runs_in_celery_after_approval_and_leaves_a_record(web: TestClient, world: Any, audited: Any) -> None:
    assert web.post("/v1/billing/invoices/1/charge", json={}).status_code == 403
    assert web.post("/v1/billing/invoices/1/charge", json={"approved_by": "cfo"}).json() == {"status": "queued"}
    assert len(world.sent("POST", "/payment_intents")) == 1
    assert audited() == [("charge_invoice", "corr-1")]


def test_the_nightly_run_leaves_a_record_for_each_charge(world: Any, audited: Any) -> None:
    from app.workers.billing import collect_overdue

    assert collect_overdue() == 1
    (record,) = audited()
    assert record[0] == "charge_invoice"
    assert record[1]


def test_a_refund_and_a_payment_status_work(web: TestClient, world: Any) -> None:
    web.post("/v1/billing/invoices/1/charge", json={"approved_by": "cfo"})

    assert web.post("/v1/billing/invoices/1/refund", json={"approved_by": "cfo"}).json() == {"reference": "re_1"}
    assert web.get("/v1/billing/invoices/1/payment").json() == {"status": "paid"}


def test_a_reminder_carries_its_correlation_id_to_twilio(web: TestClient, world: Any, audited: Any) -> None:
    assert web.post("/v1/billing/invoices/1/reminder", json={"approved_by": "ops"}).status_code == 202
    assert world.texts[0]["StatusCallback"].endswith("?correlation_id=corr-1")
    assert audited() == [("remind_payment", "corr-1")]


def test_a_change_of_stage_is_recorded_three_times(web: TestClient, world: Any, audited: Any) -> None:
    change = {"stage": "won", "callback_url": "https://customer.example/hook"}

    assert web.patch("/v1/deals/1", json=change).json() == {"stage": "won"}
    assert {r.headers[CORRELATION_HEADER] for r in world.requests} == {"corr-1"}
    assert audited() == [("push_deal", "corr-1"), ("mirror_deal", "corr-1"), ("announce_stage", "corr-1")]


def test_every_deal_gets_its_mail(web: TestClient, world: Any) -> None:
    from app.workers.statements import send_statements

    deal = {"title": "Valves", "contact_email": "v@example.org", "contact_phone": "+1"}
    assert web.post("/v1/deals", json=deal).json() == {"id": 2}
    assert send_statements() == 2
    assert len(world.mails) == 3


def test_the_deal_desk_graph_hands_the_contract_to_temporal(
    web: TestClient, world: Any, durable_checkpoints: Path
) -> None:
    world.completions = [json.dumps(TOOL_CALL), "It is on its way."]

    answer = web.post("/v1/deals/1/desk", json={"text": "Send it", "approved_by": "ceo"})

    assert answer.json() == {"answer": "It is on its way."}
    assert world.sent("POST", "/envelopes") == []
    assert [(name, id) for name, _, id in world.workflows] == [("ContractSigning", "signing-corr-1")]
    assert durable_checkpoints.exists()


def test_the_outreach_graph_books_meetings_and_leaves_messages_to_temporal(
    web: TestClient, world: Any, audited: Any
) -> None:
    body = {"lead": "Sara", "phone": "+1", "channel": "whatsapp", "approved_by": "head"}

    assert web.post("/v1/campaigns/outreach", json=body).json() == {"outcome": "intro-corr-1"}
    assert web.post("/v1/campaigns/outreach", json={**body, "channel": "meeting"}).json() == {"outcome": "event-1"}
    assert world.sent("POST", "/messages") == []
    assert audited() == [("book_meeting", "corr-1")]


def test_the_settlement_graph_has_the_partner_paid_by_temporal(web: TestClient, world: Any) -> None:
    answer = web.post("/v1/partners/1/settlement", json={"amount": 100, "approved_by": "ceo"})

    assert answer.json() == {"workflow": "payout-corr-1"}
    assert world.sent("POST", "/payouts") == []


def test_campaigns_are_recorded(web: TestClient, world: Any, audited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core.settings import settings

    monkeypatch.setattr(settings, "messaging_live", True)
    monkeypatch.setattr(settings, "unifonic_base_url", "https://api.unifonic.example")
    template = {"phones": ["+1"], "template": "offer", "approved_by": "head"}

    web.post("/v1/campaigns/template", json=template)
    web.post("/v1/campaigns/sms", json={"phones": ["+3"], "body": "Sale", "approved_by": "head"})

    assert [r.headers[CORRELATION_HEADER] for r in world.requests] == ["corr-1", "corr-1"]
    assert audited() == [("broadcast_template", "corr-1"), ("announce_locally", "corr-1")]


def test_a_contract_is_withdrawn_by_a_signal_to_its_workflow(web: TestClient, world: Any) -> None:
    contract = {"title": "Pumps", "signer": "a@example.org", "phone": "+1", "approved_by": "ceo"}
    order = {"reason": "wrong price", "approved_by": "ceo"}

    workflow = web.post("/v1/contracts", json=contract).json()["workflow"]
    assert web.post(f"/v1/contracts/{workflow}/void", json=order).json() == {"status": "requested"}
    assert web.post(f"/v1/contracts/{workflow}/signed").status_code == 204
    assert world.signals == [(workflow, "withdraw"), (workflow, "signed")]
    assert world.requests == []


def test_listings_leads_and_disputes_are_recorded(web: TestClient, world: Any, audited: Any) -> None:
    dispute = {"type": "payment_disputed", "data": {"id": "pay_1", "approved_by": "cfo"}}

    web.post("/v1/partners/1/listing", json={"text": "New"})
    web.post("/v1/leads", json={"email": "l@example.org"})
    web.post("/v1/webhooks/moyasar", json=dispute)

    assert audited() == [("publish_listing", "corr-1"), ("capture_lead", "corr-1"), ("refund", "corr-1")]


def test_accruals_quotes_and_payouts_work(web: TestClient, world: Any) -> None:
    assert web.post("/v1/partners/1/accruals", json={"amount": 7}).status_code == 201
    assert web.get("/v1/deals/1/quote", params={"product": "pump", "quantity": 2}).json()["amount"] == 4200
    assert web.post("/v1/partners/1/payouts", json={"amount": 5, "approved_by": "ceo"}).status_code == 202


@pytest.mark.parametrize(
    ("workflow", "first_activity"),
    [
        ("ContractSigning", "send_contract_for_signature"),
        ("Introduction", "send_intro_message"),
        ("PartnerPayout", "pay_partner_commission"),
    ],
)
def test_the_sdk_runs_the_workflows_in_its_sandbox(workflow: str, first_activity: str) -> None:
    from app.workflows.requests import IntroRequest, PayoutRequest, SigningRequest
    from app.workflows.worker import WORKFLOWS

    requests = {
        "ContractSigning": SigningRequest("Pumps", "a@example.org", "+1", "ceo", "corr-1"),
        "Introduction": IntroRequest("+1", "Hello", "head", "corr-1"),
        "PartnerPayout": PayoutRequest(1, 100, "ceo", "corr-1"),
    }

    assert asyncio.run(replay(WORKFLOWS, workflow, requests[workflow], first_activity)) is None


def test_the_sdk_runs_the_activities(world: Any, audited: Any) -> None:
    from app.activities.contracts import remind_signer, send_contract_for_signature, void_contract
    from app.activities.outreach import send_intro_message
    from app.activities.partners import pay_partner_commission
    from app.workflows.requests import IntroRequest, PayoutRequest, SigningRequest, VoidRequest

    signing = SigningRequest("Pumps", "a@example.org", "+1", "ceo", "corr-1")

    async def run() -> None:
        environment = ActivityEnvironment()
        envelope = await environment.run(send_contract_for_signature, signing)
        await environment.run(remind_signer, signing)
        await environment.run(void_contract, VoidRequest(envelope, "wrong price", "ceo", "corr-1"))
        await environment.run(send_intro_message, IntroRequest("+1", "Hello", "head", "corr-1"))
        await environment.run(pay_partner_commission, PayoutRequest(1, 100, "ceo", "corr-1"))

    asyncio.run(run())

    actions = [action for action, _ in audited()]
    assert actions == ["send_contract", "remind_signer", "void_contract", "send_intro", "pay_commission"]


def test_the_markers_state_the_classes_at_run_time() -> None:
    from app.services.partners import PartnerService

    from dealix_lint.markers import CommitmentOwner, ExternalEffect, declarations

    assert declarations(PartnerService.pay_commission) == (
        CommitmentOwner("temporal", "payment/*/*"),
        ExternalEffect("A3", "R3", "S2", reviewed_by="treasury"),
    )
