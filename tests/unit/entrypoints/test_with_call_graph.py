"""The stage on the real call graph."""

from __future__ import annotations

import textwrap

from dealix_lint import callgraph
from dealix_lint.catalog.frameworks import load_frameworks
from dealix_lint.entrypoints import find
from dealix_lint.link import link
from dealix_lint.model.source import SourceFile
from dealix_lint.summarize import summarize

from .static_resolution import RULES


def built(code: str) -> callgraph.Resolved:
    program = link([SourceFile("app.py", "app", "")], [summarize(textwrap.dedent(code).encode())])
    return callgraph.build(program, callgraph.FrameworkRules(load_frameworks(RULES)))


def found_in(code: str) -> dict[str, str]:
    resolved = built(code)
    return {entry.id: entry.detail for entry in find(resolved.program, resolved, load_frameworks(RULES))}


def test_a_route_behind_a_decorator_of_ones_own_starts_in_its_wrapper() -> None:
    code = """
        from functools import wraps
        from fastapi import FastAPI
        app = FastAPI()
        def governed(kind):
            def decorate(fn):
                @wraps(fn)
                def wrapper(*args): return fn(*args)
                return wrapper
            return decorate
        @app.post("/pay")
        @governed("payment")
        def pay(): ...
    """
    program = link([SourceFile("app.py", "app", "")], [summarize(textwrap.dedent(code).encode())])
    frameworks = load_frameworks(RULES)
    resolved = callgraph.build(program, callgraph.FrameworkRules(frameworks))
    (start,) = find(program, resolved, frameworks, (), ())
    assert (start.id, start.detail) == ("web:app.pay", "POST /pay")
    assert [resolved.graph.nodes[node].function for node in start.nodes] == ["app.governed.decorate.wrapper"]


def test_registering_is_not_calling() -> None:
    found = found_in("""
        import atexit
        from fastapi import FastAPI
        from django.db.models.signals import post_save
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        def two(): ...
        def bye(): ...
        def saved(**kw): ...
        def job(): ...
        def create():
            app = FastAPI()
            app.add_api_route("/two", two)
            atexit.register(bye)
            post_save.connect(saved)
            AsyncIOScheduler().add_job(job, "cron", id="nightly")
    """)
    assert found == {
        "background:app.bye": "at exit bye",
        "background:app.job": "schedule nightly",
        "open:app.create": "nothing analysed calls it",
        "web:app.saved": "signal receiver saved",
        "web:app.two": "GET /two",
    }


def test_dispatchers_take_the_place_of_what_they_dispatch() -> None:
    found = found_in("""
        from celery import Celery, chain
        from fastapi import FastAPI
        from langgraph.graph import StateGraph
        from temporalio import workflow, activity
        from temporalio.client import Client
        worker = Celery("w")
        api = FastAPI()
        @worker.task
        def remind(): ...
        @worker.task(name="charge")
        def charge(): ...
        def plan(state): ...
        def act(state): ...
        graph = StateGraph(dict)
        for name, node in {"plan": plan, "act": act}.items():
            graph.add_node(name, node)
        compiled = graph.compile()
        @activity.defn
        async def pay(): ...
        @workflow.defn
        class Pay:
            @workflow.run
            async def run(self): await workflow.execute_activity("pay")
        @api.post("/a")
        async def a():
            worker.send_task("charge")
            chain(remind.s()).apply_async()
            await compiled.ainvoke({})
            client = await Client.connect("x")
            await client.start_workflow(Pay.run, id="1", task_queue="q")
    """)
    assert sorted(key for key in found if not key.startswith("open:")) == ["web:app.a"]


def test_nodes_added_in_a_loop_are_starts_where_nothing_invokes_their_graph() -> None:
    found = found_in("""
        from langgraph.graph import StateGraph
        def plan(state): ...
        def act(state): ...
        def build():
            graph = StateGraph(dict)
            for name, node in {"plan": plan, "act": act}.items():
                graph.add_node(name, node)
            return graph.compile()
    """)
    assert sorted(found) == ["langgraph:app.act", "langgraph:app.plan", "open:app.build"]


