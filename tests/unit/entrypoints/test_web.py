"""Web starts."""

from __future__ import annotations

from .static_resolution import known_as


def test_a_fastapi_route_is_known_by_its_verb_and_path() -> None:
    found = known_as("""
        from fastapi import FastAPI
        app = FastAPI()

        @app.post("/pay")
        async def pay(): ...
    """)
    assert found == {"web:app.pay": "POST /pay"}


def test_router_prefixes_join_from_the_application_down() -> None:
    found = known_as(
        {
            "main": """
                from fastapi import FastAPI
                from api import router
                app = FastAPI()
                app.include_router(router, prefix="/api")
            """,
            "api": """
                from fastapi import APIRouter
                from users import router as users
                router = APIRouter(prefix="/v1")
                router.include_router(users, prefix="/people")
            """,
            "users": """
                from fastapi.routing import APIRouter
                router = APIRouter(prefix="/users")

                @router.get("/{id}")
                def show(id): ...
            """,
        }
    )
    assert found == {"web:users.show": "GET /api/v1/people/users/{id}"}


def test_several_routes_of_one_function_are_one_start() -> None:
    found = known_as("""
        from fastapi import APIRouter
        r = APIRouter()

        @r.get("/a")
        @r.api_route("/b", methods=["PUT", "PATCH"])
        def handle(): ...
    """)
    assert found == {"web:app.handle": "GET /a, PUT|PATCH /b"}


def test_a_route_that_other_code_calls_stays_a_start() -> None:
    found = known_as("""
        from fastapi import FastAPI
        app = FastAPI()

        @app.get("/a")
        def a(): ...

        @app.get("/b")
        def b(): return a()
    """)
    assert sorted(found) == ["web:app.a", "web:app.b"]


def test_a_dependency_is_reached_through_its_route_and_a_router_wide_one_is_a_start() -> None:
    found = known_as(
        """
        from fastapi import APIRouter, Depends
        def per_route(): ...
        def router_wide(): ...
        r = APIRouter(dependencies=[Depends(router_wide)])

        @r.get("/a")
        def a(x=Depends(per_route)): ...
        """,
        ("app.a", "app.per_route"),
    )
    assert sorted(found) == ["web:app.a", "web:app.router_wide"]


def test_routes_in_tables_and_by_calls() -> None:
    found = known_as("""
        from fastapi import FastAPI
        from starlette.routing import Route
        def one(r): ...
        def two(): ...
        routes = [Route("/one", one, methods=["POST"])]
        app = FastAPI(routes=routes)
        app.add_api_route("/two", two)
    """)
    assert found == {"web:app.one": "POST /one", "web:app.two": "GET /two"}


def test_flask_routes_views_and_commands() -> None:
    found = known_as("""
        from flask import Flask, Blueprint
        from flask.views import MethodView
        app = Flask(__name__)
        bp = Blueprint("pay", __name__, url_prefix="/pay")
        app.register_blueprint(bp)

        @bp.route("/charge", methods=["POST"])
        def charge(): ...

        @app.cli.command("nightly")
        def nightly(): ...

        @app.before_request
        def before(): ...

        class Orders(MethodView):
            def post(self): ...
            def helper(self): ...
    """)
    assert found == {
        "web:app.charge": "POST /pay/charge",
        "cli:app.nightly": "command nightly",
        "web:app.before": "application hook before",
        "web:app.Orders.post": "POST Orders",
        "open:app.Orders.helper": "nothing analysed calls it",
    }


def test_a_prefix_given_where_a_blueprint_is_registered_replaces_its_own() -> None:
    found = known_as("""
        from flask import Flask, Blueprint
        app = Flask(__name__)
        outer = Blueprint("outer", __name__, url_prefix="/outer")
        bp = Blueprint("pay", __name__, url_prefix="/pay")
        own = Blueprint("own", __name__, url_prefix="/own")
        outer.register_blueprint(own)
        app.register_blueprint(bp, url_prefix="/v2")
        app.register_blueprint(outer, url_prefix="/v3")

        @bp.post("/charge")
        def charge(): ...

        @own.post("/refund")
        def refund(): ...
    """)
    assert found == {"web:app.charge": "POST /v2/charge", "web:app.refund": "POST /v3/own/refund"}


