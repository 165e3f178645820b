"""The Celery application; tasks are registered by importing the modules in `include`."""

from __future__ import annotations

from celery import Celery
from celery.schedules import crontab

from app.core.settings import settings

celery_app = Celery(
    "commitments",
    broker=settings.broker_url,
    include=["app.workers.billing", "app.workers.crm", "app.workers.messaging", "app.workers.statements"],
)
celery_app.conf.task_ignore_result = True
celery_app.conf.beat_schedule = {
    "collect-overdue-invoices": {
        "task": "app.workers.billing.collect_overdue",
        "schedule": crontab(hour="6", minute="0"),
    },
    "weekly-statements": {"task": "statements.weekly", "schedule": crontab(day_of_week="sun", hour="7", minute="0")},
}
