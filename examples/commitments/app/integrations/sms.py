"""Text messages: Twilio abroad, Unifonic at home."""

from __future__ import annotations

import httpx
from twilio.rest import Client

from app.core.settings import settings


class SmsGateway:
    def __init__(self) -> None:
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token)

    def send(self, to: str, body: str) -> str | None:
        message = self._client.messages.create(to=to, from_=settings.twilio_sender, body=body)  # expect: DLX201
        sid: str | None = message.sid
        return sid


def send_local_sms(phones: list[str], body: str) -> dict[str, object]:
    if not settings.messaging_live:
        return {"status": "sent", "mock": True}  # expect: DLX307
    for phone in phones:
        response = httpx.post(  # expect: DLX101, DLX109, DLX201, DLX204
            f"{settings.unifonic_base_url}/rest/SMS/messages",
            data={"AppSid": settings.unifonic_app_sid, "Recipient": phone, "Body": body},
        )
        response.raise_for_status()
    return {"status": "sent", "count": len(phones)}
