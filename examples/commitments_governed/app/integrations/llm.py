"""Text generation: inference, not a commitment."""

from __future__ import annotations

import httpx

from app.core.settings import settings


async def complete(instructions: str, prompt: str) -> str:
    async with httpx.AsyncClient(timeout=60) as client:
        response = await client.post(
            "https://api.openai.com/v1/chat/completions",
            headers={"Authorization": f"Bearer {settings.openai_api_key}"},
            json={
                "model": "gpt-4o-mini",
                "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": prompt}],
            },
        )
    response.raise_for_status()
    return str(response.json()["choices"][0]["message"]["content"])
