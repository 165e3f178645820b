"""Our own pricing service: a POST that stays in the house."""

from __future__ import annotations

import httpx

from app.core.settings import settings


def quote(product: str, quantity: int) -> int:
    response = httpx.post(f"{settings.pricing_url}/quotes", json={"product": product, "quantity": quantity})
    response.raise_for_status()
    return int(response.json()["amount"])
