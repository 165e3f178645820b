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
    assert finding.message.endswith("; on other paths app.calls.facade asks is_approved() first")


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
    assert "other paths" not in finding.message


def test_what_is_asked_after_the_call_lets_nothing_through(tmp_path: Path) -> None:
    calls = """
        from app.stripes import pay_back


        def is_approved(charge) -> bool:
            return bool(charge)


        def after(charge, context):
            state = context.get("state")
            if not state["open"]:
                pay_back(charge)
                return None
            context.update({"approved": is_approved(charge)})
            return context


        def again(charges, context):
            for charge in charges:
                if context["approved"]:
                    pay_back(charge)
                context.update({"approved": is_approved(charge)})


        def direct(charge):
            pay_back(charge)
        """
    (finding,) = check_files(tmp_path, {**FILES, "app/calls.py": calls}, "DLX109")
    assert finding.message.endswith("; on other paths app.calls.again asks for one")
    assert finding.entry_points == 2


def test_a_function_is_known_by_its_own_name_and_not_by_that_of_what_is_around_it(tmp_path: Path) -> None:
    calls = """
        import functools
        from app.stripes import pay_back


        def timed(function):
            @functools.wraps(function)
            def policy_wrapper(*args):
                return function(*args)

            return policy_wrapper


        @timed
        def has_pin(charge) -> bool:
            return bool(charge)


        @timed
        def is_approved(charge) -> bool:
            return bool(charge)


        def pin(charge):
            if has_pin(charge):
                pay_back(charge)


        def refund(charge):
            if is_approved(charge):
                pay_back(charge)


        def direct(charge):
            pay_back(charge)
        """
    (finding,) = check_files(tmp_path, {**FILES, "app/calls.py": calls}, "DLX109")
    assert finding.message.endswith("; on other paths app.calls.refund asks is_approved() first")
    assert finding.entry_points == 2
