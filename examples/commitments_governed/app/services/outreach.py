"""First contact with a lead."""

from __future__ import annotations

from app.audit import record_audit
from app.core.database import session_scope
from app.core.governance import Approval, Reversibility, Sensitivity, governed, require_approval
from app.integrations import get_whatsapp
from app.integrations.calendar import create_event

SALES_CALENDAR = "sales@meridian.example"


async def send_intro(phone: str, text: str, *, approved_by: str | None, correlation_id: str) -> str:
    require_approval("send_intro", approved_by)
    greeting = f"Hello from Meridian!\n\n{text}"
    reference = await get_whatsapp().send_text(phone, greeting, correlation_id=correlation_id)
    with session_scope() as session:
        record_audit(
            session,
            action="send_intro",
            subject=phone,
            correlation_id=correlation_id,
            reference=reference,
        )
    return reference


@governed(approval_class=Approval.A1, reversibility_class=Reversibility.R1, sensitivity_class=Sensitivity.S1)
async def book_meeting(lead: str, *, correlation_id: str) -> str:
    event = await create_event(SALES_CALENDAR, f"Introduction: {lead}", correlation_id=correlation_id)
    with session_scope() as session:
        record_audit(
            session,
            action="book_meeting",
            subject=lead,
            correlation_id=correlation_id,
            reference=event,
        )
    return event
