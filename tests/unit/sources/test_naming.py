"""Import roots and module names."""

from __future__ import annotations

from dealix_lint.model.source import SourceFile
from dealix_lint.sources.naming import find_roots, name_modules
from dealix_lint.sources.read import Content, digest


def names(
    files: dict[str, str], configured: tuple[str, ...] = (), external: tuple[str, ...] = (), package: str = ""
) -> dict[str, str]:
    contents = [Content(path, text.encode(), digest(text.encode())) for path, text in sorted(files.items())]
    roots = find_roots(contents, configured, frozenset(external), package)
    return {source.path: source.module for source in name_modules(contents, roots)}


def detected(files: dict[str, str]) -> tuple[SourceFile, ...]:
    """The named files, roots detected, in the order given."""
    contents = [Content(path, text.encode(), "") for path, text in files.items()]
    return tuple(name_modules(contents, find_roots(contents, (), frozenset())))


def test_the_project_root_and_src_are_roots() -> None:
    assert names({"manage.py": "", "src/shop/__init__.py": "", "src/shop/pay.py": "import shop"}) == {
        "manage.py": "manage",
        "src/shop/__init__.py": "shop",
        "src/shop/pay.py": "shop.pay",
    }


def test_a_nested_backend_folder_is_found_by_what_is_imported_from_it() -> None:
    files = {
        "backend/app/__init__.py": "",
        "backend/app/main.py": "from app.services import pay\n",
        "backend/app/services/pay.py": "",
    }
    assert names(files)["backend/app/services/pay.py"] == "app.services.pay"


def test_two_backends_with_the_same_package_are_each_their_own_root() -> None:
    files = {
        f"{side}/app/{name}": text
        for side in "ab"
        for name, text in (("__init__.py", ""), ("x.py", "import app.y"), ("y.py", ""))
    }
    found = names(files)
    assert found["a/app/x.py"] == found["b/app/x.py"] == "app.x"


def test_a_module_named_like_a_library_it_imports_makes_no_root() -> None:
    files = {
        "proj/settings.py": "",
        "proj/celery.py": "from celery import Celery\n",
        "proj/tasks.py": "from celery import shared_task\nfrom proj.settings import X\n",
    }
    assert names(files)["proj/celery.py"] == "proj.celery"


def test_a_module_named_like_a_known_or_standard_library_makes_no_root() -> None:
    files = {"int/stripe.py": "", "int/logging.py": "", "int/pay.py": "import stripe, logging\n"}
    assert names(files, external=("stripe",))["int/pay.py"] == "int.pay"


def test_scripts_that_import_each_other_make_their_folder_a_root() -> None:
    assert names({"scripts/run.py": "import lib_x\n", "scripts/lib_x.py": ""})["scripts/lib_x.py"] == "lib_x"


def test_a_folder_that_is_imported_through_is_a_package_without_init() -> None:
    files = {"app/main.py": "from app.config import x\nimport config\n", "app/config.py": "", "config/__init__.py": ""}
    assert names(files)["app/config.py"] == "app.config"


def test_a_folder_of_data_named_like_a_library_makes_no_root() -> None:
    assert (
        names({"infra/boto/setup_x.py": "", "app.py": "import boto\n"})["infra/boto/setup_x.py"] == "infra.boto.setup_x"
    )


def test_configured_roots_replace_detection() -> None:
    files = {"srv/app/main.py": "", "scripts/run.py": "import lib_x\n", "scripts/lib_x.py": ""}
    found = names(files, configured=("srv",))
    assert found == {
        "srv/app/main.py": "app.main",
        "scripts/run.py": "scripts.run",
        "scripts/lib_x.py": "scripts.lib_x",
    }


def test_other_roots_give_further_names() -> None:
    pay = detected({"src/shop/__init__.py": "", "src/shop/pay.py": "from src.shop import x"})[1]
    assert (pay.module, pay.aliases) == ("shop.pay", ("src.shop.pay",))


def test_scripts_in_a_folder_that_others_import_through_get_a_second_name() -> None:
    files = {"jobs/run.py": "import steps_x\n", "jobs/steps_x.py": "", "main.py": "from jobs.run import go\n"}
    steps = detected(files)[1]
    assert (steps.module, steps.aliases) == ("jobs.steps_x", ("steps_x",))


