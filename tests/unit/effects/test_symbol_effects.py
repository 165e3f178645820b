"""Effects by library call: the receiver's type decides, not the name of the method."""

from __future__ import annotations

import pytest

from dealix_lint.model.graph import HIGH, LOW, MEDIUM
from tests.unit.effects.calls import call, effect, effects, index, label, symbol, text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("smtplib.SMTP().send_message", "messaging/smtp/email.send"),
        ("aiosmtplib.send", "messaging/smtp/email.send"),
        ("django.core.mail.send_mail", "messaging/smtp/email.send"),
        ("django.core.mail.EmailMultiAlternatives().send", "messaging/smtp/email.send"),
        ("flask_mail.Mail().send", "messaging/smtp/email.send"),
        ("fastapi_mail.FastMail().send_message", "messaging/smtp/email.send"),
        ("pyramid_mailer.get_mailer().send", "messaging/smtp/email.send"),
        ("stripe.PaymentIntent.create", "payment/stripe/payment_intent.create"),
        ("stripe.PaymentIntent.create_async", "payment/stripe/payment_intent.create"),
        ("stripe.StripeClient().v1.payment_intents.create", "payment/stripe/payment_intent.create"),
        ("stripe.StripeClient().payment_intents.capture", "payment/stripe/payment_intent.capture"),
        ("stripe.Refund.create", "payment/stripe/refund.create"),
        ("stripe.checkout.Session.create", "payment/stripe/checkout.session.create"),
        ("stripe.StripeClient().v1.checkout.sessions.create", "payment/stripe/checkout.session.create"),
        ("stripe.PaymentIntent.retrieve().capture", "payment/stripe/payment_intent.capture"),
        ("stripe.PaymentMethod.retrieve().detach", "external_write/stripe/payment_method.detach"),
        ("stripe.Subscription.retrieve().delete", "payment/stripe/subscription.delete"),
        ("stripe.Subscription().delete", "payment/stripe/subscription.delete"),
        ("stripe.Customer().delete", "external_write/stripe/customer.delete"),
        ("stripe.Customer.retrieve().delete", "external_write/stripe/customer.delete"),
        ("stripe.SetupIntent.retrieve().cancel", "external_write/stripe/setup_intent.cancel"),
        ("stripe.StripeClient().v2.core.accounts.close", "external_write/stripe/account.close"),
        ("stripe.Invoice.send_invoice", "payment/stripe/invoice.send"),
        ("stripe.Customer.create", "external_write/stripe/customer.create"),
        ("stripe.StripeClient().v1.customers.create", "external_write/stripe/customer.create"),
        ("stripe.ApplePayDomain.create", "external_write/stripe/apple_pay_domain.create"),
        ("stripe.treasury.OutboundPayment.create", "payment/stripe/outbound_payment.create"),
        ("zeep.Client().service.CreateInvoice", "external_write/soap/create_invoice"),
        ("zeep.Client().service.ValidateUID", "external_read/soap/validate_uid"),
        ("stripe.Subscription.retrieve", "external_read/stripe/subscription.retrieve"),
        ("stripe.StripeClient().v1.charges.list", "external_read/stripe/charge.list"),
        ("twilio.rest.Client().messages.create", "messaging/twilio/message.create"),
        ("twilio.rest.Client().verify.v2.services().verifications.create", "messaging/twilio/verification.create"),
        (
            "twilio.rest.Client().verify.v2.services().verification_checks.create",
            "external_read/twilio/verification_check.create",
        ),
        ("twilio.rest.Client().messages.list", "external_read/twilio/message.list"),
        ("anthropic.Anthropic().messages.create", "llm/anthropic/inference"),
        ("openai.AsyncOpenAI().chat.completions.create", "llm/openai/inference"),
        ("openai.OpenAI().responses.create", "llm/openai/inference"),
        ("litellm.acompletion", "llm/litellm/inference"),
        ("langchain_openai.ChatOpenAI().ainvoke", "llm/openai/inference"),
        ("langchain_openai.ChatOpenAI().bind_tools().invoke", "llm/openai/inference"),
        ("boto3.client('bedrock-runtime').invoke_model", "llm/bedrock/inference"),
        ("google.genai.Client().aio.models.generate_content", "llm/google-genai/inference"),
        ("ollama.AsyncClient().chat", "llm/ollama/inference"),
        ("sendgrid.SendGridAPIClient().send", "messaging/sendgrid/mail.send"),
        ("apprise.Apprise().notify", "messaging/apprise/notification.send"),
        ("slixmpp.ClientXMPP().send_message", "messaging/xmpp/message.send"),
        ("webexteamssdk.WebexTeamsAPI().rooms.create", "external_write/webex/room.create"),
        ("webexteamssdk.WebexTeamsAPI().messages.list", "external_read/webex/message.list"),
        ("rocketchat_API.rocketchat.RocketChat().chat_get_message", "external_read/rocketchat/chat_get_message"),
        ("mattermostdriver.Driver().posts.get_post", "external_read/mattermost/get_post"),
        ("zulip.Client().send_message", "messaging/zulip/message.send"),
        ("nio.AsyncClient().room_create", "external_write/matrix/room_create"),
        ("nio.AsyncClient().room_messages", "external_read/matrix/room_messages"),
        ("smpplib.client.Client().send_message", "messaging/smpp/sms.send"),
        ("smpplib.client.Client().query_message", "external_read/smpp/sms.query"),
        ("ccxt.binance().create_order", "payment/ccxt/order.create"),
        ("ccxt.async_support.kraken().withdraw", "payment/ccxt/withdraw"),
        ("ccxt.binance().fetch_balance", "external_read/ccxt/fetch_balance"),
        ("fbmessenger.MessengerClient().send", "messaging/meta/messenger.send"),
        ("telegram.Bot().sendMessage", "messaging/telegram/message.send"),
        ("twisted.mail.smtp.ESMTPSenderFactory", "messaging/smtp/email.send"),
        ("slack_sdk.WebClient().chat_postMessage", "messaging/slack/chat.post_message"),
        ("slack_sdk.web.async_client.AsyncWebClient().chat_postMessage", "messaging/slack/chat.post_message"),
        ("slack_sdk.webhook.WebhookClient().send", "messaging/slack/webhook.send"),
        ("slack_sdk.WebClient().conversations_list", "external_read/slack/conversations_list"),
        ("boto3.client('ses').send_email", "messaging/aws-ses/email.send"),
        ("boto3.session.Session().client('sesv2').send_email", "messaging/aws-ses/email.send"),
        ("aioboto3.Session().client('ses').send_raw_email", "messaging/aws-ses/email.send"),
        ("docusign_esign.EnvelopesApi().create_envelope", "contract/docusign/envelope.create"),
        ("docusign_esign.EnvelopesApi().list_status", "external_read/docusign/list_status"),
        ("hubspot.HubSpot().crm.contacts.basic_api.create", "external_write/hubspot/contact.create"),
        ("hubspot.HubSpot().crm.contacts.search_api.do_search", "external_read/hubspot/crm.read"),
        ("simple_salesforce.Salesforce().Contact.create", "external_write/salesforce/contact.create"),
        ("simple_salesforce.Salesforce().query", "external_read/salesforce/record.read"),
        ("googleapiclient.discovery.build('gmail').users().messages().send().execute", "messaging/gmail/mail.send"),
        ("googleapiclient.discovery.build().users().messages().send().execute", "messaging/gmail/mail.send"),
        (
            "googleapiclient.discovery.build('calendar').events().insert().execute",
            "external_write/google-calendar/event.create",
        ),
        ("googleapiclient.discovery.build('drive').files().list().execute", "external_read/google-api/file.list"),
        ("firebase_admin.messaging.send", "messaging/fcm/push.send"),
        ("jira.JIRA().create_issue", "external_write/atlassian/create_issue"),
        ("github.Github().get_repo().create_issue", "external_write/github/create_issue"),
        ("telegram.Bot().send_message", "messaging/telegram/message.send"),
        ("telegram.ext.ContextTypes.DEFAULT_TYPE().bot.send_photo", "messaging/telegram/message.send"),
        ("telegram.ext.ApplicationBuilder().token().build().bot.send_message", "messaging/telegram/message.send"),
        ("telegram.Update().callback_query.edit_message_text", "messaging/telegram/message.edit"),
        ("telegram.Update().message.reply_text", "messaging/telegram/message.send"),
        ("telegram.Bot().getUpdates", "external_read/telegram/get_updates"),
        ("telegram.Bot().send_chat_action", "external_write/telegram/chat_action.send"),
        ("aiogram.types.Message().bot.send_message", "messaging/telegram/message.send"),
        ("telebot.TeleBot().get_me", "external_read/telegram/get_me"),
        ("apprise.Apprise.instantiate().async_notify", "messaging/apprise/notification.send"),
        ("notifiers.get_notifier().notify", "messaging/notifiers/notification.send"),
        ("aioxmpp.PresenceManagedClient().send", "messaging/xmpp/message.send"),
        ("sleekxmpp.ClientXMPP().send_presence", "external_write/xmpp/presence.send"),
        ("webexteamssdk.WebexTeamsAPI().messages.create", "messaging/webex/message.create"),
        ("webexpythonsdk.WebexAPI().messages.list", "external_read/webex/message.list"),
        ("webexpythonsdk.WebexAPI().rooms.create", "external_write/webex/room.create"),
        ("rocketchat_API.rocketchat.RocketChat().chat_post_message", "messaging/rocketchat/chat_post_message"),
        ("wechaty_puppet.Puppet().message_send_text", "messaging/wechaty/message.send"),
        ("wechaty.Room().quit", "external_write/wechaty/room.quit"),
        ("wechaty_puppet.Puppet().contact_payload", "external_read/wechaty/contact_payload"),
        ("rocketchat_API.rocketchat.RocketChat().channels_list", "external_read/rocketchat/channels_list"),
        ("rocketchat_API.rocketchat.RocketChat().users_create", "external_write/rocketchat/users_create"),
        ("fbmessenger.BaseMessenger().get_user", "external_read/meta/messenger.get_user"),
        ("pymessenger.bot.Bot().send_text_message", "messaging/meta/messenger.send"),
        ("nio.AsyncClient().room_send", "messaging/matrix/room.send"),
        ("mattermostdriver.Driver().posts.create_post", "messaging/mattermost/post.create"),
        ("mattermostdriver.Driver().channels.get_channel", "external_read/mattermost/get_channel"),
        ("zulip_bots.lib.AbstractBotHandler().send_reply", "messaging/zulip/message.send"),
        ("zulip.Client().get_messages", "external_read/zulip/get_messages"),
        ("discord.ext.commands.Context().reply", "messaging/discord/message.send"),
        ("discord.Client().get_channel().send", "messaging/discord/message.send"),
        ("disnake.ApplicationCommandInteraction().response.send_message", "messaging/discord/message.send"),
        ("discord.Guild().create_role", "external_write/discord/guild.create_role"),
        ("discord.TextChannel().fetch_message", "external_read/discord/fetch_message"),
        ("paypalrestsdk.Payment().execute", "payment/paypal/payment.execute"),
        ("discord_webhook.DiscordWebhook().execute", "messaging/discord/webhook.send"),
        ("irc.client.ServerConnection().privmsg", "messaging/irc/message.send"),
        ("twisted.words.protocols.irc.IRCClient().msg", "messaging/irc/message.send"),
        ("botbuilder.core.TurnContext().send_activity", "messaging/bot-framework/activity.send"),
        ("twisted.mail.smtp.sendmail", "messaging/smtp/email.send"),
        ("exponent_server_sdk.PushClient().publish_multiple", "messaging/expo/push.send"),
        ("exponent_server_sdk.PushClient().check_receipts", "external_read/expo/receipt.read"),
        ("pushover.Client().send_message", "messaging/pushover/message.send"),
        ("africastalking.SMS.send", "messaging/africas-talking/sms.send"),
        ("africastalking.Airtime.send", "payment/africas-talking/airtime.send"),
        ("africastalking.SMS.fetch_messages", "external_read/africas-talking/fetch_messages"),
        ("razorpay.Client().payment.refund", "payment/razorpay/payment.refund"),
        ("braintree.BraintreeGateway().transaction.sale", "payment/braintree/transaction.sale"),
    ],
)
def test_library_calls(path: str, expected: str) -> None:
    assert label(call(path)) == expected
    assert effect(call(path)).confidence == HIGH


