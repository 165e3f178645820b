"""A contract from sending to signature, or back."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from app.activities.contracts import remind_signer, send_contract_for_signature, void_contract
    from app.workflows.requests import SigningRequest, VoidRequest, Withdrawal

RETRY = RetryPolicy(maximum_attempts=5)


@workflow.defn
class ContractSigning:
    def __init__(self) -> None:
        self._signed = False
        self._withdrawal: Withdrawal | None = None

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
            await self._wait(request)
        except ActivityError:
            await self._void(VoidRequest(envelope, "signer unreachable", request.approved_by, request.correlation_id))
            raise
        if self._withdrawal is not None:
            order = self._withdrawal
            await self._void(VoidRequest(envelope, order.reason, order.approved_by, order.correlation_id))
        return envelope

    async def _wait(self, request: SigningRequest) -> None:
        try:
            await workflow.wait_condition(self._is_settled, timeout=timedelta(days=3))
        except TimeoutError:
            await workflow.execute_activity(
                remind_signer,
                request,
                start_to_close_timeout=timedelta(seconds=30),
                schedule_to_close_timeout=timedelta(minutes=10),
                retry_policy=RETRY,
            )
            await workflow.wait_condition(self._is_settled)

    async def _void(self, request: VoidRequest) -> None:
        await workflow.execute_activity(
            void_contract,
            request,
            start_to_close_timeout=timedelta(seconds=60),
            schedule_to_close_timeout=timedelta(hours=1),
            retry_policy=RETRY,
        )

    def _is_settled(self) -> bool:
        return self._signed or self._withdrawal is not None

    @workflow.signal
    def signed(self) -> None:
        self._signed = True

    @workflow.signal
    def withdraw(self, withdrawal: Withdrawal) -> None:
        self._withdrawal = withdrawal
