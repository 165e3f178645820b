"""What the inventory says of requests whose parts stand in different places of the code."""

from __future__ import annotations

from pathlib import Path

from .inventories import inventory_of


def inventoried(root: Path, **modules: str) -> list[str]:
    """`kind provider operation confidence <- starts` of every effect in modules given as texts."""
    inventory = inventory_of(root, {f"{name}.py": code for name, code in modules.items()})
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
        "payment stripe payment_intent.create high <- pay.charge",
        "payment stripe refund.create high <- pay.refund",
        "external_write stripe customer.create high <- pay.remember",
        "external_write stripe coupon.create high <- pay.forget",
        "payment stripe invoice.create high <- pay.invoice",
        "external_read stripe get /v1/charges high <- pay.charges",
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


def test_a_url_that_only_a_setting_knows_is_named_by_the_setting(tmp_path: Path) -> None:
    conf = """
        import os
        from dataclasses import dataclass

        import decouple
        from pydantic_settings import BaseSettings

        SLACK_WEBHOOK_URL = os.environ.get("SLACK_WEBHOOK_URL", "")
        PAYMENT_URL = decouple.config("PAYMENT_URL", default="")

        class Settings(BaseSettings):
            sms_gateway_url: str = ""
            crm_url: str | None = None

        @dataclass
        class Plain:
            mailer_url: str = ""

        settings = Settings()
        plain = Plain()
    """
    code = """
        import os
        import requests
        from conf import PAYMENT_URL, SLACK_WEBHOOK_URL, plain, settings

        class Gateway:
            def __init__(self):
                self.target = settings.sms_gateway_url

            def text(self, body): requests.post(self.target, json=body)

        def slack(body): requests.post(SLACK_WEBHOOK_URL, json=body)
        def pay(body): requests.post(PAYMENT_URL, json=body)
        def sign(body): requests.post(os.environ["ESIGN_URL"], json=body)
        def crm(body):
            url = settings.crm_url
            if url: requests.post(url, json=body)
        def mail(body): requests.post(plain.mailer_url, json=body)
    """
    assert inventoried(tmp_path, conf=conf, hooks=code) == [
        "messaging unknown post / medium <- hooks.Gateway.text",
        "messaging slack post / medium <- hooks.slack",
        "payment unknown post / medium <- hooks.pay",
        "contract unknown post / medium <- hooks.sign",
        "external_write unknown post / medium <- hooks.crm",
        "messaging unknown post / medium <- hooks.mail",
    ]


def test_a_settings_object_that_looks_names_up_keeps_them(tmp_path: Path) -> None:
    conf = """
        from flask import current_app

        class Config:
            __slots__ = ("_given",)

            def __init__(self, given=None):
                object.__setattr__(self, "_given", given)

            @property
            def data(self):
                return self._given or current_app.config["HOUSE"]

            def __getattr__(self, name):
                try:
                    return self.data[name]
                except KeyError:
                    raise AttributeError("no such setting: " + name)

        config = Config()
    """
    unrelated = "\n".join(f"def read_{n}(): return config.SETTING_{n}" for n in range(60))
    code = """
        import requests
        from conf import config

        def text(body): requests.post(config.SMS_GATEWAY_URL, json=body)
        def pay(body): requests.post(config.PAYMENT_URL + "/charges", json=body)
    """
    assert inventoried(tmp_path, conf=conf, aaa="from conf import config\n" + unrelated, hooks=code) == [
        "messaging unknown post / medium <- hooks.text",
        "payment unknown post /charges medium <- hooks.pay",
    ]


