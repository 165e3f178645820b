"""Payouts to partners and refunds of local card payments."""

from __future__ import annotations

import httpx

from app.core.correlation import CORRELATION_HEADER
from app.core.settings import settings

PAYMENTS_URL = "https://api.moyasar.com/v1/payments"


class MoyasarClient:
    BASE_URL = "https://api.moyasar.com/v1"

    async def create_payout(self, iban: str, amount: int, reference: str, *, correlation_id: str) -> str:
        async with httpx.AsyncClient(auth=(settings.moyasar_secret_key, ""), timeout=20) as client:
            response = await client.post(  # expect: DLX301, DLX302, DLX303
                f"{self.BASE_URL}/payouts",
                json={"destination": {"iban": iban}, "amount": amount, "sequence_number": reference},
                headers={CORRELATION_HEADER: correlation_id, "Idempotency-Key": reference},
            )
        response.raise_for_status()
        return str(response.json()["id"])

    async def refund_payment(self, payment_id: str, *, correlation_id: str) -> None:
        async with httpx.AsyncClient(auth=(settings.moyasar_secret_key, ""), timeout=20) as client:
            response = await client.post(  # expect: DLX204
                f"{PAYMENTS_URL}/{payment_id}/refund",
                headers={CORRELATION_HEADER: correlation_id, "Idempotency-Key": f"refund-{payment_id}"},
            )
        response.raise_for_status()

    async def payment_status(self, payment_id: str) -> str:
        async with httpx.AsyncClient(auth=(settings.moyasar_secret_key, ""), timeout=20) as client:
            response = await client.get(f"{PAYMENTS_URL}/{payment_id}")
        response.raise_for_status()
        return str(response.json()["status"])
