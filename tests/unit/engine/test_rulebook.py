"""What is known, loaded once and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.engine.configuration import configure
from dealix_lint.engine.knowledge import decoded
from dealix_lint.engine.loading import load_knowledge
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Request
from dealix_lint.engine.rulebook import Rulebook
from dealix_lint.engine.snapshot import Snapshot, take_snapshot
from dealix_lint.engine.store import Store
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.settings import Settings

PACK = '[provider]\nid = "fax"\ntitle = "Fax"\nkind = "messaging"\nhosts = ["fax.example"]\n'


def snapshot_of(root: Path) -> Snapshot:
    (project,) = find_projects((root,))
    settings, store = configure(project.root, Request((root,), use_store=False))
    return take_snapshot(project, settings, {}, store)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "packs").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.dealix-lint]\npacks = ["packs"]\n')
    (root / "packs" / "fax.toml").write_text(PACK)
    return root


def test_everything_known_comes_back_as_it_was() -> None:
    known = load_knowledge(Path("/"), Settings())
    assert decoded(known.encoded) == known


def test_what_was_loaded_is_remembered_and_the_files_are_not_read_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = snapshot_of(project)
    with Store(tmp_path) as store:
        loaded = Rulebook(snapshot, store).knowledge
        monkeypatch.setattr("dealix_lint.engine.loading.load_knowledge", None)
        book = Rulebook(snapshot, store)
        assert book.knowledge == loaded
        assert book.rules == loaded.rules
    assert "fax" in {provider.id for provider in loaded.effects.providers}


def test_an_edited_pack_is_read_again_and_its_mistakes_are_told(project: Path, tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert Rulebook(snapshot_of(project), store).knowledge
        (project / "packs" / "fax.toml").write_text(PACK.replace("fax.example", "telefax.example"))
        hosts = Rulebook(snapshot_of(project), store).knowledge.hosts
        assert hosts["fax"] == ("telefax.example",)
        (project / "packs" / "fax.toml").write_text(PACK + "colour = 3\n")
        with pytest.raises(CatalogError, match=r"packs/fax\.toml: .*colour"):
            _ = Rulebook(snapshot_of(project), store).knowledge


def test_what_cannot_be_read_back_is_loaded_again(project: Path, tmp_path: Path) -> None:
    snapshot = snapshot_of(project)
    with Store(tmp_path) as store:
        loaded = Rulebook(snapshot, store).knowledge
        for broken in (b"", b"\x00", b"[]"):
            store.put("knowledge", [(snapshot.context, broken)])
            assert Rulebook(snapshot, store).knowledge == loaded
