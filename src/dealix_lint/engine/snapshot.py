"""The files of a project as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import exists
from pathlib import Path

from dealix_lint.catalog.locate import rules_folder
from dealix_lint.config.codec import encode_settings
from dealix_lint.engine.identity import combine, files_digest, tool_digest
from dealix_lint.engine.project import Project
from dealix_lint.model.settings import Settings
from dealix_lint.sources.discover import discover
from dealix_lint.sources.project import package_path
from dealix_lint.sources.read import Content, digest, read


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
        files = (text for content in self.contents for text in (content.path, content.digest))
        return combine((self.context, files_digest(baseline, ".toml"), *files))

    @cached_property
    def context(self) -> str:
        """A digest of everything but the files that what is found in them can depend on: the tool, its rules, the settings."""
        # Where results are kept and how fast they come does not change them.
        settings = replace(self.settings, jobs=0, cache_dir="", fail_on="")
        named = [self.root / path for path in (*settings.packs, settings.policy, settings.register) if path]
        rules = files_digest((rules_folder(), *named), ".toml")
        return combine((tool_digest(), rules, encode_settings(settings).decode(), self.package))

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


def take_snapshot(project: Project, settings: Settings, overlay: Mapping[Path, bytes]) -> Snapshot:
    """Read all files of a project; unsaved content of `overlay` (absolute paths) replaces what is on disk."""
    unsaved = dict(_inside(project.root, overlay))
    found = discover(project.root, settings, project.folders)
    unborn = [path for path in unsaved if not exists(project.root / path)]
    return Snapshot(project.root, settings, read(project.root, tuple(sorted({*found, *unborn})), unsaved))


def _inside(root: Path, overlay: Mapping[Path, bytes]) -> Iterable[tuple[str, bytes]]:
    for path, data in overlay.items():
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix(), data
