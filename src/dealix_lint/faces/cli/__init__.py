"""The command line, one file per command."""

from dealix_lint.faces.cli.app import main

__all__ = ["main"]
