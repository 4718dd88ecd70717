"""GET /transactions, GET /transactions/{dgs_reference} and GET /balance."""

import uuid
from datetime import UTC, datetime

import pytest

from dgspay_plugin.sandbox.api import MERCHANT_ID

from .client import APPROVED, PIN_CARD, card
from .test_requests import refused

DECLINED = "4000000000000200"


def listed(merchant, query=""):
    answer = merchant.call("GET", f"/transactions{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_row_says_what_was_charged(merchant):
    reference = merchant.start(amount=10.5, currency="USD")["dgs_reference"]
    answer = merchant.call("GET", f"/transactions/{reference}")
    assert '"amount": 10.5,' in answer.text
    row = answer.json()["data"]
    written = f"{row.pop('created_at')} +0000"
    created_at = datetime.strptime(written, "%Y-%m-%d %H:%M:%S %z")
    assert abs((datetime.now(UTC) - created_at).total_seconds()) < 10
    assert uuid.UUID(row.pop("id"))
    assert row == {
        "dgs_reference": reference,
        "amount": 10.5,
        "currency": "USD",
        "status": "success",
        "payment_method_type": "card",
    }
    assert listed(merchant)["data"] == [merchant.row(reference)]


def test_the_list_comes_in_pages_newest_first(merchant):
    references = [merchant.start()["dgs_reference"] for _ in range(5)]
    pages = [listed(merchant, f"?page={page}&limit=2") for page in (1, 2, 3, 4)]
    rows = [row["dgs_reference"] for page in pages for row in page["data"]]
    assert rows == references[::-1]
    assert pages[0]["pagination"] == {"page": 1, "limit": 2, "total": 5, "pages": 3}


def test_no_transaction_is_an_empty_list(merchant):
    empty = listed(merchant)
    assert empty["data"] == []
    assert empty["pagination"]["pages"] == 0


@pytest.mark.parametrize(
    ("status", "number"),
    [("success", APPROVED), ("pending", PIN_CARD), ("failed", DECLINED)],
)
def test_the_list_is_filtered_by_status(merchant, status, number):
    expected = {
        known: merchant.start(known)["dgs_reference"]
        for known in (APPROVED, PIN_CARD, DECLINED)
    }
    [row] = listed(merchant, f"?status={status}")["data"]
    assert (row["dgs_reference"], row["status"]) == (expected[number], status)


def test_the_list_is_filtered_by_reference(merchant):
    for _ in range(3):
        merchant.start()
    charge = merchant.control("GET", "/charges")[1]
    for name in ("dgs_reference", "flw_reference"):
        [row] = listed(merchant, f"?{name}={charge[name]}")["data"]
        assert row["dgs_reference"] == charge["dgs_reference"]
        assert listed(merchant, f"?{name}=none")["data"] == []
    assert listed(merchant, "?payment_link_id=1")["data"] == []


@pytest.mark.parametrize(
    "query",
    ["?limit=101", "?limit=0", "?page=0", "?page=x", "?status=successful", "?sort=id"],
)
def test_a_query_against_its_rule_is_refused(merchant, query):
    refused(merchant.call("GET", f"/transactions{query}"), "90", 400)


def test_the_balance_counts_what_was_charged(merchant):
    for amount in (10.5, 0.25):
        merchant.start(amount=amount, currency="USD")
    merchant.start(DECLINED)
    merchant.start(PIN_CARD)
    merchant.start(**card())
    answer = merchant.call("GET", "/balance").json()
    assert answer == {
        "status": "success",
        "error_code": "00",
        "merchant_id": MERCHANT_ID,
        "balances": [
            {
                "currency": currency,
                "pending_balance": 0,
                "available_balance": amount,
                "total_balance": amount,
            }
            for currency, amount in (("RWF", 12000), ("USD", 10.75))
        ],
    }
