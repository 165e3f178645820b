"""The one error family of dealix-lint: every message says what, where and what to do."""

from __future__ import annotations


class DealixError(Exception):
    """Base of all errors that a user can cause and correct; the CLI turns it into exit code 2."""


class ConfigError(DealixError):
    """`[tool.dealix-lint]` or a command line option is wrong; lists every mistake with its key."""


class CatalogError(DealixError):
    """A TOML file in `rules/` format is wrong; names the file, the key and the remedy."""


class QuestionError(DealixError):
    """A question about the code that has no answer: a function of that name does not exist, or several do."""


class SourceError(DealixError):
    """A path given by the user cannot be analysed at all (missing, not a folder, no permission)."""


class StoreError(DealixError):
    """What is remembered cannot be found or removed."""
