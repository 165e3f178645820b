"""Values as lists and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

import pytest

from dealix_lint.model.plain import from_plain, to_plain


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    root: Leaf | None
    named: dict[str, Leaf]
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    words: frozenset[str]
    colour: Colour
    height: float | None = None


TREE = Tree((Leaf("a"), Leaf("b", 2)), None, {"c": Leaf("c", 3)}, (("x", ("y", "z")),), frozenset("qr"), Colour.RED)


def test_a_value_comes_back_from_json_as_it_was() -> None:
    back = from_plain(Tree, json.loads(json.dumps(to_plain(TREE))))
    assert back == TREE
    assert isinstance(back.colour, Colour)


def test_equal_values_give_equal_texts() -> None:
    other = Tree(TREE.leaves, None, TREE.named, TREE.pairs, frozenset("rq"), Colour.RED)
    assert json.dumps(to_plain(other)) == json.dumps(to_plain(TREE))


@pytest.mark.parametrize("plain", [3, None, [], ["a"], ["a", 1, 2], {}])
def test_what_does_not_fit_is_refused(plain: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_plain(Leaf, plain)