@pytest.mark.parametrize(
    "path",
    [
        "django.db.models.Model.objects.create",
        "starlette.testclient.TestClient().post",
        "boto3.client('s3').put_object",
        "boto3.client('sqs').send_message",
        "boto3.client('sns').publish",
        "redis.Redis().publish",
        "confluent_kafka.Producer().produce",
        "elasticsearch.Elasticsearch().index",
        "sqlalchemy.orm.Session().add",
        "sentry_sdk.capture_exception",
        "stripe.Webhook.construct_event",
        "send_message",
        "app.bus.Bus().send_message",
        "apprise.Apprise().add",
        "telegram.Message().to_dict",
        "telebot.TeleBot().set_state",
        "slixmpp.ClientXMPP().make_message",
        "webexteamssdk.Webhook",
        "nio.AsyncClient().add_event_callback",
        "mattermostdriver.Driver().init_websocket",
        "smpplib.client.Client().bind_transmitter",
        "smpplib.gsm.make_parts",
        "twisted.mail.smtp.SMTPFactory",
        "exponent_server_sdk.PushMessage().get_payload",
        "irc.client.ServerConnection().add_global_handler",
    ],
)
def test_own_infrastructure_and_in_process_calls_are_no_effects(path: str) -> None:
    assert not effects(call(path))


