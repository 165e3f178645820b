"""The audit trail: one persisted row per external action."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.models import AuditRecord


def record_audit(session: Session, *, action: str, subject: str, correlation_id: str, reference: str = "") -> None:
    session.add(AuditRecord(action=action, subject=subject, correlation_id=correlation_id, reference=reference))
    session.flush()
