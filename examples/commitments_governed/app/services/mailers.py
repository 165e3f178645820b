"""Mails about a deal: what they say differs, how they leave does not."""

from __future__ import annotations

from abc import ABC, abstractmethod

from dealix_lint.markers import external_effect
from sqlalchemy.orm import Session

from app.audit import record_audit
from app.core.governance import require_approval
from app.integrations.email import EmailSender
from app.models import Deal


class DealMailer(ABC):
    action: str

    def __init__(self, sender: EmailSender, approved_by: str) -> None:
        self._sender = sender
        self._approved_by = approved_by

    @external_effect(approval_class="A2", reversibility_class="R2", sensitivity_class="S1")
    def run(self, session: Session, deal: Deal, *, correlation_id: str) -> None:
        require_approval(self.action, self._approved_by)
        subject, body = self.compose(deal)
        self._sender.deliver(deal.contact_email, subject, body, correlation_id=correlation_id)
        record_audit(session, action=self.action, subject=f"deal {deal.id}", correlation_id=correlation_id)

    @abstractmethod
    def compose(self, deal: Deal) -> tuple[str, str]: ...


class WelcomeMailer(DealMailer):
    action = "welcome"

    def compose(self, deal: Deal) -> tuple[str, str]:
        return "Welcome to Meridian", f"We have opened '{deal.title}' for you."


class StatementMailer(DealMailer):
    action = "statement"

    def compose(self, deal: Deal) -> tuple[str, str]:
        return f"Statement: {deal.title}", f"'{deal.title}' is in stage {deal.stage}."
