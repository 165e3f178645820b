"""Routes with all their prefixes, and the routes of views that are classes."""

from __future__ import annotations

from .static_resolution import known_as


def test_included_routes_have_the_prefixes_of_all_that_include_them() -> None:
    found = known_as(
        {
            "project.urls": """
                from django.urls import include, path, re_path
                from django.conf.urls.i18n import i18n_patterns
                import refunds.urls
                urlpatterns = [
                    path("shop/", include("shop.urls")),
                    re_path(r"^refunds/", include((refunds.urls, "refunds"), namespace="refunds")),
                ]
                urlpatterns += i18n_patterns(path("accounts/", include([path("close/", include("closing.urls"))])))
            """,
            "shop.urls": """
                from django.urls import include, path
                from . import views
                cart = [path("add/", views.add)]
                urlpatterns = [path("", views.index), path("pay/<int:pk>/", views.pay), path("cart/", include((cart, "cart")))]
            """,
            "shop.views": """
                def index(request): ...
                def pay(request, pk): ...
                def add(request): ...
            """,
            "refunds.urls": """
                from django.conf.urls import url
                def refund(request): ...
                urlpatterns = [url(r"^now/$", refund)]
            """,
            "closing.urls": """
                from django.urls import path
                def close(request): ...
                urlpatterns = [path("now/", close)]
            """,
        }
    )
    assert found == {
        "web:shop.views.index": "route /shop/",
        "web:shop.views.pay": "route /shop/pay/<int:pk>/",
        "web:shop.views.add": "route /shop/cart/add/",
        "web:refunds.urls.refund": "route /refunds/now/",
        "web:closing.urls.close": "route /<language>/accounts/close/now/",
    }


def test_routes_of_a_list_that_nothing_includes_have_no_prefix() -> None:
    found = known_as(
        {
            "project.urls": """
                from django.urls import include, path
                def list_of(name): ...
                urlpatterns = [path("shop/", include(list_of("shop"))), path("plain/", view="shop.urls.pay")]
            """,
            "shop.urls": """
                from django.urls import path
                def pay(request): ...
                def old(request): ...
                urlpatterns = [path("pay/", pay)]
                unused = [path("old/", old)]
            """,
        },
        ("shop.urls.pay", "shop.urls.old"),
    )
    assert found == {"web:shop.urls.pay": "route /plain/, route /pay/", "web:shop.urls.old": "route /old/"}


def test_two_inclusions_are_two_routes() -> None:
    found = known_as(
        {
            "project.urls": """
                from django.urls import include, path
                urlpatterns = [path("a/", include("shop.urls")), path("b/", include("shop.urls"))]
            """,
            "shop.urls": """
                from django.urls import path
                def pay(request): ...
                urlpatterns = [path("pay/", pay)]
            """,
        }
    )
    assert found == {"web:shop.urls.pay": "route /a/pay/, /b/pay/"}


def test_verbs_that_decorators_allow_a_view() -> None:
    found = known_as("""
        from django.urls import path
        from django.views.decorators.http import require_POST, require_http_methods
        from rest_framework.decorators import api_view
        @require_POST
        def pay(request): ...
        @require_http_methods(["PUT", "DELETE"])
        def change(request): ...
        @api_view(["post"])
        def ping(request): ...
        urlpatterns = [path("pay/", pay), path("change/", change), path("ping/", ping)]
    """)
    assert found == {
        "web:app.pay": "POST /pay/",
        "web:app.change": "PUT|DELETE /change/",
        "web:app.ping": "POST /ping/",
    }


def test_classes_are_known_by_their_routes_also_behind_decorators() -> None:
    found = known_as(
        {
            "shop.views": """
                from django.views.generic import FormView, View
                class Base(View):
                    def post(self, request): ...
                class Pay(Base): ...
                class Refund(Base): ...
                class Unrouted(View):
                    def post(self, request): ...
                class Form(FormView):
                    def form_valid(self, form): ...
            """,
            "shop.urls": """
                from django.contrib.auth.decorators import login_required
                from django.urls import include, path
                from . import views
                pay = views.Pay.as_view()
                api = [path("pay/", pay), path("refund/", login_required(views.Refund.as_view(template_name="x")))]
                urlpatterns = [path("shop/", include(api)), path("form/", views.Form.as_view())]
            """,
        }
    )
    assert found == {
        "web:shop.views.Base.post": "POST /shop/pay/, POST /shop/refund/",
        "web:shop.views.Unrouted.post": "POST Unrouted",
        "web:shop.views.Form.form_valid": "POST /form/",
    }


def test_view_sets_have_the_routes_of_their_router() -> None:
    found = known_as(
        {
            "shop.api": """
                from rest_framework.decorators import action
                from rest_framework.viewsets import ModelViewSet
                class Orders(ModelViewSet):
                    def create(self, request): ...
                    def retrieve(self, request, pk): ...
                    @action(detail=True, methods=["post"])
                    def refund(self, request, pk): ...
                    @action(detail=False, methods=["post"], url_path="send-all")
                    def send_all(self, request): ...
                class Payments(ModelViewSet):
                    def create(self, request): ...
                    def destroy(self, request, pk): ...
            """,
            "shop.urls": """
                from django.urls import include, path
                from rest_framework.routers import DefaultRouter
                from .api import Orders, Payments
                router = DefaultRouter()
                router.register(r"orders", Orders, basename="order")
                urlpatterns = [
                    path("api/v1/", include(router.urls)),
                    path("payments/", Payments.as_view({"get": "list", "post": "create"})),
                ]
            """,
        }
    )
    assert found == {
        "web:shop.api.Orders.create": "POST /api/v1/orders/",
        "web:shop.api.Orders.retrieve": "GET /api/v1/orders/{pk}/",
        "web:shop.api.Orders.refund": "POST /api/v1/orders/{pk}/refund/",
        "web:shop.api.Orders.send_all": "POST /api/v1/orders/send-all/",
        "web:shop.api.Payments.create": "POST /payments/",
        "web:shop.api.Payments.destroy": "destroy Payments",
    }


