"""The first message to a lead."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from app.activities.outreach import send_intro_message
    from app.workflows.requests import IntroRequest


@workflow.defn
class Introduction:
    @workflow.run
    async def run(self, request: IntroRequest) -> str:
        return await workflow.execute_activity(
            send_intro_message,
            request,
            start_to_close_timeout=timedelta(seconds=30),
            schedule_to_close_timeout=timedelta(minutes=10),
            retry_policy=RetryPolicy(maximum_attempts=3),
        )
