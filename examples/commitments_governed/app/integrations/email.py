"""Mail over SMTP."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import structlog

from app.core.settings import settings

log = structlog.get_logger(__name__)


class EmailSender:
    def deliver(self, to: str, subject: str, body: str, *, correlation_id: str) -> None:
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
        message.set_content(body)
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port) as smtp:
            smtp.send_message(message)
        log.info("mail.delivered", to=to, subject=subject)
