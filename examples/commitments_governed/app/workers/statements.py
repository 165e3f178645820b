"""Mails about deals, one by one and every week."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from app.core.database import session_scope
from app.integrations.email import EmailSender
from app.models import Deal
from app.services.mailers import StatementMailer, WelcomeMailer
from app.workers.celery_app import celery_app

HEAD_OF_SALES = "head-of-sales@meridian.example"


@celery_app.task(name="statements.welcome")
def send_welcome(deal_id: int, correlation_id: str) -> None:
    with session_scope() as session:
        deal = session.get_one(Deal, deal_id)
        WelcomeMailer(EmailSender(), HEAD_OF_SALES).run(session, deal, correlation_id=correlation_id)


@celery_app.task(name="statements.weekly")
def send_statements() -> int:
    correlation_id = uuid4().hex
    mailer = StatementMailer(EmailSender(), HEAD_OF_SALES)
    with session_scope() as session:
        deals = session.scalars(select(Deal).where(Deal.stage != "closed")).all()
        for deal in deals:
            mailer.run(session, deal, correlation_id=correlation_id)
    return len(deals)
