"""How the rest of the application starts and signals workflows."""

from __future__ import annotations

from temporalio.client import Client

from app.core.settings import settings
from app.workflows.contract_signing import ContractSigning
from app.workflows.partner_payout import PartnerPayout
from app.workflows.requests import PayoutRequest, SigningRequest

_client: Client | None = None


async def temporal_client() -> Client:
    global _client
    if _client is None:
        _client = await Client.connect(settings.temporal_address)
    return _client


async def start_signing(request: SigningRequest) -> str:
    client = await temporal_client()
    handle = await client.start_workflow(
        ContractSigning.run, request, id=f"signing-{request.correlation_id}", task_queue=settings.task_queue
    )
    return handle.id


async def confirm_signature(workflow_id: str) -> None:
    client = await temporal_client()
    await client.get_workflow_handle_for(ContractSigning.run, workflow_id).signal(ContractSigning.signed)


async def start_payout(request: PayoutRequest) -> str:
    client = await temporal_client()
    handle = await client.start_workflow(
        PartnerPayout.run, request, id=f"payout-{request.correlation_id}", task_queue=settings.task_queue
    )
    return handle.id
