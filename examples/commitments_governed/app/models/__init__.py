from app.models.audit import AuditRecord
from app.models.base import Base
from app.models.deals import Deal, Invoice, Partner
from app.models.ledger import LedgerEntry

__all__ = ["AuditRecord", "Base", "Deal", "Invoice", "LedgerEntry", "Partner"]
