from __future__ import annotations

from temporalio import activity

from app.core.database import session_scope
from app.core.governance import require_approval
from app.integrations import get_whatsapp
from app.models import AuditRecord
from app.services.contracts import ContractService
from app.workflows.requests import SigningRequest, VoidRequest


@activity.defn
async def send_contract_for_signature(request: SigningRequest) -> str:
    return await ContractService().send_contract(
        request.title, request.signer, approved_by=request.approved_by, correlation_id=request.correlation_id
    )


@activity.defn
async def remind_signer(request: SigningRequest) -> None:
    require_approval("remind_signer", request.approved_by)
    text = f"'{request.title}' is waiting for your signature."
    reference = await get_whatsapp().send_text(request.phone, text, correlation_id=request.correlation_id)
    with session_scope() as session:
        record = AuditRecord(action="remind_signer", subject=request.title, reference=reference)
        record.correlation_id = request.correlation_id
        session.add(record)


@activity.defn
async def void_contract(request: VoidRequest) -> None:
    await ContractService().void_contract(
        request.envelope, request.reason, approved_by=request.approved_by, correlation_id=request.correlation_id
    )
