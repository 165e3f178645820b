"""One function of a source text, and the registers of its calls by what they call."""

from __future__ import annotations

from textwrap import dedent

from dealix_lint.facts.code import ScopeCode
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope
from dealix_lint.summarize import summarize


def scope_of(source: str, function: str = "f") -> Scope:
    """The scope of the function called `function`."""
    return next(scope for scope in summarize(dedent(source).encode()).scopes if scope.name == function)


def call_of(scope: Scope, name: str, occurrence: int = 0) -> int:
    """The register of the call of `name` (a function or method)."""
    code = ScopeCode(scope)
    calls = [r for r, instruction in enumerate(scope.code) if instruction[0] == ir.CALL and code.callee_name(r) == name]
    return calls[occurrence]
