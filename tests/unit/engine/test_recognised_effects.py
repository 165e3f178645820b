"""What the inventory says of requests whose parts stand in different places of the code."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from dealix_lint.engine.answers import take_inventory
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request


def inventoried(root: Path, **modules: str) -> list[str]:
    """`kind provider operation confidence <- starts` of every effect in modules given as texts."""
    (root / "pyproject.toml").write_text("[tool.dealix-lint]\n")
    for name, code in modules.items():
        (root / f"{name}.py").write_text(dedent(code))
    (project,) = find_projects((root,))
    inventory, _ = take_inventory(project, Request((root,), overrides=Overrides(jobs=1), use_store=False))
    return [
        f"{row.kind} {row.provider} {row.operation} {row.confidence}"
        f" <- {', '.join(reach.entry_point.partition(':')[2] for reach in row.reached_from)}"
        for row in inventory.effects
    ]


def test_a_request_helper_does_for_each_caller_what_that_caller_asks(tmp_path: Path) -> None:
    code = """
        import httpx

        class Crm:
            BASE = "https://api.hubapi.com"

            def __init__(self):
                self._c = httpx.AsyncClient()

            async def _request(self, method, path, json=None):
                r = await self._c.request(method, f"{self.BASE}{path}", json=json)
                return r.json()

            async def read(self, contact):
                return await self._request("GET", f"/crm/v3/objects/contacts/{contact}")

            async def search(self, q):
                return await self._request("POST", "/crm/v3/objects/contacts/search", json=q)

            async def create(self, props):
                return await self._request(method="POST", path="/crm/v3/objects/contacts", json=props)

            async def mail(self, props):
                return await self._request("POST", "/marketing/v3/transactional/single-email/send", json=props)
    """
    assert inventoried(tmp_path, crm=code) == [
        "external_read hubspot get /crm/v3/objects/contacts/{} high <- crm.Crm.read",
        "external_read hubspot post /crm/v3/objects/contacts/search high <- crm.Crm.search",
        "external_write hubspot contact.create high <- crm.Crm.create",
        "messaging hubspot mail.send high <- crm.Crm.mail",
    ]


def test_helpers_around_a_request_helper_are_told_apart_too(tmp_path: Path) -> None:
    code = """
        import requests

        def call(method, path, **kwargs):
            return requests.request(method, "https://api.stripe.com" + path, **kwargs)

        def post(path, data):
            return call("POST", path, data=data)

        def get(path):
            return call("GET", path)

        def charge(data): return post("/v1/payment_intents", data)
        def refund(data): return post("/v1/refunds", data)
        def remember(data): return post("/v1/customers", data)
        def forget(data): return post("/v1/coupons", data)
        def invoice(data): return post("/v1/invoices", data)
        def charges(): return get("/v1/charges")
    """
    assert inventoried(tmp_path, pay=code) == [
        "external_read stripe get /v1/charges high <- pay.charges",
        "external_write stripe coupon.create high <- pay.forget",
        "external_write stripe customer.create high <- pay.remember",
        "payment stripe invoice.create high <- pay.invoice",
        "payment stripe payment_intent.create high <- pay.charge",
        "payment stripe refund.create high <- pay.refund",
    ]


def test_a_helper_that_makes_urls_makes_each_callers_own(tmp_path: Path) -> None:
    code = """
        import requests

        class DocuSign:
            def __init__(self, account):
                self._account = account
                self._base = "https://eu.docusign.net/restapi"

            def _api_url(self, path):
                return f"{self._base}/v2.1/accounts/{self._account}/{path.lstrip('/')}"

            def send(self, body):
                return requests.post(self._api_url("/envelopes"), json=body)

            def void(self, envelope):
                return requests.put(self._api_url("/envelopes/" + envelope), json={"status": "voided"})
    """
    assert inventoried(tmp_path, sign=code) == [
        "contract docusign envelope.create high <- sign.DocuSign.send",
        "contract docusign envelope.update high <- sign.DocuSign.void",
    ]
