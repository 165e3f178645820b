"""Electronic signatures."""

from __future__ import annotations

from typing import Any

import httpx

from app.core.correlation import CORRELATION_HEADER
from app.core.settings import settings

TOKEN_URL = "https://account-d.docusign.com/oauth/token"


class DocuSignClient:
    def __init__(self, host: str | None = None) -> None:
        self._host = host or settings.docusign_host
        self._account = settings.docusign_account_id
        self._client = httpx.AsyncClient(timeout=20)

    def _api_url(self, path: str) -> str:
        return f"{self._host}/restapi/v2.1/accounts/{self._account}{path}"

    async def _headers(self, key: str, correlation_id: str) -> dict[str, str]:
        grant = {"grant_type": "client_credentials", "client_id": settings.docusign_integration_key}
        token = await self._client.post(TOKEN_URL, data=grant)
        token.raise_for_status()
        return {
            "Authorization": f"Bearer {token.json()['access_token']}",
            "Idempotency-Key": key,
            CORRELATION_HEADER: correlation_id,
        }

    async def send_envelope(self, document: dict[str, Any], signer: str, *, correlation_id: str) -> str:
        response = await self._client.post(
            self._api_url("/envelopes"),
            json={"emailSubject": document["title"], "recipients": {"signers": [{"email": signer}]}, "status": "sent"},
            headers=await self._headers(f"send-{correlation_id}", correlation_id),
        )
        response.raise_for_status()
        return str(response.json()["envelopeId"])

    async def void_envelope(self, envelope_id: str, reason: str, *, correlation_id: str) -> None:
        response = await self._client.put(
            self._api_url(f"/envelopes/{envelope_id}"),
            json={"status": "voided", "voidedReason": reason},
            headers=await self._headers(f"void-{envelope_id}", correlation_id),
        )
        response.raise_for_status()
