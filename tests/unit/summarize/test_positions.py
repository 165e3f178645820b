"""Places in a summary are found again in the source."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

import dealix_lint
from dealix_lint.model import ir
from dealix_lint.summarize import positions, summarize
from dealix_lint.summarize.spans import spans

_OWN_FILES = sorted(Path(dealix_lint.__file__).parent.rglob("*.py"))
_ODD = (
    "x = (1,\n     2)  # c\r\n",
    "if a:\n\tb\n\n# c\n\n",
    "@d\n\n# between\n@e()\ndef f(a, /, *, b: int = 1) -> int: return (a)\n",
    'x = """a\nb""" \'c\'; y = (f(\n) for f in [(g), *h])\n',
    "match (x):\n  case [A(b=1), *_] | {'k': (c), **d}: pass\n",
    "class C[T: (int)](\n  B,\n): pass",
    "",
    "\n\n# only a comment",
)


@pytest.mark.parametrize("source", [*(p.read_text() for p in _OWN_FILES[::6]), *_ODD], ids=lambda text: repr(text[:20]))
def test_positions_are_those_of_the_position_provider(source: str) -> None:
    wrapper = MetadataWrapper(cst.parse_module(source.encode()), unsafe_skip_copy=True)
    provided = wrapper.resolve(PositionProvider)
    found = spans(wrapper.module, provided)
    for node, at in provided.items():
        expected = (at.start.line, at.start.column + 1, at.end.line, at.end.column + 1)
        assert found[id(node)] == expected, node
        if isinstance(node, (cst.Call, cst.Decorator)):
            assert spans(wrapper.module, [node]) == {id(node): expected}


def test_calls_definitions_and_the_module_are_found() -> None:
    data = (
        b"\xef\xbb\xbfimport os\r\n\r\n@d\r\nclass C:\r\n    def m(self):\r\n        return send(\r\n            1)\r\n"
    )
    summary = summarize(data)
    names = [scope.name for scope in summary.scopes]
    method = names.index("m")
    call = next(r for r, i in enumerate(summary.scopes[method].code) if i[0] == ir.CALL)
    wanted = {(0, -1), (names.index("C"), -1), (method, -1), (method, call), (99, 0), (method, 9999)}
    assert positions(data, wanted) == {
        (0, -1): (1, 1, 1, 1),
        (names.index("C"), -1): (4, 7, 4, 8),
        (method, -1): (5, 9, 5, 10),
        (method, call): (6, 16, 7, 15),
    }


def test_positions_in_long_chains_are_found() -> None:
    data = b"x = a" + b" + a" * 1500 + b" + f()\n"
    register = len(summarize(data).scopes[0].code) - 1
    assert positions(data, {(0, register)})[0, register][0] == 1


def test_a_place_without_a_node_of_its_own_is_that_of_its_function() -> None:
    source = b"x = 1\n\n\ndef f(a, b):\n    return a\n"
    (scope,) = [number for number, scope in enumerate(summarize(source).scopes) if scope.name == "f"]
    assert positions(source, {(scope, 0), (scope, -1)}) == {(scope, 0): (4, 5, 4, 6), (scope, -1): (4, 5, 4, 6)}
