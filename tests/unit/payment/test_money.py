from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.money import Money

DECIMALS = {"RWF": 0, "USD": 2, "KWD": 3, "JPY": 0, "EUR": 2}

# What Saleor's database holds: twenty digits, three of them decimals.
saleor_amounts = st.decimals(
    min_value=0, max_value=Decimal("99999999999999999.999"), places=3
)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("12000.000", "RWF", "12000"),
        ("10.500", "USD", "10.50"),
        ("10", "USD", "10.00"),
        ("0.010", "USD", "0.01"),
        ("1.250", "KWD", "1.250"),
        ("1E+4", "RWF", "10000"),
    ],
)
def test_amount_has_the_decimals_of_its_currency(
    amount: str, currency: str, written: str
) -> None:
    money = Money(Decimal(amount), currency).in_minor_unit_steps()
    assert (str(money.amount), money.currency) == (written, currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("12000.500", "RWF"), ("10.505", "USD"), ("0.001", "JPY")]
)
def test_amount_below_the_smallest_coin_is_not_rounded(
    amount: str, currency: str
) -> None:
    with pytest.raises(ValueError, match=currency):
        Money(Decimal(amount), currency).in_minor_unit_steps()


@given(saleor_amounts, st.sampled_from(sorted(DECIMALS)))
def test_amount_is_exact_or_refused(amount: Decimal, currency: str) -> None:
    decimals = DECIMALS[currency]
    payable = amount > 0 and amount % Decimal(1).scaleb(-decimals) == 0
    try:
        money = Money(amount, currency).in_minor_unit_steps()
    except ValueError:
        assert not payable
    else:
        assert payable
        assert money == Money(amount, currency)
        assert money.amount.as_tuple().exponent == -decimals


@pytest.mark.parametrize(
    ("amount", "text"),
    [("12000.000", "12000 RWF"), ("1.2E+4", "12000 RWF"), ("0.50", "0.5 RWF")],
)
def test_money_reads_as_a_person_writes_it(amount: str, text: str) -> None:
    assert str(Money(Decimal(amount), "RWF")) == text


def test_amount_above_a_total() -> None:
    charged, total = Money(Decimal(12000), "RWF"), Money(Decimal(10000), "RWF")
    assert charged.above(total) == Money(Decimal(2000), "RWF")