def test_views_of_flask_appbuilder_are_known_by_their_routes() -> None:
    found = found_in("""
        from flask_appbuilder import ModelView
        from flask_appbuilder.actions import action
        from flask_appbuilder.api import BaseApi, expose, protect, safe
        class Reports(BaseApi):
            @expose("/<int:pk>/send", methods=("POST",))
            @protect()
            @safe
            def send(self, pk): ...
        class Orders(ModelView):
            def pre_add(self, item): ...
            @action("refund", "Refund", "Sure?")
            def refund(self, items): ...
    """)
    assert found == {
        "web:app.Reports.send": "POST /<int:pk>/send Reports.send",
        "web:app.Orders.pre_add": "Orders.pre_add",
        "web:app.Orders.refund": "action Orders.refund",
    }


def test_views_of_flask_appbuilder_stand_behind_the_base_of_their_class() -> None:
    found = found_in("""
        from typing import Optional
        from flask_appbuilder import BaseView
        from flask_appbuilder.api import BaseApi, expose
        class Form(BaseView):
            route_base: Optional[str] = None
            @expose("/form", methods=["POST"])
            def post(self): ...
            @expose("/help")
            def help(self): ...
        class Register(Form):
            route_base = "/register"
        class Reset(Form):
            route_base = "/reset"
            @expose("/help")
            def help(self): ...
        class Index(BaseView):
            route_base = ""
            @expose("/")
            def index(self): ...
        class Orders(BaseApi):
            resource_name = "order"
            @expose("/<int:pk>/send", methods=["POST"])
            def send(self, pk): ...
        class Plain(BaseView):
            @expose("/plain")
            def plain(self): ...
    """)
    assert found == {
        "web:app.Form.post": "POST /register/form, /reset/form Form.post",
        "web:app.Form.help": "GET /register/help Form.help",
        "web:app.Reset.help": "GET /reset/help Reset.help",
        "web:app.Index.index": "GET / Index.index",
        "web:app.Orders.send": "POST /api/v1/order/<int:pk>/send Orders.send",
        "web:app.Plain.plain": "GET /plain Plain.plain",
    }


def test_receivers_of_blinker_signals_are_starts_of_the_web() -> None:
    found = found_in("""
        from blinker import Namespace
        from flask import request_finished
        signals = Namespace()
        paid = signals.signal("paid")
        @paid.connect
        def on_paid(sender, **kwargs): ...
        @paid.connect_via("shop")
        def on_paid_in_shop(sender, **kwargs): ...
        def log(sender, **kwargs): ...
        request_finished.connect(log)
    """)
    assert found == {
        "web:app.on_paid": "signal receiver on_paid",
        "web:app.on_paid_in_shop": "signal receiver on_paid_in_shop",
        "web:app.log": "signal receiver log",
    }


def test_a_blueprint_of_ones_own_registers_handlers_and_handler_classes() -> None:
    found = found_in("""
        from flask import Blueprint
        def as_view(handler):
            if isinstance(handler, type):
                def view(**kwargs):
                    return handler().process()
                return view
            return handler
        class HouseBlueprint(Blueprint):
            def add_url_rule(self, rule, endpoint=None, view_func=None, **options):
                super().add_url_rule("/house" + rule, endpoint, as_view(view_func), **options)
        class Handler:
            def process(self):
                self._check()
                return self._process()
            def _check(self): ...
        class Pay(Handler):
            def _process(self): ...
        class Refund(Handler):
            def _process(self): ...
        def show(): ...
        orders = HouseBlueprint("orders", __name__)
        orders.add_url_rule("/pay", "pay", Pay, methods=("POST",))
        orders.add_url_rule("/refund", "refund", Refund, methods=("POST",))
        orders.add_url_rule("/show", "show", show)
    """)
    del found["open:app"]  # its registrations are calls
    assert found == {"web:app.Handler.process": "POST /pay Pay, POST /refund Refund", "web:app.show": "GET /show"}


def test_a_task_decorator_of_ones_own_that_wraps_keeps_its_tasks_starts() -> None:
    found = found_in("""
        from functools import wraps
        from celery import Celery
        def locked(f):
            @wraps(f)
            def wrapper(*args, **kwargs):
                return f(*args, **kwargs)
            return wrapper
        class HouseCelery(Celery):
            def periodic_task(self, *args, **kwargs):
                def decorator(f):
                    if kwargs.pop("locked", True):
                        f = locked(f)
                    task = self.task(f, *args, **kwargs)
                    return task
                return decorator
        celery = HouseCelery("house")
        @celery.periodic_task(name="clean")
        def clean(): ...
        @celery.periodic_task(name="remind")
        def remind(): ...
    """)
    assert {entry for entry in found if entry.startswith("celery:")} == {"celery:app.clean", "celery:app.remind"}


