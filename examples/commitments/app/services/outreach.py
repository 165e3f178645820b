"""First contact with a lead."""

from __future__ import annotations

import httpx

from app.audit import record_audit
from app.core.correlation import CORRELATION_HEADER
from app.core.database import session_scope
from app.core.governance import governed, require_approval
from app.core.settings import settings
from app.integrations import get_whatsapp

GRAPH = "https://graph.microsoft.com/v1.0"
SALES_CALENDAR = "sales@meridian.example"


async def send_intro(phone: str, text: str, *, approved_by: str | None, correlation_id: str) -> str:
    require_approval("send_intro", approved_by)
    return await get_whatsapp().send_text(phone, f"Hello from Meridian!\n\n{text}", correlation_id=correlation_id)


@governed(approval_class="A1", sensitivity_class="S1")  # expect: DLX102
async def book_meeting(lead: str, *, correlation_id: str) -> str:
    headers = {"Authorization": f"Bearer {settings.graph_token}", CORRELATION_HEADER: correlation_id}
    meeting = {"subject": f"Introduction: {lead}"}
    async with httpx.AsyncClient(timeout=10) as client:
        response = await client.post(f"{GRAPH}/users/{SALES_CALENDAR}/events", json=meeting, headers=headers)  # expect: DLX304
    response.raise_for_status()
    event = str(response.json()["id"])
    with session_scope() as session:
        record_audit(
            session,
            action="book_meeting",
            subject=lead,
            correlation_id=correlation_id,
            reference=event,
        )
    return event
