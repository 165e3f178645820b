"""Ways in which code puts URLs together, sends requests and shares clients."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from .inventories import inventory_of

HERE = Path(__file__).parent


def found_in(root: Path, code: str) -> dict[str, set[str]]:
    """What each function that starts anything leads to."""
    found = defaultdict(set)
    for row in inventory_of(root, {"code.py": code}).effects:
        for reach in row.reached_from:
            start = reach.entry_point.rpartition(".")[2]
            found[start].add(f"{row.kind} {row.provider} {row.operation} {row.confidence}")
    return found


def written_in(code: str, *names: str) -> list[str]:
    """The functions in code whose names begin with one of some."""
    defined = [line.partition("def ")[2].partition("(")[0] for line in code.splitlines() if "def " in line]
    return [name for name in defined if name.startswith(names)]


def test_every_way_to_write_the_url_is_seen_through(tmp_path: Path) -> None:
    """All functions of the file ask for the same refund."""
    code = (HERE / "refunds.txt").read_text(encoding="utf-8")
    written = written_in(code, "refund_")
    found = found_in(tmp_path, code)
    assert len(written) > 60
    assert {name: found[name] for name in written} == {name: {"payment stripe refund.create high"} for name in written}


@pytest.mark.parametrize(("file", "least"), [("clients.txt", 30), ("heirs.txt", 60)])
def test_two_clients_of_one_class_are_told_apart(tmp_path: Path, file: str, least: int) -> None:
    """The functions of the file send by one of two clients that share their code, named after it; in `heirs.txt` what sends is
    made in the base of objects that only say the address."""
    code = (HERE / file).read_text(encoding="utf-8")
    written = written_in(code, "stripe_", "hub_")
    found = found_in(tmp_path, code)
    said = {
        "stripe": {"payment stripe refund.create high"},
        "hub": {"external_write hubspot contact.create high"},
    }
    assert len(written) > least
    assert {name: found[name] for name in written} == {name: said[name.partition("_")[0]] for name in written}


def test_a_text_assigned_to_one_of_several_attributes_is_the_address_of_none(tmp_path: Path) -> None:
    code = """
import httpx


class Config:
    def __init__(self):
        self.url = "https://api.stripe.com/v1/refunds"
        self.registration = None
        for name in ("url", "registration"):
            setattr(self, name, str(getattr(self, name)))


def register():
    httpx.post(Config().registration, json={})


def refund():
    httpx.post(Config().url, data={})
"""
    found = found_in(tmp_path, code)
    assert found["refund"] == {"payment stripe refund.create high"}
    assert not any("stripe" in row for row in found["register"])


def test_a_default_of_a_look_up_is_the_address_where_nothing_else_is_known(tmp_path: Path) -> None:
    code = """
import requests
from somewhere import load


class Desk:
    def __init__(self, config):
        self.base = config.get("base_url", "https://api.freshdesk.com/api/v2")

    def open(self, ticket):
        requests.post(f"{self.base}/tickets", json=ticket)


def field(db, ticket):
    Desk(db.load("desk")).open(ticket)


def parameter(config: dict, ticket):
    requests.post(config.pop("base_url", "https://api.freshdesk.com/api/v2") + "/tickets", json=ticket)


def method(config, ticket):
    requests.request(config.get("method", "GET"), "https://api.freshdesk.com/api/v2/tickets", json=ticket)


def outside(ticket):
    requests.post(load()["desk"].get("base_url", "https://api.freshdesk.com/api/v2") + "/tickets", json=ticket)


def asked(ticket):
    requests.post(requests.get("base_url", "https://api.freshdesk.com/api/v2").text, json=ticket)


def known(ticket):
    config = {"base_url": "https://api.pipedrive.com/v1"}
    requests.post(config.get("base_url", "https://api.freshdesk.com/api/v2") + "/deals", json=ticket)
"""
    found = found_in(tmp_path, code)
    desk = {"external_write freshdesk ticket.create high"}
    assert found["field"] == found["parameter"] == found["outside"] == desk
    assert not any("freshdesk" in row for row in found["asked"])
    assert found["method"] == {"external_write freshdesk ticket.create medium"}
    assert found["known"] == {"external_write pipedrive deal.create high"}


def test_joined_urls_are_what_joining_gives(tmp_path: Path) -> None:
    code = """