def test_a_registered_method_behind_a_decorator_of_ones_own_is_known_by_its_own_name_once() -> None:
    assert found_in("""
        from functools import wraps
        from telegram.ext import Application, CommandHandler
        def authorized(handler):
            @wraps(handler)
            async def wrapper(self, *args):
                return await handler(self, *args)
            return wrapper
        class Bot:
            def __init__(self):
                self.app = Application.builder().build()
                for handler in [CommandHandler("pay", self._pay), CommandHandler("help", self._help)]:
                    self.app.add_handler(handler)
            @authorized
            async def _pay(self, update, context): ...
            async def _help(self, update, context): ...
    """) == {
        "open:app": "import of app",
        "web:app.Bot._help": "handler Bot._help",
        "web:app.Bot._pay": "handler Bot._pay",
    }


def test_who_calls_an_override_is_not_known_where_its_base_is_called() -> None:
    found = found_in("""
        class Base:
            def run(self): self.send()
            def send(self): ...
        class Mail(Base):
            def send(self): ...
            def close(self): ...
        Base().run()
    """)
    assert found == {
        "open:app": "import of app",
        "open:app.Mail.send": "its callers are not known",
        "open:app.Mail.close": "nothing analysed calls it",
    }


def test_who_calls_a_method_is_not_known_where_its_name_is_called_on_something_unknown() -> None:
    found = found_in("""
        class Mail:
            def send(self, title, message): ...
            def put(self, title): ...
            def open(self, title, *, kind): ...
        def notify_all(names):
            for name in names:
                registry[name].send("Late", "Your order is late")
                registry[name].put("Late", "Your order is late")
                registry[name].open("Late")
    """)
    assert found == {
        "open:app.notify_all": "nothing analysed calls it",
        "open:app.Mail.send": "its callers are not known",
        "open:app.Mail.put": "nothing analysed calls it",
        "open:app.Mail.open": "nothing analysed calls it",
    }


def test_a_mutation_that_inherits_its_resolver_is_a_start_where_it_is_a_field() -> None:
    found = found_in("""
        import graphene
        class Base(graphene.Mutation):
            @classmethod
            def mutate(cls, root, info): return cls.perform(info)
            @classmethod
            def perform(cls, info): ...
        class Pay(Base):
            @classmethod
            def perform(cls, info): ...
        class Audited(Base):
            @classmethod
            def mutate(cls, root, info): return super().mutate(root, info)
        class Retired(Base): ...
        class Plain(graphene.Mutation):
            def mutate(root, info): ...
        class Mutations(graphene.ObjectType):
            pay = Pay.Field()
            audited = Audited.Field(description="Kept")
            plain = Plain.Field()
    """)
    assert found == {
        "web:app.Pay.mutate": "mutation Pay",
        "web:app.Audited.mutate": "mutation Audited",
        "web:app.Plain.mutate": "mutation Plain",
    }


def test_a_view_that_is_named_by_a_text_has_its_own_route_and_starts_in_its_guard() -> None:
    code = """
        from importlib import import_module
        from functools import wraps
        from django.urls import re_path
        def load(name):
            module, attribute = name.rsplit(".", 1)
            return getattr(import_module(module), attribute)
        def guard(view):
            @wraps(view)
            def guarded(request): return view(request)
            return guarded
        def route(regex, view):
            return re_path(regex, guard(load(view)))
        urlpatterns = [route("^pay/$", "app.pay"), route("^refund/$", "app.refund")]
        def pay(request): ...
        def refund(request): ...
    """
    program = link([SourceFile("app.py", "app", "")], [summarize(textwrap.dedent(code).encode())])
    frameworks = load_frameworks(RULES)
    resolved = callgraph.build(program, callgraph.FrameworkRules(frameworks))
    started = {entry.id: entry for entry in find(program, resolved, frameworks, (), ())}
    assert {name: entry.detail for name, entry in started.items()} == {
        "web:app.pay": "route /pay/",
        "web:app.refund": "route /refund/",
    }
    assert [resolved.graph.nodes[node].function for node in started["web:app.pay"].nodes] == ["app.guard.guarded"]


