"""The regional partner network: a provider no catalogue knows."""

from __future__ import annotations

import httpx

from app.core.correlation import CORRELATION_HEADER
from app.core.settings import settings


class PartnerPortal:
    API = "https://api.gulfpartners.example/v2"

    async def publish_listing(self, partner: str, text: str, *, correlation_id: str) -> str:
        async with httpx.AsyncClient(timeout=10) as client:
            response = await client.post(
                f"{self.API}/listings",
                json={"partner": partner, "text": text},
                headers={"Authorization": settings.partner_portal_token, CORRELATION_HEADER: correlation_id},
            )
        response.raise_for_status()
        return str(response.json()["id"])