import os
import posixpath
from urllib.parse import urljoin

import requests

BASE = "https://api.hubapi.com/oauth/v1/token"


def path_of_parts(charge):
    requests.post(os.path.join("https://api.stripe.com/v1/", "refunds"), data=charge)
    requests.post(posixpath.join("https://api.stripe.com", "v1", "refunds"), data=charge)


def from_the_root(deal):
    requests.post(urljoin(BASE, "/crm/v3/objects/deals"), json=deal)


def beside(name):
    requests.post(urljoin("https://slack.com/api/chat.postMessage", "conversations.list"), json=name)


def below(text):
    requests.post(urljoin("https://slack.com/api/", "chat.postMessage"), json=text)
    requests.post(urljoin("https://slack.com", "api/chat.postMessage"), json=text)


def elsewhere(text):
    requests.post(urljoin(BASE, "https://slack.com/api/chat.postMessage"), json=text)


def file(name):
    return open(os.path.join("reports", name)).read()
"""
    found = found_in(tmp_path, code)
    assert found["path_of_parts"] == {"payment stripe refund.create high"}
    assert found["from_the_root"] == {"external_write hubspot deal.create high"}
    assert found["beside"] == {"external_read slack post /api/conversations.list high"}
    assert found["below"] == found["elsewhere"] == {"messaging slack chat.post_message high"}
    assert "file" not in found


def test_a_session_that_overrides_request_sends_all_its_methods_through_it(tmp_path: Path) -> None:
    code = """
from urllib.parse import urljoin

import aiohttp
import requests


class BaseUrlSession(requests.Session):
    def __init__(self, base_url):
        super().__init__()
        self.base_url = base_url

    def request(self, method, url, *args, **kwargs):
        return super().request(method, urljoin(self.base_url, url), *args, **kwargs)


class CountingSession(requests.Session):
    def close(self):
        super().close()


class Site(aiohttp.ClientSession):
    async def _request(self, method, url, **kwargs):
        return await super()._request(method, "https://api.hubapi.com" + url, **kwargs)


def reads():
    return BaseUrlSession("https://api.pagerduty.com").get("/incidents").json()


def writes(deal):
    return BaseUrlSession("https://api.pipedrive.com").post("/v1/deals", json=deal)


def plain(deal):
    return CountingSession().post("https://api.pipedrive.com/v1/deals", json=deal)
"""
    found = found_in(tmp_path, code)
    assert found == {
        "reads": {"external_read pagerduty get /incidents high"},
        "writes": {"external_write pipedrive deal.create high"},
        "plain": {"external_write pipedrive deal.create high"},
    }


def test_a_service_of_ones_own_that_a_setting_holds_by_default_is_ones_own(tmp_path: Path) -> None:
    code = """
import os

import requests
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    billing_url: str = "http://billing:8001"
    payment_url: str = "http://localhost:8001"
    crm_url: str = "http://crm.prod.internal"


settings = Settings()
CRM = os.getenv("CRM_URL", "http://crm:8000")


def own(x):
    requests.post(f"{settings.billing_url}/invoices", json=x)
    requests.post(f"{settings.crm_url}/contacts", json=x)
    requests.post(f"{CRM}/contacts", json=x)


def somewhere(x):
    requests.post(f"{settings.payment_url}/charges", json=x)
"""
    found = found_in(tmp_path, code)
    assert "own" not in found
    assert found["somewhere"] == {"payment unknown post /charges medium"}


def test_joined_sequences_and_filled_templates_keep_the_host(tmp_path: Path) -> None:
    code = """
import enum

import requests
from furl import furl

BASE = "https://api.close.com/api/v1"
PARTS = {"host": "api.close.com", "version": "v1"}


class Site:
    host = "https://api.close.com"

    def _url(self, *parts):
        return "/".join((self.host, "api", "v1") + parts)

    def _texts(self, *parts):
        return "/".join(map(str, (self.host, "api", "v1") + parts))

    def _trimmed(self, *parts):
        return "/".join(part.strip("/") for part in (self.host, "api", "v1", *parts))

    def _grown(self, path):
        parts = [self.host, "api", "v1"]
        parts.append(path)
        return "/".join(parts)

    def joined(self):
        requests.post(self._url("lead"), json={})
        requests.post(self._texts("lead"), json={})
        requests.post(self._trimmed("lead"), json={})
        requests.post(self._grown("lead"), json={})


