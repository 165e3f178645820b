"""Several import roots of one program that have modules of the same names."""

from __future__ import annotations

from dealix_lint.link import ModuleNames, link
from dealix_lint.model.source import SourceFile
from dealix_lint.summarize import summarize

FILES = {
    "libs/common/audit.py": "common.audit",
    "one/app/__init__.py": "app",
    "one/app/main.py": "app.main",
    "one/app/pay.py": "app.pay",
    "the-other/app/__init__.py": "app",
    "the-other/app/mail.py": "app.mail",
    "the-other/app/main.py": "app.main",
    "the-other/app/pay.py": "app.pay",
}


def names() -> ModuleNames:
    sources = [SourceFile(path, name, "", path.endswith("__init__.py")) for path, name in FILES.items()]
    return ModuleNames(link(sources, [summarize(b"")] * len(sources)))


def seen(importer: str, name: str, level: int = 0) -> str:
    known = names()
    base = known.absolute(list(FILES).index(importer), name, level)
    return known.program.sources[known.program.modules[base]].path


def test_each_root_sees_its_own_modules() -> None:
    assert seen("one/app/main.py", "app.pay") == "one/app/pay.py"
    assert seen("the-other/app/main.py", "app.pay") == "the-other/app/pay.py"
    assert seen("the-other/app/main.py", "app.mail") == "the-other/app/mail.py"
    assert seen("the-other/app/main.py", "pay", 1) == "the-other/app/pay.py"
    assert seen("the-other/app/mail.py", "app") == "the-other/app/__init__.py"


def test_what_only_one_root_has_is_seen_from_all() -> None:
    assert seen("the-other/app/main.py", "common.audit") == "libs/common/audit.py"
    assert seen("libs/common/audit.py", "app.mail") == "the-other/app/mail.py"


def test_a_module_and_a_package_of_one_root_keep_their_name() -> None:
    sources = [SourceFile("app/pay.py", "app.pay", ""), SourceFile("app/pay/__init__.py", "app.pay", "", True)]
    assert [source.module for source in link(sources, [summarize(b"")] * 2).sources] == ["app.pay"] * 2
