"""What functions carry: classes, correlation ids, audit records, owners; order inside functions and paths between
them."""

from dealix_lint.facts.facts import Facts

__all__ = ["Facts"]
