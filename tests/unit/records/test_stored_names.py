"""Names that are in stores' databases: a change of one needs a reader for the old."""

import json
from typing import get_args

from dgspay_plugin.payment.outcome import InDoubt, Verdict
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.attempts import ATTEMPT_KEY
from dgspay_plugin.records.charges import OUTCOMES_KEY
from dgspay_plugin.records.history import FIELD_TYPES, read_record
from dgspay_plugin.records.refunds import UNCONFIRMED_KEY
from tests.docs.pages import blocks


def test_outcomes_keep_their_codes() -> None:
    assert {outcome.code for outcome in (*get_args(Verdict), InDoubt)} == {
        "Paid",
        "AmountUnknown",
        "AmountMismatch",
        "ActionRequired",
        "UnknownAction",
        "Pending",
        "Declined",
        "InDoubt",
    }


def test_reasons_of_declines_are_the_documented_codes_in_capitals() -> None:
    for message in CustomerMessage:
        assert message.name == message.code.upper()


def test_fields_keep_their_names() -> None:
    assert set(FIELD_TYPES) == {
        "outcome",
        "dgs_reference",
        "confirmation",
        "why",
        "waiting_since",
        "step_in_doubt",
        "reason",
        "charged",
        "due",
        "next_action_type",
        "wallet",
    }


def test_metadata_keeps_its_keys() -> None:
    assert (OUTCOMES_KEY, ATTEMPT_KEY) == ("dgspay.outcomes", "dgspay.attempt")
    assert UNCONFIRMED_KEY == "dgspay.unconfirmed_refunds"


def test_documented_example_is_read() -> None:
    (example,) = blocks("json stored outcomes")

    for stored in json.loads(example.text):
        assert read_record(stored["record"]) == stored["record"]


def test_field_of_a_newer_version_is_passed_over() -> None:
    stored = {"outcome": "Pending", "dgs_reference": "DGS-1", "of_a_newer_version": 7}

    assert read_record(stored)["outcome"] == "Pending"
