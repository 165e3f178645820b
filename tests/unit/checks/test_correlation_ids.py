"""How a correlation id may reach an effect, and where it gets lost."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.checks.projects import announced, check_files, said

HEAD = """
import contextvars
import functools
import logging
import uuid

import httpx
import stripe
import structlog
from celery import Celery
from fastapi import FastAPI
from opentelemetry import propagate, trace

app = Celery()
api = FastAPI()
tracer = trace.get_tracer("x")
slog = structlog.get_logger()
log = logging.getLogger("x")
current_request_id = contextvars.ContextVar("request_id")
CORRELATION_HEADER = "X-Correlation-ID"
URL = "https://api.hubapi.com/crm/v3/objects/deals"


"""
TRACED = {
    "header by constant name": "def f(cid):\n    httpx.post(URL, json={}, headers={CORRELATION_HEADER: cid})",
    "header filled in later": "def f(cid):\n    h = {}\n    h['x-request-id'] = cid\n"
    "    httpx.post(URL, json={}, headers=h)",
    "update of the payload": "def f(cid):\n    p = {'a': 1}\n    p.update(trace_id=cid)\n    httpx.post(URL, json=p)",
    "client with default headers": "def f(cid):\n    with httpx.Client(headers={'traceparent': cid}) as c:\n"
    "        c.post(URL, json={})",
    "injected trace": "def f():\n    h = {}\n    propagate.inject(h)\n    httpx.post(URL, json={}, headers=h)",
    "context variable": "def f():\n    httpx.post(URL, json={}, headers={'a': current_request_id.get()})",
    "attribute": "def f(ctx):\n    httpx.post(URL, json={'note': f'for {ctx.correlation_id}'})",
    "minted": "def f():\n    httpx.post(URL, json={}, headers={'X-Request-ID': str(uuid.uuid4())})",
    "span in the function": "def f():\n    with tracer.start_as_current_span('f'):\n        httpx.post(URL, json={})",
    "span decorator": "@tracer.start_as_current_span('f')\ndef f():\n    httpx.post(URL, json={})",
    "bound logger": "def f(cid):\n    l = slog.bind(correlation_id=cid)\n    l.info('send')\n"
    "    httpx.post(URL, json={})",
    "log line with the id": "def f(correlation_id):\n"
    "    log.info('send', extra={'correlation_id': correlation_id})\n    httpx.post(URL, json={})",
    "through a helper with any name": "def send(token):\n"
    "    httpx.post(URL, json={'correlation_id': token})\n\n\ndef f(ctx):\n    send(ctx.key)",
    "through spread keywords": "def send(**extra):\n    httpx.post(URL, json=extra)\n\n\ndef f(cid):\n"
    "    send(correlation_id=cid)",
    "through a decorator": "def again(fn):\n    @functools.wraps(fn)\n    def inner(*a, **k):\n"
    "        return fn(*a, **k)\n    return inner\n\n\n"
    "@again\ndef send(correlation_id):\n    httpx.post(URL, json={'correlation_id': correlation_id})\n\n\n"
    "def f(c):\n    send(c)",
    "handed to the task": "@app.task\ndef later(correlation_id=None):\n"
    "    httpx.post(URL, json={}, headers={'a': correlation_id})\n\n\n"
    "def f(cid):\n    later.delay(correlation_id=cid)",
    "helper that binds": "def bind(cid):\n    structlog.contextvars.bind_contextvars(request_id=cid)\n\n\n"
    "def f(cid):\n    bind(cid)\n    slog.info('x')\n    httpx.post(URL, json={})",
}
UNTRACED = {
    "nothing": "def f(x):\n    httpx.post(URL, json={'x': x})  MARK",
    "an id that is not sent": "def f(correlation_id):\n    httpx.post(URL, json={})  MARK",
    "an idempotency key": "def f(k):\n    httpx.post(URL, json={}, headers={'Idempotency-Key': k})  MARK",
    "a request id of the provider": "def f(k):\n    httpx.post(URL, json={'payment_request_id': k})  MARK",
    "bound but printed by another logger": "def f(cid):\n"
    "    structlog.contextvars.bind_contextvars(request_id=cid)\n    log.info('x')\n"
    "    httpx.post(URL, json={})  MARK",
    "bound afterwards": "def f(cid):\n    slog.info('x')\n    httpx.post(URL, json={})  MARK\n"
    "    structlog.contextvars.bind_contextvars(request_id=cid)",
    "default None that the caller leaves": "def send(correlation_id=None):\n"
    "    httpx.post(URL, json={'correlation_id': correlation_id})  MARK\n\n\n"
    "def f(x):\n    send()",
    "span that a task dispatch loses": "@app.task\ndef later():\n    httpx.post(URL, json={})  MARK\n\n\n"
    "def f():\n    with tracer.start_as_current_span('f'):\n        later.delay()",
    "task that is handed none": "@app.task\ndef later(x, correlation_id=None):\n"
    "    httpx.post(URL, json={'correlation_id': correlation_id})  MARK\n\n\n"
    "def f(x):\n    later.delay(x)",
}


def _modules(bodies: dict[str, str]) -> dict[str, str]:
    """One module per case, named like it."""
    return {
        f"{re.sub(r'[^a-z]', '_', name)}.py": HEAD + body.replace("MARK", "# error: DLX201") + "\n"
        for name, body in bodies.items()
    }


def test_an_id_may_travel_in_many_ways(tmp_path: Path) -> None:
    assert said(check_files(tmp_path, _modules(TRACED), "DLX201")) == []


def test_an_effect_without_one_is_reported(tmp_path: Path) -> None:
    files = _modules(UNTRACED)
    assert said(check_files(tmp_path, files, "DLX201")) == announced(files, "DLX201")


def test_a_celery_instrumentor_carries_an_open_span_to_the_task(tmp_path: Path) -> None:
    body = UNTRACED["span that a task dispatch loses"].replace("MARK", "")
    files = {
        "work.py": HEAD + body + "\n",
        "setup.py": "from opentelemetry.instrumentation.celery import CeleryInstrumentor\n\n"
        "CeleryInstrumentor().instrument()\n",
    }
    assert said(check_files(tmp_path, files, "DLX201")) == []


def test_middleware_binds_for_web_routes_only(tmp_path: Path) -> None:
    files = {
        "main.py": """
        import stripe
        import structlog
        from celery import Celery
        from fastapi import FastAPI
        from starlette.middleware.base import BaseHTTPMiddleware

        api = FastAPI()
        app = Celery()
        log = structlog.get_logger()


        class BindCorrelation(BaseHTTPMiddleware):
            async def dispatch(self, request, call_next):
                structlog.contextvars.bind_contextvars(correlation_id=request.headers.get("x-correlation-id"))
                return await call_next(request)


        api.add_middleware(BindCorrelation)


        @api.post("/refunds")
        def refund(c: str):
            log.info("refund")
            stripe.Refund.create(charge=c)


        @app.task
        def refund_later(c):
            log.info("refund")
            stripe.Refund.create(charge=c)  # error: DLX201
        """
    }
    assert said(check_files(tmp_path, files, "DLX201")) == announced(files, "DLX201")


def test_standard_logging_carries_a_context_variable_only_with_a_filter(tmp_path: Path) -> None:
    work = """
    import logging
    from contextvars import ContextVar

    import stripe

    log = logging.getLogger(__name__)
    correlation_id = ContextVar("correlation_id")


    def refund(c, cid):
        correlation_id.set(cid)
        log.info("refund")
        stripe.Refund.create(charge=c)  MARK
    """
    with_filter = """

    class AddId(logging.Filter):
        def filter(self, record):
            record.correlation_id = correlation_id.get()
            return True
    """
    bare = {"work.py": work.replace("MARK", "# error: DLX201")}
    (tmp_path / "bare").mkdir()
    (tmp_path / "filtered").mkdir()
    assert said(check_files(tmp_path / "bare", bare, "DLX201")) == announced(bare, "DLX201")
    assert said(check_files(tmp_path / "filtered", {"work.py": work.replace("MARK", "") + with_filter}, "DLX201")) == []
