"""Partners: what we owe them, what we pay them, where they are listed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypedDict
from uuid import uuid4

from dealix_lint.markers import commitment_owner, external_effect

from app.audit import record_audit
from app.core.bus import MessageBus, get_bus
from app.core.database import session_scope
from app.core.governance import ActionPacket, Approval, Reversibility, Sensitivity, require_approval
from app.integrations.moyasar import MoyasarClient
from app.integrations.partner_portal import PartnerPortal
from app.models import LedgerEntry, Partner


class Classes(TypedDict):
    approval_class: Approval
    reversibility_class: Reversibility
    sensitivity_class: Sensitivity


PUBLISH_LISTING: Classes = {
    "approval_class": Approval.A1,
    "reversibility_class": Reversibility.R1,
    "sensitivity_class": Sensitivity.S1,
}


class CommissionLedger:
    """Bookkeeping only: paying a commission here moves no money."""

    def pay_commission(self, partner_id: int, amount: int) -> None:
        with session_scope() as session:
            session.add(LedgerEntry(partner_id=partner_id, amount=amount, purpose="commission"))
        event = uuid4().hex
        get_bus().publish_event(
            {
                "event_id": event,
                "event_type": "commission.accrued",
                "spec_version": "1.0",
                "schema_version": "1",
                "tenant_id": "meridian",
                "entity_id": partner_id,
                "correlation_id": event,
                "causation_id": event,
                "source": "partners",
                "actor_type": "human",
                "approval_class": "A0",
                "reversibility_class": "R0",
                "sensitivity_class": "S1",
                "trace_id": event,
                "timestamp": datetime.now(UTC).isoformat(),
            }
        )


class PartnerService:
    def __init__(self, payments: MoyasarClient | None = None, bus: MessageBus | None = None) -> None:
        self._payments = payments or MoyasarClient()
        self._portal = PartnerPortal()
        self._bus = bus or get_bus()

    @commitment_owner("temporal", commitment="payment/*/*")
    @external_effect(
        approval_class="A3", reversibility_class="R3", sensitivity_class="S2", reviewed_by="treasury"
    )
    async def pay_commission(
        self, partner_id: int, amount: int, *, approved_by: str | None, correlation_id: str
    ) -> str:
        require_approval("pay_commission", approved_by)
        with session_scope() as session:
            partner = session.get_one(Partner, partner_id)
            payout = await self._payments.create_payout(
                partner.iban, amount, f"commission-{partner_id}-{correlation_id}", correlation_id=correlation_id
            )
            record_audit(
                session,
                action="pay_commission",
                subject=partner.name,
                correlation_id=correlation_id,
                reference=payout,
            )
        return payout

    async def publish_listing(self, partner_id: int, text: str, *, correlation_id: str) -> str:
        with session_scope() as session:
            partner = session.get_one(Partner, partner_id)
            packet = ActionPacket("publish_listing", partner.name, **PUBLISH_LISTING)
            self._bus.send_message("actions", asdict(packet))
            listing = await self._portal.publish_listing(partner.name, text, correlation_id=correlation_id)
            record_audit(
                session,
                action=packet.action,
                subject=packet.subject,
                correlation_id=correlation_id,
                reference=listing,
            )
        return listing
