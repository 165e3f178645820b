"""Effect knowledge: `rules/effects/*.toml`, users' packs and `[tool.dealix-lint.effects]`, merged into `EffectRules`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from dealix_lint.catalog.effect_tables import EffectFile
from dealix_lint.catalog.framework_tables import FrameworkFile
from dealix_lint.catalog.load import load_files, read_toml
from dealix_lint.model.declared import Address, parse_address
from dealix_lint.model.effect_rules import WRITE_METHODS, EffectRules, Operation, Provider, Symbols
from dealix_lint.model.effects import EXTERNAL_WRITE
from dealix_lint.model.patterns import expand
from dealix_lint.model.settings import EffectEntry

_TABLES: Final = frozenset(EffectFile.model_fields) - {"expect", "packages"}
_OTHERS: Final = frozenset(FrameworkFile.model_fields) - {"expect"}


def load_effects(
    rules: Path, packs: Sequence[Path] = (), entries: Sequence[tuple[str, EffectEntry]] = ()
) -> EffectRules:
    """Read and merge all effect files.

    `rules` is the shipped folder (its `effects/*.toml` are read); a pack is a folder in the same format, or one that
    holds effect files directly; `entries` are those of the settings. The settings come first, then packs, so that they
    win over equally specific shipped rules. Raises CatalogError with every mistake of every file: file, key, reason,
    remedy."""
    own = tuple(pack_files(packs))
    files = load_files((*own, *shipped_files(rules)), EffectFile)
    from_packs = _with_plain_names(assemble(files[: len(own)]))
    shipped = assemble(files[len(own) :])
    titles = {provider.id: provider.title for provider in (*shipped.providers, *from_packs.providers)}
    settings = _with_plain_names(EffectRules(tuple(declared(entries, titles))))
    return _joined(settings, from_packs, shipped)


def shipped_files(rules: Path) -> Iterator[tuple[str, Path]]:
    """The effect files of the shipped folder, with the names that messages use."""
    for path in sorted((rules / "effects").glob("*.toml")):
        yield f"rules/effects/{path.name}", path


def pack_files(packs: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The effect files of packs, with the names that messages use."""
    for pack in packs:
        for path in sorted((pack / "effects").glob("*.toml")):
            yield str(path), path
        for path in sorted(pack.glob("*.toml")):
            if _is_effect_file(path):
                yield str(path), path


def _is_effect_file(path: Path) -> bool:
    """Whether a file at the top of a pack is about effects (and not about a framework)."""
    try:
        tables = read_toml(path).keys()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True  # read again with the others, where its mistake is reported
    return not _TABLES.isdisjoint(tables) or ("expect" in tables and _OTHERS.isdisjoint(tables))


def assemble(files: Iterable[EffectFile]) -> EffectRules:
    """One value of all files, in their order."""
    return _joined(*(file.rules for file in files))


def _joined(*rules: EffectRules) -> EffectRules:
    return EffectRules(
        providers=tuple(provider for part in rules for provider in part.providers),
        clients=tuple(client for part in rules for client in part.clients),
        operations=tuple(operation for part in rules for operation in part.operations),
        topics=tuple(topic for part in rules for topic in part.topics),
        callers=tuple(caller for part in rules for caller in part.callers),
        named=tuple(path for part in rules for path in part.named),
    )


def declared(entries: Sequence[tuple[str, EffectEntry]], titles: dict[str, str]) -> Iterator[Provider]:
    """The lines of `[tool.dealix-lint.effects]` as providers: one for each symbol, and one for each provider and host."""
    requests: dict[tuple[str, str], list[tuple[Address, EffectEntry]]] = {}
    for target, entry in entries:
        address = parse_address(target)
        if address is not None:
            requests.setdefault((entry.provider, address.host), []).append((address, entry))
            continue
        symbols = Symbols((target,), kind=entry.kind, reversibility=entry.reversibility, sensitivity=entry.sensitivity)
        if entry.operation:
            symbols = replace(symbols, name=entry.operation)
        yield Provider(entry.provider, titles.get(entry.provider, entry.provider), entry.kind, symbols=(symbols,))
    for (name, host), lines in requests.items():
        whole = next((entry for address, entry in lines if not address.path and not address.method), None)
        operations = tuple(_operation(*line) for line in lines)
        kind = whole.kind if whole else EXTERNAL_WRITE
        yield Provider(name, titles.get(name, name), kind, hosts=(host,), operations=operations)


def _operation(address: Address, entry: EffectEntry) -> Operation:
    methods = (address.method,) if address.method else WRITE_METHODS
    outcome = (entry.kind, entry.reversibility, entry.sensitivity)
    return Operation((address.path or "/**",), entry.operation, methods, *outcome)


def _with_plain_names(rules: EffectRules) -> EffectRules:
    """Rules that speak of first-party functions as well, which have no `()` in their names: `app.Gateway.push`."""
    providers = tuple(
        replace(provider, symbols=tuple(replace(s, paths=_plain(s.paths)) for s in provider.symbols))
        for provider in rules.providers
    )
    clients = tuple(replace(client, calls=_plain(client.calls)) for client in rules.clients)
    plain = replace(rules, providers=providers, clients=clients)
    return replace(plain, named=plain.patterns)


def _plain(paths: tuple[str, ...]) -> tuple[str, ...]:
    """A call of an object (`app.Sender()`, not `app.Sender`, which makes it) runs its `__call__`."""
    texts = (text for path in paths for text in expand(path) if "()" in path)
    plain = (f"{text.removesuffix('()')}.__call__" if text.endswith("()") else text for text in texts)
    return tuple(dict.fromkeys((*paths, *(text.replace("()", "") for text in plain))))
