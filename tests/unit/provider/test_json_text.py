"""Amounts keep their digits."""

from decimal import Decimal

import pytest

from dgspay_plugin.provider.json_text import read_json, write_json


@pytest.mark.parametrize("amount", ["10.50", "0.05", "12000", "1000000000", "1E+4"])
def test_amount_is_written_as_the_number_it_is(amount: str) -> None:
    body = write_json({"amount": Decimal(amount), "narration": "Ingabire \u201d 1"})
    assert body == f'{{"amount": {amount}, "narration": "Ingabire \\u201d 1"}}'
    assert read_json(body)["amount"] == Decimal(amount)


def test_number_with_a_point_is_read_digit_for_digit() -> None:
    read = read_json('\ufeff{"amount": 10.50, "fee": 0.1000000000000000055, "page": 1}')
    assert {name: repr(value) for name, value in read.items()} == {
        "amount": "Decimal('10.50')",
        "fee": "Decimal('0.1000000000000000055')",
        "page": "1",
    }


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json(number: str) -> None:
    with pytest.raises(ValueError, match="no number of JSON"):
        read_json(f'{{"amount": {number}}}')
