"""Which shared functions make a graph and a workflow commit the same, and which only carry what they are given."""

from __future__ import annotations

from pathlib import Path

from tests.unit.checks.projects import announced, check_files, said

SERVICES = """
import json
import smtplib
from email.mime.text import MIMEText

import boto3
import httpx
import stripe
import twilio.rest
from celery import Celery

app = Celery()
GREETING = "Dear customer"


def settings():
    return object()


def render(name):
    return f"Welcome, {name}!"


def wrap(text):
    return {"body": text}


def sms(to, body):
    twilio.rest.Client().messages.create(to=to, from_="+966500000000", body=body)


def whatsapp(phone, text):
    httpx.post(
        "https://graph.facebook.com/v20.0/1/messages",
        json={"messaging_product": "whatsapp", "type": "text", "to": phone, "text": wrap(text)},
        headers={"Authorization": "Bearer secret"},
    )


def mail(to, subject, text):
    message = MIMEText(text)
    message["Subject"] = subject
    server = smtplib.SMTP("smtp.sendgrid.net")
    server.sendmail("billing@example.org", [to], message.as_string())


def crm(fields):
    httpx.post("https://api.hubapi.com/crm/v3/objects/deals", json={"properties": fields})


def relay(to, body):
    sms(to, body)


def constant_sms(to):
    twilio.rest.Client().messages.create(to=to, from_="+966500000000", body="Your code is ready")  # error: DLX301


def module_constant_sms(to):
    twilio.rest.Client().messages.create(to=to, from_="+966500000000", body=GREETING)  # error: DLX301


def rendered_sms(to, name):
    twilio.rest.Client().messages.create(to=to, from_="+966500000000", body=render(name))  # error: DLX301


def templated_mail(to, deal):
    boto3.client("ses").send_templated_email(  # error: DLX301
        Source="a@example.org", Destination={"ToAddresses": [to]}, Template="TermSheet", TemplateData=json.dumps(deal)
    )


def lead_record(email):
    fields = {"email": email, "lifecyclestage": "lead"}
    httpx.post("https://api.hubapi.com/crm/v3/objects/contacts", json=fields)  # error: DLX301


def pay(amount):
    stripe.PaymentIntent.create(amount=amount, currency="sar")  # error: DLX301


"""
USERS = """
from langgraph.graph import START, StateGraph
from services import *
from temporalio import activity


def node(state: dict) -> dict:
    sms(state["to"], "The graph says hello")
    whatsapp(state["to"], "The graph says hello")
    mail(state["to"], "Graph", "The graph says hello")
    crm({"stage": "graph"})
    relay(state["to"], "The graph relays")
    SHARED_CALLS
    return {}


@activity.defn
def act(to: str) -> None:
    sms(to, "The workflow says hello")
    whatsapp(to, "The workflow says hello")
    mail(to, "Workflow", "The workflow says hello")
    crm({"stage": "workflow"})
    relay(to, "The workflow relays")
    SHARED_CALLS


graph = StateGraph(dict)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""
CALLS = """constant_sms(5)
    module_constant_sms(5)
    rendered_sms(5, 6)
    templated_mail(5, 6)
    lead_record(5)
    pay(5)"""


def test_transports_are_shared_by_right_and_messages_are_not(tmp_path: Path) -> None:
    files = {"services.py": SERVICES, "users.py": USERS.replace("SHARED_CALLS", CALLS)}
    assert said(check_files(tmp_path, files, "DLX301")) == announced(files, "DLX301")


def test_a_configured_owner_is_a_boundary_for_its_commitments_alone(tmp_path: Path) -> None:
    files = {
        "users.py": """
        import requests
        import stripe
        import twilio.rest
        from celery import Celery
        from langgraph.graph import START, StateGraph

        app = Celery()


        @app.task
        def pay(amount):
            stripe.PaymentIntent.create(amount=amount, currency="sar")
            requests.post("https://api.moyasar.com/v1/payouts", json={"amount": amount})  # error: DLX302


        @app.task
        def text(to):
            twilio.rest.Client().messages.create(to=to, body="hello")


        def node(state: dict) -> dict:
            pay.delay(5)
            text.delay("1")
            return {}


        graph = StateGraph(dict)
        graph.add_node("node", node)
        graph.add_edge(START, "node")
        graph = graph.compile()
        """
    }
    settings = '[tool.dealix-lint.owners]\n"payment/stripe/*" = "celery"\n"messaging/*/*" = "temporal"\n'
    assert said(check_files(tmp_path, files, "DLX302", settings)) == announced(files, "DLX302")


def test_a_declared_owner_ends_the_graph_on_that_path_only(tmp_path: Path) -> None:
    files = {
        "users.py": """
        import stripe
        from dealix_lint.markers import commitment_owner
        from langgraph.graph import START, StateGraph


        def charge(amount):
            stripe.PaymentIntent.create(amount=amount, currency="sar")  # error: DLX302


        def refund(c):
            stripe.Refund.create(charge=c)


        @commitment_owner("temporal")
        def hand_over(state):
            refund(state["charge"])
            charge(1)


        def node(state: dict) -> dict:
            hand_over(state)
            charge(5)
            return {}


        graph = StateGraph(dict)
        graph.add_node("node", node)
        graph.add_edge(START, "node")
        graph = graph.compile()
        """
    }
    assert said(check_files(tmp_path, files, "DLX302")) == announced(files, "DLX302")


AGENT = """
import stripe
from agents import Agent, Runner, function_tool
from temporalio import activity


def charge(amount):
    stripe.PaymentIntent.create(amount=amount, currency="sar")


@function_tool
def pay(amount: int) -> str:
    charge(amount)
    return "paid"


@activity.defn
async def settle(amount: int) -> None:
    charge(amount)


async def answer(question):
    return await Runner.run(Agent(name="billing", tools=[pay]), question)
"""


def test_code_of_other_agents_is_not_called_langgraphs(tmp_path: Path) -> None:
    findings = check_files(tmp_path, {"app.py": AGENT}, "DLX30")
    messages = {finding.code: finding.message for finding in findings}
    assert messages["DLX302"].startswith("Agent code in app.pay (from app.answer")
    assert "and from an agent (" in messages["DLX301"]
    assert not any("LangGraph" in message for message in messages.values())
