"""The command line: what people see, and with which exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PAY, Run


def test_findings_are_printed_with_their_path_and_end_with_status_1(lint: Run) -> None:
    done = lint("check")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("app/pay.py:5:5: DLX101 [error] ")
    assert lines[1] == "    [web] app.api.pay  app/api.py:9"
    assert lines[2] == "    └─ app.pay.charge  app/pay.py:5"
    assert "Found 1 error." in lines
    assert done.stderr == ""


def test_paths_in_text_start_from_the_current_folder(lint: Run, shop: Path) -> None:
    assert lint("check", "shop", folder=shop.parent).stdout.startswith("shop/app/pay.py:5:5")
    assert lint("check", folder=shop / "app").stdout.startswith("pay.py:5:5")
    beside = shop.parent / "beside"
    beside.mkdir()
    assert lint("check", "../shop", folder=beside).stdout.startswith("../shop/app/pay.py:5:5")


def test_a_clean_project_ends_with_status_0(lint: Run, shop: Path) -> None:
    (shop / "app/pay.py").write_text("def charge(amount):\n    pass\n")
    done = lint("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No findings.\n")


def test_json_is_the_same_bytes_whatever_the_jobs_hash_seed_and_store(lint_process: Run) -> None:
    runs = [
        lint_process("check", "--format", "json"),
        lint_process("check", "--format", "json"),
        lint_process("check", "--format", "json", "--no-cache", PYTHONHASHSEED="1"),
        lint_process("check", "--format", "json", "--no-cache", "--jobs", "2", PYTHONHASHSEED="2"),
    ]
    assert len({run.stdout for run in runs}) == 1
    document = json.loads(runs[0].stdout)
    assert document["summary"]["errors"] == 1
    assert document["findings"][0]["path"] == "app/pay.py"


def test_a_file_argument_limits_the_report(lint: Run) -> None:
    assert lint("check", "app/pay.py").returncode == 1
    assert lint("check", "app/api.py").returncode == 0


def test_options_choose_codes_and_what_counts_as_failure(lint: Run, shop: Path) -> None:
    assert lint("check", "--ignore", "DLX1").returncode == 0
    assert "DLX201" in lint("check", "--select", "DLX101,DLX201").stdout
    assert "DLX204" in lint("check", "--extend-select", "DLX204").stdout
    assert lint("check", "--exit-zero").returncode == 0
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nselect = ["DLX101"]\nseverity = { DLX101 = "warning" }\n')
    assert lint("check").returncode == 1
    assert lint("check", "--fail-on", "error").returncode == 0


def test_output_goes_to_a_file(lint: Run, shop: Path) -> None:
    done = lint("check", "--format", "json", "--output", "report.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads((shop / "report.json").read_text())["schema"] == "dealix-lint/check/1"


def test_a_baseline_keeps_what_it_says_about_codes_that_are_not_looked_for(lint: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nbaseline = "known.json"\n')

    def entries() -> list[str]:
        return sorted(json.loads((shop / "known.json").read_text())["findings"].values())

    lint("check", "--write-baseline")
    everything = entries()
    assert len({entry.split()[0] for entry in everything}) > 2
    assert lint("check", "--select", "DLX101", "--write-baseline").returncode == 0
    assert entries() == everything
    (shop / "app/pay.py").write_text("def charge(amount):\n    pass\n")
    lint("check", "--ignore", "DLX204", "--write-baseline")
    assert [entry.split()[0] for entry in entries()] == ["DLX204"]
    lint("check", "--write-baseline")
    assert entries() == []


def test_a_baseline_is_written_and_then_silences(lint: Run, shop: Path) -> None:
    assert lint("check", "--write-baseline").returncode == 2
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nbaseline = "known.json"\n')
    (shop / "known.json").write_text("not a baseline")
    assert "known.json: not a baseline" in lint("check").stderr
    done = lint("check", "--write-baseline")
    assert (done.returncode, done.stderr) == (0, "dealix-lint: wrote known.json\n")
    done = lint("check")
    assert (done.returncode, "suppressed" in done.stdout) == (0, True)


def test_all_mistakes_in_the_configuration_are_listed(lint: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nselekt = []\nfail-on = "never"\njobs = "two"\n')
    done = lint("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "3 mistakes" in done.stderr
    for line in (
        'tool.dealix-lint.selekt: unknown key; did you mean "select"?',
        "tool.dealix-lint.fail-on: must be 'note', 'warning' or 'error'",
        "tool.dealix-lint.jobs: must be a whole number",
    ):
        assert line in done.stderr


def test_settings_that_do_nothing_yet_are_said(lint: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nregister = "paths.toml"\nbaseline = "known.json"\n')
    said = lint("check").stderr
    is_unread = "DLX701" not in lint("explain").stdout
    assert ("no rule of this version reads tool.dealix-lint.register\n" in said) == is_unread
    assert "baseline: there is no file 'known.json' yet; `dealix-lint check --write-baseline` writes it\n" in said
    lint("check", "--write-baseline")
    assert "known.json" not in lint("check").stderr


def test_invalid_toml_is_named_with_its_line(lint: Run, shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\nselect = ["DLX"\nfail-on = "error"\n')
    done = lint("check")
    assert done.returncode == 2
    assert "pyproject.toml: not valid TOML" in done.stderr
    assert "line 3" in done.stderr


def test_unknown_options_and_codes_end_with_status_2(lint: Run) -> None:
    for arguments in (("check", "--nonsense"), ("check", "--select", "DLX999"), ("explain", "DLX999"), ("nonsense",)):
        assert lint(*arguments).returncode == 2


def test_the_inventory_is_a_table_or_a_document(lint: Run) -> None:
    assert "stripe" in lint("inventory").stdout
    document = json.loads(lint("inventory", "--format", "json").stdout)
    assert document["schema"] == "dealix-lint/inventory/1"
    assert document["effects"][0]["reached_from"][0]["chain"] == ["app.api.pay", "app.pay.charge"]
    assert lint("inventory").returncode == 0


def test_a_file_argument_limits_the_inventory_and_the_graph(lint: Run, shop: Path) -> None:
    (shop / "app/refund.py").write_text(PAY.replace("PaymentIntent", "Refund").replace("charge", "refund"))
    whole, limited = (json.loads(lint("inventory", "--format", "json", *of).stdout) for of in ((), ("app/pay.py",)))
    assert [effect["path"] for effect in whole["effects"]] == ["app/pay.py", "app/refund.py"]
    assert limited["effects"] == whole["effects"][:1]
    assert [start["id"] for start in whole["entry_points"]] == ["open:app.refund.refund", "web:app.api.pay"]
    assert [start["id"] for start in limited["entry_points"]] == ["web:app.api.pay"]
    routes = json.loads(lint("inventory", "--format", "json", "app/api.py").stdout)
    assert (routes["effects"], [start["path"] for start in routes["entry_points"]]) == ([], ["app/api.py"])
    assert list(json.loads(lint("graph", "--format", "json", "app/api.py").stdout)) == ["app.api", "app.api.pay"]


def test_the_graph_is_a_plain_adjacency_list(lint: Run) -> None:
    graph = json.loads(lint("graph", "--format", "json").stdout)
    assert graph["app.api.pay"] == ["app.pay.charge"]
    assert list(graph) == sorted(graph)
    assert json.loads(lint("graph", "--format", "json", "--edges").stdout)["schema"] == "dealix-lint/graph-edges/1"
    assert lint("graph", "--format", "dot").stdout.startswith("digraph")


def test_a_code_is_explained(lint: Run) -> None:
    done = lint("explain", "dlx101")
    assert done.returncode == 0
    for part in ("DLX101 unclassified-effect", "Why", "Policy", "Reported", "Correct", "How to fix"):
        assert part in done.stdout
    assert "DLX001" in lint("explain").stdout


def test_a_code_is_explained_by_its_name_and_a_mistyped_name_gets_a_hint(lint: Run) -> None:
    assert lint("explain", "Unclassified-Effect").stdout.startswith("DLX101 unclassified-effect\n")
    assert lint("explain", "unclassified-efect").stderr == (
        'dealix-lint: there is no code unclassified-efect; did you mean "unclassified-effect"?\n'
    )


def test_a_mistyped_command_and_a_forgotten_one_get_a_hint(lint: Run) -> None:
    assert "did you mean `dealix-lint check`?" in lint("chekc").stderr
    assert "did you mean `dealix-lint check app`?" in lint("app").stderr
    assert "there are cache, catalog, check, explain, graph, inventory, why" in lint("qqqq").stderr


@pytest.mark.parametrize("command", ["cache", "catalog", "check", "explain", "graph", "inventory", "why"])
def test_every_option_says_what_it_does(lint: Run, command: str) -> None:
    done = lint(command, "--help")
    assert done.returncode == 0
    options = done.stdout.partition("\nOptions:\n")[2].partition("\n\nCommands:\n")[0]
    for option in re.split(r"\n(?=  -)", "\n" + options)[1:]:
        said = " ".join(option.split())
        assert re.search(r"\w\.( \[.*\])?$", said), said


def test_the_version_is_told_without_heavy_imports(environment: dict[str, str]) -> None:
    code = (
        "import sys; from dealix_lint.faces.cli.app import app\n"
        "try: app.main(['--version'])\n"
        "except SystemExit: pass\n"
        "sys.exit(sorted({'libcst', 'networkx', 'pydantic', 'rich', 'sqlite3'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "dealix-lint 0.1.0\n"
