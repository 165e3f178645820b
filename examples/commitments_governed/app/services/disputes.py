"""What we do when the payment provider calls."""

from __future__ import annotations

from typing import Any

from dealix_lint.markers import external_effect
from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.governance import require_approval
from app.integrations.moyasar import MoyasarClient


class DisputeHandler:
    def __init__(self, gateway: MoyasarClient, session: Session) -> None:
        self._gateway = gateway
        self._session = session

    async def handle(self, kind: str, payload: dict[str, Any], *, correlation_id: str) -> str:
        reactions = {"payment_disputed": self._on_disputed, "payment_paid": self._on_paid}
        return await reactions[kind](payload, correlation_id)

    @external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
    async def _on_disputed(self, payload: dict[str, Any], correlation_id: str) -> str:
        require_approval("refund_disputed_payment", payload.get("approved_by"))
        await self._gateway.refund_payment(payload["id"], correlation_id=correlation_id)
        record_audit(self._session, action="refund", subject=payload["id"], correlation_id=correlation_id)
        return "refunded"

    async def _on_paid(self, payload: dict[str, Any], correlation_id: str) -> str:
        record_audit(self._session, action="paid", subject=payload["id"], correlation_id=correlation_id)
        return await self._gateway.payment_status(payload["id"])
