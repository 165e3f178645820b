"""Reminders to customers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.governance import Approval, Reversibility, Sensitivity, governed, require_approval
from app.integrations.sms import SmsGateway
from app.models import Deal, Invoice


class NotificationService:
    def __init__(self, session: Session, sms: SmsGateway) -> None:
        self.session = session
        self.sms = sms

    @governed(approval_class=Approval.A2, reversibility_class=Reversibility.R2, sensitivity_class=Sensitivity.S2)
    def remind_payment(self, invoice_id: int, *, approved_by: str | None, correlation_id: str) -> str | None:
        require_approval("remind_payment", approved_by)
        invoice = self.session.get_one(Invoice, invoice_id)
        deal = self.session.get_one(Deal, invoice.deal_id)
        text = f"Invoice {invoice.id} of {invoice.amount} is still open."
        reference = self.sms.send(deal.contact_phone, text, correlation_id=correlation_id)
        record_audit(
            self.session,
            action="remind_payment",
            subject=f"invoice {invoice_id}",
            correlation_id=correlation_id,
            reference=reference or "",
        )
        return reference
