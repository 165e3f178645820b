"""The parent company's CRM."""

from __future__ import annotations

import httpx

from app.core.settings import settings


class SalesforceClient:
    def __init__(self) -> None:
        self.base_url = f"https://{settings.salesforce_domain}.my.salesforce.com/services/data/v60.0"
        self.headers = {"Authorization": f"Bearer {settings.salesforce_token}"}

    def operations_snapshot(self, title: str, stage: str, *, correlation_id: str = "") -> str:
        with httpx.Client(timeout=15) as client:
            response = client.post(
                self.base_url + "/sobjects/Opportunity",
                json={"Name": title, "StageName": stage},
                headers={**self.headers, "X-Correlation-ID": correlation_id},
            )
        response.raise_for_status()
        return str(response.json()["id"])
