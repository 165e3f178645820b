"""Contracts: sending them for signature and taking them back."""

from __future__ import annotations

from app.audit import record_audit
from app.core.database import session_scope
from app.core.governance import ActionPacket, Approval, Reversibility, Sensitivity, governed, require_approval
from app.integrations.docusign import DocuSignClient


class ContractService:
    def __init__(self) -> None:
        self._signatures = DocuSignClient()

    @governed(approval_class="A3", reversibility_class="R3")  # expect: DLX102
    async def send_contract(self, title: str, signer: str, *, approved_by: str | None, correlation_id: str) -> str:
        require_approval("send_contract", approved_by)
        envelope = await self._signatures.send_envelope({"title": title}, signer, correlation_id=correlation_id)
        with session_scope() as session:
            record_audit(
                session,
                action="send_contract",
                subject=title,
                correlation_id=correlation_id,
                reference=envelope,
            )
        return envelope

    async def void_contract(
        self, envelope: str, reason: str, *, approved_by: str | None, correlation_id: str
    ) -> ActionPacket:
        packet = ActionPacket(
            action="void_contract",
            subject=envelope,
            approval_class=Approval.A3,
            reversibility_class=Reversibility.R3,
            sensitivity_class=Sensitivity.S2,
        )
        require_approval(packet.action, approved_by)
        await self._signatures.void_envelope(envelope, reason, correlation_id=correlation_id)
        with session_scope() as session:
            record_audit(session, action=packet.action, subject=envelope, correlation_id=correlation_id)
        return packet
