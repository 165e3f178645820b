"""What counts as a persisted audit record, and where on a path it may stand."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.checks.projects import announced, check_files, said

SUPPORT = """
import json
import logging

log = logging.getLogger(__name__)


class AuditEntry:
    def __init__(self, action):
        self.action = action


class Invoice:
    def __init__(self, total):
        self.total = total


class AuditTrail:
    def __init__(self, session):
        self.session = session

    def append(self, action):
        self.session.add({"action": action})


class Bus:
    def __init__(self):
        self.seen = []

    def publish(self, event):
        self.seen.append(event)


def audit_to_table(db, action):
    with db.connect() as connection:
        connection.execute("INSERT INTO anything (action) VALUES (:a)", {"a": action})


def remember(session, action):
    session.add(AuditEntry(action))


def remember_if(session, action):
    if action:
        session.add(AuditEntry(action))


def audit_by_service(client, action):
    client.post("http://audit.internal/events", json={"action": action})


def audit_line(action):
    log.info("audit %s", action)
"""

RECORDED = {
    "an audit-named function that inserts": "EFFECT\n    audit_to_table(db, 'refund')",
    "an audit-named function that calls a service": "EFFECT\n    audit_by_service(db, 'refund')",
    "a method of an audit-named class": "EFFECT\n    AuditTrail(db).append('refund')",
    "a function that always adds a record": "EFFECT\n    remember(db, 'refund')",
    "a model constructed first and added later": "entry = AuditEntry('refund')\n    EFFECT\n    db.add(entry)",
    "records added together": "EFFECT\n    db.add_all([AuditEntry('refund')])",
    "a manager that creates": "EFFECT\n    AuditEntry.objects.create(action='refund')",
    "raw SQL into a table named like a record": "EFFECT\n    db.execute('INSERT INTO audit_log VALUES (1)')",
    "a query builder": "EFFECT\n    db.execute(insert(AuditEntry).values(action='refund'))",
    "a collection named like a record": "EFFECT\n    db['audit_events'].insert_one({'action': 'refund'})",
    "an intent record before": "db.add(AuditEntry('refund'))\n    EFFECT",
    "a record after the failure has left": "r = EFFECT\n    if r.status == 'failed':\n        return None\n"
    "    db.add(AuditEntry('refund'))",
    "a record in finally": "try:\n        EFFECT\n    finally:\n        db.add(AuditEntry('refund'))",
}
UNRECORDED = {
    "raw SQL into another table": "EFFECT  # error: DLX204\n    db.execute('INSERT INTO invoices VALUES (1)')",
    "a query of the audit table": "EFFECT  # error: DLX204\n    db.execute('SELECT * FROM audit_log')",
    "another model with audited data": "entry = AuditEntry('refund')\n    EFFECT  # error: DLX204\n"
    "    db.add(Invoice(entry.action))",
    "a record made but not saved": "EFFECT  # error: DLX204\n    return AuditEntry('refund')",
    "a set that is called audit": "audit = set()\n    EFFECT  # error: DLX204\n    audit.add('refund')",
    "an event on a bus in memory": "EFFECT  # error: DLX204\n    Bus().publish(AuditEntry('refund'))",
    "a record on one branch": "EFFECT  # error: DLX204\n    if c:\n        db.add(AuditEntry('refund'))",
    "a function that sometimes adds a record": "EFFECT  # error: DLX204\n    remember_if(db, c)",
    "a record when it fails": "try:\n        EFFECT  # error: DLX204\n    except ValueError:\n"
    "        db.add(AuditEntry('refund'))",
    "a log line": "EFFECT  # warning: DLX204\n    log.info('refunded %s', c)",
    "an audit-named function that logs": "EFFECT  # warning: DLX204\n    audit_line('refund')",
    "a debug line": "EFFECT  # error: DLX204\n    log.debug('refunded %s', c)",
}


HEAD = "import stripe\nfrom sqlalchemy import insert\nfrom support import *\n\n\n"


def _modules(bodies: dict[str, str]) -> dict[str, str]:
    """One module per case, named like it."""
    effect = "stripe.Refund.create(charge=c)"
    cases = {
        f"{re.sub(r'[^a-z]', '_', name)}.py": f"{HEAD}def refund(db, c):\n    {body.replace('EFFECT', effect)}\n"
        for name, body in bodies.items()
    }
    return {"support.py": SUPPORT, **cases}


def test_a_persisted_record_satisfies(tmp_path: Path) -> None:
    assert said(check_files(tmp_path, _modules(RECORDED), "DLX204")) == []


def test_anything_less_does_not(tmp_path: Path) -> None:
    files = _modules(UNRECORDED)
    assert said(check_files(tmp_path, files, "DLX204")) == announced(files, "DLX204")


CALLERS = """
import stripe
from celery import Celery
from support import *

app = Celery()


def charge(c):
    return stripe.Refund.create(charge=c)  MARK


TASK
def charge_later(c):
    charge(c)


def start(db, c):
    BODY
"""


RECORDED_BY_CALLER = {
    "after": "charge(c)\n    remember(db, c)",
    "after_success": "ok = charge(c)\n    if not ok:\n        return\n    remember(db, c)",
    "before_dispatch": "remember(db, c)\n    charge_later.delay(c)",
}
NOT_RECORDED_BY_CALLER = {
    "after_dispatch": "charge_later.delay(c)\n    remember(db, c)",
    "nowhere": "charge_later.delay(c)",
    "sometimes": "charge(c)\n    if c:\n        return\n    remember(db, c)",
}


def test_a_caller_may_keep_the_record_but_not_after_a_dispatch(tmp_path: Path) -> None:
    marks = {**dict.fromkeys(RECORDED_BY_CALLER, ""), **dict.fromkeys(NOT_RECORDED_BY_CALLER, "# error: DLX204")}
    bodies = {**RECORDED_BY_CALLER, **NOT_RECORDED_BY_CALLER}
    files = {"support.py": SUPPORT}
    for name, body in bodies.items():
        text = CALLERS if ".delay" in body else CALLERS[: CALLERS.index("TASK")] + CALLERS[CALLERS.index("def start") :]
        files[f"{name}.py"] = text.replace("TASK", "@app.task").replace("BODY", body).replace("MARK", marks[name])
    assert said(check_files(tmp_path, files, "DLX204")) == announced(files, "DLX204")


def test_an_audit_activity_records_for_the_workflow(tmp_path: Path) -> None:
    files = {
        "support.py": SUPPORT,
        "flow.py": """
        import stripe
        from support import audit_to_table
        from temporalio import activity, workflow


        @activity.defn
        async def refund(c: str) -> str:
            return stripe.Refund.create(charge=c).id


        @activity.defn
        async def record_audit(c: str) -> None:
            audit_to_table(make_db(), c)


        @workflow.defn
        class Refund:
            @workflow.run
            async def run(self, c: str) -> None:
                await workflow.execute_activity(refund, c)
                await workflow.execute_activity(record_audit, c)
        """,
    }
    assert said(check_files(tmp_path, files, "DLX204")) == []


def test_a_configured_sink_counts_whatever_its_body(tmp_path: Path) -> None:
    files = {
        "app/notes.py": "def write(text):\n    raise NotImplementedError\n",
        "app/pay.py": """
        import stripe
        from app.notes import write


        def refund(c):
            stripe.Refund.create(charge=c)
            write("refund")
        """,
    }
    assert said(check_files(tmp_path, files, "DLX204", 'audit-sinks = ["app.notes.write"]\n')) == []
