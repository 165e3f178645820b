"""The catalogue as tables, pages and `dealix-lint/catalog/1`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from dealix_lint.model.catalogue import Catalogue, OperationRow, ProviderRow
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import CONFIDENCE_NAMES
from dealix_lint.reporters.styled import Line, line, plural, table

SCHEMA: Final = "dealix-lint/catalog/1"
_SHOWN: Final = 2


def catalogue_text(catalogue: Catalogue) -> Iterator[Line]:
    """A table of the providers, then the frameworks."""
    head = ("provider", "title", "kind", "hosts", "requests", "calls", "described in")
    rows = [_provider(row) for row in catalogue.providers]
    yield from table([head, *rows])
    yield line()
    if catalogue.frameworks:
        yield line("frameworks: ", ", ".join(row.name for row in catalogue.frameworks))
    frameworks = f", {plural(len(catalogue.frameworks), 'framework')}" if catalogue.frameworks else ""
    yield line(("strong", plural(len(rows), "provider") + frameworks))


def catalogue_json(catalogue: Catalogue) -> str:
    """Everything, the same bytes for equal catalogues."""
    return json.dumps({"schema": SCHEMA, **asdict(catalogue)}, indent=1, ensure_ascii=False) + "\n"


def provider_text(row: ProviderRow) -> Iterator[Line]:
    """The page of a provider."""
    yield line(("code", row.id), " ", ("strong", row.title))
    yield line(("dim", f"{row.kind}, described in {', '.join(row.origins)}"))
    for title, words in (("Hosts", row.hosts), ("Settings whose names hold", row.settings)):
        if words:
            yield line()
            yield line(("strong", title))
            yield from (line(f"    {word}") for word in words)
    for title, operations in (("Requests", row.operations), ("Calls", row.symbols)):
        if operations:
            yield line()
            yield line(("strong", title))
            yield from _operations(operations)


def effect_text(target: str, effect: Effect | None) -> Iterator[Line]:
    """What a call or a request is."""
    if effect is None:
        yield line(f"{target}: no effect")
        return
    yield line(f"{target}: ", ("strong", effect.name), f" {effect.floors} {CONFIDENCE_NAMES[effect.confidence]}")
    yield line(f"    {effect.recognised_by}")


def _provider(row: ProviderRow) -> tuple[str, ...]:
    hosts = ", ".join(row.hosts[:_SHOWN]) + (f" +{len(row.hosts) - _SHOWN}" if len(row.hosts) > _SHOWN else "")
    origins = ", ".join(row.origins)
    return row.id, row.title, row.kind, hosts or "-", str(len(row.operations)), str(len(row.symbols)), origins


def _operations(rows: Sequence[OperationRow]) -> Iterator[Line]:
    """What is called or requested, then below it what that is: patterns may be long."""
    for row in rows:
        yield line(f"    {row.how}")
        yield line(("dim", f"        {row.operation}  {row.kind} {row.reversibility}/{row.sensitivity}"))
