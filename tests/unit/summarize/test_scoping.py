"""Which variable a name means."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import summarize
from tests.unit.summarize.meanings import exported, handed_to, returned, scope_named, summary_of


def test_a_method_does_not_see_names_of_its_class_body() -> None:
    source = """
        class C:
            x = 1
            def f(self):
                return x
    """
    assert returned(source) == ["x"]


def test_a_class_body_sees_the_enclosing_function_but_its_own_names_only_after_binding() -> None:
    source = """
        def outer():
            a = 1
            b = 2
            class C:
                seen(a)
                seen(b)
                b = 3
                seen(b)
    """
    assert handed_to(source, "seen", "C") == ["a@1", "b", "3"]


def test_a_nested_function_sees_the_variable_of_the_function_around_it_even_if_bound_later() -> None:
    source = """
        def outer():
            def f():
                return x
            x = 1
            return f
    """
    assert returned(source) == ["x@1"]
    assert [name for name, _ in scope_named(source, "outer").cells] == ["x"]


def test_global_in_a_function_holds_for_functions_nested_before_it() -> None:
    source = """
        def outer():
            def f():
                return x
            global x
            x = 1
    """
    assert returned(source) == ["x"]
    assert any(i[0] == ir.SET_NAME and i[1] == "x" for i in scope_named(source, "outer").code)


def test_nonlocal_writes_the_variable_around_and_reads_see_both() -> None:
    source = """
        def outer():
            x = 1
            def f():
                nonlocal x
                for x in (2, 3):
                    pass
                return x
            f()
            return x
    """
    assert returned(source, "f") == ["x@1"]
    assert returned(source, "outer") == ["1 | x@1"]
    assert any(i[0] == ir.SET_FREE and i[1] == "x" for i in scope_named(source, "f").code)


def test_a_deleted_local_is_unknown_not_the_global_of_that_name() -> None:
    assert handed_to("def f():\n  x = 1\n  del x\n  g(x)\n", "g") == ["?"]


def test_the_name_of_a_caught_error_ends_with_its_handler() -> None:
    source = """
        def f():
            try:
                g()
            except E as e:
                seen(e)
            seen(e)
    """
    assert handed_to(source, "seen") == ["caught E", "?"]


def test_comprehension_variables_do_not_leak_and_may_shadow() -> None:
    source = """
        def f(xs):
            x = 1
            ys = [seen(x) for x in xs]
            seen(x)
    """
    assert handed_to(source, "seen") == ["each parameter 0", "1"]


def test_only_the_first_iterable_of_a_comprehension_sees_the_class_body() -> None:
    source = """
        class f:
            xs = 1
            ys = [seen(xs) for _ in seen(xs)]
    """
    assert handed_to(source, "seen") == ["1", "xs"]


def test_a_lambda_in_a_comprehension_sees_its_variable() -> None:
    source = "def f(xs):\n  return [lambda: x for x in xs]\n"
    assert returned(source, "<lambda1>") == ["x@1"]


def test_walrus_in_a_comprehension_binds_in_the_function() -> None:
    source = """
        def f(xs):
            found = None
            any((found := x) for x in xs)
            return found
    """
    assert returned(source) == ["None | each parameter 0"]


def test_walrus_in_a_loop_test_is_seen_in_the_body_and_after_it() -> None:
    source = """
        def f():
            while chunk := read():
                seen(chunk)
            return chunk
    """
    assert handed_to(source, "seen") == ["read()"]
    assert returned(source) == ["read()"]


def test_walrus_behind_and_may_not_have_happened() -> None:
    source = """
        def f(a):
            m = None
            if a and (m := match()):
                pass
            return m
    """
    assert returned(source) == ["None | match()"]


def test_walrus_makes_a_local_that_nested_functions_see() -> None:
    source = """
        def outer():
            def f():
                return m
            if (m := 1):
                return f
    """
    assert returned(source) == ["m@1"]


def test_lambdas_are_numbered_in_source_order() -> None:
    source = """
        def f(xs):
            a = (lambda: 1) if g(lambda: 2) else (lambda: 3)
            return [(lambda: 4) for x in xs(lambda: 5)]
    """
    names = {scope.code[0][1]: scope.name for scope in summary_of(source).scopes if scope.kind == "lambda"}
    assert names == {n: f"<lambda{n}>" for n in range(1, 6)}


def test_type_parameters_are_no_globals() -> None:
    source = """
        T = 1
        def f[T](x: T) -> T:
            return T
        class C[T](Base[T]):
            pass
        type Pair[T] = tuple[T, T]
    """
    assert returned(source) == ["T@0"]
    assert exported(source, "T") == "1"


def test_names_bound_conditionally_are_all_exported() -> None:
    source = """
        try:
            from fast import run
        except ImportError:
            def run(): ...
        if flag:
            mode = 1
        else:
            mode = 2
    """
    assert exported(source, "run") == "from fast level 0 import run | scope 1"
    assert exported(source, "mode") == "1 | 2"


def test_imports_bind_what_cpython_binds() -> None:
    source = """
        import a.b
        import a.b as c
        from . import x
        from ..p.q import y as z
    """
    assert exported(source, "a") == exported(source, "c") == "import a.b"
    assert [i[3] for i in summary_of(source).scopes[0].code if i[0] == ir.IMPORT] == [True, False]
    assert exported(source, "x") == "from  level 1 import x"
    assert exported(source, "z") == "from p.q level 2 import y"


def test_decorators_apply_from_the_inside_out() -> None:
    scope = summary_of("@a\n@b(1)\ndef f(x=g()): ...\n").scopes[0]
    decorations = [i for i in scope.code if i[0] == ir.DECORATE]
    assert [scope.code[i[1]][0] for i in decorations] == [ir.CALL, ir.NAME]
    assert decorations[1][2] == scope.code.index(decorations[0])
    function = next(i for i in scope.code if i[0] == ir.FUNCTION)
    assert scope.code[function[2][0][1]][0] == ir.CALL


def test_a_return_before_yield_still_makes_a_generator() -> None:
    assert scope_named("def f():\n  return\n  yield\n", "f").is_generator


def test_functions_behind_a_return_are_still_there() -> None:
    names = [s.name for s in summarize(b"def f():\n  return 1\n  def g(): ...\n").scopes]
    assert names == ["", "f", "g"]
