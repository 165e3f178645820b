"""Composes the stages into answers, and remembers their results."""
