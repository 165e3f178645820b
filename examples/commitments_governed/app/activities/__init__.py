"""Temporal activities: the steps that touch the world."""