def test_a_setting_read_with_get_keeps_its_key(tmp_path: Path) -> None:
    code = """
        from urllib.parse import urljoin

        import requests
        from django.conf import settings
        from flask import current_app

        class Gateway:
            def __init__(self):
                self.config = getattr(settings, "SMS_GATEWAY", {})
                self.url = self.config.get("url", "")

            def text(self, body): requests.post(urljoin(self.url, "/add/"), json=body)
            def forget(self, body): requests.post(self.url + "/remove/", json=body)

        def pay(body): requests.post(current_app.config.get("PAYMENT_URL"), json=body)
        def tell(body): requests.post(requests.get("https://a.example.com/").json().get("webhook"), json=body)
    """
    assert inventoried(tmp_path, hooks=code) == [
        "messaging unknown post /add medium <- hooks.Gateway.text",
        "messaging unknown post /remove medium <- hooks.Gateway.forget",
        "payment unknown post / medium <- hooks.pay",
        "external_read a.example.com get / high <- hooks.tell",
        "external_write unknown post / medium <- hooks.tell",
    ]


def test_what_a_setting_chooses_may_be_any_of_the_choices(tmp_path: Path) -> None:
    code = """
        import smtplib
        import resend
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            mailer: str = "resend"

        settings = Settings()

        def by_resend(to): resend.Emails.send({"to": to})
        def by_smtp(to): smtplib.SMTP("h").sendmail("a", to, "x")

        MAILERS = {"resend": by_resend, "smtp": by_smtp}

        def send(to):
            MAILERS[settings.mailer](to)
    """
    assert inventoried(tmp_path, mail=code) == [
        "messaging resend mail.send high <- mail.send",
        "messaging smtp email.send high <- mail.send",
    ]


def test_urls_put_together_by_join_and_replace(tmp_path: Path) -> None:
    code = """
        import requests

        BASE = "https://api.moyasar.com/v1"
        REFUND = BASE + "/payments/:id/refund"

        def pay(body): requests.post("/".join([BASE, "payments"]), json=body)
        def refund(payment): requests.post(REFUND.replace(":id", payment))
    """
    assert inventoried(tmp_path, pay=code) == [
        "payment moyasar payment.create high <- pay.pay",
        "payment moyasar payment.refund high <- pay.refund",
    ]


def test_a_method_computed_from_a_text_may_write(tmp_path: Path) -> None:
    code = """
        import aiohttp
        import httpx

        async def forward(method, body):
            async with aiohttp.ClientSession() as session:
                send = getattr(session, method.lower())
                async with send("https://api.calendly.com/scheduled_events", json=body) as r:
                    return await r.json()

        def also(method):
            getattr(httpx.Client(), method)("https://api.partner.example/v1/orders")
    """
    assert inventoried(tmp_path, proxy=code) == [
        "external_write calendly request /scheduled_events medium <- proxy.forward",
        "external_write api.partner.example request /v1/orders medium <- proxy.also",
    ]


def test_a_token_request_is_one_wherever_it_goes(tmp_path: Path) -> None:
    code = """
        import requests

        def refresh(provider, token):
            data = {"grant_type": "refresh_token", "refresh_token": token}
            return requests.post(provider.metadata["token_endpoint"], data=data).json()
    """
    assert inventoried(tmp_path, oauth=code) == ["external_read unknown post / low <- oauth.refresh"]


def test_a_host_with_nothing_but_an_unknown_path_behind_it_is_known(tmp_path: Path) -> None:
    code = """
        import requests

        def pay(path, body): requests.post(f"https://api.moyasar.com{path}", json=body)
        def somewhere(tld, body): requests.post(f"https://api.moyasar.{tld}", json=body)
        def tenant(name, body): requests.post(f"https://{name}.partner.example/orders", json=body)
    """
    assert inventoried(tmp_path, pay=code) == [
        "payment moyasar post /{} high <- pay.pay",
        "external_write unknown post / low <- pay.somewhere",
        "external_write partner.example post /orders high <- pay.tenant",
    ]