def test_django_views_urls_commands_and_signals() -> None:
    found = known_as(
        {
            "shop.views": """
                from django.views.generic import View
                from django.dispatch import receiver
                from django.db.models.signals import post_save
                def buy(request): ...
                class Base(View):
                    def post(self, request): ...
                class Pay(Base):
                    pass
                @receiver(post_save)
                def saved(sender, **kw): ...
            """,
            "shop.urls": """
                from django.urls import path
                from django.views.decorators.csrf import csrf_exempt
                from . import views
                urlpatterns = [path("buy/", csrf_exempt(views.buy)), path("pay/", views.Pay.as_view())]
            """,
            "shop.management.commands.remind": """
                from django.core.management.base import BaseCommand
                class Command(BaseCommand):
                    def handle(self, *args, **options): ...
            """,
        }
    )
    assert found == {
        "web:shop.views.buy": "route /buy/",
        "web:shop.views.Base.post": "POST /pay/",
        "web:shop.views.saved": "signal receiver saved",
        "cli:shop.management.commands.remind.Command.handle": "command remind",
    }


def test_rest_framework_viewsets_actions_and_hooks() -> None:
    found = known_as("""
        from rest_framework.viewsets import ModelViewSet
        from rest_framework.decorators import action, api_view
        class Orders(ModelViewSet):
            def create(self, request): ...
            def perform_create(self, serializer): ...
            @action(detail=True, methods=["post"])
            def refund(self, request, pk): ...
        @api_view(["POST"])
        def ping(request): ...
    """)
    assert found == {
        "web:app.Orders.create": "create Orders",
        "web:app.Orders.perform_create": "Orders.perform_create",
        "web:app.Orders.refund": "action Orders.refund",
        "web:app.ping": "POST ping",
    }


def test_resources_of_twisted_answer_the_methods_they_render() -> None:
    found = known_as("""
        from twisted.web import resource
        class Hook(resource.Resource):
            def render_POST(self, request): ...
            def getChild(self, path, request): ...
        class Plain:
            def render_POST(self, request): ...
    """)
    assert found["web:app.Hook.render_POST"] == "POST Hook"
    assert not any(start.startswith("web:app.Plain") for start in found)


def test_methods_of_tryton_routers_are_routes_and_others_are_not() -> None:
    found = known_as("""
        from trytond.pool import PoolMeta
        from trytond.routing import Route, Router, Rule

        class Stripe(Router):
            __name__ = "stripe"

            @classmethod
            def __setup__(cls):
                cls.__routes__.update({"checkout": Route(Rule("checkout/<id>", methods={"GET"}))})

            @classmethod
            def checkout(cls, request, pool, id):
                return page(id)

        class Cron(metaclass=PoolMeta):
            @classmethod
            def nightly(cls): ...

        def page(id): ...
    """)
    assert found == {
        "web:app.Stripe.checkout": "Stripe.checkout",
        "open:app.Cron.nightly": "nothing analysed calls it",
    }


def test_middleware_that_settings_name_runs_around_requests() -> None:
    found = known_as(
        {
            "shop.settings": """
                MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "shop.around.Log"] + ["shop.around.simple"]
            """,
            "shop.around": """
                class Log:
                    def __init__(self, get_response): ...
                    def __call__(self, request): ...
                    def process_view(self, request, view, args, kwargs): ...
                    def helper(self): ...
                class Unnamed:
                    def __call__(self, request): ...
                def simple(get_response): ...
            """,
        }
    )
    assert found["web:shop.around.Log.__call__"] == "middleware Log"
    assert found["web:shop.around.Log.process_view"] == "middleware Log"
    assert "web:shop.around.simple" in found
    assert not any(start.startswith("web:shop.around.Unnamed") for start in found)
    assert "web:shop.around.Log.helper" not in found