def test_a_hook_that_an_override_calls_is_a_start_of_the_views_that_inherit_it() -> None:
    found = found_in("""
        from django.urls import path
        from django.views.generic import UpdateView
        class Edit(UpdateView):
            def form_valid(self, form): self.save(form)
            def save(self, form): ...
        class User(Edit):
            def save(self, form): ...
        class Snippet(Edit):
            def form_valid(self, form): return super().form_valid(form)
        urlpatterns = [path("users/", User.as_view())]
    """)
    assert found == {
        "web:app.Edit.form_valid": "POST /users/",
        "web:app.Snippet.form_valid": "POST Snippet",
    }


def test_what_is_named_in_a_text_is_referred_to() -> None:
    found = found_in("""
        RUNNER = "app.run"
        PLUGINS = ["app:Mail"]
        def run(): ...
        def walk(): ...
        class Mail:
            def post(self): ...
        class Chat:
            def post(self): ...
    """)
    assert found == {
        "open:app.walk": "nothing analysed calls it",
        "open:app.Mail.post": "its callers are not known",
        "open:app.Chat.post": "nothing analysed calls it",
    }


def test_who_calls_a_method_is_not_known_where_names_are_computed() -> None:
    code = """
        PHASES = {"abort": "on_abort"}
        def run(plugins, phase):
            for plugin in plugins:
                getattr(plugin, PHASES.get(phase) or "handle_" + phase)()
        class Mail:
            def on_abort(self): ...
            def handle_exit(self): ...
            def other(self): ...
    """
    assert found_in(code) == {
        "open:app.run": "nothing analysed calls it",
        "open:app.Mail.on_abort": "its callers are not known",
        "open:app.Mail.handle_exit": "its callers are not known",
        "open:app.Mail.other": "nothing analysed calls it",
    }
    assert set(found_in(code.replace("getattr", "print")).values()) == {"nothing analysed calls it"}


def test_a_router_that_a_function_is_handed_keeps_its_prefixes() -> None:
    found = found_in("""
        from fastapi import APIRouter, FastAPI
        async def push(payload): ...
        def register(target, router: APIRouter) -> None:
            router.add_api_route("/push", push, methods=["POST"])
            @router.post("/pull")
            async def pull(): ...
        api = APIRouter(prefix="/api")
        register("x", router=api)
        app = FastAPI()
        app.include_router(api, prefix="/svc")
    """)
    assert found["web:app.push"] == "POST /svc/api/push"
    assert found["web:app.register.pull"] == "POST /svc/api/pull"


def test_rules_of_werkzeug_are_routes_and_call_nothing() -> None:
    found = found_in("""
        from werkzeug.routing import Map, Rule

        class API:
            VIEWS = [("new", ("POST", "/new")), ("old", ("GET", "/old"))]

            def __init__(self, urls):
                for view, (method, path) in self.VIEWS:
                    urls.add(Rule(path, methods=[method], endpoint=getattr(self, view)))

            def new(self, environ): ...
            def old(self, environ): ...
            def unrouted(self, environ): ...

        def ping(environ): ...
        def named(environ): ...

        urls = Map([Rule("/ping", endpoint=ping, methods=["POST"]), Rule("/named", endpoint="named")])

        def main():
            API(urls)
    """)
    assert found == {
        "web:app.API.new": "route new",
        "web:app.API.old": "route old",
        "open:app.API.unrouted": "nothing analysed calls it",
        "web:app.ping": "POST /ping",
        "open:app.named": "nothing analysed calls it",
        "open:app.main": "nothing analysed calls it",
    }


def test_routes_that_are_put_together_from_trimmed_texts() -> None:
    found = found_in("""
        from django.conf import settings
        from django.urls import path, re_path
        ACCOUNTS = getattr(settings, "ACCOUNTS", "/accounts/")
        RESET = getattr(settings, "RESET", "/%s/reset/" % ACCOUNTS.strip("/"))
        PAY = "v1:pay:".rstrip(":").removeprefix("v1:")
        KEPT = " x/".strip()
        def reset(request): ...
        def pay(request): ...
        def kept(request): ...
        urlpatterns = [
            re_path("^{}$".format(RESET.strip("/")), reset),
            path("%s/" % PAY, pay),
            path("%s" % KEPT, kept),
        ]
    """)
    assert {start: detail for start, detail in found.items() if start.startswith("web:")} == {
        "web:app.reset": "route /accounts/reset",
        "web:app.pay": "route /pay/",
        "web:app.kept": "route /x/",
    }