def test_url_objects_are_the_texts_they_are_made_of(tmp_path: Path) -> None:
    code = """
        import aiohttp
        import httpx
        from yarl import URL

        BASE = URL("https://api.hubapi.com/crm/v3/objects")

        async def create(props):
            async with aiohttp.ClientSession() as session:
                await session.post(BASE / "contacts", json=props)

        def update(contact, props):
            httpx.patch(str(BASE / "contacts" / contact), json=props)

        def search(q):
            httpx.Client(base_url=httpx.URL("https://api.hubapi.com")).post("/crm/v3/objects/deals/search", json=q)
    """
    assert inventoried(tmp_path, crm=code) == [
        "external_write hubspot contact.create high <- crm.create",
        "external_write hubspot contact.update high <- crm.update",
        "external_read hubspot post /crm/v3/objects/deals/search high <- crm.search",
    ]


def test_an_object_that_holds_a_text_is_that_text(tmp_path: Path) -> None:
    code = """
        import os
        import httpx
        from pydantic import AnyHttpUrl, SecretStr
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            hook: SecretStr = SecretStr("https://hooks.slack.com/services/T0/B0/xyz")
            slack_webhook: SecretStr
            base: AnyHttpUrl = AnyHttpUrl("https://slack.com/api")
            password: SecretStr

        settings = Settings()

        def secret(): httpx.post(settings.hook.get_secret_value(), json={})
        def named(): httpx.post(settings.slack_webhook.get_secret_value(), json={})
        def read(): httpx.post(SecretStr(os.environ["SLACK_WEBHOOK"]).get_secret_value(), json={})
        def url(): httpx.post(settings.base.unicode_string() + "/chat.postMessage", json={})
        def host(): httpx.post(f"https://{settings.base.host}/api/chat.postMessage", json={})
        def unnamed(): httpx.post(settings.password.get_secret_value(), json={})
    """
    assert inventoried(tmp_path, hook=code) == [
        "messaging slack webhook.send high <- hook.secret",
        "messaging slack post / medium <- hook.named",
        "messaging slack post / medium <- hook.read",
        "messaging slack chat.post_message high <- hook.url",
        "messaging slack chat.post_message high <- hook.host",
        "external_write unknown post / low <- hook.unnamed",
    ]


def test_words_that_come_with_a_configuration_are_no_part_of_an_address(tmp_path: Path) -> None:
    code = """
        import requests

        def ping(config): requests.post(config.get("server") or "https://ntfy.sh", json={})
        def create(config): requests.post("https://api.hubapi.com" + config["path"], json={})

        def main(name): ping({"server": name or "repositories"})
        def other(name): ping({"server": name})
        def known(): create({"path": "/crm/v3/objects/contacts"})
    """
    assert inventoried(tmp_path, hook=code) == [
        "messaging ntfy post / high <- hook.main, hook.other",
        "external_write hubspot contact.create high <- hook.known",
    ]


def test_a_request_that_something_else_sends_is_given_its_own_arguments(tmp_path: Path) -> None:
    code = """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial

        import requests

        URL = "https://api.moyasar.com/v1"

        async def in_thread(body):
            await asyncio.to_thread(requests.post, f"{URL}/payments", json=body)

        async def in_executor(body):
            send = partial(requests.post, URL + "/payouts", timeout=3)
            await asyncio.get_running_loop().run_in_executor(None, send)

        def in_pool(body):
            with ThreadPoolExecutor() as pool:
                pool.submit(requests.post, f"{URL}/invoices", json=body)

        def by_partial(body):
            partial(requests.request, "POST")("https://api.resend.com/emails", json=body)
    """
    assert inventoried(tmp_path, later=code) == [
        "payment moyasar payment.create high <- later.in_thread",
        "payment moyasar payout.create high <- later.in_executor",
        "payment moyasar invoice.create high <- later.in_pool",
        "messaging resend mail.send high <- later.by_partial",
    ]