def test_routers_included_in_a_loop_and_applications_made_by_a_function_have_their_prefix() -> None:
    found = known_as("""
        from fastapi import APIRouter, FastAPI
        users = APIRouter()
        orders = APIRouter()
        late = APIRouter()
        @users.get("/users")
        def list_users(): ...
        @orders.get("/orders")
        def list_orders(): ...
        @late.get("/late")
        def list_late(): ...
        def make():
            api = FastAPI()
            for router in [users, orders]:
                api.include_router(router)
            return api
        api = make()
        app = FastAPI()
        app.mount("/api/v1", api)
        for router in (late,):
            app.include_router(router, prefix="/p")
    """)
    assert found["web:app.list_users"] == "GET /api/v1/users"
    assert found["web:app.list_orders"] == "GET /api/v1/orders"
    assert found["web:app.list_late"] == "GET /p/late"


def test_commands_are_named_as_they_are_typed() -> None:
    found = known_as("""
        import click, nox, typer
        app = typer.Typer()
        @click.command()
        def send_mail(): ...
        @app.command()
        def pay_out(): ...
        @click.command("as_named")
        def named(): ...
        @nox.session
        def type_check(session): ...
    """)
    assert found == {
        "cli:app.send_mail": "command send-mail",
        "cli:app.pay_out": "command pay-out",
        "cli:app.named": "command as_named",
        "cli:app.type_check": "command type_check",
    }


def test_commands_and_events_of_bots_are_web_starts() -> None:
    found = known_as("""
        from errbot import BotPlugin, botcmd, arg_botcmd
        from opsdroid.matchers import match_regex
        from opsdroid.connector import register_event

        class Room(BotPlugin):
            @botcmd
            def join(self, msg, args): ...

            @arg_botcmd("name", type=str)
            def leave(self, msg, name): ...

            def helper(self): ...

        @match_regex("hi")
        async def hello(message): ...

        class Chat:
            @register_event(object)
            async def send(self, event): ...
    """)
    assert found == {
        "open:app.Chat.send": "nothing analysed calls it",
        "open:app.Room.helper": "nothing analysed calls it",
        "web:app.Room.join": "command join",
        "web:app.Room.leave": "command leave",
        "web:app.hello": "handler hello",
    }


def test_procedures_of_modern_rpc_are_web_starts() -> None:
    found = known_as("""
        from modernrpc.core import rpc_method

        @rpc_method(name="Bug.report")
        def report(bug): ...

        @rpc_method
        def close(bug): ...
    """)
    assert found == {"web:app.report": "RPC Bug.report", "web:app.close": "RPC close"}


def test_methods_of_an_admin_are_of_the_web_whatever_its_base_and_however_it_is_registered() -> None:
    found = known_as("""
        from django.contrib import admin
        from django.contrib.auth.admin import UserAdmin
        from strange.admin import StrangeAdmin
        from .models import Order, Refund, User
        class Plain(admin.ModelAdmin):
            def save_model(self, request, obj, form, change): ...
        class People(UserAdmin):
            def save_model(self, request, obj, form, change): ...
        admin.site.register(User, People)
        @admin.register(Order)
        class Orders(StrangeAdmin):
            def save_model(self, request, obj, form, change): ...
        class Unknown(StrangeAdmin):
            def save_model(self, request, obj, form, change): ...
    """)
    assert found == {
        "web:app.Plain.save_model": "Plain.save_model",
        "web:app.People.save_model": "People.save_model",
        "web:app.Orders.save_model": "Orders.save_model",
        "open:app.Unknown.save_model": "nothing analysed calls it",
    }


def test_a_server_of_the_standard_library_handles_requests_not_chats() -> None:
    found = known_as("""
        from http.server import BaseHTTPRequestHandler

        class Callback(BaseHTTPRequestHandler):
            def do_GET(self): ...
    """)
    assert found == {"web:app.Callback.do_GET": "request handler Callback.do_GET"}
