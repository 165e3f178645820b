"""Configured durable-flow classes: the methods that start them."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dealix_lint.entrypoints.candidate import Candidate
from dealix_lint.entrypoints.code import Code
from dealix_lint.model.settings import FlowClass


def flow_methods(code: Code, flows: tuple[tuple[str, FlowClass], ...]) -> Iterator[Candidate]:
    """Starting methods of the subclasses of configured flow classes. A base that only waits to be subclassed is no
    flow itself."""
    configured = dict(flows)
    for identity, scope in code.scopes():
        if scope.kind != "class" or not configured:
            continue
        info = code.classes.info(identity)
        bases = [code.name(base) for base in info.ancestry[1:]] + list(info.external)
        for base in bases:
            flow = configured.get(base)
            if flow is None:
                continue
            for name, function in code.methods(identity):
                if any(fnmatchcase(name, pattern) for pattern in flow.run):
                    yield Candidate(function, "flow", f"{scope.name}.{name}", "undispatched", handler=scope.name)
