from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditRecord(Base):
    __tablename__ = "audit_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    subject: Mapped[str]
    correlation_id: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