def test_the_names_of_one_command_are_joined() -> None:
    code = """
        def main(): ...
        def other(): ...
    """
    program = link([SourceFile("app.py", "app", "")], [summarize(textwrap.dedent(code).encode())])
    declared = (("pay", "app:main"), ("charge", "app:main"), ("other", "app:other"))
    frameworks = load_frameworks(RULES)
    found = find(program, callgraph.build(program, callgraph.FrameworkRules(frameworks)), frameworks, declared=declared)
    assert [entry.detail for entry in found] == ["command pay or charge", "command other"]


def test_each_object_that_is_an_actor_is_a_start_unless_something_dispatches_it() -> None:
    found = found_in("""
        import dramatiq
        from fastapi import FastAPI
        app = FastAPI()
        class Job:
            def __call__(self): self.run()
        class Mail(Job):
            def run(self): ...
        class Clean(Job):
            def run(self): remind.send()
        class Remind(Job):
            def run(self): ...
        class Repeat(Job):
            def run(self): repeat.send()
        mail = dramatiq.actor(Mail())
        clean = dramatiq.actor(Clean())
        remind = dramatiq.actor(Remind())
        repeat = dramatiq.actor(Repeat())
        @app.post("/users")
        def register(): mail.send()
    """)
    assert found == {
        "web:app.register": "POST /users",
        "celery:app.Clean.__call__": "actor Clean",
        "celery:app.Repeat.__call__": "actor Repeat",
    }


def test_a_loop_over_rows_leaves_a_task_its_own_name() -> None:
    code = """
        from celery import Celery
        app = Celery("shop")
        @app.task
        def cancel(): ...
        @app.task
        def pause(): ...
        @app.task
        def close(): ...
        @app.on_after_finalize.connect
        def plan(sender, **kwargs):
            for task, name in ((cancel, "Cancel stuck"), (pause, "Pause old")):
                sender.add_periodic_task(60, task.s(), name=name)
            sender.add_periodic_task(60, close.s(), name="Close day")
    """
    found = found_in(code)
    assert found["celery:app.cancel"] == "task app.cancel, beat schedule cancel"
    assert found["celery:app.pause"] == "task app.pause, beat schedule pause"
    assert found["celery:app.close"] == "task app.close, beat schedule Close day"


def test_routes_may_be_given_to_the_current_application() -> None:
    code = """
        from flask import current_app as app
        @app.route("/test", methods=["POST"])
        def post_test(): ...
        @app.logger.info
        def beside(): ...
    """
    found = found_in(code)
    assert found["web:app.post_test"] == "POST /test"
    assert "web:app.beside" not in found


def test_what_checks_the_arguments_of_a_function_does_not_run_it() -> None:
    code = """
        from pydantic import validate_call
        def notify(to): ...
        @validate_call
        def tell(to): notify(to)
        def tools():
            return [validate_call(notify), validate_call(config={})(notify)]
    """
    graph = built(code).graph
    edges = {
        (graph.nodes[node].function, graph.nodes[e.target].function) for node, out in enumerate(graph.out) for e in out
    }
    assert ("app.tell", "app.notify") in edges
    assert ("app.tools", "app.notify") not in edges


def test_routers_of_the_projects_own_classes_have_prefixes_as_the_librarys_have() -> None:
    found = found_in("""
        from fastapi import APIRouter as LibraryRouter, FastAPI
        from flask import Blueprint, Flask
        PREFIX = "/api"
        PAY = "/pay"
        class APIRouter(LibraryRouter): ...
        class Versioned(LibraryRouter):
            def __init__(self, **options):
                super().__init__(prefix="/v1", **options)
        class Module(Blueprint): ...
        class Register:
            def __init__(self, prefix): ...
            def post(self, path): return lambda function: function
        app = FastAPI()
        plain = APIRouter(prefix=PREFIX)
        own = Versioned()
        bare = APIRouter()
        module = Module("shop", __name__, url_prefix=f"{PREFIX}/shop")
        register = Register(prefix="/none")
        @plain.post(PAY)
        def pay(): ...
        @own.post("/close")
        def close(): ...
        @bare.post("/refund")
        def refund(): ...
        @module.route("/order")
        def order(): ...
        @register.post("/no")
        def no(): ...
        app.include_router(plain)
        app.include_router(own, prefix="/billing")
        app.include_router(bare)
        Flask(__name__).register_blueprint(module)
    """)
    assert found == {
        "open:app": "import of app",
        "open:app.no": "nothing analysed calls it",
        "web:app.pay": "POST /api/pay",
        "web:app.close": "POST /billing/v1/close",
        "web:app.refund": "POST /refund",
        "web:app.order": "GET /api/shop/order",
    }


