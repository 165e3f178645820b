"""The CRM: contacts and deals."""

from __future__ import annotations

from typing import Any

import httpx

from app.core.settings import settings


class HubSpotClient:
    BASE = "https://api.hubapi.com"

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._client = client or httpx.AsyncClient(headers={"Authorization": f"Bearer {settings.hubspot_token}"})

    async def find_contact(self, email: str) -> str | None:
        criteria = {"filters": [{"propertyName": "email", "operator": "EQ", "value": email}]}
        response = await self._client.post(f"{self.BASE}/crm/v3/objects/contacts/search", json=criteria)
        response.raise_for_status()
        results: list[dict[str, Any]] = response.json()["results"]
        return str(results[0]["id"]) if results else None

    async def capture_lead(self, email: str, source: str) -> str:
        response = await self._client.post(  # expect: DLX101, DLX201, DLX204, DLX206
            f"{self.BASE}/crm/v3/objects/contacts", json={"properties": {"email": email, "lead_source": source}}
        )
        response.raise_for_status()
        return str(response.json()["id"])

    async def sync_deal(self, deal_id: str, properties: dict[str, str], *, correlation_id: str) -> None:
        response = await self._client.patch(
            f"{self.BASE}/crm/v3/objects/deals/{deal_id}",
            json={"properties": properties},
            headers={"X-Correlation-ID": correlation_id, "Idempotency-Key": f"{deal_id}-{correlation_id}"},
        )
        response.raise_for_status()
