"""The files of a project as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import exists
from pathlib import Path
from typing import Final

from dealix_lint.config.codec import encode_settings
from dealix_lint.engine.identity import combine, files_digest, rules_digest, tool_digest
from dealix_lint.engine.project import Project
from dealix_lint.engine.store import Store
from dealix_lint.model.settings import Settings
from dealix_lint.sources.commands import Commands, declared_commands
from dealix_lint.sources.discover import discover
from dealix_lint.sources.project import package_path
from dealix_lint.sources.read import Content, digest, read
from dealix_lint.sources.stamps import Stamps

_STAMPS: Final = "stamps"


@dataclass(frozen=True)
class Snapshot:
    """The root of a project, its settings, and the content of all files to analyse, by path in order."""

    root: Path
    settings: Settings
    contents: tuple[Content, ...]

    @cached_property
    def key(self) -> str:
        """A digest of everything that the result of analysing this can depend on."""
        baseline = [self.root / self.settings.baseline] if self.settings.baseline else []
        files = "\0".join([f"{content.path}\0{content.digest}" for content in self.contents])
        return combine((self.context, files_digest(baseline, ".toml"), files))

    @cached_property
    def context(self) -> str:
        """A digest of everything but the files that what is found in them can depend on: the tool, its rules, the settings."""
        # Where results are kept and how fast they come does not change them.
        settings = replace(self.settings, jobs=0, cache_dir="", fail_on="")
        named = [self.root / path for path in (*settings.packs, settings.policy, settings.register) if path]
        rules = (rules_digest(), files_digest(named, ".toml"))
        commands = "\0".join(part for command in self.commands for part in command)
        return combine((tool_digest(), *rules, encode_settings(settings).decode(), self.package, commands))

    @cached_property
    def commands(self) -> Commands:
        """The commands that the project installs."""
        return declared_commands(self.root)

    @cached_property
    def package(self) -> str:
        """See `project.package_path`."""
        return package_path(self.root)

    @cached_property
    def paths(self) -> frozenset[str]:
        """All files analysed."""
        return frozenset(self._digests)

    def holds(self, path: str, data: bytes) -> bool:
        """Whether a file was analysed with exactly this content."""
        return self._digests.get(path) == digest(data)

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {content.path: content.digest for content in self.contents}


def take_snapshot(
    project: Project, settings: Settings, overlay: Mapping[Path, bytes], store: Store, *, trusts_stamps: bool = True
) -> Snapshot:
    """All files of a project; unsaved content of `overlay` (absolute paths) replaces what is on disk. Where `trusts_stamps`,
    what looks as the store knows it is read when its content is asked for."""
    unsaved = dict(_inside(project.root, overlay))
    found = discover(project.root, settings, project.folders)
    unborn = [path for path in unsaved if not exists(project.root / path)]
    paths = tuple(sorted({*found, *unborn}))
    key = combine((tool_digest(), str(project.root)))
    data = store.get(_STAMPS, key) if trusts_stamps else None
    stamps = Stamps.decoded(data)
    contents = read(project.root, paths, unsaved, stamps)
    stamps.forget_others(paths)
    if store.is_working and (now := stamps.encoded()) != data:
        store.put(_STAMPS, [(key, now)])
    return Snapshot(project.root, settings, contents)


def _inside(root: Path, overlay: Mapping[Path, bytes]) -> Iterable[tuple[str, bytes]]:
    for path, data in overlay.items():
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix(), data
