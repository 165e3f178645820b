from __future__ import annotations

from typing import Annotated

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

Iban = Annotated[str, "S2"]


class Deal(Base):
    __tablename__ = "deals"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    contact_email: Mapped[str]
    contact_phone: Mapped[str]
    stage: Mapped[str] = mapped_column(default="open")
    external_id: Mapped[str | None] = mapped_column(default=None)


class Invoice(Base):
    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(default="sar")
    status: Mapped[str] = mapped_column(default="open")
    approved_by: Mapped[str | None] = mapped_column(default=None)
    payment_reference: Mapped[str | None] = mapped_column(default=None)


class Partner(Base):
    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    iban: Mapped[Iban]
    phone: Mapped[str]
