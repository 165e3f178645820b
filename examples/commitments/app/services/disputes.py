"""What we do when the payment provider calls."""

from __future__ import annotations

from typing import Any

from app.core.governance import governed, require_approval
from app.integrations.moyasar import MoyasarClient


class DisputeHandler:
    def __init__(self, gateway: MoyasarClient) -> None:
        self._gateway = gateway
        self.audit_log: list[tuple[str, str]] = []

    async def handle(self, kind: str, payload: dict[str, Any], *, correlation_id: str) -> str:
        reactions = {"payment_disputed": self._on_disputed, "payment_paid": self._on_paid}
        return await reactions[kind](payload, correlation_id)

    @governed(approval_class="A1", reversibility_class="R3", sensitivity_class="S2")  # expect: DLX105
    async def _on_disputed(self, payload: dict[str, Any], correlation_id: str) -> str:
        require_approval("refund_disputed_payment", payload.get("approved_by"))
        await self._gateway.refund_payment(payload["id"], correlation_id=correlation_id)
        self.audit_log.append(("refund", payload["id"]))
        return "refunded"

    async def _on_paid(self, payload: dict[str, Any], correlation_id: str) -> str:
        self.audit_log.append((correlation_id, payload["id"]))
        return await self._gateway.payment_status(payload["id"])
