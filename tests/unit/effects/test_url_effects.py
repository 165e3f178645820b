"""Effects by URL: where the URL is written, where only a part of it is known, and where none is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dealix_lint.model.graph import HIGH, LOW, MEDIUM, ExternalCall
from dealix_lint.model.text import Hole, Text
from tests.unit.effects.calls import Given, call, effect, effects, label, mapping, symbol, text

ID = Hole("parameter:id")


@pytest.mark.parametrize(
    ("path", "url", "expected"),
    [
        ("httpx.AsyncClient().post", text("https://api.moyasar.com/v1/payments"), "payment/moyasar/payment.create"),
        (
            "requests.post",
            text("https://api.moyasar.com/v1/payments/", ID, "/refund"),
            "payment/moyasar/payment.refund",
        ),
        ("requests.post", text("https://api.moyasar.com/v1/invoices"), "payment/moyasar/invoice.create"),
        ("treq.post", text("https://api.moyasar.com/v1/invoices"), "payment/moyasar/invoice.create"),
        ("txrequests.Session().post", text("https://api.moyasar.com/v1/invoices"), "payment/moyasar/invoice.create"),
        (
            "requests_futures.sessions.FuturesSession().post",
            text("https://api.moyasar.com/v1/invoices"),
            "payment/moyasar/invoice.create",
        ),
        ("requests.get", text("https://api.moyasar.com/v1/payments"), "external_read/moyasar/get /v1/payments"),
        ("requests.post", text("https://api.tap.company/v2/charges/"), "payment/tap/charge.create"),
        (
            "requests.post",
            text("https://iap.example.com/v1/projects/p:getIamPolicy"),
            "external_read/iap.example.com/post /v1/projects/p:getIamPolicy",
        ),
        (
            "requests.post",
            text("https://iap.example.com/v1/projects/p:setIamPolicy"),
            "external_write/iap.example.com/post /v1/projects/p:setIamPolicy",
        ),
        (
            "requests.post",
            text("https://tfs.example.com/tfs/Main/_apis/wit/wiql"),
            "external_read/tfs.example.com/post /tfs/Main/_apis/wit/wiql",
        ),
        (
            "requests.post",
            text("https://sheets.googleapis.com/v4/spreadsheets"),
            "external_write/google-sheets/spreadsheet.create",
        ),
        (
            "requests.delete",
            text("https://sheets.googleapis.com/v4/spreadsheets/", ID, "/developerMetadata"),
            "external_write/google-sheets/delete /v4/spreadsheets/{}/developerMetadata",
        ),
        ("requests.post", text("https://eu-test.oppwa.com/v1/checkouts"), "payment/hyperpay/checkout.create"),
        ("requests.post", text("https://api.stripe.com/v1/payment_intents"), "payment/stripe/payment_intent.create"),
        (
            "requests.post",
            text("https://api.stripe.com/v1/payment_intents/", ID, "/capture"),
            "payment/stripe/payment_intent.capture",
        ),
        ("requests.post", text("https://api.stripe.com/v1/customers"), "external_write/stripe/customer.create"),
        (
            "requests.post",
            text("https://api.stripe.com/v1/terminal/readers/", ID, "/process_payment_intent"),
            "payment/stripe/terminal_reader.process_payment_intent",
        ),
        ("requests.delete", text("https://api.stripe.com/v1/subscriptions/", ID), "payment/stripe/subscription.cancel"),
        (
            "aiohttp.ClientSession().post",
            text("https://graph.facebook.com/v19.0/", ID, "/messages"),
            "messaging/whatsapp/message.send",
        ),
        (
            "requests.post",
            text("https://graph.facebook.com/", Hole("app.Settings().graph_version"), "/", ID, "/messages"),
            "messaging/whatsapp/message.send",
        ),
        (
            "requests.post",
            text("https://graph.facebook.com/v", Hole("app.Settings().graph_version"), "/", ID, "/messages"),
            "messaging/whatsapp/message.send",
        ),
        (
            "requests.post",
            text("https://graph.facebook.com/", Hole("app.Settings().graph_version"), "/", ID, "/feed"),
            "external_write/meta/feed.create",
        ),
        (
            "requests.post",
            text("https://api.moyasar.com/v", Hole("app.Settings().version"), "/invoices"),
            "payment/moyasar/invoice.create",
        ),
        ("requests.post", text("https://graph.facebook.com/v19.0/me/messages"), "messaging/meta/messenger.send"),
        (
            "requests.post",
            text("https://graph.facebook.com/v19.0/act_1/campaigns"),
            "external_write/meta/campaign.create",
        ),
        (
            "requests.post",
            text("https://api.twilio.com/2010-04-01/Accounts/", ID, "/Messages.json"),
            "messaging/twilio/message.create",
        ),
        (
            "requests.post",
            text("https://verify.twilio.com/v2/Services/", ID, "/VerificationCheck"),
            "external_read/twilio/post /v2/Services/{}/VerificationCheck",
        ),
        ("requests.post", text("https://api.sendgrid.com/v3/mail/send"), "messaging/sendgrid/mail.send"),
        (
            "requests.put",
            text("https://api.sendgrid.com/v3/marketing/contacts"),
            "external_write/sendgrid/contact.upsert",
        ),
        ("requests.post", text("https://el.cloud.unifonic.com/rest/SMS/messages"), "messaging/unifonic/message.send"),
        ("requests.get", text("https://api.ultramsg.com/", ID, "/messages/chat"), "messaging/ultramsg/message.send"),
        ("requests.get", text("https://api.telegram.org/bot", ID, "/sendMessage"), "messaging/telegram/message.send"),
        (
            "requests.post",
            text("https://api.telegram.org/bot", ID, "/getUpdates"),
            "external_read/telegram/post /bot{}/getUpdates",
        ),
        (
            "requests.post",
            text("https://api.telegram.org/bot", ID, "/sendChatAction"),
            "external_write/telegram/post /bot{}/sendChatAction",
        ),
        ("requests.post", text("https://webexapis.com/v1/messages"), "messaging/webex/message.create"),
        ("requests.post", text("https://webexapis.com/v1/rooms"), "external_write/webex/post /v1/rooms"),
        ("requests.get", text("https://webexapis.com/v1/messages"), "external_read/webex/get /v1/messages"),
        ("requests.post", text("https://api.ciscospark.com/v1/webhooks/incoming/x"), "messaging/webex/webhook.send"),
        (
            "requests.put",
            text("https://matrix.org/_matrix/client/v3/rooms/", ID, "/send/m.room.message/", ID),
            "messaging/matrix/room.send",
        ),
        (
            "requests.post",
            text("https://matrix.org/_matrix/client/v3/login"),
            "external_read/matrix/post /_matrix/client/v3/login",
        ),
        ("requests.post", text("https://a.cloud.mattermost.com/api/v4/posts"), "messaging/mattermost/post.create"),
        (
            "requests.post",
            text("https://a.cloud.mattermost.com/api/v4/posts/search"),
            "external_read/mattermost/post /api/v4/posts/search",
        ),
        (
            "requests.post",
            text("https://a.cloud.mattermost.com/api/v4/channels"),
            "external_write/mattermost/post /api/v4/channels",
        ),
        (
            "requests.post",
            text("https://a.rocket.chat/api/v1/chat.postMessage"),
            "messaging/rocketchat/chat.post_message",
        ),
        (
            "requests.post",
            text("https://a.rocket.chat/api/v1/channels.create"),
            "external_write/rocketchat/post /api/v1/channels.create",
        ),
        ("requests.post", text("https://a.zulipchat.com/api/v1/messages"), "messaging/zulip/message.send"),
        (
            "requests.post",
            text("https://a.zulipchat.com/api/v1/users/me/subscriptions"),
            "external_write/zulip/post /api/v1/users/me/subscriptions",
        ),
        ("requests.post", text("https://exp.host/--/api/v2/push/send"), "messaging/expo/push.send"),
        (
            "requests.post",
            text("https://exp.host/--/api/v2/push/getReceipts"),
            "external_read/expo/post /--/api/v2/push/getReceipts",
        ),
        ("requests.post", text("https://api.pushover.net/1/messages.json"), "messaging/pushover/message.send"),
        (
            "requests.post",
            text("https://api.africastalking.com/version1/messaging"),
            "messaging/africas-talking/sms.send",
        ),
        (
            "requests.post",
            text("https://api.africastalking.com/version1/airtime/send"),
            "payment/africas-talking/post /version1/airtime/send",
        ),
        ("treq.post", text("https://slack.com/api/chat.postMessage"), "messaging/slack/chat.post_message"),
        (
            "txrequests.Session().post",
            text("https://slack.com/api/chat.postMessage"),
            "messaging/slack/chat.post_message",
        ),
        (
            "requests_futures.sessions.FuturesSession().post",
            text("https://slack.com/api/chat.postMessage"),
            "messaging/slack/chat.post_message",
        ),
        ("treq.get", text("https://slack.com/api/users.list"), "external_read/slack/get /api/users.list"),
        ("requests.post", text("https://hooks.slack.com/services/T/B/x"), "messaging/slack/webhook.send"),
        ("requests.post", text("https://slack.com/api/chat.postMessage"), "messaging/slack/chat.post_message"),
        (
            "requests.post",
            text("https://slack.com/api/conversations.list"),
            "external_read/slack/post /api/conversations.list",
        ),
        (
            "requests.post",
            text("https://api.hubapi.com/crm/v3/objects/contacts"),
            "external_write/hubspot/contact.create",
        ),
        (
            "requests.post",
            text("https://api.hubapi.com/crm/v3/objects/deals/search"),
            "external_read/hubspot/post /crm/v3/objects/deals/search",
        ),
        (
            "requests.patch",
            text("https://", ID, ".my.salesforce.com/services/data/v59.0/sobjects/Lead/", ID),
            "external_write/salesforce/lead.update",
        ),
        (
            "requests.post",
            text("https://demo.docusign.net/restapi/v2.1/accounts/", ID, "/envelopes"),
            "contract/docusign/envelope.create",
        ),
        ("requests.post", text("https://graph.microsoft.com/v1.0/me/sendMail"), "messaging/microsoft-graph/mail.send"),
        (
            "requests.post",
            text("https://graph.microsoft.com/v1.0/users/", ID, "/sendMail"),
            "messaging/microsoft-graph/mail.send",
        ),
        (
            "requests.post",
            text("https://graph.microsoft.com/v1.0/me/events"),
            "external_write/microsoft-graph/event.create",
        ),
        (
            "requests.post",
            text("https://gmail.googleapis.com/gmail/v1/users/me/messages/send"),
            "messaging/gmail/mail.send",
        ),
        (
            "requests.post",
            text("https://www.googleapis.com/calendar/v3/calendars/primary/events"),
            "external_write/google-calendar/event.create",
        ),
        (
            "requests.post",
            text("https://sheets.googleapis.com/v4/spreadsheets/", ID, "/values/A1:append"),
            "external_write/google-sheets/values.write",
        ),
        ("requests.post", text("https://fcm.googleapis.com/v1/projects/p/messages:send"), "messaging/fcm/push.send"),
        (
            "requests.post",
            text("https://gw-fatoora.zatca.gov.sa/e-invoicing/core/invoices/clearance/single"),
            "external_write/zatca/invoice.clearance",
        ),
        ("requests.post", text("https://api.openai.com/v1/chat/completions"), "llm/openai/post /v1/chat/completions"),
        (
            "requests.post",
            text("https://llm.partner.example/v1/chat/completions"),
            "llm/llm.partner.example/post /v1/chat/completions",
        ),
        (
            "requests.post",
            text("https://api.partner.example/orders"),
            "external_write/api.partner.example/post /orders",
        ),
        (
            "requests.post",
            text("https://api.partner.example/orders/search"),
            "external_read/api.partner.example/post /orders/search",
        ),
        (
            "requests.post",
            text("https://api.partner.example/oauth/token"),
            "external_read/api.partner.example/post /oauth/token",
        ),
        (
            "requests.post",
            text("https://www.google.com/recaptcha/api/siteverify"),
            "external_read/captcha/post /recaptcha/api/siteverify",
        ),
        ("requests.post", text("https://api.partner.example"), "external_write/api.partner.example/post /"),
    ],
)
def test_the_url_and_the_verb_say_what_a_request_does(path: str, url: Text, expected: str) -> None:
    assert label(call(path, url)) == expected
    assert effect(call(path, url)).confidence == HIGH


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        "localhost:localhost",
        "127.0.0.1",
        "[::1]:80",
        "payments",
        "payments:8000",
        "api.svc.cluster.local",
        "host.docker.internal",
        "user:pw@localhost",
        "testserver",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ],
)
def test_our_own_hosts_are_no_effects(host: str) -> None:
    assert not effects(call("requests.post", f"http://{host}/charge"))


def test_configured_hosts_are_ours_also_when_a_label_is_unknown() -> None:
    own = ("*.corp.example",)
    assert not effects(call("requests.post", "https://api.corp.example/x"), own=own)
    assert not effects(call("requests.post", text("https://", Hole("tenant"), ".corp.example/x")), own=own)
    assert effects(call("requests.post", "https://corp.example.org/x"), own=own)


def test_a_version_behind_an_address_is_no_host() -> None:
    sentry = Hole("django.conf.settings.SENTRY_RELEASES_API_URL")
    assert not effects(call("requests.post", text(sentry, "5.14.3/deploys/")))
    assert label(call("requests.post", text(Hole("x"), "5.14.3/deploys/"))).startswith("external_write/unknown/")
    assert label(call("requests.post", "https://93.184.216.34/deploys/")).startswith("external_write/93.184.216.34/")


def test_telemetry_is_no_effect() -> None:
    assert not effects(call("requests.post", "https://api.segment.io/v1/track"))
    assert not effects(call("requests.post", "https://us.i.posthog.com/capture/"))
    assert not effects(call("requests.get", "https://o1.ingest.sentry.io/api"))
    assert not effects(call("requests.post", "https://x.elastic-cloud.com/index/_search"))


@pytest.mark.parametrize(
    ("url", "expected", "confidence"),
    [
        (text(Hole("app.settings.Settings.gateway_url"), "/v1/checkouts"), "payment/hyperpay/checkout.create", MEDIUM),
        (text(Hole("app.settings.Settings.moyasar_url"), "/payments"), "payment/moyasar/payment.create", MEDIUM),
        (text(Hole("self.site"), "/rest/api/2/issue"), "external_write/atlassian/issue.create", MEDIUM),
        (
            text(Hole("self.site"), "/rest/api/2/issue/", ID, "/comment"),
            "external_write/atlassian/issue.comment",
            MEDIUM,
        ),
        (text(Hole("self.site"), "/rest/api/2/board"), "external_write/unknown/post /rest/api/2/board", LOW),
        (
            text(Hole("vendor.core.PayPalHttpClient().environment.base_url"), "/v2/checkout"),
            "payment/paypal/post /v2/checkout",
            MEDIUM,
        ),
        (text(Hole("os.environ['MOYASAR_BASE_URL']"), "/v1/payments"), "payment/moyasar/payment.create", MEDIUM),
        (text(Hole("app.unifonic.UnifonicClient.base_url"), "/dispatch"), "messaging/unifonic/post /dispatch", MEDIUM),
        (text(Hole("app.settings.Settings.sms_gateway"), "/send"), "messaging/unknown/post /send", MEDIUM),
        (text(Hole("os.environ['CRM_WEBHOOK_URL']")), "external_write/unknown/post /", MEDIUM),
        (text(Hole("app.settings.Settings.metapath_url"), "/send"), "external_write/unknown/post /send", LOW),
        (text(Hole("parameter:url")), "external_write/unknown/post /", LOW),
        (text(Hole(""), Hole("")), "external_write/unknown/post /", LOW),
        (text(Hole("parameter:url"), "/oauth/token"), "external_read/unknown/post /oauth/token", LOW),
    ],
)
def test_without_a_host_the_path_then_the_settings_name_decides(url: Text, expected: str, confidence: int) -> None:
    found = effect(call("httpx.post", url))
    assert (f"{found.kind}/{found.provider}/{found.operation}", found.confidence) == (expected, confidence)


def test_an_unknown_write_is_never_dropped() -> None:
    found = effect(call("httpx.AsyncClient().request", (), ()))
    assert (found.kind, found.provider, found.operation, found.confidence) == (
        "external_write",
        "unknown",
        "request /",
        LOW,
    )


def test_a_known_host_with_an_unknown_verb_is_a_write_of_medium_confidence() -> None:
    found = effect(call("requests.request", (), "https://api.stripe.com/v1/charges"))
    assert (found.kind, found.operation, found.confidence) == ("payment", "charge.create", MEDIUM)


def test_the_verb_may_be_an_argument_in_any_case_or_one_of_several() -> None:
    url = "https://api.stripe.com/v1/charges"
    assert label(call("requests.request", "get", url)).startswith("external_read")
    assert label(call("requests.request", method="POST", url=url)) == "payment/stripe/charge.create"
    assert label(call("requests.request", symbol("http.HTTPMethod.POST"), url)) == "payment/stripe/charge.create"
    assert label(call("requests.request", (text("GET"), text("POST")), url)) == "payment/stripe/charge.create"


def test_a_relative_path_belongs_to_the_clients_base_url() -> None:
    base: dict[str, Given] = {"base_url": text("https://api.hubapi.com/crm/v3/")}
    assert (
        label(call("httpx.AsyncClient().post", "/objects/contacts", created=base))
        == "external_write/hubspot/contact.create"
    )
    assert (
        label(call("httpx.Client().post", "https://api.resend.com/emails", created=base))
        == "messaging/resend/mail.send"
    )
    assert not effects(call("httpx.Client().post", "/x", created={"base_url": "http://test"}))


def test_an_in_process_transport_keeps_requests_inside() -> None:
    created: dict[str, Given] = {"transport": symbol("httpx.ASGITransport()"), "base_url": "https://api.example.org"}
    assert not effects(call("httpx.AsyncClient().post", "/x", created=created))


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        # the default of a setting, and the setting itself
        (("https://api.moyasar.com/v1/payments", Hole("os.environ['PAY_URL']")), "payment/moyasar/payment.create"),
        # sandbox and live of one provider
        (
            (
                "https://demo.docusign.net/restapi/v2.1/accounts/1/envelopes",
                "https://www.docusign.net/restapi/v2.1/accounts/1/envelopes",
            ),
            "contract/docusign/envelope.create",
        ),
        # ours in development, theirs in production
        (("http://localhost:9000/send", "https://api.sendgrid.com/v3/mail/send"), "messaging/sendgrid/mail.send"),
        # the only host known is ours
        (("http://localhost:9000/send", Hole("os.environ['AGENT_URL']")), ""),
        # the graver of two providers
        (
            ("https://api.hubapi.com/crm/v3/objects/deals", "https://api.moyasar.com/v1/payments"),
            "payment/moyasar/payment.create",
        ),
    ],
)
def test_of_several_possible_urls_the_known_external_one_counts(urls: tuple[str | Hole, ...], expected: str) -> None:
    given = tuple(Text((url,)) for url in urls)
    assert label(call("requests.post", given)) == expected == label(call("requests.post", given[::-1]))


@pytest.mark.parametrize(
    ("urls", "provider", "others"),
    [
        (
            ("https://sandbox.bank.example/pay", "https://api.bank.example/pay"),
            "sandbox.bank.example",
            ("api.bank.example",),
        ),
        (("https://api.bank.example/pay", "https://api.bank.example/refund"), "api.bank.example", ()),
        (("https://api.bank.example/pay", "http://localhost:8000/pay"), "api.bank.example", ()),
        (("https://api.bank.example/pay", Hole("app.settings.BANK_URL")), "api.bank.example", ()),
        (("https://api.stripe.com/v1/charges", "https://hooks.slack.com/services/1"), "stripe", ()),
        (tuple(f"https://api{n}.bank.example/pay" for n in range(5)), "api4.bank.example", ()),
    ],
)
def test_a_request_that_may_go_to_one_of_two_services_names_both(
    urls: tuple[str | Hole, ...], provider: str, others: tuple[str, ...]
) -> None:
    (found,) = effects(call("requests.post", tuple(Text((url,)) for url in urls)))
    assert (found.provider, found.others) == (provider, others)


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (("github.com", "dev.azure.com", "localhost"), ("unknown", MEDIUM)),
        (("github.com", "dev.azure.com"), ("unknown", MEDIUM)),
        (("github.com", "localhost"), ("unknown", MEDIUM)),
        (("github.com",), ("github", HIGH)),
        (("github.com", "api.github.com"), ("github", HIGH)),
        ((Hole("app.GithubConfig.host"), Hole("app.AdoConfig.host")), ("unknown", LOW)),
        ((Hole("app.GithubConfig.host"),), ("github", MEDIUM)),
    ],
)
def test_a_field_of_one_of_several_classes_is_nobody_s_address_unless_they_agree(
    hosts: tuple[str | Hole, ...], expected: tuple[str, int]
) -> None:
    given = tuple(Text(("https://", host, "/issues")) for host in (*hosts, Hole("one of app.Config.host")))
    (found,) = effects(call("requests.post", given))
    assert (found.provider, found.confidence, found.others) == (*expected, ())
    assert found.kind == "external_write"


def test_the_text_of_a_graphql_document_decides() -> None:
    url = "https://api.linear.app/graphql"
    read = call("httpx.post", url, json=mapping(query="query { issues { id } }"))
    write = call("httpx.post", url, json=mapping(query="mutation M($x: X!) { issueCreate(input: $x) { id } }"))
    assert label(read) == "external_read/linear/query issues"
    assert label(write) == "external_write/linear/mutation issue_create"
    assert label(call("httpx.post", url, json=())) == "external_write/linear/post /graphql"
    template = "{%- if orgs %}\nquery teams {\n{%- for org in orgs %}\n{{ org }}: organization { id }\n{%- endfor %}\n}\n{%- endif %}"
    assert label(call("httpx.post", url, json=mapping(query=template))) == "external_read/linear/query organization"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            "# all\nfragment Name on User { id name { first } }\nquery { users { id } }",
            "external_read/linear/query users",
        ),
        (
            "fragment Name on User { id }\nmutation { userUpdate { ...Name } }",
            "external_write/linear/mutation user_update",
        ),
        ("fragment Name on User { id", "external_write/linear/post /graphql"),
    ],
)
def test_fragments_before_a_graphql_operation_do_not_hide_it(document: str, expected: str) -> None:
    assert label(call("httpx.post", "https://api.linear.app/graphql", json=mapping(query=document))) == expected


def test_a_graphql_body_that_is_written_out_says_what_it_does() -> None:
    url = "https://api.linear.app/graphql"
    read = call("httpx.post", url, data='{"query": "query {\\n users { id } }"}')
    assert label(read) == "external_read/linear/query users"
    assert label(call("httpx.post", url, data='{"q": "query { a }"}')) == "external_write/linear/post /graphql"


def test_a_graphql_document_that_nobody_knows_is_not_certain_to_write() -> None:
    unknown = effect(call("httpx.post", "https://api.partner.example/v1/graphql", json=()))
    assert (unknown.kind, unknown.confidence) == ("external_write", MEDIUM)
    other = effect(call("httpx.post", "https://api.partner.example/v1/graphql/keys", json=()))
    assert (other.kind, other.confidence) == ("external_write", HIGH)


def test_a_word_is_no_address_of_a_client_that_is_made_without_one() -> None:
    made = replace(call("requests.Session().post", "suppress_store_id"), creation=7)
    assert label(made) == "external_write/unknown/post /"
    unknown = call("httpx.AsyncClient().post", "orders")
    assert label(unknown) == "external_write/unknown/post /orders"
    based = replace(unknown, creation=7, creation_keywords=(("base_url", (text("https://api.partner.example"),)),))
    assert label(based) == "external_write/api.partner.example/post /orders"


def test_urllib_posts_when_data_is_passed() -> None:
    url = "https://api.partner.example/orders"
    assert label(call("urllib.request.urlopen", url)).startswith("external_read")
    assert label(call("urllib.request.urlopen", url, None)).startswith("external_read")
    assert label(call("urllib.request.urlopen", url, data=())) == "external_write/api.partner.example/post /orders"


@pytest.mark.parametrize(
    ("builder", "sender"),
    [
        (
            call("urllib.request.Request", "https://api.resend.com/emails", data=(), register=3),
            "urllib.request.urlopen",
        ),
        (
            call("urllib.request.Request", "https://api.resend.com/emails", method="POST", register=3),
            "urllib.request.urlopen",
        ),
        (
            call("httpx.AsyncClient().build_request", "POST", "https://api.resend.com/emails", register=3),
            "httpx.AsyncClient().send",
        ),
        (call("requests.Request", "POST", "https://api.resend.com/emails", register=3), "requests.Session().send"),
    ],
)
def test_a_prepared_request_is_an_effect_where_it_is_sent(builder: ExternalCall, sender: str) -> None:
    assert not effects(builder)
    sent = call(sender, symbol(builder.path + "()"), register=7)
    found = effect(builder, sent)
    assert (found.place.register, found.provider, found.operation) == (7, "resend", "mail.send")


def test_a_connection_knows_only_its_host() -> None:
    sent = call("http.client.HTTPSConnection().request", "POST", "/v1/payments", created={"host": "api.moyasar.com"})
    assert label(sent) == "payment/moyasar/payment.create"


def test_the_reason_is_in_plain_words() -> None:
    found = effect(call("requests.post", text(Hole("app.settings.Settings.moyasar_url"), "/payments")))
    assert found.recognised_by == (
        "POST to {app.settings.Settings.moyasar_url}/payments, whose setting `moyasar_url` names Moyasar"
    )
    assert effect(call("requests.post", "https://api.moyasar.com/v1/payments")).recognised_by == (
        "POST to https://api.moyasar.com/v1/payments"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://ec.europa.eu/taxation_customs/vies/services/checkVatService",
        "https://api.evatr.vies.bzst.de/app/v1/abfrage",
    ],
)
def test_asking_a_register_of_vat_numbers_is_a_read(url: str) -> None:
    assert label(call("requests.post", url)) == "external_read/vat_registries/vat_number.check"


def test_a_mere_word_is_no_address_of_a_request_without_a_base() -> None:
    urls = (text("https://api.moyasar.com/v1/payments"), text("rasa_user_id"))
    words = (text("True"), text("rasa_user_id", ID))

    assert label(call("requests.post", urls)) == "payment/moyasar/payment.create"
    assert effect(call("requests.post", words)).operation == "post /"


def test_keys_of_what_somebody_sent_are_no_settings() -> None:
    change = text(Hole("json.loads()['push']['changes'][]"))
    link = text(Hole("json.loads()['sms_url']"))
    answer = text(Hole("requests.get().json()['push']['sms_url']"))
    setting = text(Hole("app.CONFIG['push']['url']"))

    assert label(call("requests.post", change)) == "external_write/unknown/post /"
    found = effect(call("requests.post", link))
    assert (found.kind, found.confidence) == ("messaging", LOW)
    assert effect(call("requests.post", answer)).confidence == MEDIUM
    assert label(call("requests.post", text(Hole("requests.get().json()['push']['next']")))).startswith(
        "external_write/"
    )
    assert effect(call("requests.post", setting)).confidence == MEDIUM
    assert label(call("requests.post", setting)) == "messaging/unknown/post /"


def test_the_name_of_a_field_is_no_method_where_what_it_holds_is_known() -> None:
    url, field = "https://api.vendor.example/orders", text(Hole("app.http.Request.method"))

    assert label(call("requests.request", (text("GET"), field), url)).startswith("external_read/")
    assert label(call("requests.request", field, url)).startswith("external_write/")
    assert label(call("requests.request", (text("GET"), text(Hole("parameter:method"))), url)).startswith(
        "external_write/"
    )


@pytest.mark.parametrize(
    ("hosts", "confidence"),
    [
        (("api.moyasar.com/v1/payments", "api.stripe.com/v1/payment_intents"), HIGH),
        (("api.moyasar.com/v1/payments", "slack.com/api/chat.postMessage"), MEDIUM),
    ],
)
def test_known_hosts_of_different_kinds_leave_the_effect_uncertain(hosts: tuple[str, ...], confidence: int) -> None:
    urls = tuple(Text((f"https://{host}",)) for host in hosts)
    found = effect(call("requests.post", urls))
    assert found is not None
    assert (found.kind, found.confidence) == ("payment", confidence)
