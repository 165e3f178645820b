"""What workflows are started with; the correlation id travels in the input."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SigningRequest:
    title: str
    signer: str
    phone: str
    approved_by: str | None
    correlation_id: str


@dataclass(frozen=True)
class PayoutRequest:
    partner_id: int
    amount: int
    approved_by: str | None
    correlation_id: str
