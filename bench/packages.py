"""Downloads published packages and unpacks them, without building or importing anything of them.

python bench/packages.py FOLDER NAME [NAME ...]
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
import sys
import tarfile
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

INDEX = "https://pypi.org/simple"
ACCEPT = "application/vnd.pypi.simple.v1+json"
APPLICATIONS = ("pretix", "apache-superset", "indico", "open-webui")
LIBRARIES = ("celery", "langgraph", "temporalio")


@dataclass(frozen=True, slots=True)
class Archive:
    """One file of a package: name, address, hex SHA-256 and version."""

    name: str
    url: str
    sha256: str
    version: Version


def find_archive(package: str, prefer: str) -> Archive:
    """The newest final release of a package for this version of Python, in the form `prefer` ("tar.gz", "whl") where it has both."""
    request = urllib.request.Request(f"{INDEX}/{package}/", headers={"Accept": ACCEPT})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    archives = [archive for archive in map(_archive, files) if archive and not archive.version.is_prerelease]
    if not archives:
        raise SystemExit(f"{package}: no archive of a final release on {INDEX}")
    return max(archives, key=lambda archive: (archive.version, archive.name.endswith(prefer), archive.name))


def _archive(file: dict[str, object]) -> Archive | None:
    name, url, hashes = str(file["filename"]), str(file["url"]), file["hashes"]
    if not name.endswith((".tar.gz", ".whl")) or not isinstance(hashes, dict):
        return None
    stem = name.removesuffix(".tar.gz")
    text = name.split("-")[1] if name.endswith(".whl") else re.split(r"-(?=\d)", stem, maxsplit=1)[-1]
    try:
        if platform.python_version() not in SpecifierSet(str(file.get("requires-python") or "")):
            return None
        return Archive(name, url, str(hashes.get("sha256", "")), Version(text))
    except (InvalidSpecifier, InvalidVersion):
        return None


def unpacked(package: str, folder: Path, prefer: str = "tar.gz") -> Path:
    """The folder of the package's sources below `folder`; downloaded if it is not there yet."""
    archive = find_archive(package, prefer)
    target = folder / archive.name.removesuffix(".tar.gz").removesuffix(".whl")
    if not target.is_dir():
        with urllib.request.urlopen(archive.url, timeout=600) as answer:
            data = answer.read()
        if hashlib.sha256(data).hexdigest() != archive.sha256:
            raise SystemExit(f"{archive.name}: the checksum is wrong")
        _unpack(archive.name, data, folder, target)
    return target


def _unpack(name: str, data: bytes, folder: Path, target: Path) -> None:
    if name.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            wheel.extractall(target)
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as sdist:
        sdist.extractall(folder, filter="data")
        inside = folder / sdist.getnames()[0].split("/")[0]
    if inside != target:
        inside.rename(target)


def applications(folder: Path) -> list[Path]:
    """The applications (source distributions) that measurements use."""
    folder.mkdir(parents=True, exist_ok=True)
    return [unpacked(name, folder) for name in APPLICATIONS]


def default_trees(folder: Path) -> list[Path]:
    """These applications, and libraries (wheels)."""
    return applications(folder) + [unpacked(name, folder, "whl") for name in LIBRARIES]


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        print(unpacked(wanted, Path(sys.argv[1])))
