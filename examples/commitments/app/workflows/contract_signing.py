"""A contract from sending to signature."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from app.activities.contracts import remind_signer, send_contract_for_signature
    from app.workflows.requests import SigningRequest

RETRY = RetryPolicy(maximum_attempts=5)


@workflow.defn
class ContractSigning:
    def __init__(self) -> None:
        self._signed = False

    @workflow.run
    async def run(self, request: SigningRequest) -> str:
        envelope = await workflow.execute_activity(
            send_contract_for_signature,
            request,
            start_to_close_timeout=timedelta(seconds=60),
            schedule_to_close_timeout=timedelta(minutes=10),
            retry_policy=RETRY,
        )
        try:
            await workflow.wait_condition(lambda: self._signed, timeout=timedelta(days=3))
        except TimeoutError:
            await workflow.execute_activity(
                remind_signer,
                request,
                start_to_close_timeout=timedelta(seconds=30),
                schedule_to_close_timeout=timedelta(minutes=10),
                retry_policy=RETRY,
            )
            await workflow.wait_condition(lambda: self._signed)
        return envelope

    @workflow.signal
    def signed(self) -> None:
        self._signed = True