class Hosts(enum.Enum):
    CLOSE = "https://api.close.com/api/v1"
    HUB = "https://api.hubapi.com"


class Settings:
    host = "api.close.com"


def filled(x):
    requests.post("https://{host}/api/{version}/lead".format(**PARTS), json=x)
    requests.post("https://{host}/api/{version}/lead".format_map(PARTS), json=x)
    requests.post("https://%(host)s/api/%(version)s/lead" % PARTS, json=x)
    requests.post("https://{settings.host}/api/v1/lead".format(settings=Settings()), json=x)
    requests.post("https://{0[host]}/api/v1/lead".format(PARTS), json=x)
    requests.post(Hosts["CLOSE"].value + "/lead", json=x)
    requests.post((furl(BASE) / "lead").url, json=x)
    requests.post(furl(BASE).add(path="lead").url, json=x)


def unknown(parts, x):
    requests.post("/".join(parts + ("api", "leads")), json=x)


def missing(x):
    requests.post("https://{tenant}/api/v1/lead".format(**PARTS), json=x)
"""
    found = found_in(tmp_path, code)
    assert found["joined"] == {"external_write close post /api/v1/{} high", "external_write close lead.create high"}
    assert found["filled"] == {"external_write close lead.create high"}
    assert found["unknown"] == {"external_write unknown post /api/leads low"}
    assert found["missing"] == {"external_write unknown post /api/v1/lead low"}


def test_members_of_an_enumeration_of_paths_are_texts_in_its_methods_too(tmp_path: Path) -> None:
    code = """
from enum import StrEnum

import requests

BASE = "https://api.close.com/api/v1/"


class Path(StrEnum):
    SEARCH = "data/search"
    LEADS = "lead"
    NOTES = "activity/note/{id}"

    def url(self):
        return BASE + self.value

    def whole(self):
        return f"{BASE}{self}"

    def trimmed(self):
        return BASE + self.strip("/")

    def of(self, **parts):
        return BASE + self.value.format(**parts)


def search(x):
    requests.post(BASE + Path.SEARCH.value, json=x)
    requests.post(Path.SEARCH.url(), json=x)
    requests.post(Path.SEARCH.whole(), json=x)
    requests.post(Path.SEARCH.trimmed(), json=x)


def create(x):
    requests.post(Path.LEADS.url(), json=x)


def change(id, x):
    requests.put(Path.NOTES.of(id=id), json=x)


def any_of_them(path: Path, x):
    requests.post(path.url(), json=x)
"""
    found = found_in(tmp_path, code)
    assert found["search"] == {"external_read close post /api/v1/data/search high"}
    assert found["create"] == {"external_write close lead.create high"}
    assert found["change"] == {"external_write close put /api/v1/activity/note/{} high"}
    assert {each.split()[0] for each in found["any_of_them"]} == {"external_write"}


def test_clients_that_give_themselves_back_keep_their_own_base_url(tmp_path: Path) -> None:
    code = """
import requests


class Client:
    def __init__(self, base):
        self.base = base

    def url(self, path):
        return self.base + path

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error): ...

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *error): ...

    def ready(self) -> "Client":
        self.is_ready = True
        return self


def close() -> Client:
    return Client("https://api.close.com/api/v1")


def lead(x):
    with close() as client:
        requests.post(client.url("/lead"), json=x)


async def note(x):
    async with close() as client:
        requests.post(client.url("/activity/note"), json=x)


def task(x):
    requests.post(close().ready().url("/task"), json=x)


def mail(x):
    with Client("https://api.sendgrid.com") as client:
        requests.post(client.url("/v3/mail/send"), json=x)
"""
    found = found_in(tmp_path, code)
    assert {each.split()[1] for name in ("lead", "note", "task") for each in found[name]} == {"close"}
    assert found["mail"] == {"messaging sendgrid mail.send high"}


def test_records_of_endpoints_say_what_each_of_them_is_asked(tmp_path: Path) -> None:
    code = """
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import requests

BASE = "https://api.close.com/api/v1"


@dataclass(frozen=True)
class Operation:
    path: str
    verb: str = "POST"


class Route(NamedTuple):
    verb: str
    path: str


class Endpoint:
    path: str

    def __init__(self, path: str, timeout: int = 5) -> None:
        self.path, self.timeout = path, timeout


