from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.services.contracts import ContractService
from app.workflows.client import confirm_signature, start_signing
from app.workflows.requests import SigningRequest

router = APIRouter(prefix="/contracts", tags=["contracts"])


class NewContract(BaseModel):
    title: str
    signer: str
    phone: str
    approved_by: str | None = None


class Withdrawal(BaseModel):
    reason: str
    approved_by: str | None = None


@router.post("", status_code=202)
async def send(body: NewContract, correlation_id: CorrelationId) -> dict[str, str]:
    request = SigningRequest(body.title, body.signer, body.phone, body.approved_by, correlation_id)
    return {"workflow": await start_signing(request)}


@router.post("/{workflow_id}/signed", status_code=204)
async def signed(workflow_id: str) -> None:
    await confirm_signature(workflow_id)


@router.post("/{envelope}/void")
async def void(envelope: str, body: Withdrawal, correlation_id: CorrelationId) -> dict[str, str]:
    packet = await ContractService().void_contract(
        envelope, body.reason, approved_by=body.approved_by, correlation_id=correlation_id
    )
    return {"action": packet.action}
