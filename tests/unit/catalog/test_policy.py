"""The shipped policy pack, and files laid over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dealix_lint.catalog.locate import rules_folder
from dealix_lint.catalog.policy import adapt, load_policy
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.policy import APPROVAL
from dealix_lint.model.settings import Settings

RULES = rules_folder()


def _own(folder: Path, text: str) -> str:
    (folder / "governance.toml").write_text(text)
    return "governance.toml"


@pytest.mark.parametrize(
    ("reversibility", "sensitivity", "approval"),
    [
        ("R0", "S0", "A0"),
        ("R0", "S3", "A1"),
        ("R1", "S1", "A1"),
        ("R2", "S3", "A2"),
        ("R3", "S0", "A3"),
        ("", "", "A0"),
    ],
)
def test_the_matrix_of_the_default_pack(reversibility: str, sensitivity: str, approval: str) -> None:
    assert load_policy(RULES).least_approval(reversibility, sensitivity) == approval


def test_the_floors_of_the_default_pack() -> None:
    floors = {f.kind: (f.reversibility, f.sensitivity) for f in load_policy(RULES).floors}
    assert floors == {
        "messaging": ("R2", "S1"),
        "payment": ("R3", "S2"),
        "contract": ("R3", "S2"),
        "external_write": ("R1", "S1"),
    }


def test_the_board_level_is_off_until_a_pack_turns_it_on(tmp_path: Path) -> None:
    assert "A4" not in load_policy(RULES).axes[APPROVAL].levels
    name = _own(tmp_path, '[approval]\nlevels = ["A0", "A1", "A2", "A3", "A4"]\n')
    assert load_policy(RULES, name, tmp_path).axes[APPROVAL].levels[-1] == "A4"


def test_a_file_of_ones_own_replaces_values_and_keeps_the_rest(tmp_path: Path) -> None:
    name = _own(tmp_path, '[floors]\nexternal_write = { reversibility = "R2", sensitivity = "S2" }\n')
    policy, shipped = load_policy(RULES, name, tmp_path), load_policy(RULES)
    assert policy.floor("external_write").reversibility == "R2"
    assert policy.floor("payment") == shipped.floor("payment")
    assert policy.correlation == shipped.correlation


def test_all_mistakes_are_reported_with_their_keys(tmp_path: Path) -> None:
    name = _own(tmp_path, '[audit]\nverb = ["add"]\n\n[floors]\npayments = { reversibility = "R3" }\n')
    with pytest.raises(CatalogError) as error:
        load_policy(RULES, name, tmp_path)
    assert "governance.toml: audit.verb: unknown key; did you mean `verbs`?" in str(error.value)
    assert "floors.payments" in str(error.value)


def test_a_level_that_does_not_exist_is_named(tmp_path: Path) -> None:
    name = _own(tmp_path, '[minimum_approval]\nreversibility = { R9 = "A1" }\n')
    with pytest.raises(CatalogError, match="'R9' is no level of reversibility"):
        load_policy(RULES, name, tmp_path)


@pytest.mark.parametrize(("pack", "reason"), [("strict", "no such pack"), ("missing.toml", "cannot be read")])
def test_a_pack_that_is_not_there_is_said_so(pack: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=reason):
        load_policy(RULES, pack, tmp_path)


def test_a_pack_that_is_not_toml_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not valid TOML"):
        load_policy(RULES, _own(tmp_path, "floors = ["), tmp_path)


def test_settings_add_to_the_name_lists() -> None:
    settings = replace(
        Settings(), correlation_names=("case_id",), audit_sinks=("app.audit.write",), markers=("app.governed",)
    )
    policy = adapt(load_policy(RULES), settings)
    assert policy.correlation.names[-1] == "case_id"
    assert policy.audit.sinks[-1] == "app.audit.write"
    assert policy.markers == ("app.governed",)
