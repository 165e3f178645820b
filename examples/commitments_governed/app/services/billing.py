"""Charging and refunding invoices: the governed way."""

from __future__ import annotations

from dealix_lint.markers import external_effect
from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.governance import require_approval
from app.integrations.stripe_gateway import StripeGateway
from app.models import Invoice


class BillingService:
    def __init__(self, session: Session, gateway: StripeGateway | None = None) -> None:
        self._session = session
        self._gateway = gateway or StripeGateway()

    @external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
    def charge_invoice(self, invoice_id: int, *, approved_by: str | None, correlation_id: str) -> str:
        invoice = self._session.get_one(Invoice, invoice_id)
        invoice.approved_by = require_approval("charge_invoice", approved_by)
        reference = self._gateway.charge(invoice.id, invoice.amount, invoice.currency, correlation_id=correlation_id)
        invoice.status, invoice.payment_reference = "paid", reference
        self._record("charge_invoice", invoice, reference, correlation_id)
        return reference

    @external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
    def refund_invoice(self, invoice_id: int, *, approved_by: str | None, correlation_id: str) -> str:
        invoice = self._session.get_one(Invoice, invoice_id)
        require_approval("refund_invoice", approved_by)
        reference = self._gateway.refund(invoice.payment_reference or "", correlation_id=correlation_id)
        invoice.status = "refunded"
        self._record("refund_invoice", invoice, reference, correlation_id)
        return reference

    def payment_status(self, invoice_id: int) -> str:
        return self._gateway.status(self._session.get_one(Invoice, invoice_id).payment_reference or "")

    def _record(self, action: str, invoice: Invoice, reference: str, correlation_id: str) -> None:
        record_audit(
            self._session,
            action=action,
            subject=f"invoice {invoice.id}",
            correlation_id=correlation_id,
            reference=reference,
        )
