"""Messages that leave after the request has been answered."""

from __future__ import annotations

import asyncio

from app.core.database import session_scope
from app.core.governance import require_approval
from app.workers.celery_app import celery_app


@celery_app.task
def send_payment_reminder(invoice_id: int, approved_by: str | None) -> str | None:
    from app.integrations.sms import SmsGateway
    from app.services.notifications import NotificationService

    with session_scope() as session:
        return NotificationService(session, SmsGateway()).remind_payment(invoice_id, approved_by)


@celery_app.task
def broadcast_template(phones: list[str], template: str, approved_by: str | None) -> int:
    from app.integrations import WhatsAppClient

    require_approval("broadcast_template", approved_by)

    async def send_all() -> None:
        client = WhatsAppClient()
        for phone in phones:
            await client.send_template(phone, template)

    asyncio.run(send_all())
    return len(phones)
