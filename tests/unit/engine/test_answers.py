"""Answers: right, remembered, and forgotten when something changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dealix_lint.engine import pipeline, reporting, trial, workers
from dealix_lint.engine.answers import Checked, check, compute_check, recall_check
from dealix_lint.engine.output import plain, show_check
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.views import draw_graph, take_inventory
from dealix_lint.model.callmap import Part
from dealix_lint.model.errors import ConfigError
from dealix_lint.sources import stamps

Write = Callable[[dict[str, str]], Path]

PAY = """\
import stripe


def charge(amount):
    stripe.PaymentIntent.create(amount=amount, currency="sar")
"""
API = """\
from fastapi import FastAPI
from app.pay import charge

app = FastAPI()


@app.post("/pay")
def pay(amount: int):
    charge(amount)
"""
APP = {"pyproject.toml": "[project]\nname = 'shop'\n", "app/pay.py": PAY, "app/api.py": API}


def ask(root: Path, *wanted: str, **changes: Any) -> Checked:
    paths = tuple(root / name for name in wanted) or (root,)
    (project,) = find_projects(paths)
    return check(project, Request(paths, overrides=Overrides(**changes)))


def codes(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.code, finding.location.path) for finding in checked.report.findings]


def test_a_command_that_is_declared_later_counts_at_once(project: Write) -> None:
    root = project({"pyproject.toml": "[project]\nname = 'shop'\n", "app/pay.py": PAY})
    assert "nothing analysed calls it" in ask(root, select=("DLX101",)).report.findings[0].message
    (root / "pyproject.toml").write_text("[project]\nname = 'shop'\nscripts = { charge = 'app.pay:charge' }\n")
    assert "command charge" in ask(root, select=("DLX101",)).report.findings[0].message


def test_an_effect_is_reported_with_the_path_that_leads_to_it(project: Write) -> None:
    (finding,) = ask(project(APP), select=("DLX101",)).report.findings
    assert (finding.location.path, finding.location.line, finding.location.column) == ("app/pay.py", 5, 5)
    assert [(step.function, step.line) for step in finding.trace] == [("app.api.pay", 9), ("app.pay.charge", 5)]
    assert 'approval_class="A3"' in finding.fix
    assert finding.effect is not None
    assert finding.effect.kind == "payment"


def test_an_unchanged_project_is_answered_from_the_store(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(APP)
    first = ask(root)
    monkeypatch.delattr(reporting, "compute_report")
    assert ask(root).report == first.report


def test_an_edit_and_its_undoing_change_the_answer_and_change_it_back(project: Write) -> None:
    root = project(APP)
    before = ask(root)
    (root / "app/pay.py").write_text(PAY.replace("stripe.PaymentIntent.create", "print"))
    assert ask(root).report.findings == ()
    (root / "app/pay.py").write_text(PAY)
    assert plain(show_check(ask(root), "json", str)) == plain(show_check(before, "json", str))


RELAID = PAY.replace("def charge(amount):\n", '# the vendor\n\n\ndef charge(amount):  # in SAR\n    """Charge."""\n')
RELAID = RELAID.replace(")\n    stripe", ")\n\n    stripe").replace(
    "amount=amount,", "amount=amount,  # halalas\n       "
)


def test_code_that_is_only_laid_out_anew_is_not_analysed_again(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(APP)
    before = ask(root)
    monkeypatch.delattr(pipeline, "understand")
    (root / "app/pay.py").write_text(RELAID)
    after = ask(root)
    assert [f.fingerprint for f in after.report.findings] == [f.fingerprint for f in before.report.findings]
    assert {f.location.line for f in after.report.findings} == {9}
    monkeypatch.undo()
    (found,) = find_projects((root,))
    afresh = check(found, Request((root,), use_store=False))
    assert plain(show_check(after, "json", str)) == plain(show_check(afresh, "json", str))


def test_a_comment_that_suppresses_counts_without_another_analysis(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(APP)
    ask(root, select=("DLX101",))
    monkeypatch.delattr(pipeline, "understand")
    (root / "app/pay.py").write_text(PAY.replace('"sar")', '"sar")  # dealix: ignore[DLX101] -- sandbox only'))
    (finding,) = ask(root, select=("DLX101",)).report.findings
    assert finding.suppressed is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amount=amount", "amount=1"),
        ('"sar"', '"usd"'),
        ("def charge(amount):", "def charge(amount: int):"),
        ("def charge(amount):", "@retry\ndef charge(amount):"),
        ("    stripe.", "    if amount:\n        stripe."),
    ],
)
def test_code_that_does_something_else_is_analysed_again(
    project: Write, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    root = project(APP)
    ask(root)
    monkeypatch.delattr(pipeline, "understand")
    (root / "app/pay.py").write_text(PAY.replace(old, new))
    with pytest.raises(NameError):
        ask(root)


def test_files_that_look_as_they_did_are_not_read_again(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(APP)
    monkeypatch.setattr(stamps, "_TICK", -(10**18))
    first = ask(root)
    assert ask(root).report == first.report
    assert {content.kept for content in ask(root).snapshot.contents} == {None}
    (root / "app/pay.py").write_text(PAY.replace("stripe.PaymentIntent.create", "print"))
    assert ask(root).report.findings == ()


def test_a_file_that_changes_while_it_is_looked_at_is_looked_at_again(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(APP)
    monkeypatch.setattr(stamps, "_TICK", -(10**18))
    ask(root)
    changed = PAY.replace("stripe.PaymentIntent.create", "print")
    compute_report = reporting.compute_report

    def compute(snapshot: Any, *rest: Any) -> Any:
        (root / "app/pay.py").write_text(changed)
        return compute_report(snapshot, *rest)

    monkeypatch.setattr(reporting, "compute_report", compute)
    (root / "app/api.py").write_text(API + "x = 1\n")
    for content in ask(root).snapshot.contents:
        assert content.data == (root / content.path).read_bytes()


SERVICE = {
    "app/__init__.py": "",
    "app/pay.py": PAY,
    "app/api.py": API,
}


def services(*names: str) -> dict[str, str]:
    return {f"{name}/{path}": text for name in names for path, text in SERVICE.items()}


def test_services_with_packages_of_one_name_are_each_what_they_are_alone(project: Write) -> None:
    root = project(services("billing", "orders"))
    both = ask(root).report
    for name in ("billing", "orders"):
        alone = ask(root / name).report
        mine = [f for f in both.findings if f.location.path.startswith(f"{name}/")]
        assert [(f.code, f.message, f.location.line) for f in mine] == [
            (f.code, f.message, f.location.line) for f in alone.findings
        ]
        assert mine
    assert both.scale.effects == 2
    assert len({finding.fingerprint for finding in both.findings}) == len(both.findings)
    inventory, _ = take_inventory(find_projects((root,))[0], Request((root,)))
    assert [row.path for row in inventory.effects] == ["billing/app/pay.py", "orders/app/pay.py"]
    assert [start.path for start in inventory.entry_points] == ["billing/app/api.py", "orders/app/api.py"]


def test_an_edit_costs_the_analysis_of_what_it_belongs_to(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(services("billing", "orders"))
    ask(root)
    understood: list[str] = []
    plainly = pipeline.understand

    def understand(sources: Any, *rest: Any) -> Any:
        understood.extend(source.path for source in sources)
        return plainly(sources, *rest)

    monkeypatch.setattr(pipeline, "understand", understand)
    (root / "orders/app/pay.py").write_text(PAY.replace("amount=amount", "amount=1"))
    (root / "orders/app/new.py").write_text("from app.pay import charge\n")
    after = ask(root)
    assert understood == ["orders/app/__init__.py", "orders/app/api.py", "orders/app/new.py", "orders/app/pay.py"]
    afresh = check(find_projects((root,))[0], Request((root,), use_store=False))
    assert plain(show_check(after, "json", str)) == plain(show_check(afresh, "json", str))


def test_several_processes_say_the_same(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(services("billing", "orders", "returns"))
    (found,) = find_projects((root,))
    monkeypatch.setattr(workers, "_WORTH_A_POOL", 0)
    monkeypatch.setattr(workers, "_CHUNK", 1)
    shown = [
        plain(show_check(check(found, Request((root,), overrides=Overrides(jobs=jobs), use_store=False)), "json", str))
        for jobs in (1, 2)
    ]
    assert shown[0] == shown[1]


class DyingWork:
    """Work of which nothing comes back."""

    def __init__(self, *_: Any) -> None: ...

    def run(self, items: list[Any], *_: Any) -> list[None]:
        return [None] * len(items)


def test_a_part_whose_process_dies_is_analysed_here(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(services("billing", "orders"))
    first = ask(root).report
    for name in ("billing", "orders"):
        (root / name / "app/more.py").write_text("x = 1\n")
    monkeypatch.setattr(trial, "Work", DyingWork)
    assert ask(root, jobs=2).report.findings == first.findings


def test_a_repair_is_remembered_with_what_was_found(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(APP)
    (found,) = find_projects((root,))
    first = compute_check(found, Request((root,)))
    monkeypatch.delattr(pipeline, "understand")
    again = compute_check(found, Request((root,)))
    assert [f.repair for f in again.report.findings] == [f.repair for f in first.report.findings]
    assert any(f.repair for f in first.report.findings)


@pytest.mark.parametrize(
    "files",
    [
        {"app/more.py": PAY},
        {"pyproject.toml": '[tool.dealix-lint]\nselect = ["DLX2"]\n'},
        {".gitignore": "pay.py\n"},
    ],
)
def test_a_new_file_setting_or_ignore_file_changes_the_answer(project: Write, files: dict[str, str]) -> None:
    before = codes(ask(project(APP)))
    assert codes(ask(project(files))) != before


def test_files_and_folders_limit_the_report_and_not_the_analysis(project: Write) -> None:
    root = project({**APP, "other/x.py": PAY})
    assert {path for _, path in codes(ask(root, "app/pay.py"))} == {"app/pay.py"}
    assert {path for _, path in codes(ask(root, "other"))} == {"other/x.py"}
    (finding,) = ask(root, "app/pay.py", select=("DLX101",)).report.findings
    assert finding.trace[0].function == "app.api.pay"


def test_an_unreadable_file_costs_only_itself(project: Write) -> None:
    root = project({**APP, "app/bad.py": "def (:\n"})
    (root / "app/binary.py").write_bytes(b"\x00\x01\x02")
    (root / "app/latin.py").write_bytes(b"x = '\xe9'\n")
    found = codes(ask(root, select=("DLX101",)))
    assert found == [
        ("DLX001", "app/bad.py"),
        ("DLX001", "app/binary.py"),
        ("DLX001", "app/latin.py"),
        ("DLX101", "app/pay.py"),
    ]


def test_comments_suppress_and_say_so(project: Write) -> None:
    line = '    stripe.PaymentIntent.create(amount=amount, currency="sar")'
    source = PAY.replace(line, f"{line}  # dealix: ignore[DLX101] -- sandbox only")
    (finding,) = ask(project({**APP, "app/pay.py": source}), select=("DLX101",)).report.findings
    assert finding.suppressed is not None
    assert (finding.suppressed.by, finding.suppressed.reason) == ("comment", "sandbox only")


def test_unsaved_content_replaces_what_is_on_disk(project: Write) -> None:
    root = project(APP)
    (whole,) = find_projects((root,))
    overlay = {(root / "app/pay.py").resolve(): b"def charge(amount):\n    pass\n"}
    assert check(whole, Request((root,), overlay=overlay)).report.findings == ()
    assert codes(ask(root)) != []


def test_what_is_not_remembered_is_not_recalled(project: Write) -> None:
    root = project(APP)
    (whole,) = find_projects((root,))
    request = Request((root,))
    assert recall_check(whole, request) is None
    assert recall_check(whole, request) is None
    ask(root)
    assert recall_check(whole, request) is not None


def test_a_baseline_silences_and_is_part_of_what_the_answer_depends_on(project: Write) -> None:
    root = project({**APP, "pyproject.toml": '[tool.dealix-lint]\nbaseline = "b.json"\nselect = ["DLX101"]\n'})
    (finding,) = ask(root).report.findings
    (root / "b.json").write_text(f'["{finding.fingerprint}"]')
    (silenced,) = ask(root).report.findings
    assert silenced.suppressed is not None
    assert silenced.suppressed.by == "baseline"


def test_the_inventory_tells_where_an_effect_is_reached_from(project: Write) -> None:
    root = project(APP)
    (whole,) = find_projects((root,))
    for _ in ("computed", "remembered"):
        inventory, _ = take_inventory(whole, Request((root,)))
        (effect,) = inventory.effects
        (reach,) = effect.reached_from
        assert (effect.kind, effect.provider, effect.line, effect.classes) == ("payment", "stripe", 5, None)
        assert (reach.chain, reach.edges) == (("app.api.pay", "app.pay.charge"), ("call",))
        assert [start.id for start in inventory.entry_points] == [reach.entry_point]


def test_the_graph_has_every_function_as_a_key_and_edges_where_asked(project: Write) -> None:
    root = project(APP)
    (whole,) = find_projects((root,))
    graph, _ = draw_graph(whole, Request((root,)), Part(), with_edges=False)
    assert {caller for caller, _ in graph.adjacency} == {"app.api", "app.api.pay", "app.pay", "app.pay.charge"}
    assert dict(graph.adjacency)["app.api.pay"] == ("app.pay.charge",)
    detailed, _ = draw_graph(whole, Request((root,)), Part(), with_edges=True)
    (edge,) = [edge for edge in detailed.edges if edge.callee == "app.pay.charge"]
    assert (edge.caller, edge.kind, edge.path, edge.line) == ("app.api.pay", "call", "app/api.py", 9)


def test_unknown_codes_on_the_command_line_are_named(project: Write) -> None:
    with pytest.raises(ConfigError, match=r"--select: there is no code DLX999"):
        ask(project(APP), select=("DLX999",))


def test_mistakes_of_every_sort_come_at_once(project: Write) -> None:
    root = project(
        {
            **APP,
            "pyproject.toml": """
                [tool.dealix-lint]
                selekt = ["DLX"]
                roots = ["nowhere"]
                ignore = ["DLX199"]
                exclude = ["[z-a]"]
                packs = ["lint"]
                policy = "governance.toml"
                """,
            "lint/house.toml": '[provider]\nid = "house"\ntitle = "House"\nkind = "mesaging"\n',
            "governance.toml": '[audit]\nverb = ["add"]\n',
        }
    )
    with pytest.raises(ConfigError) as caught:
        ask(root, select=("DLX999",))
    option, head, *mistakes = str(caught.value).splitlines()
    assert option == "--select: there is no code DLX999; `dealix-lint explain` lists all codes"
    assert head == f"{root}/pyproject.toml: 6 mistakes in the configuration:"
    for mistake, beginning in zip(
        mistakes,
        (
            "governance.toml: audit.verb: unknown key; did you mean `verbs`?",
            "lint/house.toml: provider.kind: input should be 'messaging', 'payment'",
            "tool.dealix-lint.exclude[1]: '[z-a]' is not a pattern: bad character range z-a",
            "tool.dealix-lint.ignore: there is no code DLX199;",
            "tool.dealix-lint.roots: there is no folder 'nowhere' in the project;",
            'tool.dealix-lint.selekt: unknown key; did you mean "select"?',
        ),
        strict=True,
    ):
        assert mistake.strip().startswith(beginning)


@pytest.mark.parametrize(
    ("table", "files", "mistake"),
    [
        (
            '[tool.dealix-lint.classify]\n"a.*" = { approval = "A9" }',
            {},
            """tool.dealix-lint.classify."a.*".approval: 'A9' is no level of approval; use A0, A1, A2, A3""",
        ),
        (
            '[tool.dealix-lint.owners]\n"payment/strip/*" = "temporal"',
            {},
            """tool.dealix-lint.owners."payment/strip/*": there is no provider 'strip'; did you mean "stripe"?""",
        ),
        (
            '[tool.dealix-lint.facades]\nqqqq = ["app.pay"]',
            {},
            "tool.dealix-lint.facades.qqqq: there is no provider 'qqqq'; `dealix-lint inventory` shows those that",
        ),
        ('[tool.dealix-lint]\npacks = ["empty"]', {"empty/README.md": ""}, "empty: holds no TOML files"),
        (
            '[tool.dealix-lint]\npacks = ["lint"]',
            {"lint/a.toml": "[providr]\n"},
            "lint/a.toml: has no table that a pack may have; those are aliases, attributes, callers",
        ),
        ('[tool.dealix-lint]\npacks = ["lint"]', {"lint/a.toml": "[provider\n"}, "lint/a.toml: not valid TOML"),
    ],
)
def test_settings_that_speak_of_what_no_rule_defines_are_mistakes(
    project: Write, table: str, files: dict[str, str], mistake: str
) -> None:
    root = project({**APP, **files, "pyproject.toml": table + "\n"})
    with pytest.raises(ConfigError) as caught:
        ask(root)
    head, said = str(caught.value).splitlines()
    about = f"{root}/pyproject.toml: 1 mistake in the configuration:" if "tool." in said else "1 mistake in the rules:"
    assert head == about
    assert said.strip().startswith(mistake)


def test_a_level_that_the_policy_adds_and_a_host_as_provider_are_no_mistakes(project: Write) -> None:
    root = project(
        {
            **APP,
            "board.toml": '[approval]\nlevels = ["A0", "A1", "A2", "A3", "A4"]\n',
            "pyproject.toml": """
                [tool.dealix-lint]
                policy = "board.toml"
                classify."a.*" = { approval = "A4" }
                owners = { "*/api.partner.example/*" = "temporal", "*/*/*" = "celery" }
                """,
        }
    )
    ask(root)


@pytest.mark.parametrize("command", ["check", "inventory", "graph"])
def test_a_remembered_answer_costs_no_heavy_import(project: Write, command: str) -> None:
    root = project({**APP, "pyproject.toml": '[tool.dealix-lint]\nselect = ["DLX101"]\n'})
    code = (
        "import sys; from dealix_lint.faces.cli import app\n"
        f"status = app.app.main([{command!r}, {str(root)!r}], standalone_mode=False)\n"
        "print(status, sorted({'libcst', 'networkx', 'pydantic', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        for _ in range(2)
    )
    assert "libcst" in first.stderr
    assert second.stderr == ("1 []\n" if command == "check" else "0 []\n")
    assert second.stdout == first.stdout
