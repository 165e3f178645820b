"""The run-time decorators change nothing but one attribute, refuse wrong values, and cost one small import."""

from __future__ import annotations

import asyncio
import inspect
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import dealix_lint
from dealix_lint.markers import CommitmentOwner, ExternalEffect, commitment_owner, declarations, external_effect

PAYMENT = external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
DECLARED = ExternalEffect("A3", "R3", "S2")
SOURCE = str(Path(dealix_lint.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": SOURCE, "MYPYPATH": SOURCE}


def plain(amount: int, *, currency: str = "SAR") -> str:
    return f"{amount} {currency}"


async def coroutine(amount: int) -> int:
    return amount


def generator(amount: int) -> Iterator[int]:
    yield amount


async def async_generator(amount: int) -> AsyncIterator[int]:
    yield amount


class Plain:
    def __init__(self, amount: int) -> None:
        self.amount = amount


@pytest.mark.parametrize("target", [plain, coroutine, generator, async_generator, Plain])
def test_a_marker_returns_the_object_it_was_given_and_leaves_its_kind_and_signature_alone(target: Any) -> None:
    signature, is_coroutine = inspect.signature(target), inspect.iscoroutinefunction(target)

    marked = PAYMENT(target)

    assert marked is target
    assert declarations(marked)[0] == DECLARED
    assert inspect.signature(marked) == signature
    assert inspect.iscoroutinefunction(marked) is is_coroutine
    assert inspect.isgeneratorfunction(marked) is (target is generator)
    assert inspect.isasyncgenfunction(marked) is (target is async_generator)


def test_a_marked_coroutine_function_is_awaited_like_before() -> None:
    @PAYMENT
    async def charge(amount: int) -> int:
        await asyncio.sleep(0)
        return amount * 2

    assert asyncio.run(charge(21)) == 42


def test_static_and_class_methods_carry_the_declaration_on_either_side_of_the_marker() -> None:
    class Gateway:
        @staticmethod
        @PAYMENT
        def inside() -> str:
            return "inside"

        @PAYMENT
        @staticmethod
        def outside() -> str:
            return "outside"

        @PAYMENT
        @classmethod
        def of_class(cls) -> str:
            return cls.__name__

        @PAYMENT
        def method(self) -> str:
            return "method"

    assert (Gateway.inside(), Gateway.outside(), Gateway.of_class(), Gateway().method()) == (
        "inside",
        "outside",
        "Gateway",
        "method",
    )
    for function in (Gateway.inside, Gateway.outside, Gateway.of_class, Gateway().method):
        assert declarations(function) == (DECLARED,)


def test_a_subclass_inherits_the_declarations_and_its_own_replace_them() -> None:
    @PAYMENT
    class Base:
        pass

    class Inherits(Base):
        pass

    @external_effect(approval_class="A1", reversibility_class="R1", sensitivity_class="S1")
    class Own(Base):
        pass

    assert declarations(Inherits) == (DECLARED,)
    assert declarations(Own) == (ExternalEffect("A1", "R1", "S1"),)
    assert declarations(Base) == (DECLARED,)


def test_declarations_stack_outermost_first() -> None:
    @commitment_owner("temporal", commitment="payment/stripe/*")
    @external_effect(
        approval_class="A3",
        reversibility_class="R3",
        sensitivity_class="S2",
        actor_type="automated_workflow",
        reviewed_by="data-protection",
    )
    def charge() -> None: ...

    assert declarations(charge) == (
        CommitmentOwner("temporal", "payment/stripe/*"),
        ExternalEffect("A3", "R3", "S2", "automated_workflow", "data-protection"),
    )


def test_an_unmarked_function_declares_nothing() -> None:
    assert declarations(len) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("approval_class", "A5"),
        ("reversibility_class", "irreversible"),
        ("sensitivity_class", None),
        ("actor_type", "robot"),
    ],
)
def test_a_value_outside_the_vocabulary_is_refused_when_the_module_is_imported(name: str, value: object) -> None:
    classes: dict[str, Any] = {"approval_class": "A3", "reversibility_class": "R3", "sensitivity_class": "S2"}

    with pytest.raises(ValueError, match=f"^{name}={value!r} is not one of "):
        external_effect(**{**classes, name: value})


def test_an_unhashable_value_is_refused_with_the_same_message() -> None:
    wrong: Any = ["A3"]

    with pytest.raises(ValueError, match=r"^approval_class=\['A3'\] is not one of A0, A1, A2, A3, A4$"):
        external_effect(approval_class=wrong, reversibility_class="R3", sensitivity_class="S2")


def test_an_owner_needs_a_known_mechanism_and_a_commitment_of_three_parts() -> None:
    unknown: Any = "airflow"

    with pytest.raises(ValueError, match=r"^mechanism='airflow' is not one of web, celery, langgraph, temporal"):
        commitment_owner(unknown)
    with pytest.raises(ValueError, match=r"^commitment='payment' is not of the form 'kind/provider/operation'"):
        commitment_owner("temporal", commitment="payment")
    with pytest.raises(ValueError, match=r"^commitment='payment//create' is not of the form"):
        commitment_owner("temporal", commitment="payment//create")


def test_something_that_cannot_carry_an_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be decorated"):
        PAYMENT(len)


def test_importing_the_markers_imports_neither_the_rest_of_the_package_nor_a_dependency() -> None:
    code = (
        "import sys; before = set(sys.modules); import dealix_lint.markers; "
        "print(*sorted({m for m in set(sys.modules) - before if m.split('.')[0] not in sys.stdlib_module_names}))"
    )

    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout.split()

    assert shown == ["dealix_lint", "dealix_lint.markers"]


def test_a_type_checker_keeps_the_signature_and_refuses_a_wrong_class(tmp_path: Any) -> None:
    pytest.importorskip("mypy")
    source = tmp_path / "uses_markers.py"
    source.write_text(
        "from dealix_lint.markers import external_effect\n"
        '@external_effect(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")\n'
        "async def charge(amount: int) -> str: return str(amount)\n"
        "reveal_type(charge)\n"
        'external_effect(approval_class="A9", reversibility_class="R3", sensitivity_class="S2")\n'
    )

    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path), str(source)]
    output = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT).stdout

    assert 'Revealed type is "def (amount: int) -> typing.Coroutine[Any, Any, str]"' in output.replace("builtins.", "")
    assert 'Argument "approval_class" to "external_effect" has incompatible type "Literal[\'A9\']"' in output
    assert "Found 1 error" in output