def test_members_of_enumerations_are_their_values(tmp_path: Path) -> None:
    code = """
        from enum import Enum, StrEnum
        import requests

        class Url(str, Enum):
            MAIL = "https://api.sendgrid.com/v3/mail/send"

        class Path(Enum):
            CHARGES = "/charges"

        class Verb(StrEnum):
            POST = "POST"

        def mail(body): requests.post(Url.MAIL.value, json=body)
        def charge(body): requests.request(Verb.POST, f"https://api.tap.company/v2{Path.CHARGES.value}", json=body)
    """
    assert inventoried(tmp_path, enums=code) == [
        "messaging sendgrid mail.send high <- enums.mail",
        "payment tap charge.create high <- enums.charge",
    ]


def test_a_client_class_of_ones_own_is_the_client_it_is_made_of(tmp_path: Path) -> None:
    code = """
        import httpx
        import requests

        class Tap(httpx.AsyncClient):
            def __init__(self, key):
                super().__init__(base_url="https://api.tap.company/v2", headers={"Authorization": key})

            async def charge(self, body):
                await self.post("/charges", json=body)

        class Stripe(requests.Session):
            BASE = "https://api.stripe.com/v1"

            def refund(self, charge):
                self.post(f"{self.BASE}/refunds", data={"charge": charge})

        async def run(body):
            async with Tap("k") as tap:
                await tap.charge(body)
            Stripe().refund("ch")
    """
    assert inventoried(tmp_path, clients=code) == [
        "payment tap charge.create high <- clients.run",
        "payment stripe refund.create high <- clients.run",
    ]


def test_a_tool_called_over_mcp_is_a_write(tmp_path: Path) -> None:
    code = """
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async def run(name, arguments):
            async with streamablehttp_client("https://tools.partner.example/mcp") as (read, write, _):
                async with ClientSession(read, write) as session:
                    await session.list_tools()
                    return await session.call_tool(name, arguments)
    """
    assert inventoried(tmp_path, tools=code) == [
        "external_read mcp list_tools high <- tools.run",
        "external_write mcp tool.call high <- tools.run",
    ]


def test_a_template_is_filled_by_name_and_a_scheme_may_be_chosen(tmp_path: Path) -> None:
    code = """
        import requests

        class Button:
            API = "https://api.%(domain)s/v1/%(what)s?n=100%%"

            def __init__(self, secure, host, domain="sandbox.coinbase.com"):
                self.domain, self.secure, self.host = domain, secure, host

            def create(self, data):
                url = self.API % {"domain": self.domain, "what": "buttons"}
                requests.post(url, json=data)

            def hook(self, data):
                requests.post(f"http{'s' if self.secure else ''}://{self.host}/hooks/new", json=data)

        def mail(version, domain):
            requests.post(f"https://api.mailgun.net/{version}/{domain}/messages", data={})
    """
    assert inventoried(tmp_path, shop=code) == [
        "payment coinbase post /v1/buttons high <- shop.Button.create",
        "external_write unknown post /hooks/new low <- shop.Button.hook",
        "messaging mailgun mail.send high <- shop.mail",
    ]


def test_a_helper_that_tidies_up_addresses_does_not_mix_those_of_its_callers(tmp_path: Path) -> None:
    code = """
        import httpx
        from urllib.parse import urljoin

        def normalize(endpoint: str, add_proto=True) -> str:
            endpoint = endpoint[:-1] if endpoint.endswith("/") else endpoint
            if add_proto:
                if endpoint.startswith("ws://"):
                    return endpoint
                endpoint = f"https://{endpoint}" if not endpoint.startswith("http") else endpoint
            return endpoint

        def trimmed(url):
            return url.rstrip("/")

        def or_default(url):
            if not url:
                url = "https://api.hubapi.com"
            return url

        class A:
            def __init__(self):
                self.c = httpx.Client(base_url=normalize("https://api.stripe.com"))
            def pay(self): self.c.post("/v1/refunds")

        class B:
            def __init__(self):
                self.c = httpx.Client(base_url=normalize("https://connect.squareup.com"))
            def pay(self): self.c.post("/v2/payments")

        class C:
            def __init__(self, url="https://api.moyasar.com/"):
                self.url = trimmed(url)
            def pay(self): httpx.post(self.url + "/v1/payouts")

        class D:
            def __init__(self, url="https://api.tap.company/"):
                self.url = trimmed(url)
            def pay(self): httpx.post(f"{self.url}/v2/refunds")

        def e(): httpx.post(or_default("https://slack.com/api/chat.postMessage"))
        def f(): httpx.post(or_default("https://graph.facebook.com/v19.0/12/messages"))
    """
    assert inventoried(tmp_path, shop=code) == [
        "payment stripe refund.create high <- shop.A.pay",
        "payment square payment.create high <- shop.B.pay",
        "payment moyasar payout.create high <- shop.C.pay",
        "payment tap refund.create high <- shop.D.pay",
        "messaging slack chat.post_message high <- shop.e",
        "messaging whatsapp message.send high <- shop.f",
    ]