def test_a_name_of_which_nothing_is_known_is_none() -> None:
    found = found_in("""
        import hashlib
        from apscheduler.schedulers.background import BackgroundScheduler
        scheduler = BackgroundScheduler()
        def sync(): ...
        def report(): ...
        def clean(): ...
        def setup(configs):
            for config in configs:
                scheduler.add_job(sync, id=hashlib.sha1(config).hexdigest(), name=",".join(config), trigger="cron")
                scheduler.add_job(report, id=f"report-{config}", trigger="cron")
                scheduler.add_job(clean, id=",".join(config), name="clean up", trigger="cron")
        setup(CONFIGS)
    """)
    assert {name: detail for name, detail in found.items() if name.startswith("background:")} == {
        "background:app.sync": "schedule sync",
        "background:app.report": "schedule report-{}",
        "background:app.clean": "schedule clean up",
    }


ROUTED = """
    from functools import wraps
    from werkzeug.routing import Map, Rule

    class App:
        def __init__(self):
            self.routes = Map([])

        def route(self, string, methods=None):
            def decorator(function):
                self.routes.add(Rule(string, endpoint=function, methods=methods))
                return function
            return decorator

    app = App()

    def pooled(function):
        @wraps(function)
        def wrapper(request, *args): return function(request, *args)
        return wrapper

    def transacted(readonly=None):
        def decorator(function):
            @wraps(function)
            def wrapper(request, *args): return function(request, *args)
            return wrapper
        return decorator
"""


def test_what_a_decorator_of_ones_own_is_told_of_a_route_names_it() -> None:
    found = found_in(
        ROUTED
        + """
    @app.route("/orders/<int:id>", methods={"GET"})
    @pooled
    @transacted()
    def show(request, id): ...

    @app.route("/orders/<int:id>/<action>", methods={"POST", "PUT"})
    @app.route("/orders/<action>", methods=["POST"])
    @pooled
    def act(request, action, id=None): ...

    @app.route(PATHS["any"])
    def any_path(request): ...
"""
    )
    assert {name: detail for name, detail in found.items() if name.startswith("web:")} == {
        "web:app.show": "GET /orders/<int:id>",
        "web:app.act": "POST|PUT /orders/<int:id>/<action>, POST /orders/<action>",
        "web:app.any_path": "route any_path",
    }


def test_what_a_route_makes_only_to_call_it_is_no_start() -> None:
    found = found_in(
        ROUTED
        + """
    @app.route("/act", methods=["POST"])
    @pooled
    def act(request):
        @transacted(readonly=request)
        def _act(request): send(request)
        return _act(request)

    @app.route("/later", methods=["POST"])
    def later(request):
        @app.route(request.path, methods=["GET"])
        def inner(request): send(request)
        inner(request)

    @app.route("/kept", methods=["POST"])
    def keep(request):
        @transacted(readonly=request)
        def kept(request): send(request)
        KEPT.append(kept)
        return kept(request)

    def send(request): ...

    class Route:
        def __init__(self, decorators):
            self.decorators = list(decorators)

        def start(self, router, name):
            endpoint = getattr(router, name)
            for function in reversed(self.decorators):
                endpoint = function(endpoint)
            app.routes.add(Rule(router.path(name), endpoint=endpoint))

    def main(router):
        Route([pooled, transacted(readonly=True)]).start(router, "show")
"""
    )
    assert {name: detail for name, detail in found.items() if name.startswith("web:") or "act" in name} == {
        "web:app.act": "POST /act",
        "web:app.later": "POST /later",
        "web:app.later.inner": "route inner",
        "web:app.keep": "POST /kept",
    }


def test_a_group_of_which_the_name_is_not_known_is_left_out_of_the_words() -> None:
    found = found_in("""
        import click

        @click.group()
        def cli(): ...

        def make(name):
            group = click.Group(name)

            @group.command()
            def notify(): ...

            group.add_command(click.Command("send", callback=send))
            cli.add_command(group)

        def send(): ...

        def fill(names):
            for name in names:
                make(name)

        users = click.Group("users")
        cli.add_command(users)

        @users.command()
        def drop(): ...
    """)
    assert found["cli:app.make.notify"] == "command notify"
    assert found["cli:app.send"] == "command send"
    assert found["cli:app.drop"] == "command users drop"
