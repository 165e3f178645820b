"""The world around an example application, inside one process: recorded requests, mails, SMS and workflow starts.

The scenario files are run by `test_applications.py`, each in an interpreter of its own, because both applications are
called `app`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
import stripe
from fastapi.testclient import TestClient
from temporalio.client import Client
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as TwilioResponse

CORRELATION = {"X-Correlation-ID": "corr-1"}
ANSWERS: dict[str, Any] = {
    "/oauth/token": {"access_token": "token"},
    "/envelopes": {"envelopeId": "envelope-1"},
    "/contacts/search": {"results": []},
    "/objects/contacts": {"id": "contact-1"},
    "/payouts": {"id": "payout-1"},
    "/messages": {"messages": [{"id": "wamid-1"}]},
    "/payment_intents": {"id": "pi_1", "object": "payment_intent", "status": "succeeded"},
    "/refunds": {"id": "re_1", "object": "refund"},
    "/sobjects/Opportunity": {"id": "opportunity-1"},
    "/events": {"id": "event-1"},
    "/listings": {"id": "listing-1"},
    "/quotes": {"amount": 4200},
}


@dataclass
class World:
    """Everything that left the application. `completions` are the answers the language model will give, in order."""

    requests: list[httpx.Request] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    workflows: list[tuple[str, Any, str]] = field(default_factory=list)
    signals: list[tuple[str, str]] = field(default_factory=list)
    completions: list[str] = field(default_factory=list)

    def sent(self, method: str, url_end: str) -> list[httpx.Request]:
        """Requests with that method whose path ends like that."""
        return [r for r in self.requests if r.method == method and r.url.path.endswith(url_end)]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "api.openai.com":
            message = {"content": self.completions.pop(0) if self.completions else "Hello."}
            return httpx.Response(200, json={"choices": [{"message": message}]}, request=request)
        known = (value for end, value in ANSWERS.items() if request.url.path.endswith(end))
        return httpx.Response(200, json=next(known, {"id": "1", "status": "paid"}), request=request)


@dataclass
class Handle:
    id: str
    world: World

    async def signal(self, signal: Any, *args: Any) -> None:
        self.world.signals.append((self.id, signal.__name__))


@dataclass
class Temporal:
    world: World

    async def start_workflow(self, run: Any, request: Any, *, id: str, task_queue: str, **_: Any) -> Handle:
        self.world.workflows.append((run.__qualname__.split(".")[0], request, id))
        return Handle(id, self.world)

    def get_workflow_handle_for(self, run: Any, workflow_id: str) -> Handle:
        return Handle(workflow_id, self.world)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()

    async def answer_async(_: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return world.answer(request)

    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        request.read()
        return world.answer(request)

    def text(_: TwilioHttpClient, method: str, url: str, data: dict[str, Any], **__: Any) -> TwilioResponse:
        world.texts.append(data)
        return TwilioResponse(201, json.dumps({"sid": "SM1"}))

    class Smtp:
        def __init__(self, host: str, port: int) -> None:
            self.host, self.port = host, port

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            return None

        def send_message(self, message: EmailMessage) -> None:
            world.mails.append(message)

    async def connect(*_: Any, **__: Any) -> Temporal:
        return Temporal(world)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer_async)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    monkeypatch.setattr(stripe, "default_http_client", stripe.HTTPXClient(allow_sync_methods=True))
    monkeypatch.setattr(TwilioHttpClient, "request", text)
    monkeypatch.setattr("smtplib.SMTP", Smtp)
    monkeypatch.setattr(Client, "connect", connect)
    monkeypatch.setattr("app.workflows.client._client", None)
    return world


@pytest.fixture(autouse=True)
def eager_celery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks run where they are dispatched; `send_task`, which never runs eagerly, finds its task by name here."""
    from app.workers.celery_app import celery_app

    celery_app.loader.import_default_modules()
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)

    def send_task(name: str, args: Any = None, kwargs: Any = None, **_: Any) -> Any:
        return celery_app.tasks[name].apply(args, kwargs)

    monkeypatch.setattr(celery_app, "send_task", send_task)


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    from app.core.database import engine, session_scope
    from app.models import Base, Deal, Invoice, Partner

    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with session_scope() as session:
        session.add(Deal(id=1, title="Pumps", contact_email="c@example.org", contact_phone="+1555", external_id="77"))
        session.add(Invoice(id=1, deal_id=1, amount=5000, status="overdue", approved_by="cfo"))
        session.add(Partner(id=1, name="Najd Trading", iban="SA03", phone="+9665"))
    yield
    engine.dispose()


@pytest.fixture
def web(world: World) -> Iterator[TestClient]:
    from app.main import application

    with TestClient(application, headers=CORRELATION) as client:
        yield client


@pytest.fixture
def audited() -> Any:
    """A function that lists the persisted audit records as (action, correlation id)."""
    from app.core.database import session_scope
    from app.models import AuditRecord
    from sqlalchemy import select

    def read() -> list[tuple[str, str]]:
        with session_scope() as session:
            return [(r.action, r.correlation_id) for r in session.scalars(select(AuditRecord).order_by(AuditRecord.id))]

    return read
