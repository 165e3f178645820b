"""Changes to source files that make findings go away; what is not changed keeps every byte."""

from __future__ import annotations

from dealix_lint.fixes.repairing import Located, Repaired, repair

__all__ = ["Located", "Repaired", "repair"]
