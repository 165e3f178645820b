"""The catalogue as rows: which provider is described where, and what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from dealix_lint.catalog import effects, frameworks
from dealix_lint.catalog.effect_tables import EffectFile
from dealix_lint.catalog.framework_tables import FrameworkFile
from dealix_lint.catalog.load import load_labelled
from dealix_lint.effects.verdict import Floors
from dealix_lint.model.catalogue import Catalogue, FrameworkRow, OperationRow, ProviderRow
from dealix_lint.model.effect_rules import WRITE_METHODS, Operation, Provider, Symbols
from dealix_lint.model.expectations import Expectation
from dealix_lint.model.settings import EffectEntry

Files: TypeAlias = Iterable[tuple[str, Path]]
"""Labels for messages, and paths."""

ORIGIN_OF_LINES: Final = "[tool.dealix-lint.effects]"
_BY_METHOD: Final = "{method} {path}"


def list_all(
    rules: Path, packs: Sequence[Path], entries: Sequence[tuple[str, EffectEntry]], floors: Floors
) -> Catalogue:
    """Everything the shipped rules, packs and the lines of the settings describe. Raises CatalogError."""
    return _catalogue(
        (*effects.shipped_files(rules), *effects.pack_files(packs)), frameworks.all_files(rules, packs), entries, floors
    )


def list_packs(packs: Sequence[Path], floors: Floors) -> Catalogue:
    """What packs describe by themselves. Raises CatalogError."""
    return _catalogue(effects.pack_files(packs), frameworks.pack_files(packs), (), floors)


def _catalogue(
    about_effects: Files, about_frameworks: Files, entries: Sequence[tuple[str, EffectEntry]], floors: Floors
) -> Catalogue:
    described = [(label, p) for label, file in load_labelled(about_effects, EffectFile) for p in file.rules.providers]
    titles = {provider.id: provider.title for _, provider in described}
    described += [(ORIGIN_OF_LINES, provider) for provider in effects.declared(entries, titles)]
    by_id: dict[str, list[tuple[str, Provider]]] = {}
    for origin, provider in described:
        by_id.setdefault(provider.id, []).append((origin, provider))
    named = sorted((file.name, label) for label, file in load_labelled(about_frameworks, FrameworkFile))
    return Catalogue(
        tuple(_row(name, by_id[name], floors) for name in sorted(by_id)),
        tuple(FrameworkRow(name, label) for name, label in named),
    )


def expectations(packs: Sequence[Path]) -> tuple[tuple[str, Expectation], ...]:
    """What the files of packs expect of themselves, each with a name for messages. Raises CatalogError."""
    files: list[tuple[str, EffectFile | FrameworkFile]] = [
        *load_labelled(effects.pack_files(packs), EffectFile),
        *load_labelled(frameworks.pack_files(packs), FrameworkFile),
    ]
    found = {(label, index): table.value() for label, file in files for index, table in enumerate(file.expect)}
    return tuple((f"{label}: expect[{index}]", found[label, index]) for label, index in sorted(found))


def _row(name: str, described: Sequence[tuple[str, Provider]], floors: Floors) -> ProviderRow:
    providers = [provider for _, provider in described]
    return ProviderRow(
        id=name,
        title=providers[0].title,
        kind=providers[0].kind,
        hosts=tuple(dict.fromkeys(host for provider in providers for host in provider.hosts)),
        settings=tuple(dict.fromkeys(words for provider in providers for words in provider.settings)),
        origins=tuple(dict.fromkeys(origin for origin, _ in described)),
        operations=tuple(
            row for provider in providers for o in provider.operations for row in _requests(provider, o, floors)
        ),
        symbols=tuple(row for provider in providers for s in provider.symbols for row in _calls(provider, s, floors)),
    )


def _requests(provider: Provider, operation: Operation, floors: Floors) -> Iterator[OperationRow]:
    methods = "" if operation.methods == WRITE_METHODS else ",".join(operation.methods) + " "
    for path in operation.paths:
        yield OperationRow(f"{methods}{path}", operation.name or _BY_METHOD, *_outcome(provider, operation, floors))


def _calls(provider: Provider, symbols: Symbols, floors: Floors) -> Iterator[OperationRow]:
    for path in symbols.paths:
        yield OperationRow(path, symbols.name, *_outcome(provider, symbols, floors))


def _outcome(provider: Provider, outcome: Operation | Symbols, floors: Floors) -> tuple[str, str, str]:
    kind = outcome.kind or provider.kind
    return kind, *floors.of(kind, provider, outcome)
