"""Charging invoices: one task does it, whoever asks."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from app.core.database import session_scope
from app.models import Invoice
from app.workers.celery_app import celery_app


@celery_app.task
def charge_invoice(invoice_id: int, approved_by: str | None, correlation_id: str) -> str:
    from app.services.billing import BillingService

    with session_scope() as session:
        return BillingService(session).charge_invoice(
            invoice_id, approved_by=approved_by, correlation_id=correlation_id
        )


@celery_app.task
def collect_overdue() -> int:
    with session_scope() as session:
        overdue = session.scalars(select(Invoice).where(Invoice.status == "overdue")).all()
    for invoice in overdue:
        charge_invoice.delay(invoice.id, invoice.approved_by, uuid4().hex)
    return len(overdue)
