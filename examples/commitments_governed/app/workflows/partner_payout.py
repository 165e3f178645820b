"""Paying a partner, once, whatever happens to the worker."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from app.activities.partners import pay_partner_commission
    from app.workflows.requests import PayoutRequest


@workflow.defn
class PartnerPayout:
    @workflow.run
    async def run(self, request: PayoutRequest) -> str:
        return await workflow.execute_activity(
            pay_partner_commission,
            request,
            start_to_close_timeout=timedelta(seconds=60),
            schedule_to_close_timeout=timedelta(hours=1),
            retry_policy=RetryPolicy(maximum_attempts=5),
        )
