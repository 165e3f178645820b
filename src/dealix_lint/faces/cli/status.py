"""Exit statuses."""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
TROUBLE: Final = 2
"""The tool or its configuration could not do its job, or not all of it."""

INTERRUPTED: Final = 130