SEARCH, LEADS, LIST = Operation("/data/search"), Operation("/lead"), Operation("/lead", verb="GET")
ROUTES = {"search": Route("POST", "/data/search"), "lead": Route("POST", "/lead")}
PATHS = MappingProxyType({"search": "/data/search", "lead": "/lead"})
FIND, ADD = Endpoint("/data/search"), Endpoint("/lead")


def ask(operation: Operation, x):
    requests.request(operation.verb, BASE + operation.path, json=x)


def read(x):
    requests.post(BASE + SEARCH.path, json=x)
    requests.request(ROUTES["search"].verb, BASE + ROUTES["search"].path, json=x)
    requests.post(BASE + PATHS["search"], json=x)
    requests.post(f"{BASE}{FIND.path}", json=x)
    ask(SEARCH, x)
    ask(LIST, x)


def unpacked(x):
    verb, path = ROUTES["search"]
    requests.request(verb, BASE + path, json=x)


def write(x):
    requests.post(BASE + LEADS.path, json=x)
    requests.request(ROUTES["lead"].verb, BASE + ROUTES["lead"].path, json=x)
    requests.post(BASE + PATHS["lead"], json=x)
    requests.post(f"{BASE}{ADD.path}", json=x)
    ask(LEADS, x)
"""
    found = found_in(tmp_path, code)
    search = "external_read close post /api/v1/data/search high"
    assert found["unpacked"] == {search}
    assert found["read"] == {search, "external_read close get /api/v1/lead high"}
    assert found["write"] == {"external_write close lead.create high"}


def test_what_a_request_may_hand_to_a_route_is_not_only_its_default(tmp_path: Path) -> None:
    code = """
import requests
from fastapi import FastAPI

app = FastAPI()
BASE = "https://api.close.com/api/v1/"
PATHS = {"search": "data/search", "lead": "lead"}


@app.post("/by-key")
def by_key(x: dict, key: str = "search"):
    requests.post(BASE + PATHS[key], json=x)


@app.post("/by-method")
def by_method(x: dict, method: str = "GET"):
    requests.request(method, BASE + "lead", json=x)


def left_out(x, key="search"):
    requests.post(BASE + PATHS[key], json=x)


def caller(x):
    left_out(x)
"""
    found = found_in(tmp_path, code)
    assert found["by_key"] == {"external_write close lead.create medium"}
    assert {each.split()[0] for each in found["by_method"]} == {"external_write"}
    assert found["left_out"] | found["caller"] == {"external_read close post /api/v1/data/search high"}


def test_a_helper_that_is_handed_no_more_parts_joins_none(tmp_path: Path) -> None:
    code = """
import posixpath

import requests

BASE = "https://api.close.com/api/v1"
PATHS = {"search": "data/search", "lead": "lead"}


def joined(name, *parts):
    return "/".join([BASE, PATHS[name], *parts])


def grown(name, *parts):
    url = BASE + "/" + PATHS[name]
    for part in parts:
        url += "/" + part
    return url


def search(x):
    requests.post(joined("search"), json=x)
    requests.post(grown("search"), json=x)
    requests.post("https://api.close.com" + posixpath.join("/api/v1", "data", "search"), json=x)


def more(parts, x):
    requests.post(joined("search", *parts), json=x)


def anyone(*parts):
    requests.post("/".join([BASE, "data/search", *parts]), json={})


def change(id, x):
    requests.put(joined("lead", id), json=x)
"""
    found = found_in(tmp_path, code)
    assert found["search"] == {"external_read close post /api/v1/data/search high"}
    assert found["more"] == found["anyone"] == {"external_read close post /api/v1/data/search/{} high"}
    assert found["change"] == {"external_write close lead.update high"}


def test_decorators_and_helpers_are_told_apart_by_the_service_that_they_are_given(tmp_path: Path) -> None:
    code = """
from functools import wraps

import boto3
import requests


def with_client(service):
    def decorator(function):
        @wraps(function)
        def wrapped(*args, **kwargs):
            kwargs["client"] = boto3.client(service)
            return function(*args, **kwargs)
        return wrapped
    return decorator


@with_client("ses")
def mail(to, client=None):
    client.send_email(Source="a", Destination={"ToAddresses": [to]}, Message={})


