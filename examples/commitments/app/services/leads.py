"""Leads from the public site."""

from __future__ import annotations

import httpx

from app.integrations.hubspot import HubSpotClient


class LeadService:
    def __init__(self, crm: HubSpotClient) -> None:
        self._crm = crm

    async def register(self, email: str, source: str) -> str:
        known = await self._crm.find_contact(email)
        if known:
            return known
        try:
            return await self._crm.capture_lead(email, source)
        except httpx.HTTPError:
            return "unknown"


def get_lead_service() -> LeadService:
    return LeadService(HubSpotClient())
