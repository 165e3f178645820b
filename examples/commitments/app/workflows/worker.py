"""The Temporal worker process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from temporalio.worker import Worker

from app.activities.contracts import remind_signer, send_contract_for_signature
from app.activities.partners import pay_partner_commission
from app.core.settings import settings
from app.workflows.client import temporal_client
from app.workflows.contract_signing import ContractSigning
from app.workflows.partner_payout import PartnerPayout

WORKFLOWS = [ContractSigning, PartnerPayout]
ACTIVITIES: list[Callable[..., Any]] = [send_contract_for_signature, remind_signer, pay_partner_commission]


async def main() -> None:
    client = await temporal_client()
    await Worker(client, task_queue=settings.task_queue, workflows=WORKFLOWS, activities=ACTIVITIES).run()


if __name__ == "__main__":
    asyncio.run(main())
