"""Functions of a file that say of what class something is: `def can_handle(self, x): return isinstance(x, Foo)`, and those that
give back a `TypeGuard` or a `TypeIs`."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.summarize import tree as cst

_SIGNS = (b"isinstance", b"TypeGuard", b"TypeIs")
_GUARDS = frozenset(("TypeGuard", "TypeIs"))


def predicates(tree: cst.Module, data: bytes) -> frozenset[str]:
    """The names of the functions and methods of a file that do. `data`: what it was parsed from."""
    return frozenset(_names(tree.body)) if any(sign in data for sign in _SIGNS) else frozenset()


def _names(statements: object) -> Iterator[str]:
    for node in statements if isinstance(statements, (list, tuple)) else ():
        if type(node) is cst.FunctionDef:
            if _guards(node.returns) or _asks(node.body.body):
                yield node.name.value
        elif type(node) is cst.ClassDef:
            yield from _names(node.body.body)


def _guards(returns: cst.Annotation | None) -> bool:
    declared = returns.annotation if returns is not None else None
    held = declared.value if type(declared) is cst.Subscript else None
    name = held.attr if type(held) is cst.Attribute else held
    return type(name) is cst.Name and name.value in _GUARDS


def _asks(body: object) -> bool:
    """Whether all that a function does is to give back what `isinstance` says."""
    last = body[-1] if isinstance(body, (list, tuple)) and body else None
    small = last.body[0] if type(last) is cst.SimpleStatementLine else last
    given = small.value if type(small) is cst.Return else None
    return type(given) is cst.Call and type(given.func) is cst.Name and given.func.value == "isinstance"
