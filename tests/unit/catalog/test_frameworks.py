"""Loading `rules/frameworks`."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.frameworks import Argument, Dispatch
from dealix_lint.model.patterns import PatternIndex

RULES = Path(__file__).resolve().parents[3] / "rules"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tmp_path / "pack"


def written(pack: Path, text: str, name: str = "engine.toml") -> Path:
    pack.mkdir(exist_ok=True)
    (pack / name).write_text(text, encoding="utf-8")
    return pack


def test_the_shipped_files_load_and_name_known_mechanisms_only() -> None:
    frameworks = load_frameworks(RULES)
    assert {unit.framework for unit in frameworks.units} >= {
        "fastapi",
        "flask",
        "django",
        "celery",
        "temporal.activity",
    }
    mechanisms = {unit.mechanism for unit in frameworks.units} | {rule.mechanism for rule in frameworks.schedules}
    assert mechanisms <= set(MECHANISMS)


@pytest.mark.parametrize(
    ("path", "mechanism"),
    [
        ("starlette.background.BackgroundTasks().add_task", "background"),
        ("celery.Celery().send_task", "celery"),
        ("langgraph.graph.StateGraph().ainvoke", "langgraph"),
        ("temporalio.workflow.execute_activity", "temporal"),
        ("temporalio.client.Client().start_workflow", "temporal"),
        ("asyncio.create_task", "background"),
        ("threading.Thread", "background"),
        ("asyncio.run", ""),
    ],
)
def test_what_a_call_dispatches_into(path: str, mechanism: str) -> None:
    frameworks = load_frameworks(RULES)
    index: PatternIndex[Dispatch] = PatternIndex((p, rule) for rule in frameworks.dispatches for p in rule.paths)
    assert index.find(path)[0].mechanism == mechanism


def test_a_pack_adds_a_house_engine(pack: Path) -> None:
    written(
        pack,
        """
        name = "house"
        [[units]]
        mechanism = "flow"
        start = "undispatched"
        bases = ["house.Flow"]
        methods = ["run"]
        [[dispatches]]
        paths = ["house.start"]
        targets = [{ position = 0, keyword = "flow" }]
        by_name = "house"
        edge = "dispatch"
        mechanism = "flow"
        """,
    )
    frameworks = load_frameworks(RULES, [pack])
    (dispatch,) = (rule for rule in frameworks.dispatches if rule.framework == "house")
    assert dispatch.targets == (Argument(0, "flow"),)
    assert frameworks.units[-1].bases == ("house.Flow",)


def test_files_about_effects_in_a_pack_are_left_to_others(pack: Path) -> None:
    written(pack, '[provider]\nid = "x"\n')
    assert load_frameworks(RULES, [pack]) == load_frameworks(RULES)


def test_scheduling_a_function_is_told_to_the_call_graph_as_registration() -> None:
    frameworks = load_frameworks(RULES)
    index: PatternIndex[Dispatch] = PatternIndex((p, rule) for rule in frameworks.dispatches for p in rule.paths)
    assert [rule.registers for rule in index.find("atexit.register")] == ["scheduled"]
    assert [rule.registers for rule in index.find("langgraph.graph.StateGraph().add_node")] == ["nodes"]


def test_every_mistake_is_reported_at_once_with_file_key_and_remedy(pack: Path) -> None:
    written(
        pack,
        """
        name = "house"
        [[units]]
        mechanism = "queue"
        start = "sometimes"
        decorator = ["house.job"]
        [[schedules]]
        mechanism = "celery"
        paths = ["house.every"]
        [[dispatches]]
        paths = ["house.{start"]
        targets = [{ each = true }]
        edge = "dispatch"
        """,
    )
    written(pack, "[[units]\n", "broken.toml")
    with pytest.raises(CatalogError) as caught:
        load_frameworks(RULES, [pack])
    message = str(caught.value)
    for part in (
        "engine.toml: units[0].mechanism",
        "choose one of web, celery",
        "engine.toml: units[0].start",
        "units[0].decorator: unknown key; did you mean `decorators`?",
        "schedules[0]: `paths` and `targets`",
        "dispatches[0].paths[0]",
        "dispatches[0].targets[0]",
    ):
        assert part in message, message


def test_a_name_that_no_framework_has_is_a_mistake(pack: Path) -> None:
    written(
        pack,
        """
        name = "house"
        [[dispatches]]
        paths = ["house.send"]
        targets = [{ position = 0 }]
        by_name = "celry"
        """,
    )
    with pytest.raises(CatalogError, match="no framework 'celry' has units; did you mean 'celery'"):
        load_frameworks(RULES, [pack])
