"""WhatsApp through the graph API. The classes of the class cover every method that sends."""

from __future__ import annotations

import logging
from typing import Any

import httpx

from app.core.correlation import CORRELATION_HEADER
from app.core.settings import settings

log = logging.getLogger(__name__)


class WhatsAppClient:
    approval_class = "A2"
    reversibility_class = "R2"
    sensitivity_class = "S1"

    def __init__(self) -> None:
        self._url = f"{settings.whatsapp_base_url}/{settings.whatsapp_phone_id}/messages"
        self._client = httpx.AsyncClient(headers={"Authorization": f"Bearer {settings.whatsapp_token}"}, timeout=10)

    async def send_text(self, to: str, body: str, *, correlation_id: str) -> str:
        payload = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}}
        response = await self._client.post(  # expect: DLX204, DLX302
            self._url, json=payload, headers={CORRELATION_HEADER: correlation_id}
        )
        response.raise_for_status()
        return _message_id(response.json())

    async def send_template(self, to: str, template: str) -> str:
        payload = {"messaging_product": "whatsapp", "to": to, "type": "template", "template": {"name": template}}
        response = await self._client.post(self._url, json=payload)  # expect: DLX204
        response.raise_for_status()
        log.info("audit: template %s sent to %s", template, to)
        return _message_id(response.json())


def _message_id(answer: dict[str, Any]) -> str:
    return str(answer["messages"][0]["id"])


_whatsapp: WhatsAppClient | None = None


def get_whatsapp() -> WhatsAppClient:
    global _whatsapp
    if _whatsapp is None:
        _whatsapp = WhatsAppClient()
    return _whatsapp