def test_records_at_a_payment_service_are_no_payments_and_a_query_may_hide_in_the_last_word(tmp_path: Path) -> None:
    code = """
        import httpx

        BASE = "https://merchant.revolut.com/api"

        def register(data): httpx.post(f"{BASE}/customers", json=data)
        def listen(data, ident): httpx.patch(f"{BASE}/webhooks/{ident}", json=data)
        def order(data): httpx.post(f"{BASE}/orders", json=data)
        def sign_in(query): httpx.post(f"https://cloud.vendor.example/auth/device_authorization{query}")
    """
    assert inventoried(tmp_path, shop=code) == [
        "external_write revolut customer.create high <- shop.register",
        "external_write revolut webhook.update high <- shop.listen",
        "payment revolut order.create high <- shop.order",
        "external_read cloud.vendor.example post /auth/device_authorization{} high <- shop.sign_in",
    ]


def test_an_address_comes_from_the_projects_django_settings(tmp_path: Path) -> None:
    inventory = inventory_of(
        tmp_path,
        {
            "shop/settings.py": """
                import os

                INSTALLED_APPS = ["shop"]
                CHARGES = "https://api.stripe.com/v1"
                REPORTS = os.environ.get("REPORTS_URL", "")
                """,
            "shop/pay.py": """
                import requests
                from django.conf import settings

                def pay(amount):
                    requests.post(f"{settings.CHARGES}/payment_intents", data={"amount": amount})

                def report(text):
                    requests.post(settings.REPORTS, json=text)
                """,
        },
    )
    found = {row.function: f"{row.kind} {row.provider} {row.confidence}" for row in inventory.effects}
    assert found == {"shop.pay.pay": "payment stripe high", "shop.pay.report": "external_write unknown low"}


def test_a_helper_that_formats_its_url_from_a_tuple_tells_its_callers_apart(tmp_path: Path) -> None:
    code = """
        import requests

        class Cloud:
            def __init__(self):
                self.base = "https://api.cloud.example.org"

            def _delete(self, endpoint):
                url = "%s/%s" % (self.base, endpoint)
                return requests.delete(url)

            def delete_instance(self, name):
                return self._delete("instances/%s" % name)

            def delete_volume(self, name):
                return self._delete("volumes/%s" % name)
    """
    assert inventoried(tmp_path, cloud=code) == [
        "external_write api.cloud.example.org delete /instances/{} high <- cloud.Cloud.delete_instance",
        "external_write api.cloud.example.org delete /volumes/{} high <- cloud.Cloud.delete_volume",
    ]


