"""Card payments."""

from __future__ import annotations

import stripe

from app.core.settings import settings


class StripeGateway:
    def __init__(self, api_key: str | None = None) -> None:
        self._api_key = api_key or settings.stripe_api_key

    def charge(self, invoice_id: int, amount: int, currency: str, *, correlation_id: str) -> str:
        intent = stripe.PaymentIntent.create(  # expect: DLX101, DLX109, DLX204
            api_key=self._api_key,
            amount=amount,
            currency=currency,
            confirm=True,
            metadata={"invoice_id": str(invoice_id), "correlation_id": correlation_id},
            idempotency_key=f"charge-{invoice_id}",
        )
        return intent.id

    def refund(self, payment_intent: str, *, correlation_id: str) -> str:
        refund = stripe.Refund.create(
            api_key=self._api_key,
            payment_intent=payment_intent,
            metadata={"correlation_id": correlation_id},
            idempotency_key=f"refund-{payment_intent}",
        )
        return refund.id

    def status(self, payment_intent: str) -> str:
        return stripe.PaymentIntent.retrieve(payment_intent, api_key=self._api_key).status