@with_client("sns")
def text(to, **kwargs):
    kwargs["client"].publish(PhoneNumber=to, Message="x")


@with_client("s3")
def store(key, client=None):
    client.put_object(Bucket="b", Key=key)


def made(service):
    return boto3.client(service)


def other_mail(to):
    made("ses").send_email(Source="a", Destination={"ToAddresses": [to]}, Message={})


def other_text(to):
    made("sns").publish(PhoneNumber=to, Message="x")


def tells(base):
    def decorator(function):
        @wraps(function)
        def wrapped(*args):
            requests.post(f"{base}/lead", json=function(*args))
        return wrapped
    return decorator


@tells("https://api.close.com/api/v1")
def lead(x):
    return x


@tells("http://records.internal")
def record(x):
    return x
"""
    found = found_in(tmp_path, code)
    assert found == {
        "mail": {"messaging aws-ses email.send high"},
        "text": {"messaging aws-sns sms.send high"},
        "other_mail": {"messaging aws-ses email.send high"},
        "other_text": {"messaging aws-sns sms.send high"},
        "lead": {"external_write close lead.create high"},
    }


def test_a_class_that_makes_objects_of_others_says_nothing_of_their_addresses(tmp_path: Path) -> None:
    code = """
import httpx


class Client:
    def __init__(self, base_url, config=None):
        self.base_url = base_url.strip("/")
        self.session = httpx.Client(base_url=self.base_url)

    def post(self, path, data):
        return self.session.request("POST", path, json=data)


class Stripe(Client):
    def __init__(self, config):
        super().__init__(base_url="https://api.stripe.com", config=config)

    def send(self, order):
        self.post("/v1/refunds", order)


class Hub(Client):
    def __init__(self, config):
        super().__init__(base_url="https://api.hubapi.com", config=config)

    def send(self, order):
        self.post("/crm/v3/objects/contacts", order)


class Chosen(Client):
    def __new__(cls, config):
        return {"stripe": Stripe, "hub": Hub}[config.kind](config)


def either(config, order):
    Chosen(config).send(order)


def stripe(config, order):
    Stripe(config).send(order)


def other(order):
    Client(base_url="https://api.twilio.com").post("/2010-04-01/Accounts/AC1/Messages.json", order)
"""
    found = found_in(tmp_path, code)
    assert {name: found[name] for name in ("either", "stripe", "other")} == {
        "either": {"payment stripe refund.create high", "external_write hubspot contact.create high"},
        "stripe": {"payment stripe refund.create high"},
        "other": {"messaging twilio message.create high"},
    }


def test_a_method_that_another_helper_hands_on_chooses_what_sends(tmp_path: Path) -> None:
    code = """
import requests


def execute(endpoint, method, params=None):
    method = method.lower()
    if method == "get":
        send = requests.get
    elif method == "post":
        send = requests.post
    elif method == "delete":
        send = requests.delete
    else:
        raise ValueError(method)
    return send(f"https://store.example.com/{endpoint}", json=params)


def ask(endpoint, method, params=None):
    try:
        return execute(endpoint, method, params)
    except requests.exceptions.ConnectionError:
        return None


def add():
    ask("servers", "post", {})


def look():
    ask(endpoint="policies", method="GET")


def remove():
    ask("servers", method="delete")


def either(method):
    ask("other", method)
"""
    found = found_in(tmp_path, code)
    assert {name: found[name] for name in ("add", "look", "remove", "either")} == {
        "add": {"external_write store.example.com post /servers high"},
        "look": {"external_read store.example.com get /policies high"},
        "remove": {"external_write store.example.com delete /servers high"},
        "either": {"external_write store.example.com post /other high"},
    }


def test_an_address_that_is_built_on_in_place_is_known(tmp_path: Path) -> None:
    code = """
import requests


class Signed:
    def __init__(self, kind):
        self.url = "https://api.stripe.com/v1/refunds?key=%s" % kind
        if kind == "test":
            self.url = "https://api.stripe.com/v1/refunds?key=test"
        self.is_signed = kind

    def signed(self, stamp):
        if self.is_signed:
            self.url = "{}&stamp={}&sign={}".format(self.url, stamp, 1)
        requests.post(self.url)


class Extended:
    def __init__(self, is_live):
        self.url = "https://api.stripe.com" if is_live else "http://localhost:8080"

    def extended(self):
        self.url = self.url + "/v1/refunds"
        requests.post(self.url)
