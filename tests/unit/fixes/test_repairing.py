"""Repairs of one file: what they add, where, and that nothing else changes."""

from __future__ import annotations

import pytest

from dealix_lint.fixes import Located, repair
from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import AddAttributes, AddKeywords, Decorate, DropCodes

PLACE = Place(0, 1, 2)
CLASSES = (("approval_class", '"A1"'), ("reversibility_class", '"R1"'), ("sensitivity_class", '"S1"'))
DECORATE = Decorate(PLACE, "dealix_lint.markers", "external_effect", CLASSES)
LINE = '@external_effect(approval_class="A1", reversibility_class="R1", sensitivity_class="S1")'
IMPORT = "from dealix_lint.markers import external_effect"


def span(text: str, part: str) -> tuple[int, int, int, int]:
    """The position of a part of a text."""
    start = text.index(part)
    end = start + len(part)
    return (
        text.count("\n", 0, start) + 1,
        start - text.rfind("\n", 0, start),
        text.count("\n", 0, end) + 1,
        end - text.rfind("\n", 0, end),
    )


def decorated(text: str, function: str = "def send") -> str:
    return repair(text.encode(), [Located(DECORATE, span(text, function))]).data.decode()


def extended(text: str, call: str, *keywords: tuple[str, str]) -> str:
    located = Located(AddKeywords(PLACE, keywords), span(text, call))
    return repair(text.encode(), [located]).data.decode()


def test_a_decorator_comes_next_to_the_def_and_its_import_to_the_others() -> None:
    text = '"""Mail."""\n\nfrom __future__ import annotations\n\nimport os\n\nimport resend\n\n\n@task\n@other(1)\ndef send(to):  # why\n    pass\n'
    assert decorated(text) == (
        '"""Mail."""\n\nfrom __future__ import annotations\n\nimport os\n\n'
        f"import resend\n{IMPORT}\n\n\n@task\n@other(1)\n{LINE}\ndef send(to):  # why\n    pass\n"
    )


def test_an_async_method_is_decorated_with_its_indentation_and_a_long_line_is_split() -> None:
    text = "class Mail:\n    async def send(self):\n        pass\n"
    assert decorated(text, "async def send") == (
        f"{IMPORT}\n\nclass Mail:\n    @external_effect(\n"
        '        approval_class="A1", reversibility_class="R1", sensitivity_class="S1"\n'
        "    )\n    async def send(self):\n        pass\n"
    )


@pytest.mark.parametrize(
    ("head", "after"),
    [
        (f"{IMPORT}\n", f"{IMPORT}\n"),
        ("from dealix_lint.markers import commitment_owner\n", "from dealix_lint.markers import commitment_owner, external_effect\n"),
        (
            "from dealix_lint.markers import (\n    commitment_owner,\n)\n",
            "from dealix_lint.markers import (\n    commitment_owner, external_effect,\n)\n",
        ),
        ("import abc\nimport os\n", f"import abc\nimport os\n\n{IMPORT}\n"),
        ("import stripe\nfrom twilio.rest import Client\n", f"import stripe\n{IMPORT}\nfrom twilio.rest import Client\n"),
        ('"""Doc."""\n', f'"""Doc."""\n\n{IMPORT}\n'),
        ("from __future__ import annotations\n", f"from __future__ import annotations\n\n{IMPORT}\n"),
    ],
)  # fmt: skip
def test_an_import_finds_its_place(head: str, after: str) -> None:
    assert decorated(f"{head}\n\ndef send():\n    pass\n") == f"{after}\n\n{LINE}\ndef send():\n    pass\n"


def test_a_name_that_means_something_else_is_written_with_its_module() -> None:
    text = "import os\n\n\ndef external_effect():\n    pass\n\n\ndef send():\n    pass\n"
    done = decorated(text)
    assert "import os\n\nimport dealix_lint.markers\n" in done
    assert "@dealix_lint.markers.external_effect(\n    approval_class" in done


def test_where_the_package_means_something_else_too_the_name_gets_an_underscore() -> None:
    text = "dealix_lint = external_effect = external_effect_ = None\n\n\ndef send():\n    pass\n"
    done = decorated(text)
    assert "from dealix_lint.markers import external_effect as external_effect__\n" in done
    assert "@external_effect__(" in done


