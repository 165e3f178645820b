"""Celery: short tasks and the beat schedule."""
