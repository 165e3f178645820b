"""`dealix-lint explain`."""

from __future__ import annotations

import click

from dealix_lint.faces.terminal import write


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Say what a code means, why, and how to fix it.

    CODE is a code or its name: DLX101, unclassified-effect. Without it: a list of all codes."""
    from dealix_lint.engine.explain import explain, list_codes

    write(explain(code) if code else list_codes(), None)
    return 0