def test_ninja_routers_have_the_prefixes_of_their_api() -> None:
    found = known_as(
        {
            "shop.api": """
                from ninja import Router
                router = Router()
                @router.post("/pay")
                def pay(request): ...
                @router.api_operation(["PUT", "PATCH"], "/change")
                def change(request): ...
            """,
            "refunds.api": """
                from ninja import Router
                router = Router()
                @router.post("/refund")
                def refund(request): ...
            """,
            "project.urls": """
                from django.urls import path
                from ninja import NinjaAPI
                from shop.api import router
                api = NinjaAPI()
                api.add_router("/shop/", router)
                api.add_router("/refunds", "refunds.api.router")
                urlpatterns = [path("api/", api.urls)]
            """,
        }
    )
    assert found == {
        "web:shop.api.pay": "POST /api/shop/pay",
        "web:shop.api.change": "PUT|PATCH /api/shop/change",
        "web:refunds.api.refund": "POST /api/refunds/refund",
    }


def test_flask_classes_have_their_rules_and_the_prefixes_of_blueprints() -> None:
    found = known_as("""
        from flask import Blueprint, Flask
        from flask.views import MethodView, View
        from flask_restful import Api, Resource
        app = Flask(__name__)
        bp = Blueprint("shop", __name__, url_prefix="/shop")
        app.register_blueprint(bp)
        api = Api(bp, prefix="/v1")

        class Pay(Resource):
            def post(self): ...
        api.add_resource(Pay, "/pay", "/pay/<int:pk>")

        class Old(View):
            methods = ["POST"]
            def dispatch_request(self): ...
        app.add_url_rule("/old", view_func=Old.as_view("old"))

        class Orders(MethodView):
            def get(self): ...
            def post(self): ...
        orders = Orders.as_view("orders")
        bp.add_url_rule("/orders", view_func=orders, methods=["POST"])
        bp.add_url_rule("/list", view_func=orders, methods=["GET"])
    """)
    assert found == {
        "web:app.Pay.post": "POST /shop/v1/pay, POST /shop/v1/pay/<int:pk>",
        "web:app.Old.dispatch_request": "POST /old",
        "web:app.Orders.get": "GET /shop/list",
        "web:app.Orders.post": "POST /shop/orders",
    }


def test_starlette_mounts_stand_before_the_routes_listed_in_them() -> None:
    found = known_as("""
        from fastapi import FastAPI
        from starlette.applications import Starlette
        from starlette.endpoints import HTTPEndpoint
        from starlette.routing import Mount, Route
        async def home(request): ...
        async def inner(request): ...
        class Pay(HTTPEndpoint):
            async def post(self, request): ...
        sub = Starlette(routes=[Route("/home", home, methods=["POST"]), Mount("/deep", routes=[Route("/pay", Pay)])])
        other = Starlette(routes=[Mount("/o", app=Starlette(routes=[Route("/inner", inner)]))])
        app = FastAPI()
        app.mount("/m", sub)
    """)
    assert found == {
        "web:app.home": "POST /m/home",
        "web:app.inner": "GET /o/inner",
        "web:app.Pay.post": "POST /m/deep/pay",
    }


def test_what_a_middleware_is_put_around_stands_where_that_is_mounted() -> None:
    found = known_as("""
        from functools import partial
        from fastapi import FastAPI
        from sqladmin import Admin
        from starlette.middleware.authentication import AuthenticationMiddleware
        def pay(): ...
        def look(): ...
        private = FastAPI()
        private.add_api_route("/pay", pay, methods=["POST"])
        public = FastAPI()
        public.add_api_route("/look", look, methods=["POST"])
        guarded = partial(AuthenticationMiddleware, backend=object())
        app = FastAPI()
        app.mount(path="/api", app=guarded(private))
        app.mount("/public", AuthenticationMiddleware(app=public, backend=object()))
        app.mount("/admin", Admin(app))
        @app.post("/plain")
        def plain(): ...
    """)
    assert found == {
        "web:app.pay": "POST /api/pay",
        "web:app.look": "POST /public/look",
        "web:app.plain": "POST /plain",
    }


def test_what_is_before_each_of_several_routes_is_before_those_that_are_spread_as_well() -> None:
    found = known_as("""
        from django.conf.urls.i18n import i18n_patterns
        from django.urls import path
        def pay(request): ...
        def refund(request): ...
        def plain(request): ...
        patterns = [path("refund/", refund)]
        urlpatterns = i18n_patterns(path("pay/", pay), *patterns)
        urlpatterns += [path("plain/", plain)]
    """)
    assert found == {
        "web:app.pay": "route /<language>/pay/",
        "web:app.refund": "route /<language>/refund/",
        "web:app.plain": "route /plain/",
    }
