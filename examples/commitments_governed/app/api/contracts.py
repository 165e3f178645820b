from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.core.governance import require_approval
from app.workflows.client import confirm_signature, start_signing, withdraw
from app.workflows.requests import SigningRequest, Withdrawal

router = APIRouter(prefix="/contracts", tags=["contracts"])


class NewContract(BaseModel):
    title: str
    signer: str
    phone: str
    approved_by: str | None = None


class WithdrawalOrder(BaseModel):
    reason: str
    approved_by: str | None = None


@router.post("", status_code=202)
async def send(body: NewContract, correlation_id: CorrelationId) -> dict[str, str]:
    request = SigningRequest(body.title, body.signer, body.phone, body.approved_by, correlation_id)
    return {"workflow": await start_signing(request)}


@router.post("/{workflow_id}/signed", status_code=204)
async def signed(workflow_id: str) -> None:
    await confirm_signature(workflow_id)


@router.post("/{workflow_id}/void", status_code=202)
async def void(workflow_id: str, body: WithdrawalOrder, correlation_id: CorrelationId) -> dict[str, str]:
    require_approval("void_contract", body.approved_by)
    await withdraw(workflow_id, Withdrawal(body.reason, body.approved_by, correlation_id))
    return {"status": "requested"}
