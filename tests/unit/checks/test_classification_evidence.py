"""What counts as classification, how far it reaches, and what does not count."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.checks.projects import announced, check_files, said

NO_GATES = 'ignore = ["DLX109"]\n'
CLASSES = 'approval_class="A3", reversibility_class="R3", sensitivity_class="S2"'
DISPLAY = '{"approval_class": "A3", "reversibility_class": "R3", "sensitivity_class": "S2"}'
GOVERNANCE = """
from dataclasses import dataclass
from enum import Enum


class Approval(Enum):
    NOBODY = "A0"
    EXECUTIVE = "A3"


@dataclass
class Packet:
    action: str
    approval_class: str
    reversibility_class: str
    sensitivity_class: str


@dataclass
class PaymentPacket(Packet):
    approval_class: str = "A3"
    reversibility_class: str = "R3"
    sensitivity_class: str = "S2"


TABLE = {"refund": ("A3", "R3", "S2"), "draft": ("A0", "R0", "S0")}


def classify(action):
    return TABLE[action]


def make_packet(action):
    return Packet(action, "A3", "R3", "S2")


def make_packet_sometimes(action):
    if action:
        return Packet(action, "A3", "R3", "S2")
    return None


def submit(packet):
    return packet


def execute(function, **classes):
    return function()
"""

COVERED = {
    "positional fields of a dataclass": 'Packet("refund", "A3", "R3", "S2")\n    stripe.Refund.create(charge=c)',
    "an enum member": 'submit(Packet("refund", Approval.EXECUTIVE, "R3", "S2"))\n    stripe.Refund.create(charge=c)',
    "defaults of a constructed class": 'submit(PaymentPacket("refund"))\n    stripe.Refund.create(charge=c)',
    "a helper that makes the packet": 'packet = make_packet("refund")\n    stripe.Refund.create(charge=c)',
    "a table looked up by action": 'classes = classify("refund")\n    stripe.Refund.create(charge=c)',
    "a dict handed to a call": f"submit({DISPLAY})\n    stripe.Refund.create(charge=c)",
    "a governed executor": f"execute(lambda: stripe.Refund.create(charge=c), {CLASSES})",
    "the effect's own metadata": f"stripe.Refund.create(charge=c, metadata=dict({CLASSES}))",
    "a spread constant dict": f"SPEC = {DISPLAY}\n    Packet('refund', **SPEC)\n    stripe.Refund.create(charge=c)",
}
UNCOVERED = {
    "a log line": f"log.info('refund', extra=dict({CLASSES}))\n    MARK",
    "a query": f"db.filter_by({CLASSES})\n    MARK",
    "a packet made afterwards": f"x = MARK\n    Packet('refund', {CLASSES})",
    "a packet made on one branch": f"if c:\n        Packet('refund', {CLASSES})\n    MARK",
    "a packet that is only declared": "packet: Packet\n    MARK",
    "a helper that makes the packet on one branch": "make_packet_sometimes(c)\n    MARK",
    "a governed executor of another action": f"execute(lambda: stripe.Payout.create(amount=1), {CLASSES})\n    MARK",
    "another function of the module": "MARK\n\n\ndef other():\n    Packet('refund', 'A3', 'R3', 'S2')",
    "values that are only known at run time": "submit(Packet(c, a, r, s))\n    MARK",
    "a packet whose fields are None": "submit(Packet('refund', None, None, None))\n    MARK",
}


HEAD = "import logging\nimport stripe\nfrom governance import *\n\nlog = logging.getLogger(__name__)\n\n\n"
MARK = "stripe.Refund.create(charge=c)  # error: DLX101"


def _modules(bodies: dict[str, str]) -> dict[str, str]:
    """One module per case, named like it."""
    cases = {
        f"{re.sub(r'[^a-z]', '_', name)}.py": f"{HEAD}def refund(c, db, a, r, s):\n    {body.replace('MARK', MARK)}\n"
        for name, body in bodies.items()
    }
    return {"governance.py": GOVERNANCE, **cases}


def test_evidence_before_the_effect_covers_it(tmp_path: Path) -> None:
    assert said(check_files(tmp_path, _modules(COVERED), "DLX101")) == []


def test_what_is_no_evidence_leaves_the_effect_unclassified(tmp_path: Path) -> None:
    files = _modules(UNCOVERED)
    assert said(check_files(tmp_path, files, "DLX101")) == announced(files, "DLX101")


def test_a_class_speaks_for_its_methods_and_those_of_its_subclasses(tmp_path: Path) -> None:
    files = {
        "pay.py": """
        import stripe


        class Governed:
            approval_class = "A3"
            reversibility_class = "R3"
            sensitivity_class = "S2"


        class Refunds(Governed):
            def refund(self, c):
                return stripe.Refund.create(charge=c)


        class Payouts:
            def pay(self, amount):
                return stripe.Payout.create(amount=amount)  # error: DLX101
        """
    }
    assert said(check_files(tmp_path, files, "DLX1", NO_GATES)) == announced(files, "DLX1")


def test_configuration_classifies_what_cannot_be_edited(tmp_path: Path) -> None:
    files = {
        "vendor/mailer.py": """
        import stripe


        class Client:
            def charge(self, amount):
                return stripe.PaymentIntent.create(amount=amount, currency="sar")
        """,
        "pay.py": """
        import stripe
        import twilio.rest


        def refund(c):
            return stripe.Refund.create(charge=c)


        def text(to):
            twilio.rest.Client().messages.create(to=to, body="hello")  # error: DLX101
        """,
    }
    settings = """
    [tool.dealix-lint.classify]
    "vendor.mailer.*" = { approval = "A3", reversibility = "R3", sensitivity = "S2" }
    "stripe.Refund.create" = { approval = "A3", reversibility = "R3", sensitivity = "S2" }
    """
    assert said(check_files(tmp_path, files, "DLX1", NO_GATES + settings)) == announced(files, "DLX1")


def test_a_configured_marker_may_use_short_keywords_one_by_one(tmp_path: Path) -> None:
    files = {
        "gov.py": "def governed(**classes):\n    return lambda function: function\n",
        "pay.py": """
        import stripe
        from gov import governed


        @governed(approval="A3")  # error: DLX102
        def refund(c):
            return stripe.Refund.create(charge=c)
        """,
    }
    assert said(check_files(tmp_path, files, "DLX1", NO_GATES + 'markers = ["gov.governed"]\n')) == announced(
        files, "DLX1"
    )


def test_an_enum_member_outside_the_vocabulary_is_invalid(tmp_path: Path) -> None:
    files = {
        "pay.py": """
        from enum import Enum

        import stripe


        class Approval(Enum):
            BOARD = "A9"


        def governed(**classes):
            return lambda function: function


        @governed(approval_class=Approval.BOARD, reversibility_class="R3", sensitivity_class="S2")  # error: DLX103
        def refund(c):
            return stripe.Refund.create(charge=c)
        """
    }
    assert said(check_files(tmp_path, files, "DLX1", NO_GATES)) == announced(files, "DLX1")


def test_a_decorator_that_is_handed_its_classes_at_run_time_states_none(tmp_path: Path) -> None:
    files = {
        "pay.py": """
        import stripe


        def governed(**classes):
            return lambda function: function


        def make(approval, reversibility, sensitivity):
            @governed(approval_class=approval, reversibility_class=reversibility, sensitivity_class=sensitivity)
            def refund(c):
                return stripe.Refund.create(charge=c)  # error: DLX101

            return refund
        """
    }
    assert said(check_files(tmp_path, files, "DLX10", NO_GATES)) == announced(files, "DLX10")