def test_what_is_handed_on_by_args_is_the_effect_of_the_caller_that_knows_it(tmp_path: Path) -> None:
    code = """
        import functools

        import requests

        def authorized(function):
            @functools.wraps(function)
            def wrapper(self, *args, **kwargs):
                return function(self, *args, **kwargs)
            return wrapper

        class Provider:
            URL = "https://api.paypal.com/v1/payments/payment"

            @authorized
            def send(self, payment, *args, method="get", **kwargs):
                return requests.request(method, *args, **kwargs)

            def post(self, payment, *args, **kwargs):
                return self.send(payment, *args, method="post", **kwargs)

            def create(self, payment):
                return self.post(payment, self.URL, json={})

            def refund(self, payment):
                return self.post(payment, payment.links["refund"], json={})
    """
    assert inventoried(tmp_path, pay=code) == [
        "external_write unknown post / low <- pay.Provider.refund",
        "payment paypal payment.create high <- pay.Provider.create",
    ]


_TRACKERS = """
import logging

import requests

log = logging.getLogger(__name__)


class Tracker:
    def __init__(self):
        self.session = requests.Session()
        self.headers = {"Accept": "*/*"}

    def get_url(self, url, post_data=None, params=None, timeout=30, **kwargs):
        return fetch(url, post_data=post_data, params=params, headers=self.headers, session=self.session, **kwargs)


def fetch(url, post_data=None, params=None, headers=None, session=None, **kwargs):
    returns = kwargs.pop("returns", "text")
    verify = kwargs.pop("verify", True)
    hooks = {"response": kwargs.pop("hook", None)}
    log.debug("asking %s with %s, %s, %s and %s", url, params, headers, verify, hooks)
    try:
        answer = session.request(
            "POST" if post_data else "GET", url, data=post_data, params=params, headers=headers, verify=verify, hooks=hooks
        )
        answer.raise_for_status()
    except requests.Timeout:
        log.warning("%s does not answer in time", url)
        raise
    except requests.ConnectionError:
        log.warning("%s cannot be reached", url)
        raise
    if returns == "json":
        return answer.json()
    return answer.text
"""


def test_callers_that_share_a_context_of_a_helper_each_ask_for_what_they_hand_over(tmp_path: Path) -> None:
    count = 90
    modules = {
        f"tracker_{n}": f"""
            from trackers import Tracker


            class Tracker{n}(Tracker):
                url = "https://tracker{n}.example.org"

                def listen(self, page):
                    return self.get_url(self.url + "/browse", params={{"page": page}})

                def order(self, item):
                    return self.get_url(self.url + "/orders/{n}", post_data={{"item": item}}, returns="json")


            def main():
                Tracker{n}().listen(1)
                Tracker{n}().order("a")
            """
        for n in range(count)
    }

    found = inventoried(tmp_path, trackers=_TRACKERS, **modules)

    assert {row.partition(" <-")[0] for row in found} == {
        f"external_{what} tracker{n}.example.org {operation} high"
        for n in range(count)
        for what, operation in (("write", f"post /orders/{n}"), ("read", "get /browse"))
    }


def test_the_default_that_a_getter_of_settings_is_handed_is_followed(tmp_path: Path) -> None:
    code = """
        import os
        import re

        import requests

        class Options:
            def __init__(self, values):
                self.values = values

            def text(self, key, default_value=None):
                return self.read(key, default_value=default_value)

            def read(self, key, required=False, default_value=None):
                value = default_value
                if key in os.environ:
                    value = os.environ[key]
                elif key in self.values:
                    value = self.values.get(key)
                elif required:
                    raise KeyError(key)
                return self.wrapped(value)

            def wrapped(self, value):
                if isinstance(value, dict):
                    return Options(value)
                for name in os.environ:
                    value = re.sub(name, os.environ.get(name), value)
                return value

        class Client:
            def __init__(self, host, scheme, color):
                self.api = f"{scheme}://{host}/api"
                self.color = color

            def order(self, body):
                requests.post(f"{self.api}/orders", json=body)

        def main(path):
            options = Options(path.load())
            host = options.text("host", default_value="cloud.vendor.example")
            client = Client(host, options.text("scheme", "https"), options.text("color", default_value="red"))
            client.order(options.text("size", default_value="small"))
            requests.post(options.text("shape", default_value="round"), json={})
            requests.post(options.text("address"), json={})
    """
    assert inventoried(tmp_path, shop=code) == [
        "external_write cloud.vendor.example post /api/orders high <- shop.main",
        "external_write unknown post / low <- shop.main",
        "external_write unknown post / low <- shop.main",
    ]


