"""What DLX109 says of functions that do ask."""

from __future__ import annotations

from pathlib import Path

from tests.unit.checks.projects import check_files

FILES = {
    "app/around.py": """
        import functools


        def under_policy(check):
            def decorate(view):
                @functools.wraps(view)
                def policy_wrapper(charge):
                    check(charge)
                    return view(charge)

                return policy_wrapper

            return decorate


        def check_charge(charge):
            if not charge:
                raise ValueError(charge)
        """,
    "app/stripes.py": """
        import stripe


        def pay_back(charge):
            stripe.Refund.create(charge=charge)
        """,
}


def test_a_facade_that_is_bypassed_is_named(tmp_path: Path) -> None:
    calls = """
        from app.stripes import pay_back


        def is_approved(charge) -> bool:
            return bool(charge)


        def facade(charge):
            if is_approved(charge):
                pay_back(charge)


        def direct(charge):
            pay_back(charge)
        """
    (finding,) = check_files(tmp_path, {**FILES, "app/calls.py": calls}, "DLX109")
    assert finding.message.endswith("; app.calls.facade, which has one, is bypassed")


def test_what_a_decorator_puts_around_a_function_is_no_facade(tmp_path: Path) -> None:
    calls = """
        from app.around import check_charge, under_policy
        from app.stripes import pay_back


        @under_policy(check_charge)
        def decorated(charge):
            pay_back(charge)


        def direct(charge):
            pay_back(charge)
        """
    (finding,) = check_files(tmp_path, {**FILES, "app/calls.py": calls}, "DLX109")
    assert finding.trace[0].function == "app.calls.direct"
    assert "bypassed" not in finding.message
