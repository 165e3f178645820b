from __future__ import annotations

from temporalio import activity

from app.services.partners import PartnerService
from app.workflows.requests import PayoutRequest


@activity.defn
async def pay_partner_commission(request: PayoutRequest) -> str:
    return await PartnerService().pay_commission(
        request.partner_id,
        request.amount,
        approved_by=request.approved_by,
        correlation_id=request.correlation_id,
    )
