"""Telling customers' systems what happened."""

from __future__ import annotations

from dealix_lint.markers import external_effect
from sqlalchemy.orm import Session

from app.audit import record_audit
from app.integrations import subscriber_hooks
from app.models import Deal


@external_effect(approval_class="A1", reversibility_class="R1", sensitivity_class="S1")
def announce_stage(session: Session, deal: Deal, callback_url: str, *, correlation_id: str) -> None:
    notice = {"deal": deal.id, "stage": deal.stage}
    status = subscriber_hooks.deliver(callback_url, notice, correlation_id=correlation_id)
    record_audit(
        session,
        action="announce_stage",
        subject=callback_url,
        correlation_id=correlation_id,
        reference=str(status),
    )
