from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.core.database import DatabaseSession
from app.services.billing import BillingService
from app.workers.messaging import send_payment_reminder

router = APIRouter(prefix="/invoices", tags=["billing"])


class Decision(BaseModel):
    approved_by: str | None = None


def billing_service(session: DatabaseSession) -> BillingService:
    return BillingService(session)


Billing = Annotated[BillingService, Depends(billing_service)]


@router.post("/{invoice_id}/charge")
def charge(invoice_id: int, body: Decision, billing: Billing, correlation_id: CorrelationId) -> dict[str, str]:
    reference = billing.charge_invoice(invoice_id, approved_by=body.approved_by, correlation_id=correlation_id)
    return {"reference": reference}


@router.post("/{invoice_id}/refund")
def refund(invoice_id: int, body: Decision, billing: Billing, correlation_id: CorrelationId) -> dict[str, str]:
    reference = billing.refund_invoice(
        invoice_id, approved_by=body.approved_by, correlation_id=uuid4().hex  # expect: DLX203
    )
    return {"reference": reference}


@router.get("/{invoice_id}/payment")
def payment(invoice_id: int, billing: Billing) -> dict[str, str]:
    return {"status": billing.payment_status(invoice_id)}


@router.post("/{invoice_id}/reminder", status_code=202)
def remind(invoice_id: int, body: Decision) -> dict[str, str]:
    send_payment_reminder.delay(invoice_id, body.approved_by)
    return {"status": "queued"}