def test_a_notification_is_a_message_only_when_it_goes_to_a_phone() -> None:
    assert label(call("boto3.client('sns').publish", PhoneNumber="+966")) == "messaging/aws-sns/sms.send"
    assert not effects(call("boto3.client('sns').publish", TopicArn="arn", PhoneNumber=None))


def test_a_generic_call_is_told_by_its_constant_argument() -> None:
    path = "slack_sdk.WebClient().api_call"
    assert label(call(path, "chat.postMessage")) == "messaging/slack/chat.post_message"
    assert label(call(path, api_method="users.list")).startswith("external_read")
    assert label(call(path, ())).startswith("external_write")


def test_a_generic_call_is_told_by_the_object_it_is_given() -> None:
    execute = "paypalcheckoutsdk.core.PayPalHttpClient().execute"
    read = symbol("paypalcheckoutsdk.orders.OrdersGetRequest()")
    assert label(call(execute, read)) == "external_read/paypal/request"
    refund = symbol("paypalcheckoutsdk.payments.CapturesRefundRequest()")
    assert label(call(execute, request=refund)) == "payment/paypal/capture.refund"
    assert label(call(execute, symbol("app.requests.Anything()"))) == "payment/paypal/request"


def test_an_operation_may_lower_the_floor_of_its_kind() -> None:
    def floor(path: str) -> tuple[str, str]:
        found = effect(call(path))
        return found.floor_reversibility, found.floor_sensitivity

    assert floor("stripe.Refund.create") == ("R3", "S2")
    assert floor("stripe.checkout.Session.create") == ("R1", "S2")
    assert floor("stripe.Customer.create") == ("R1", "S1")
    assert floor("stripe.Refund.retrieve") == ("R0", "S0")


