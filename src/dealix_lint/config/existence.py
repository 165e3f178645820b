"""What of the settings is wrong for this project, though each value by itself is right."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import isdir, isfile
from pathlib import Path, PurePath

from dealix_lint.config.mistakes import suggestion
from dealix_lint.config.validate import KEY
from dealix_lint.model.settings import Settings

LISTED = "`dealix-lint explain` lists all codes"
"""What to do about a code that does not exist."""


def check_against_project(
    settings: Settings, root: Path, codes: frozenset[str], policies: frozenset[str]
) -> tuple[str, ...]:
    """Mistakes that only the project and the shipped rules can tell: folders and files that do not exist, codes and
    policy packs that there are none of. One line each, with the TOML key."""
    paths, policy = _wrong_paths(settings, root), _wrong_policy(settings.policy, root, policies)
    return tuple(sorted({*paths, *policy, *_unknown_codes(settings, codes)}))


def _wrong_paths(settings: Settings, root: Path) -> Iterator[str]:
    for folder in settings.roots:
        path = PurePath(folder)
        if path.is_absolute() or ".." in path.parts:
            yield f"{KEY}.roots: {folder!r} lies outside the project; write a folder below its root"
        elif not isdir(root / folder):
            yield f"{KEY}.roots: there is no folder {folder!r} in the project; name folders that imports start from"
    for folder in settings.packs:
        if not isdir(root / folder):
            yield f"{KEY}.packs: there is no folder {folder!r} in the project; a pack is a folder of TOML files"
    for key, file in (("baseline", settings.baseline), ("register", settings.register)):
        if file and isdir(root / file):
            yield f"{KEY}.{key}: {file!r} is a folder; name a file"
    if settings.cache_dir and isfile(root / settings.cache_dir):
        yield f"{KEY}.cache-dir: {settings.cache_dir!r} is a file; name a folder"


def _wrong_policy(policy: str, root: Path, known: frozenset[str]) -> Iterator[str]:
    if policy.endswith(".toml") or "/" in policy:
        if not isfile(root / policy):
            yield f"{KEY}.policy: there is no file {policy!r} in the project"
    elif policy not in known:
        advice = suggestion(policy, known) or f"; use {', '.join(sorted(known))} or a TOML file"
        yield f"{KEY}.policy: there is no policy pack {policy!r}{advice}"


def _unknown_codes(settings: Settings, codes: frozenset[str]) -> Iterator[str]:
    for key, chosen in _codes_named(settings):
        for code in chosen:
            if codes and not any(known.startswith(code) for known in codes):
                yield f"{KEY}.{key}: there is no code {code}; {LISTED}"


def _codes_named(settings: Settings) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "select", settings.select
    yield "extend-select", settings.extend_select
    yield "ignore", settings.ignore
    yield "severity", tuple(code for code, _ in settings.severity)
    for glob, entry in settings.per_path:
        yield f'per-path."{glob}".ignore', entry.ignore
        yield f'per-path."{glob}".severity', tuple(code for code, _ in entry.severity)
