"""What the order page says of a charge."""

from decimal import Decimal

import pytest
from saleor.payment.models import TransactionItem

from dgspay_plugin.configuration import LONGEST_PORTAL_URL
from dgspay_plugin.payment.mobile_money import Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import Declined, Paid
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.history import History
from dgspay_plugin.records.order_page import (
    describe,
    name_of,
    payment_method_details,
    payment_method_info,
)
from dgspay_plugin.records.replies import reply_for
from dgspay_plugin.records.session_results import session_result

WALLET: Wallet = {"network": "MTN", "phone_last_digits": "456"}
PRICE = Money(Decimal(12000), "RWF")


@pytest.mark.parametrize(
    ("wallet", "name"), [(None, "DGS-Pay card"), (WALLET, "DGS-Pay MTN")]
)
def test_name(wallet: Wallet | None, name: str) -> None:
    assert name_of(wallet) == name


def test_method_of_a_card_is_no_more_than_that() -> None:
    info = payment_method_info(None)
    assert (info.type, info.name) == ("card", "DGS-Pay card")
    assert (info.brand, info.first_4, info.last_4) == (None, None, None)
    assert payment_method_details(None) == {"type": "CARD", "name": "DGS-Pay card"}


def test_method_of_a_wallet() -> None:
    info = payment_method_info(WALLET)
    assert (info.type, info.brand, info.last_4) == ("mobile_money", "MTN", "456")
    assert payment_method_details(WALLET) == {
        "type": "OTHER",
        "name": "DGS-Pay MTN, number ending in 456",
    }


def test_link_escapes_the_reference() -> None:
    item = TransactionItem()
    describe(item, None, "DGS/1?", "https://portal.example/{reference}?tab=1")
    assert item.external_url == "https://portal.example/DGS%2F1%3F?tab=1"


@pytest.mark.parametrize(
    ("reference", "portal_url"),
    [(None, "https://portal.example/{reference}"), ("DGS-1", None)],
)
def test_no_link_where_something_is_not_known(
    reference: str | None, portal_url: str | None
) -> None:
    item = TransactionItem()
    describe(item, WALLET, reference, portal_url)
    assert item.name == "DGS-Pay MTN"
    assert item.external_url is None


def test_link_that_saleor_cannot_keep_is_left_out() -> None:
    item = TransactionItem()
    portal_url = "https://portal.example/{reference}".ljust(LONGEST_PORTAL_URL, "a")
    describe(item, None, "D" * 100, portal_url)
    assert item.external_url is None


def test_session_says_it_only_of_what_is_paid_or_pending() -> None:
    paid = session_result(reply_for(Paid("DGS-1", PRICE), PRICE, History(), None))
    assert paid["message"] == "Paid with DGS-Pay card."
    assert paid["paymentMethodDetails"]["type"] == "CARD"
    declined = reply_for(
        Declined("DGS-1", CustomerMessage.DECLINED), PRICE, History(), None
    )
    assert "paymentMethodDetails" not in session_result(declined)
