"""Configuration: everything said is understood, everything wrong is said at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dealix_lint.config.codec import decode_settings, encode_settings
from dealix_lint.config.document import read_table
from dealix_lint.config.existence import check_against_project
from dealix_lint.config.validate import read_settings, validate
from dealix_lint.model.effect_rules import EFFECT_KINDS
from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.errors import ConfigError
from dealix_lint.model.settings import ClassifyEntry, FlowClass, PathSettings, Settings

FULL = """
[tool.dealix-lint]
roots = ["backend"]
exclude = ["legacy/**"]
select = ["DLX"]
extend-select = ["DLX107"]
min-confidence = "low"
fail-on = "error"
own-hosts = ["*.corp.example", "api.corp.example"]
correlation-names = ["case_id"]
audit-sinks = ["app.audit.write"]
baseline = ".dealix-baseline.json"
register = "dealix-paths.toml"
[tool.dealix-lint.severity]
DLX204 = "warning"
[tool.dealix-lint.facades]
stripe = ["app.integrations.stripe", "app.billing"]
[tool.dealix-lint.owners]
"payment/*/*" = "temporal"
[tool.dealix-lint.flows."app.flows.base.DurableTaskFlow"]
run = ["run", "resume"]
checkpoint = ["checkpoint"]
[tool.dealix-lint.classify]
"vendor.mailer.*" = { approval = "A2", reversibility = "R2", sensitivity = "S1", actor = "executor_system" }
[tool.dealix-lint.thresholds]
task-duration = "15m"
[tool.dealix-lint.per-path."scripts/**"]
ignore = ["DLX204"]
severity = { DLX101 = "note" }
"""


def settings_of(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "pyproject.toml"
    file.write_text(text)
    return validate(read_table(file), file)


def mistakes_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, "[tool.dealix-lint]\n" + text)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def test_every_key_is_understood(tmp_path: Path) -> None:
    assert settings_of(tmp_path, FULL) == Settings(
        roots=("backend",),
        exclude=("legacy/**",),
        extend_select=("DLX107",),
        min_confidence="low",
        fail_on="error",
        own_hosts=("*.corp.example", "api.corp.example"),
        correlation_names=("case_id",),
        audit_sinks=("app.audit.write",),
        baseline=".dealix-baseline.json",
        register="dealix-paths.toml",
        severity=(("DLX204", "warning"),),
        facades=(("stripe", ("app.integrations.stripe", "app.billing")),),
        owners=(("payment/*/*", "temporal"),),
        flows=(("app.flows.base.DurableTaskFlow", FlowClass(("run", "resume"), ("checkpoint",))),),
        classify=(("vendor.mailer.*", ClassifyEntry("A2", "R2", "S1", "executor_system")),),
        thresholds=(("task-duration", 900),),
        per_path=(("scripts/**", PathSettings(("DLX204",), (("DLX101", "note"),))),),
    )


@pytest.mark.parametrize("name", ["dealix_lint", "dealixlint", "Dealix-Lint"])
def test_a_table_of_almost_that_name_is_a_mistake(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"\[tool.{name}\] is read by nothing; write \[tool.dealix-lint\]"):
        settings_of(tmp_path, f'[tool.{name}]\nselect = ["DLX1"]\n')


def test_no_table_means_the_defaults(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "[project]\nname = 'x'\n") == Settings()
    assert validate(read_table(tmp_path / "nowhere.toml"), tmp_path) == Settings()


def test_all_mistakes_come_at_once_each_with_its_key(tmp_path: Path) -> None:
    owner, limit = 'tool.dealix-lint.owners."payment/stripe"', "tool.dealix-lint.thresholds.task-duration"
    assert mistakes_of(
        tmp_path,
        """
        selekt = ["DLX"]
        roots = "backend"
        jobs = -1
        ignore = ["DLX101", "E501"]
        min-confidence = "sure"
        [tool.dealix-lint.thresholds]
        task-duration = "15 minutes"
        task-durations = "15m"
        [tool.dealix-lint.flows."a.Flow"]
        runs = ["x"]
        [tool.dealix-lint.owners]
        "payment/stripe" = "cron"
        [tool.dealix-lint.classify]
        "a.b" = { aproval = "A1" }
        [tool.dealix-lint.effects]
        "a.pay" = "paymant/acme"
        "a.send" = { kind = "messaging", provder = "acme" }
        "PUSH https://a.example" = "messaging/acme"
        "a.{b,c" = "messaging/acme"
        """,
    ) == [
        'tool.dealix-lint.classify."a.b".aproval: unknown key; did you mean "approval"?',
        (
            "tool.dealix-lint.effects.\"PUSH https://a.example\": 'PUSH https://a.example' is no address; write"
            " https://host/path, a method may stand before it: PUT https://..."
        ),
        (
            f'tool.dealix-lint.effects."a.pay": \'paymant/acme\' is no effect; write "kind/provider/operation" with a kind of'
            f" {', '.join(EFFECT_KINDS)}"
        ),
        'tool.dealix-lint.effects."a.send".provder: unknown key; did you mean "provider"?',
        'tool.dealix-lint.effects."a.send".provider: is missing; add it',
        "tool.dealix-lint.effects.\"a.{b,c\": 'a.{b,c': each brace needs its counterpart",
        'tool.dealix-lint.flows."a.Flow".runs: unknown key; did you mean "run"?',
        "tool.dealix-lint.ignore[2]: 'E501' is not a code; write DLX, the start of a code (DLX1) or a code (DLX101)",
        "tool.dealix-lint.jobs: must not be negative",
        "tool.dealix-lint.min-confidence: must be 'low', 'medium' or 'high'",
        f"{owner}: 'cron' is not a mechanism; use one of {', '.join(MECHANISMS)}",
        f"{owner}: 'payment/stripe' is not a commitment; write \"kind/provider/operation\", any part may be *",
        "tool.dealix-lint.roots: must be a list",
        'tool.dealix-lint.selekt: unknown key; did you mean "select"?',
        f"{limit}: '15 minutes' is not a duration; write a number and s, m, h or d, for example \"15m\"",
        'tool.dealix-lint.thresholds.task-durations: unknown key; did you mean "task-duration"?',
    ]


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400)])
def test_durations_have_a_unit(tmp_path: Path, text: str, seconds: int) -> None:
    settings = settings_of(tmp_path, f'[tool.dealix-lint.thresholds]\ntask-duration = "{text}"\n')
    assert settings.thresholds == (("task-duration", seconds),)


def test_keys_are_written_with_hyphens_only(tmp_path: Path) -> None:
    assert mistakes_of(tmp_path, "fail_on = 'error'") == [
        'tool.dealix-lint.fail_on: unknown key; did you mean "fail-on"?'
    ]


def test_invalid_toml_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pyproject\.toml: not valid TOML: .*line 2"):
        settings_of(tmp_path, "[tool.dealix-lint]\nroots = [\n")


def test_a_table_that_is_none_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a table"):
        settings_of(tmp_path, "[tool]\ndealix-lint = 3\n")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('exclude = ["ok/**", "[z-a].py"]', "exclude[2]: '[z-a].py' is not a pattern: bad character range z-a"),
        ('include = ["!"]', "include[1]: '!' is not a pattern: Invalid git pattern: '!'"),
        ('extend-exclude = ["# legacy"]', "extend-exclude[1]: '# legacy' matches nothing; patterns are written as"),
        ('[tool.dealix-lint.per-path."a[\\\\"]', 'per-path."a[\\"'),
        ('own-hosts = ["https://api.corp.example/v1"]', "own-hosts[1]: 'https://api.corp.example/v1' is not a host;"),
        ("jobs = true", "jobs: must be a whole number"),
        ('jobs = "2"', "jobs: must be a whole number"),
        ("jobs = 1.5", "jobs: must be a whole number"),
        ("baseline = []", "baseline: must be a string"),
        ('severity = "note"', "severity: must be a table"),
        ('[tool.dealix-lint.classify]\n"a.*" = { actor = "robot" }', "classify.\"a.*\".actor: must be 'human', 'obs"),
        ("[tool.dealix-lint.thresholds]\ntask-duration = 900", "thresholds.task-duration: 900 is not a duration;"),
    ],
)
def test_a_wrong_value_is_said_with_its_key_and_what_to_write_instead(tmp_path: Path, text: str, mistake: str) -> None:
    (said,) = mistakes_of(tmp_path, text)
    assert said.startswith(f"tool.dealix-lint.{mistake}")


def test_folders_codes_and_packs_that_do_not_exist_are_mistakes(tmp_path: Path) -> None:
    (tmp_path / "known.json").mkdir()
    (tmp_path / "store").touch()
    settings = Settings(
        roots=("backend", "../other"),
        packs=(".", "lint"),
        select=("DLX1",),
        ignore=("DLX199",),
        severity=(("DLX198", "note"),),
        per_path=(("a/**", PathSettings(("DLX9",))),),
        policy="own.toml",
        baseline="known.json",
        cache_dir="store",
    )
    assert check_against_project(settings, tmp_path, frozenset({"DLX101", "DLX109"}), frozenset({"dealix"})) == (
        "tool.dealix-lint.baseline: 'known.json' is a folder; name a file",
        "tool.dealix-lint.cache-dir: 'store' is a file; name a folder",
        "tool.dealix-lint.ignore: there is no code DLX199; `dealix-lint explain` lists all codes",
        "tool.dealix-lint.packs: there is no folder 'lint' in the project; a pack is a folder of TOML files",
        'tool.dealix-lint.per-path."a/**".ignore: there is no code DLX9; `dealix-lint explain` lists all codes',
        "tool.dealix-lint.policy: there is no file 'own.toml' in the project",
        "tool.dealix-lint.roots: '../other' lies outside the project; write a folder below its root",
        "tool.dealix-lint.roots: there is no folder 'backend' in the project; name folders that imports start from",
        "tool.dealix-lint.severity: there is no code DLX198; `dealix-lint explain` lists all codes",
    )


def test_a_policy_pack_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    assert check_against_project(Settings(policy="delaix"), tmp_path, frozenset(), frozenset({"dealix"})) == (
        "tool.dealix-lint.policy: there is no policy pack 'delaix'; did you mean \"dealix\"?",
    )


def test_what_is_right_of_a_wrong_table_is_understood_all_the_same() -> None:
    table = {
        "roots": ["a", 1, "b", 2],
        "severity": {"DLX101": "fatal", "DLX102": "note"},
        "jobs": "two",
        "ignore": ["DLX2"],
    }
    settings, mistakes = read_settings(table)
    assert settings == Settings(roots=("a", "b"), severity=(("DLX102", "note"),), ignore=("DLX2",))
    assert [mistake.split(":")[0].removeprefix("tool.dealix-lint.") for mistake in mistakes] == [
        "jobs", "roots[2]", "roots[4]", "severity.DLX101"
    ]  # fmt: skip


def test_settings_survive_the_store_and_anything_else_is_a_miss(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL)
    assert decode_settings(encode_settings(settings)) == settings
    assert decode_settings(encode_settings(Settings())) == Settings()
    for bad in (b"", b"{}", b"[]", b"null", b'{"roots": 3}', b"\xff"):
        assert decode_settings(bad) is None


def test_pydantic_is_not_imported_where_there_is_no_table() -> None:
    code = (
        "import sys; from pathlib import Path; from dealix_lint.config.validate import validate;"
        "validate({}, Path('x')); sys.exit('pydantic' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
