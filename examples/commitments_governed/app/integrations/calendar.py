"""Meetings in the sales calendar (Microsoft Graph)."""

from __future__ import annotations

import httpx

from app.core.correlation import CORRELATION_HEADER
from app.core.settings import settings

GRAPH = "https://graph.microsoft.com/v1.0"


async def create_event(owner: str, subject: str, *, correlation_id: str) -> str:
    headers = {"Authorization": f"Bearer {settings.graph_token}", CORRELATION_HEADER: correlation_id}
    async with httpx.AsyncClient(timeout=10) as client:
        response = await client.post(f"{GRAPH}/users/{owner}/events", json={"subject": subject}, headers=headers)
    response.raise_for_status()
    return str(response.json()["id"])
