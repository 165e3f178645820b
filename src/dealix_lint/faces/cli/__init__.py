"""The command line, one file per command."""

from dealix_lint.faces.cli.app import main, program

__all__ = ["main", "program"]
