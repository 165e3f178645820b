from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.core.governance import governed
from app.graphs.settlement import SettlementGraph
from app.services.partners import CommissionLedger, PartnerService
from app.workflows import client as workflows
from app.workflows.requests import PayoutRequest

router = APIRouter(prefix="/partners", tags=["partners"])


class Commission(BaseModel):
    amount: int
    approved_by: str | None = None


class Listing(BaseModel):
    text: str


@router.post("/{partner_id}/accruals", status_code=201)
def accrue(partner_id: int, body: Commission) -> dict[str, int]:
    CommissionLedger().pay_commission(partner_id, body.amount)
    return {"amount": body.amount}


@router.post("/{partner_id}/settlement")
async def settle(partner_id: int, body: Commission, correlation_id: CorrelationId) -> dict[str, str]:
    graph = SettlementGraph(PartnerService()).build()
    state = {"partner_id": partner_id, "correlation_id": correlation_id, **body.model_dump()}
    result = await graph.ainvoke(state, {"configurable": {"thread_id": correlation_id}})
    return {"payout": result["payout"]}


@router.post("/{partner_id}/payouts", status_code=202)
async def pay_out(partner_id: int, body: Commission, correlation_id: CorrelationId) -> dict[str, str]:
    request = PayoutRequest(partner_id, body.amount, body.approved_by, correlation_id)
    return {"workflow": await workflows.start_payout(request)}


@router.post("/{partner_id}/payouts/now")
@governed(approval_class="A2", reversibility_class="R2", sensitivity_class="S2")  # expect: DLX106
async def pay_out_now(partner_id: int, body: Commission, correlation_id: CorrelationId) -> dict[str, str]:
    payout = await PartnerService().pay_commission(
        partner_id, body.amount, approved_by=body.approved_by, correlation_id=correlation_id
    )
    return {"payout": payout}


@router.post("/{partner_id}/listing")
async def publish(partner_id: int, body: Listing, correlation_id: CorrelationId) -> dict[str, str]:
    listing = await PartnerService().publish_listing(partner_id, body.text, correlation_id=correlation_id)
    return {"listing": listing}