def test_a_site_is_one_effect_per_operation_the_gravest_first() -> None:
    url, other = "https://api.stripe.com/v1/refunds", "https://api.stripe.com/v1/customers"
    found = effects(
        call("requests.request", "GET", url, node=1),
        call("requests.request", "POST", url, node=2),
        call("requests.request", "POST", other, node=5),
        call("requests.request", "POST", url, node=7),
    )
    assert [(effect.kind, effect.operation, effect.nodes) for effect in found] == [
        ("payment", "refund.create", (2, 7)),
        ("external_write", "customer.create", (5,)),
        ("external_read", "get /v1/refunds", (1,)),
    ]
    assert found[0].function == "app.x.send"


def test_the_order_of_calls_does_not_matter() -> None:
    calls = [
        call("stripe.Refund.create", node=3),
        call("anthropic.Anthropic().messages.create", node=1),
        call("httpx.post", "https://a.example.org/", node=2),
    ]
    assert effects(*calls) == effects(*calls[::-1])


def test_a_doubtful_receiver_makes_a_doubtful_effect() -> None:
    assert effect(call("stripe.Refund.create", confidence=MEDIUM)).confidence == MEDIUM
    sure, guess = call("httpx.post", "https://a.example.org/x"), call("stripe.Refund.create", confidence=LOW)
    assert effect(sure, guess).provider == "a.example.org"


def test_only_modelled_paths_are_asked_for() -> None:
    rules = index()
    assert rules.is_modelled("httpx.AsyncClient().post")
    assert rules.is_modelled("urllib.request.Request")
    assert not rules.is_modelled("builtins.print")


def test_text_in_a_path_argument_is_shown_shortened() -> None:
    found = effect(call("requests.post", text("https://api.example.org/" + "x" * 500)))
    assert len(found.recognised_by) == 200
