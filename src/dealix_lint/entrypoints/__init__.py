"""Where execution starts."""

from dealix_lint.entrypoints.stage import find

__all__ = ["find"]