"""
    found = found_in(tmp_path, code)
    assert {name: found[name] for name in ("signed", "extended")} == {
        "signed": {"payment stripe refund.create high"},
        "extended": {"payment stripe refund.create high"},
    }


def test_a_field_below_a_base_is_what_it_is_known_to_hold(tmp_path: Path) -> None:
    code = """
import httpx
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    search: str = "https://api.vendor.example/v1/search"
    orders: str


settings = Settings()
client = httpx.Client(base_url="https://api.vendor.example")


def search(body):
    client.post(settings.search, json=body)


def order(body):
    client.post(settings.orders, json=body)
"""
    assert found_in(tmp_path, code) == {
        "search": {"external_read api.vendor.example post /v1/search high"},
        "order": {"external_write api.vendor.example post /{} high"},
    }


def test_a_request_object_whose_method_is_a_member_of_an_enumeration(tmp_path: Path) -> None:
    code = """
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from typing import Any

import requests

BASE = "https://api.binance.com/api/v3"


class Verb(Enum):
    GET = "GET"
    POST = "POST"


@dataclass
class Asked:
    verb: Verb
    url: str
    data: Any = None


def answered(asked: Asked):
    asked = deepcopy(asked)
    return requests.request(asked.verb.value, asked.url, json=asked.data)


def ask(verb: Verb, path: str, data: Any = None):
    return answered(Asked(verb=verb, url=BASE + path, data=data))


def at_once(verb: Verb, path: str):
    return requests.request(verb.value, BASE + path)


def price(symbol):
    ask(Verb.GET, "/ticker/price", {"symbol": symbol})
    at_once(Verb.GET, "/ticker/price")


def order(symbol):
    ask(Verb.POST, "/order", {"symbol": symbol})
    at_once(Verb.POST, "/order")


def either(verb: Verb):
    requests.request(verb.value, BASE + "/order")
"""
    found = found_in(tmp_path, code)
    assert found["price"] == {"external_read binance get /api/v3/ticker/price high"}
    assert found["order"] == {"payment binance order.create high"}
    assert found["either"] == {"payment binance order.create medium"}


def test_an_address_that_is_built_of_its_parts_by_name(tmp_path: Path) -> None:
    code = """
import os

import requests
from pydantic import HttpUrl
from yarl import URL


def lead(x):
    requests.post(URL.build(scheme="https", host="api.close.com", path="/api/v1/lead"), json=x)


def note(x):
    requests.post(str(HttpUrl.build(scheme="https", host="api.close.com", path="api/v1/lead")), json=x)


def elsewhere(x):
    requests.post(URL.build(scheme="https", host=os.environ["HOST"], path="/api/v1/lead"), json=x)
"""
    found = found_in(tmp_path, code)
    assert found["lead"] == found["note"] == {"external_write close lead.create high"}
    assert {each.split()[1] for each in found["elsewhere"]} == {"unknown"}


def test_what_another_function_prepares_is_an_effect_where_it_is_sent(tmp_path: Path) -> None:
    code = """
import urllib.request

import httpx
import requests

API = "https://api.close.com/api/v1"


def prepared(path):
    return urllib.request.Request(API + path, data=b"{}", method="POST")


def lead():
    with urllib.request.urlopen(prepared("/lead"), timeout=20) as answer:
        return answer.read()


def search():
    return urllib.request.urlopen(prepared("/data/search"), timeout=20)


def built(client, path):
    return client.build_request("POST", API + path, json={})


def note():
    client = httpx.Client()
    client.send(built(client, "/activity/note"))


def task():
    session = requests.Session()
    session.send(requests.Request("POST", API + "/task", json={}).prepare())


def handed_over(request):
    return urllib.request.urlopen(request)


def handing_over():
    return handed_over(urllib.request.Request(API + "/opportunity", data=b"{}", method="POST"))
"""
    rows = inventory_of(tmp_path, {"code.py": code}).effects
    found = {
        (row.function.rpartition(".")[2], row.operation, row.confidence) for row in rows if row.provider == "close"
    }
    assert found == {
        ("lead", "lead.create", "high"),
        ("search", "post /api/v1/data/search", "high"),
        ("note", "note.create", "high"),
        ("task", "task.create", "high"),
        ("handing_over", "opportunity.create", "high"),
    }
