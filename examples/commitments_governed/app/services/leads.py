"""Leads from the public site."""

from __future__ import annotations

from dealix_lint.markers import external_effect
from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.database import DatabaseSession
from app.integrations.hubspot import HubSpotClient


class LeadService:
    def __init__(self, crm: HubSpotClient, session: Session) -> None:
        self._crm = crm
        self._session = session

    @external_effect(approval_class="A1", reversibility_class="R1", sensitivity_class="S2")
    async def register(self, email: str, source: str, *, correlation_id: str) -> str:
        known = await self._crm.find_contact(email)
        if known:
            return known
        contact = await self._crm.capture_lead(email, source, correlation_id=correlation_id)
        record_audit(
            self._session,
            action="capture_lead",
            subject=email,
            correlation_id=correlation_id,
            reference=contact,
        )
        return contact


def get_lead_service(session: DatabaseSession) -> LeadService:
    return LeadService(HubSpotClient(), session)
