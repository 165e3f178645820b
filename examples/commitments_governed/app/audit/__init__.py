from app.audit.trail import record_audit

__all__ = ["record_audit"]
