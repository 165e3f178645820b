from __future__ import annotations

from temporalio import activity

from app.services.outreach import send_intro
from app.workflows.requests import IntroRequest


@activity.defn
async def send_intro_message(request: IntroRequest) -> str:
    return await send_intro(
        request.phone,
        request.text,
        approved_by=request.approved_by,
        correlation_id=request.correlation_id,
    )
