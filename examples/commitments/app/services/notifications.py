"""Reminders to customers."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.governance import governed, require_approval
from app.integrations.sms import SmsGateway
from app.models import Deal, Invoice

log = logging.getLogger(__name__)


class NotificationService:
    def __init__(self, session: Session, sms: SmsGateway) -> None:
        self.session = session
        self.sms = sms

    @governed(approval_class="A2", reversibility_class="R2", sensitivity_class="confidential")  # expect: DLX103
    def remind_payment(self, invoice_id: int, approved_by: str | None) -> str | None:
        require_approval("remind_payment", approved_by)
        invoice = self.session.get_one(Invoice, invoice_id)
        deal = self.session.get_one(Deal, invoice.deal_id)
        reference = self.sms.send(deal.contact_phone, f"Invoice {invoice.id} of {invoice.amount} is still open.")
        log.info("reminder for invoice %s sent", invoice_id)
        record_audit(
            self.session,
            action="remind_payment",
            subject=f"invoice {invoice_id}",
            reference=reference or "",
        )
        return reference
