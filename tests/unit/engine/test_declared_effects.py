"""Effects that `[tool.dealix-lint.effects]` and packs declare, as the inventory shows them."""

from __future__ import annotations

from pathlib import Path

from .inventories import inventory_of


def inventoried(root: Path, settings: str, files: dict[str, str]) -> list[str]:
    """`function:line kind/provider/operation` of every effect."""
    effects = inventory_of(root, files, settings).effects
    return [f"{row.function}:{row.line} {row.kind}/{row.provider}/{row.operation}" for row in effects]


GATEWAY = """
    import socket

    import httpx

    class Gateway:
        def __init__(self, host):
            self.host = host

        def push(self, text):
            httpx.post("https://relay.vendor.example/push", json={"text": text})
            with socket.create_connection((self.host, 7001)) as line:
                line.sendall(text.encode())

    def connect():
        return Gateway("pager")
"""


def test_a_first_party_function_is_an_effect_where_it_is_called_and_not_inside(tmp_path: Path) -> None:
    use = """
        from app.gateway import connect

        def alarm(text):
            connect().push(text)

        def note(text):
            print(text)
    """
    declared = """
        [tool.dealix-lint.effects]
        "app.gateway.Gateway.push" = "messaging/pager/page.send"
    """
    files = {"app/__init__.py": "", "app/gateway.py": GATEWAY, "app/use.py": use}
    assert inventoried(tmp_path, declared, files) == ["app.use.alarm:5 messaging/pager/page.send"]


def test_the_access_path_of_a_method_means_the_same_as_its_name(tmp_path: Path) -> None:
    use = "from gateway import connect\n\ndef alarm(text):\n    connect().push(text)\n"
    declared = """
        [tool.dealix-lint.effects]
        "gateway.Gateway().push" = "messaging/pager"
    """
    files = {"gateway.py": GATEWAY, "use.py": use}
    assert inventoried(tmp_path, declared, files) == ["use.alarm:4 messaging/pager/gateway.push"]


def test_calling_an_object_is_the_effect_and_making_it_is_not(tmp_path: Path) -> None:
    files = {
        "courier.py": """
            class Letter:
                def __init__(self, to):
                    self.to = to

                def __call__(self, text):
                    print(self.to, text)
        """,
        "use.py": """
            import relay
            from courier import Letter

            def work(to):
                letter = Letter(to)
                letter("hello")
                sender = relay.Sender(to)
                sender("hello")
        """,
    }
    declared = """
        [tool.dealix-lint.effects]
        "courier.Letter()" = "messaging/courier/letter.send"
        "relay.Sender()" = "messaging/relay/message.send"
    """
    assert inventoried(tmp_path, declared, files) == [
        "use.work:7 messaging/courier/letter.send",
        "use.work:9 messaging/relay/message.send",
    ]


def test_libraries_hosts_paths_and_methods_are_told_apart(tmp_path: Path) -> None:
    use = """
        import acme
        import requests

        def everything():
            acme.Client(key="k").payouts.create(amount=3)
            requests.post("https://api.acme.example/v2/charges", json={})
            requests.post("https://api.acme.example/v2/search", json={})
            requests.post("https://api.acme.example/v2/other", json={})
            requests.delete("https://files.acme.example/a/b")
            requests.post("https://metrics.acme.example/a/b")
    """
    declared = """
        [tool.dealix-lint.effects]
        "acme.Client().payouts.create" = "payment/acme/payout.create"
        "https://api.acme.example/v2/charges" = "payment/acme/charge.create"
        "https://api.acme.example/v2/search" = "external_read/acme/search"
        "DELETE https://*.acme.example/**" = { kind = "contract", provider = "acme", operation = "file.void" }
        "https://metrics.acme.example" = "telemetry/acme"
    """
    assert inventoried(tmp_path, declared, {"use.py": use}) == [
        "use.everything:6 payment/acme/payout.create",
        "use.everything:7 payment/acme/charge.create",
        "use.everything:8 external_read/acme/search",
        "use.everything:9 external_write/acme/post /v2/other",
        "use.everything:10 contract/acme/file.void",
    ]


def test_a_line_changes_what_a_shipped_rule_says(tmp_path: Path) -> None:
    use = """
        import stripe

        def pay():
            stripe.Refund.create(charge="ch_1")
            stripe.Payout.create(amount=1)
    """
    declared = """
        [tool.dealix-lint.effects]
        "stripe.Refund.create" = "external_read/stripe/refund.preview"
    """
    assert inventoried(tmp_path, declared, {"use.py": use}) == [
        "use.pay:5 external_read/stripe/refund.preview",
        "use.pay:6 payment/stripe/payout.create",
    ]


def test_dispatching_a_declared_task_is_no_call_of_it(tmp_path: Path) -> None:
    code = """
        from celery import shared_task

        @shared_task
        def push(text): ...

        def later(text):
            push.delay(text)

        def now(text):
            push(text)
    """
    declared = """
        [tool.dealix-lint.effects]
        "tasks.push" = "messaging/pager/page.send"
    """
    assert inventoried(tmp_path, declared, {"tasks.py": code}) == ["tasks.now:11 messaging/pager/page.send"]


def test_a_pack_may_name_first_party_functions_too(tmp_path: Path) -> None:
    pack = """
        [provider]
        id = "pager"
        title = "Pager"
        kind = "messaging"

        [[symbols]]
        paths = ["gateway.*.push"]
        name = "page.send"
        reversibility = "R1"
    """
    use = "from gateway import connect\n\ndef alarm(text):\n    connect().push(text)\n"
    files = {"gateway.py": GATEWAY, "use.py": use, "lint/pager.toml": pack}
    settings = '[tool.dealix-lint]\npacks = ["lint"]\n'
    assert inventoried(tmp_path, settings, files) == ["use.alarm:4 messaging/pager/page.send"]
