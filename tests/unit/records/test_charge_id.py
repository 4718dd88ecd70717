"""The name of a charge, which a webhook's address carries and the owner reads."""

from typing import Literal

import pytest

from dgspay_plugin.records.charge_id import ChargeId


@pytest.mark.parametrize(
    ("kind", "text", "title"),
    [
        ("payment", "payment-7", "Payment 7"),
        ("transaction", "transaction-7", "Transaction 7"),
    ],
)
def test_name_is_written_and_read(
    kind: Literal["payment", "transaction"], text: str, title: str
) -> None:
    charge_id = ChargeId(kind, 7)
    assert str(charge_id) == text
    assert charge_id.title == title
    assert ChargeId.parse(text) == charge_id


def test_payment_and_transaction_of_one_number_are_two_charges() -> None:
    charge_ids = {ChargeId("payment", 7), ChargeId("transaction", 7)}
    assert charge_ids == {ChargeId.parse("transaction-7"), ChargeId.parse("payment-7")}
    assert len(charge_ids) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "payment",
        "payment-",
        "payment-7x",
        "payment--7",
        "payment-7-8",
        "Payment-7",
        "order-7",
        "a payment-7",
        "payment-7\n",
        " payment-7",
        # Python calls these digits too.
        "payment-\N{ARABIC-INDIC DIGIT SEVEN}",
        "payment-\N{SUPERSCRIPT TWO}",
    ],
)
def test_what_is_no_name_is_refused_and_not_repeated(text: str) -> None:
    """Anybody can send a webhook's address, and the error goes to the log."""
    with pytest.raises(ValueError) as refused:
        ChargeId.parse(text)
    assert str(refused.value) == "not the name of a payment or a transaction"