@pytest.mark.parametrize(
    ("below", "line"),
    [
        (IMPORT, IMPORT),
        ("from dealix_lint.markers import commitment_owner", IMPORT),
        (f"if CHECKED:\n    {IMPORT}", "import dealix_lint.markers"),
        (f"def later():\n    {IMPORT}", "import dealix_lint.markers"),
        ("import mail as external_effect", "import dealix_lint.markers"),
        ("with lock() as (a, external_effect):\n    pass", "import dealix_lint.markers"),
        ("a, [b, external_effect] = c", "import dealix_lint.markers"),
    ],
)
def test_what_is_imported_below_or_inside_something_does_not_count(below: str, line: str) -> None:
    text = f"import os\n\n\ndef send():\n    pass\n\n\n{below}\n"
    name = "external_effect" if line == IMPORT else "dealix_lint.markers.external_effect"
    done = decorated(text)
    assert done.startswith(f"import os\n\n{line}\n\n\n@{name}(")
    assert done.endswith(below + "\n")


def test_an_imported_name_is_used_under_its_alias() -> None:
    text = "from dealix_lint.markers import external_effect as governed\n\n\ndef send():\n    pass\n"
    assert decorated(text).count("import") == 1
    assert '@governed(approval_class="A1"' in decorated(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(id=x)"),
        ("f(1)", "f(1, id=x)"),
        ("f(1,)", "f(1, id=x,)"),
        ("f(*a, **k)", "f(*a, **k, id=x)"),
        ("f((yield))", "f((yield), id=x)"),
        ("f(\n    1, 2\n)", "f(\n    1, 2, id=x\n)"),
        ("f(\n    1,\n    2,  # two\n)", "f(\n    1,\n    2,  # two\n    id=x,\n)"),
        ("f(\n    1,\n    2  # two\n)", "f(\n    1,\n    2,  # two\n    id=x,\n)"),
        ("f(1,\n  2)", "f(1,\n  2, id=x)"),
        ('f("a, b")', 'f("a, b", id=x)'),
        ("f(id=None)", "f(id=x)"),
        ("f(a for a in b)", "f((a for a in b), id=x)"),
        ("f((a for a in b))", "f((a for a in b), id=x)"),
    ],
)
def test_a_keyword_comes_last_in_the_form_of_the_call(before: str, after: str) -> None:
    text = (
        f"def g(a, k):\n    return [\n        {before}  # kept\n    ]\n"
        if "\n" not in before
        else f"y = {before}  # kept\n"
    )
    call = before
    assert extended(text, call, ("id", "x")) == text.replace(before, after)


def test_a_call_that_has_it_already_is_left_alone() -> None:
    assert extended("f(id=1)\n", "f(id=1)", ("id", "x")) == "f(id=1)\n"


def test_class_attributes_come_below_the_one_that_is_there() -> None:
    text = 'class Mail:\n    a = 1\n    approval_class = "A2"  # board\n\n    def send(self): ...\n'
    located = Located(AddAttributes(PLACE, (("sensitivity_class", '"S1"'),)), span(text, '"A2"'))
    assert repair(text.encode(), [located]).data.decode() == (
        'class Mail:\n    a = 1\n    approval_class = "A2"  # board\n    sensitivity_class = "S1"\n\n    def send(self): ...\n'
    )


ATTRIBUTES = (("reversibility_class", '"R1"'), ("sensitivity_class", '"S1"'))


@pytest.mark.parametrize(
    ("head", "before", "after"),
    [
        ("class A:\n", ["$ = 2; b = 1"], ["$ = 2; b = 1", 'reversibility_class = "R1"', 'sensitivity_class = "S1"']),
        (
            "class A(B):\n",
            ["$: str = 2", "sensitivity_class: str | None = None"],
            ["$: str = 2", 'reversibility_class: str = "R1"', 'sensitivity_class: str | None = "S1"'],
        ),
        (
            "class A(B):\n",
            ["$: t.ClassVar[str] = 2", "sensitivity_class = None"],
            ["$: t.ClassVar[str] = 2", 'reversibility_class: t.ClassVar[str] = "R1"', 'sensitivity_class = "S1"'],
        ),
        (
            "class A(B):\n",
            ["$: Literal['A2'] = 2", "sensitivity_class = None"],
            ["$: Literal['A2'] = 2", 'reversibility_class: str = "R1"', 'sensitivity_class = "S1"'],
        ),
        (
            "@dataclass\nclass A:\n",
            ["$: str = 2", "b: int = 1"],
            ["$: str = 2", 'reversibility_class = "R1"', 'sensitivity_class = "S1"', "b: int = 1"],
        ),
    ],
)
def test_class_attributes_take_the_form_of_the_others_and_replace_none(
    head: str, before: list[str], after: list[str]
) -> None:
    text, expected = (
        head + "".join(f"    {line}\n" for line in lines).replace("$", "approval_class") for lines in (before, after)
    )
    located = Located(AddAttributes(PLACE, ATTRIBUTES), span(text, "= 2"))
    assert repair(text.encode(), [located]).data.decode() == expected