def test_what_is_spread_of_nothing_leaves_a_parameter_its_default(tmp_path: Path) -> None:
    code = """
        import requests

        class Payload:
            def __init__(self, message, method="POST", data=None):
                self.method = method
                self.data = data

            def send(self, url):
                requests.request(method=self.method, url=url, data=self.data)

        class Mail(Payload):
            def __init__(self, message, *args, **kwargs):
                super().__init__(message, data={}, *args, **kwargs)

        class Draft(Payload):
            def __init__(self, message, *args, **kwargs):
                super().__init__(message, data={}, *args, **kwargs)

        def mail(message):
            Mail(message).send("https://mail.vendor.example/v1/mails")

        def draft(message):
            Draft(message, "PUT").send("https://mail.vendor.example/v1/drafts")
    """
    assert inventoried(tmp_path, mails=code) == [
        "external_write mail.vendor.example post /v1/mails high <- mails.mail",
        "external_write mail.vendor.example put /v1/drafts high <- mails.draft",
    ]


def test_a_body_says_what_is_sent_by_the_caller_that_hands_it_over_alone(tmp_path: Path) -> None:
    code = """
        import requests

        class Session(requests.Session):
            def request(self, method, url, *args, **kwargs):
                return super().request(method, url, *args, **kwargs)

        def post(url, data=None, json=None, **kwargs):
            return Session().request(method="POST", url=url, data=data, json=json, **kwargs)

        def bare(event):
            post(event["remove_url"], headers={"x": 1})

        def notify(event):
            post(event["url"], json={"content": "hello", "embeds": []})
    """
    assert inventoried(tmp_path, sent=code) == [
        "external_write unknown post / low <- sent.bare",
        "messaging discord post / medium <- sent.notify",
    ]


def test_a_client_of_the_project_hands_bodies_on_by_name(tmp_path: Path) -> None:
    code = """
        import requests

        class Session(requests.Session):
            def request(self, method, url, *args, **kwargs):
                return super().request(method, url, *args, **kwargs)

        session = Session()

        def bare(event):
            session.post(event["remove_url"], headers={"x": 1})

        def notify(event):
            session.post(event["url"], json={"content": "hello", "embeds": []})

        def known(event):
            session.post("https://api.example.com/orders", json={"content": "hello", "embeds": []})
    """
    assert inventoried(tmp_path, sent=code) == [
        "external_write unknown post / low <- sent.bare",
        "messaging discord post / medium <- sent.notify",
        "messaging api.example.com post /orders high <- sent.known",
    ]


def test_a_method_is_that_of_the_caller_whatever_a_redirect_makes_of_it(tmp_path: Path) -> None:
    code = """
        import requests

        def follow(method, url):
            for _ in range(3):
                response = requests.request(method, url, allow_redirects=False)
                if not response.is_redirect:
                    return response
                url, method = response.headers["Location"], "GET"

        def optional(url, method=None):
            if method is None:
                method = "GET"
            return requests.request(method, url)

        def checks():
            follow("GET", "https://a.example.com/health")

        def asks(params):
            follow(params.get("method", "GET").upper(), "https://b.example.com/x")

        def reads():
            optional("https://c.example.com/x")

        def writes():
            optional("https://d.example.com/x", "POST")

        def unsure(params):
            optional("https://e.example.com/x", params["method"])
    """
    assert inventoried(tmp_path, sent=code) == [
        "external_read a.example.com get /health high <- sent.checks",
        "external_write b.example.com request /x medium <- sent.asks",
        "external_read c.example.com get /x high <- sent.reads",
        "external_write d.example.com post /x high <- sent.writes",
        "external_write e.example.com request /x medium <- sent.unsure",
    ]
