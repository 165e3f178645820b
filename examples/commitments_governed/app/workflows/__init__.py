"""Temporal: the system of record for what lasts."""
