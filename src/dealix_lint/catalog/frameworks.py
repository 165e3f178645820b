"""Framework knowledge: `rules/frameworks/*.toml` and users' packs, validated and merged into
`model.frameworks.Frameworks`."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from dealix_lint.catalog.framework_tables import FrameworkFile
from dealix_lint.catalog.load import load_labelled, read_toml
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.frameworks import Dispatch, Frameworks, Schedule

_TABLES: Final = frozenset(FrameworkFile.model_fields) - {"name", "expect"}


def load_frameworks(rules: Path, packs: Sequence[Path] = ()) -> Frameworks:
    """Read and merge all framework files.

    `rules` is the shipped folder (its `frameworks/*.toml` are read); a pack is a folder in the same format, or one
    that holds framework files directly. Files are merged in name order, the shipped ones first. Raises CatalogError
    with every mistake of every file: file, key, reason, remedy."""
    files = load_labelled(all_files(rules, packs), FrameworkFile)
    mistakes = tuple(_unknown_names(files))
    if mistakes:
        raise CatalogError("\n".join(mistakes))
    return _merged([file for _, file in files])


def all_files(rules: Path, packs: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The framework files of the shipped folder and of packs, with the names that messages use."""
    for path in sorted((rules / "frameworks").glob("*.toml")):
        yield f"rules/frameworks/{path.name}", path
    yield from pack_files(packs)


def pack_files(packs: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The framework files of packs, with the names that messages use."""
    for pack in packs:
        for path in sorted((pack / "frameworks").glob("*.toml")):
            yield str(path), path
        for path in sorted(pack.glob("*.toml")):
            if _is_framework_file(path):
                yield str(path), path


def _is_framework_file(path: Path) -> bool:
    """Whether a file at the top of a pack is about a framework (and not about effects)."""
    try:
        return not _TABLES.isdisjoint(read_toml(path))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _unknown_names(read: Sequence[tuple[str, FrameworkFile]]) -> Iterator[str]:
    """References to a framework none of whose units exists: a typing mistake that would silently match nothing."""
    known = {unit.framework or file.name for _, file in read for unit in file.units}
    known |= {schedule.framework or file.name for _, file in read for schedule in file.schedules}
    for label, file in read:
        for index, dispatch in enumerate(file.dispatches):
            if dispatch.by_name and dispatch.by_name not in known:
                yield f"{label}: dispatches[{index}].by_name: {_unknown(dispatch.by_name, known)}"
        for index, attribute in enumerate(file.attributes):
            name = attribute.framework or file.name
            if name not in known:
                yield f"{label}: attributes[{index}].framework: {_unknown(name, known)}"


def _unknown(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    advice = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
    return f"no framework {name!r} has units; {advice}"


def _registering(schedules: Sequence[Schedule], dispatches: Sequence[Dispatch]) -> Iterator[Dispatch]:
    """A call that schedules a function runs nothing now: said to the call graph, where no dispatch says it already."""
    known = {path for dispatch in dispatches for path in dispatch.paths}
    for schedule in schedules:
        paths = tuple(path for path in schedule.paths if path not in known)
        if paths:
            yield Dispatch(schedule.framework, paths, schedule.targets, registers="scheduled", hands=schedule.hands)


def _merged(files: Sequence[FrameworkFile]) -> Frameworks:
    dispatches = tuple(dispatch.value(file.name) for file in files for dispatch in file.dispatches)
    schedules = tuple(schedule.value(file.name) for file in files for schedule in file.schedules)
    return Frameworks(
        units=tuple(unit.value(file.name) for file in files for unit in file.units),
        attributes=tuple(attribute.value(file.name) for file in files for attribute in file.attributes),
        dispatches=(*dispatches, *_registering(schedules, dispatches)),
        returns=tuple(returns.result() for file in files for returns in file.returns),
        injections=tuple(injection.value() for file in files for injection in file.injections),
        dependencies=tuple(dependency.value() for file in files for dependency in file.dependencies),
        supplies=tuple(supply.value() for file in files for supply in file.supplies),
        made=tuple(made.value() for file in files for made in file.made),
        given=tuple(each.value() for file in files for each in file.given),
        delegations=tuple(each.value() for file in files for each in file.delegations),
        interfaces=tuple(each.value() for file in files for each in file.interfaces),
        schedules=schedules,
        aliases=tuple(sorted({pair for file in files for pair in file.aliases.items()})),
        prefixes=tuple(prefix.value() for file in files for prefix in file.prefixes),
        views=tuple(view.value() for file in files for view in file.views),
        verbs=tuple(verbs.value() for file in files for verbs in file.verbs),
        contexts=tuple(context.value() for file in files for context in file.contexts),
        stores=tuple(store.paths for file in files for store in file.stores),
        tracked=tuple(dict.fromkeys(path for file in files for path in file.tracked)),
        shared=tuple(dict.fromkeys(path for file in files for path in file.shared)),
        tests=tuple(dict.fromkeys(path for file in files for path in file.tests)),
        owned=tuple(dict.fromkeys(path for file in files for path in file.owned)),
        configured=tuple(dict.fromkeys(path for file in files for path in file.configured)),
        columns=tuple(dict.fromkeys(path for file in files for path in file.columns)),
        mirrors=tuple(sorted({pair for file in files for pair in file.mirrors.items()})),
        told=tuple(sorted({pair for file in files for pair in file.told.items()})),
        unit_tables=tuple((path, file.name) for file in files for path in file.unit_tables),
        transparent=tuple(dict.fromkeys(path for file in files for path in file.transparent)),
        typed=tuple(sorted({pair for file in files for pair in file.typed.items()})),
        piped=tuple(dict.fromkeys(path for file in files for path in file.piped)),
        providers=tuple((path, kind.value) for file in files for path, kind in file.providers.items()),
        options=tuple(option.value() for file in files for option in file.options),
        provider_methods=tuple(dict.fromkeys(name for file in files for name in file.provider_methods)),
        variables=tuple(dict.fromkeys(path for file in files for path in file.variables)),
        switches=tuple(sorted({pair for file in files for pair in file.switches.items()})),
    )
