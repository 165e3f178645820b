"""Nightly collection of overdue invoices."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from app.core.database import session_scope
from app.models import Invoice
from app.workers.celery_app import celery_app


@celery_app.task
def collect_overdue() -> int:
    from app.integrations.stripe_gateway import StripeGateway

    gateway = StripeGateway()
    with session_scope() as session:
        overdue = session.scalars(select(Invoice).where(Invoice.status == "overdue")).all()
        for invoice in overdue:
            invoice.payment_reference = gateway.charge(
                invoice.id, invoice.amount, invoice.currency, correlation_id=uuid4().hex
            )
            invoice.status = "paid"
    return len(overdue)
