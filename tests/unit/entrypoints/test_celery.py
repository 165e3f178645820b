"""Celery starts: what nothing dispatches, and what the beat schedules."""

from __future__ import annotations

import pytest

from .static_resolution import known_as

APP = """
    from celery import Celery
    app = Celery("shop")
"""
TASKS = """
    from worker import app
    from celery import shared_task

    @app.task(name="billing.charge")
    def charge(): ...

    @shared_task
    def remind(): ...
"""

SETUP = """@app.on_after_configure.connect
def setup(sender, **kw):
    sender.add_periodic_task(30, charge.s(), name="nightly")
"""


def test_a_task_nobody_dispatches_is_a_start_under_its_name() -> None:
    assert known_as({"worker": APP, "jobs.tasks": TASKS}) == {
        "celery:jobs.tasks.charge": "task billing.charge",
        "celery:jobs.tasks.remind": "task jobs.tasks.remind",
    }


def test_a_dispatched_task_starts_at_its_dispatcher() -> None:
    found = known_as(
        {"worker": APP, "jobs.tasks": TASKS, "web": "def checkout(): ..."}, ("web.checkout", "jobs.tasks.charge")
    )
    assert sorted(found) == ["celery:jobs.tasks.remind", "open:web.checkout"]


def test_a_task_that_queues_itself_again_is_still_a_start() -> None:
    found = known_as({"worker": APP, "jobs.tasks": TASKS}, ("jobs.tasks.charge", "jobs.tasks.charge"))
    assert "celery:jobs.tasks.charge" in found


def test_two_tasks_that_queue_each_other_are_both_starts() -> None:
    found = known_as(
        {"worker": APP, "jobs.tasks": TASKS},
        ("jobs.tasks.charge", "jobs.tasks.remind"),
        ("jobs.tasks.remind", "jobs.tasks.charge"),
    )
    assert sorted(found) == ["celery:jobs.tasks.charge", "celery:jobs.tasks.remind"]


@pytest.mark.parametrize(
    "schedule",
    [
        'app.conf.beat_schedule = {"nightly": {"task": "billing.charge"}}',
        'app.conf.update(beat_schedule={"nightly": {"task": "billing.charge"}})',
        'app.conf["beat_schedule"] = {"nightly": {"task": "billing.charge"}}',
        'CELERY_BEAT_SCHEDULE = {"nightly": {"task": "billing.charge"}}',
        'CELERYBEAT_SCHEDULE = dict(nightly=dict(task="billing.charge"))',
        'ENTRY = {"task": "billing.charge"}\nMORE = {"nightly": ENTRY}\nCELERY_BEAT_SCHEDULE = {**MORE}',
        'class Config:\n    beat_schedule = {"nightly": {"task": "billing.charge"}}',
        'CELERY = {"beat_schedule": {"nightly": {"task": "billing.charge"}}}',
        'app.add_periodic_task(30.0, charge.s(), name="nightly")',
        SETUP,
    ],
)
def test_a_scheduled_task_is_a_start_although_something_dispatches_it(schedule: str) -> None:
    config = "from worker import app\nfrom jobs.tasks import charge\n" + schedule
    found = known_as(
        {"worker": APP, "jobs.tasks": TASKS, "config": config, "web": "def checkout(): ..."},
        ("web.checkout", "jobs.tasks.charge"),
    )
    assert found["celery:jobs.tasks.charge"] == "beat schedule nightly"


def test_a_schedule_names_a_task_by_its_automatic_name() -> None:
    found = known_as(
        {
            "worker": APP,
            "jobs.tasks": TASKS,
            "config": 'beat_schedule = {"weekly": {"task": "jobs.tasks.remind"}}',
        }
    )
    assert found["celery:jobs.tasks.remind"] == "task jobs.tasks.remind, beat schedule weekly"


def test_task_classes_and_worker_signals() -> None:
    found = known_as("""
        from celery import Task
        from celery.signals import worker_ready, task_failure
        class Charge(Task):
            name = "billing.charge"
            def run(self): ...
            def on_failure(self, *args): ...
        @worker_ready.connect
        def warm(**kw): ...
        def failed(**kw): ...
        task_failure.connect(failed)
    """)
    assert found == {
        "celery:app.Charge.run": "task billing.charge",
        "celery:app.Charge.on_failure": "hook Charge.on_failure",
        "celery:app.warm": "signal warm",
        "celery:app.failed": "signal failed",
    }


def test_arq_registration_is_no_start_by_itself_and_cron_is() -> None:
    found = known_as(
        """
        from arq import cron
        async def send(ctx): ...
        async def nightly(ctx): ...
        async def enqueue(pool): ...
        class WorkerSettings:
            functions = [send]
            cron_jobs = [cron(nightly, hour=3)]
        """,
        ("app.enqueue", "app.send"),
    )
    assert found == {"celery:app.nightly": "cron nightly", "open:app.enqueue": "nothing analysed calls it"}