def test_class_attributes_stay_in_the_line_of_the_class() -> None:
    located = Located(AddAttributes(PLACE, ATTRIBUTES), span("class A: approval_class = 2\n", "= 2"))
    assert repair(b"class A: approval_class = 2\n", [located]).data.decode() == (
        'class A: approval_class = 2; reversibility_class = "R1"; sensitivity_class = "S1"\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "send()  # dealix: ignore[DLX101] -- why  # type: ignore[attr-defined]\n",
            "send()  # type: ignore[attr-defined]\n",
        ),
        ("send()  # dealix: ignore[DLX101] -- see #12  # noqa: E501\n", "send()  # noqa: E501\n"),
        ("send()  # noqa: DLX101 -- why #pylint: disable=x  # nosec\n", "send()  #pylint: disable=x  # nosec\n"),
        ("send()  # type: ignore  # dealix: ignore[DLX101] -- why\n", "send()  # type: ignore\n"),
        ("send()  # noqa: DLX101 keep\n", "send()  # keep\n"),
        ("send()  # dealix: ignore -- why\n", "send()\n"),
        ("send()  # dealix: ignore[]\n", "send()\n"),
        ("send()  # dealix: ignore[DLX101] -- why\n", "send()\n"),
        ("send()  # dealix: ignore[DLX101, DLX204] -- why\n", "send()  # dealix: ignore[DLX204] -- why\n"),
        ("send()  # noqa: E501, DLX101 -- why\n", "send()  # noqa: E501 -- why\n"),
        ("send()  # noqa: DLX101\n", "send()\n"),
        ("send()  # dealix: ignore[DLX101]  # type: ignore\n", "send()  # type: ignore\n"),
        ("# dealix: ignore[DLX101] -- why\nsend()\n", "send()\n"),
        ("send()  # dealix: ignore[DLX101] -- why", "send()"),
    ],
)
def test_codes_are_taken_out_of_comments(before: str, after: str) -> None:
    column = before.index("# dealix" if "dealix" in before else "# noqa") + 1
    assert repair(before.encode(), [Located(DropCodes(1, column, ("DLX101",)))]).data.decode() == after


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_line_breaks_and_the_missing_last_one_stay(encoding: str, newline: str) -> None:
    head = "# -*- coding: latin-1 -*-\n" if encoding == "latin-1" else ""
    text = f"{head}import os\n\n\ndef send():\n\tname = 'é'   # ü \n\treturn name"
    data = text.replace("\n", newline).encode(encoding)
    done = repair(data, [Located(DECORATE, span(text, "def send"))])
    expected = text.replace("import os\n", f"import os\n\n{IMPORT}\n").replace("def send", f"{LINE}\ndef send")
    assert done.data == expected.replace("\n", newline).encode(encoding)


def test_several_repairs_of_one_file_share_an_import() -> None:
    text = "def send():\n    f(1)\n\n\ndef resend():\n    pass\n"
    places = [Located(DECORATE, span(text, part)) for part in ("def send", "def resend")]
    keyword = Located(AddKeywords(PLACE, (("id", "x"),)), span(text, "f(1)"))
    done = repair(text.encode(), [*places, keyword, places[0]])
    assert len(done.made) == 3
    assert (
        done.data.decode() == f"{IMPORT}\n\n{LINE}\ndef send():\n    f(1, id=x)\n\n\n{LINE}\ndef resend():\n    pass\n"
    )


def test_a_repair_that_would_break_the_file_is_not_made() -> None:
    text = "f(1)\n"
    done = repair(text.encode(), [Located(AddKeywords(PLACE, (("id", "x y"),)), span(text, "f(1)"))])
    assert (done.data, done.made) == (text.encode(), ())


def test_a_repair_that_would_break_the_file_does_not_stop_the_others() -> None:
    text = "f(1)\ng(1)\n"
    broken = Located(AddKeywords(PLACE, (("id", "x y"),)), span(text, "f(1)"))
    sound = Located(AddKeywords(PLACE, (("id", "x"),)), span(text, "g(1)"))
    done = repair(text.encode(), [broken, sound])
    assert (done.data, done.made) == (b"f(1)\ng(1, id=x)\n", (sound,))