def test_a_module_beside_in_a_regular_package_is_not_meant_by_a_bare_name() -> None:
    files = {"specs/__init__.py": "", "specs/trino.py": "", "specs/other.py": "import trino\n"}
    assert names(files)["specs/trino.py"] == "specs.trino"
    assert [source.aliases for source in detected(files)] == [()] * 3


def test_the_init_file_of_the_root_has_a_name() -> None:
    assert names({"__init__.py": "", "a.py": ""}) == {"__init__.py": "__init__", "a.py": "a"}


def test_a_root_inside_a_package_is_named_as_its_files_import_it() -> None:
    files = {"__init__.py": "", "app/base.py": "from celery.app import task\n", "app/task.py": ""}
    assert names(files, external=("celery",), package="celery") == {
        "__init__.py": "celery",
        "app/base.py": "celery.app.base",
        "app/task.py": "celery.app.task",
    }
    assert names({"__init__.py": "from .base import x", "base.py": ""}, package="kit/app") == {
        "__init__.py": "kit.app",
        "base.py": "kit.app.base",
    }


def test_a_stray_init_file_beside_top_level_modules_makes_no_package() -> None:
    assert names({"__init__.py": "", "a.py": "import b", "b.py": ""}, package="work")["b.py"] == "b"


def test_a_package_that_another_puts_on_the_path_has_its_bare_name() -> None:
    files = {
        "src/shop/__init__.py": "import sys\nsys.path.insert(0, '.')\nfrom web.main import main\n",
        "src/shop/web/__init__.py": "",
        "src/shop/web/main.py": "from web.pay import charge\nfrom web import names\n",
        "src/shop/web/names.py": "",
        "src/shop/web/pay.py": "",
    }
    sources = detected(files)
    assert {source.module: source.aliases for source in sources if source.path.endswith("pay.py")} == {
        "shop.web.pay": ("src.shop.web.pay", "web.pay")
    }


def test_a_package_named_like_a_library_does_not_stand_for_it() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/redis/__init__.py": "from redis.client import Redis\nfrom redis.asyncio import Redis as Async\n",
        "shop/redis/client.py": "from redis.exceptions import RedisError\n",
        "shop/redis/exceptions.py": "",
    }
    assert [source.aliases for source in detected(files)] == [()] * 4


def test_a_package_named_like_a_library_makes_a_root_where_it_has_what_is_imported() -> None:
    files = {
        "backend/main.py": "from agents.mailer import pay\nfrom telegram import tell\nimport stripe\n",
        "backend/agents/__init__.py": "",
        "backend/agents/mailer.py": "",
        "backend/telegram.py": "def tell(): ...\n",
        "backend/stripe.py": "",
    }
    assert names(files, external=("agents", "telegram", "stripe"))["backend/agents/mailer.py"] == "agents.mailer"
    only_module = {path: text for path, text in files.items() if "agents" not in path or "main" in path}
    assert names(only_module, external=("agents", "telegram", "stripe"))["backend/telegram.py"] == "telegram"


def test_a_package_that_is_the_library_itself_is_named_from_above_it_wherever_it_lies() -> None:
    files = {
        "packages/apprise/setup.py": "",
        "packages/apprise/apprise/__init__.py": "",
        "packages/apprise/apprise/mail.py": "from apprise.lib import send\n",
        "packages/apprise/apprise/lib.py": "def send(): ...\n",
    }
    assert names(files, external=("apprise",))["packages/apprise/apprise/lib.py"] == "apprise.lib"


def test_a_package_named_like_a_library_whose_files_import_that_makes_no_root() -> None:
    files = {
        "backend/celery/__init__.py": "",
        "backend/celery/app.py": "from celery import Celery\nfrom celery.schedules import crontab\n",
        "backend/api.py": "from backend.celery.app import app\n",
    }
    assert names(files, external=("celery",))["backend/celery/app.py"] == "backend.celery.app"


def test_a_package_named_like_a_library_makes_no_root_for_what_only_the_library_has() -> None:
    files = {
        "backend/main.py": "from agents.tracing import trace\nfrom telegram import Bot\nfrom celery import Celery\n",
        "backend/agents/__init__.py": "",
        "backend/agents/mailer.py": "",
        "backend/telegram.py": "from telegram.ext import Updater\nBot = Updater\n",
        "backend/celery.py": "from celery import Celery\nCelery = Celery\n",
        "other/main.py": "from agents.mailer import pay\n",
    }
    found = names(files, external=("agents", "telegram", "celery"))
    assert found["backend/agents/mailer.py"] == "backend.agents.mailer"
