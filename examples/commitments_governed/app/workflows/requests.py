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


@dataclass(frozen=True)
class IntroRequest:
    phone: str
    text: str
    approved_by: str | None
    correlation_id: str


@dataclass(frozen=True)
class Withdrawal:
    reason: str
    approved_by: str | None
    correlation_id: str


@dataclass(frozen=True)
class VoidRequest:
    envelope: str
    reason: str
    approved_by: str | None
    correlation_id: str
