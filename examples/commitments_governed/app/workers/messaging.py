"""Messages that leave after the request has been answered."""

from __future__ import annotations

import asyncio

from dealix_lint.markers import external_effect

from app.audit import record_audit
from app.core.database import session_scope
from app.core.governance import require_approval
from app.workers.celery_app import celery_app


@celery_app.task
def send_payment_reminder(invoice_id: int, approved_by: str | None, correlation_id: str) -> str | None:
    from app.integrations.sms import SmsGateway
    from app.services.notifications import NotificationService

    with session_scope() as session:
        return NotificationService(session, SmsGateway()).remind_payment(
            invoice_id, approved_by=approved_by, correlation_id=correlation_id
        )


@celery_app.task
def broadcast_template(phones: list[str], template: str, approved_by: str | None, correlation_id: str) -> int:
    from app.integrations import WhatsAppClient

    require_approval("broadcast_template", approved_by)

    async def send_all() -> None:
        client = WhatsAppClient()
        with session_scope() as session:
            for phone in phones:
                reference = await client.send_template(phone, template, correlation_id=correlation_id)
                record_audit(
                    session,
                    action="broadcast_template",
                    subject=phone,
                    correlation_id=correlation_id,
                    reference=reference,
                )

    asyncio.run(send_all())
    return len(phones)


@celery_app.task
@external_effect(approval_class="A2", reversibility_class="R2", sensitivity_class="S1")
def announce_locally(phones: list[str], body: str, approved_by: str | None, correlation_id: str) -> str:
    from app.integrations.sms import send_local_sms

    require_approval("announce_locally", approved_by)
    result = send_local_sms(phones, body, correlation_id=correlation_id)
    with session_scope() as session:
        record_audit(
            session,
            action="announce_locally",
            subject=f"{len(phones)} customers",
            correlation_id=correlation_id,
            reference=str(result["status"]),
        )
    return str(result["status"])
