"""Random programs for properties: small modules that import, define, decorate and call each other in every odd way."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "run", "C", "D", "self", "x")
MODULES = ("one", "two", "pkg", "pkg.three")
PATHS = ("one.py", "two.py", "pkg/__init__.py", "pkg/three.py")

name = st.sampled_from(NAMES)


def _expressions() -> st.SearchStrategy[str]:
    leaf = st.one_of(name, st.sampled_from(("1", "'k'", "None", "len", "print", "super()", "...", "f'{a}'", "b''")))
    return st.recursive(leaf, _compound, max_leaves=6)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, name).map(lambda p: f"({p[0]}).{p[1]}"),
        pair.map(lambda p: f"({p[0]})({p[1]})"),
        pair.map(lambda p: f"({p[0]})(*{p[1]}, **{p[0]}, x={p[1]})"),
        pair.map(lambda p: f"({p[0]})[{p[1]}]"),
        pair.map(lambda p: f"[{p[0]}, *({p[1]})]"),
        pair.map(lambda p: f"{{'k': {p[0]}, **({p[1]})}}"),
        pair.map(lambda p: f"({p[0]} if {p[1]} else {p[0]})"),
        pair.map(lambda p: f"({p[0]} + {p[1]} or not {p[0]})"),
        st.tuples(inner, name).map(lambda p: f"(lambda {p[1]}: {p[0]})"),
        st.tuples(inner, inner, name).map(lambda p: f"[{p[0]} for {p[2]} in {p[1]} if {p[2]}]"),
        st.tuples(inner, inner, name).map(lambda p: f"{{{p[0]}: {p[1]} for {p[2]} in {p[1]}}}"),
    )


expression = _expressions()


def _simple() -> st.SearchStrategy[str]:
    return st.one_of(
        expression,
        st.tuples(name, expression).map(lambda p: f"{p[0]} = {p[1]}"),
        st.tuples(name, name, expression).map(lambda p: f"{p[0]}, *{p[1]} = {p[2]}"),
        st.tuples(name, name, expression).map(lambda p: f"{p[0]}.{p[1]} = {p[2]}"),
        st.tuples(name, expression, expression).map(lambda p: f"{p[0]}[{p[1]}] = {p[2]}"),
        st.tuples(name, expression).map(lambda p: f"{p[0]} += {p[1]}"),
        st.tuples(name, expression).map(lambda p: f"{p[0]}: {p[0]} = {p[1]}"),
        st.tuples(st.sampled_from(MODULES), name, name).map(lambda p: f"from {p[0]} import {p[1]} as {p[2]}"),
        st.sampled_from(MODULES).map(lambda m: f"import {m}"),
        name.map(lambda n: f"del {n}"),
        st.just("pass"),
    )


def _block(lines: list[str]) -> str:
    return "\n".join("    " + line for text in lines for line in text.split("\n"))


def _compound_statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(_block)
    head = st.sampled_from(
        (
            "if {e}:",
            "while {e}:",
            "for {n} in {e}:",
            "with {e} as {n}:",
            "def {n}({m}, *args, x={e}, **kw):",
            "async def {n}(self):",
            "class {n}({e}):",
            "@{e}\ndef {n}():",
            "@{e}\nclass {n}:",
        )
    )
    single = st.tuples(head, name, name, expression, body).map(
        lambda p: p[0].format(e=p[3], n=p[1], m=p[2] if p[2] != "x" else "y") + "\n" + p[4]
    )
    attempt = st.tuples(body, name, body, body).map(
        lambda p: f"try:\n{p[0]}\nexcept Exception as {p[1]}:\n{p[2]}\nfinally:\n{p[3]}"
    )
    leave = st.tuples(name, body, expression).map(lambda p: f"def {p[0]}(a=None):\n{p[1]}\n    return {p[2]}")
    yielding = st.tuples(name, expression).map(
        lambda p: f"def {p[0]}(self):\n    x = yield {p[1]}\n    yield from {p[1]}"
    )
    choose = st.tuples(expression, name, body).map(
        lambda p: f"match {p[0]}:\n    case [{p[1]}, *_]:\n" + "\n".join("    " + line for line in p[2].split("\n"))
    )
    return st.one_of(single, attempt, leave, yielding, choose)


statement = st.recursive(_simple(), _compound_statements, max_leaves=8)
module = st.lists(statement, min_size=1, max_size=6).map(lambda lines: "\n".join([*lines, ""]))
project = st.fixed_dictionaries(dict.fromkeys(PATHS, module))
"""A package and modules beside it: path -> source. A few are no valid Python, which is part of the game."""
