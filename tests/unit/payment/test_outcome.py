"""The outcome table of the design, a row a test."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    AmountUnknown,
    Declined,
    NextAction,
    Paid,
    Pending,
    ProviderTransaction,
    TransactionStatus,
    UnknownAction,
    Verdict,
    judge,
)
from dgspay_plugin.payment.refusal import CustomerMessage

DUE = Money(Decimal(12000), "RWF")
REFERENCE = "DGS-1"


def transaction(status: str = "pending", **facts: Any) -> ProviderTransaction:
    return ProviderTransaction(REFERENCE, TransactionStatus(status), **facts)


def charged(amount: str, currency: str = "RWF") -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": currency}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        pytest.param(
            transaction("successful", **charged("12000")),
            Paid(REFERENCE, DUE),
            id="successful",
        ),
        pytest.param(
            transaction("successful", **charged("12000.00")),
            Paid(REFERENCE, DUE),
            id="successful, the amount written with decimals",
        ),
        pytest.param(
            transaction("successful", **charged("11999")),
            AmountMismatch(REFERENCE, Money(Decimal(11999), "RWF")),
            id="successful, less was charged",
        ),
        pytest.param(
            transaction("successful", **charged("120000")),
            AmountMismatch(REFERENCE, Money(Decimal(120000), "RWF")),
            id="successful, more was charged",
        ),
        pytest.param(
            transaction("successful", **charged("12000", "USD")),
            AmountMismatch(REFERENCE, Money(Decimal(12000), "USD")),
            id="successful in another currency",
        ),
        pytest.param(
            transaction("successful"),
            AmountUnknown(REFERENCE),
            id="successful without amount and currency",
        ),
        pytest.param(
            transaction("successful", amount=Decimal(12000)),
            AmountUnknown(REFERENCE),
            id="successful without currency",
        ),
        pytest.param(
            transaction("successful", currency="RWF"),
            AmountUnknown(REFERENCE),
            id="successful without amount",
        ),
        pytest.param(
            transaction("successful", next_action=NextAction.PIN, **charged("12000")),
            ActionRequired(REFERENCE, NextAction.PIN),
            id="successful, but a step is left",
        ),
        pytest.param(
            transaction("pending", next_action=NextAction.OTP),
            ActionRequired(REFERENCE, NextAction.OTP),
            id="pending with a step",
        ),
        pytest.param(
            transaction(
                "pending", next_action=NextAction.REDIRECT, redirect_url="https://bank"
            ),
            ActionRequired(REFERENCE, NextAction.REDIRECT, redirect_url="https://bank"),
            id="pending with the bank's page",
        ),
        *(
            pytest.param(
                transaction(
                    "pending", next_action=NextAction.REDIRECT, redirect_url=address
                ),
                UnknownAction(REFERENCE, "a redirect without a web address"),
                id=f"pending with {address}",
            )
            for address in ("javascript:alert(1)", "data:,a", "/3ds", "https://a\n")
        ),
        pytest.param(
            transaction("pending", next_action=NextAction.REDIRECT),
            UnknownAction(REFERENCE, "a redirect without a web address"),
            id="a bank's page without its address",
        ),
        pytest.param(
            transaction("pending", unknown_action="requires_dance"),
            UnknownAction(REFERENCE, "requires_dance"),
            id="a step that nobody knows",
        ),
        pytest.param(
            transaction("successful", unknown_action="requires_dance"),
            UnknownAction(REFERENCE, "requires_dance"),
            id="successful with a step that nobody knows",
        ),
        pytest.param(transaction("pending"), Pending(REFERENCE), id="pending"),
        pytest.param(
            transaction("failed"),
            Declined(REFERENCE, CustomerMessage.DECLINED),
            id="failed",
        ),
    ],
)
def test_outcome_table(answer: ProviderTransaction, verdict: Verdict) -> None:
    assert judge(answer, DUE) == verdict


@pytest.mark.parametrize(
    "step",
    [{"next_action": NextAction.PIN}, {"unknown_action": "requires_dance"}],
    ids=["known", "unknown"],
)
def test_what_has_failed_has_failed_whatever_it_asks_for(
    step: dict[str, object],
) -> None:
    reason = CustomerMessage.INCORRECT_PIN
    answer = transaction("failed", reason=reason, **step)
    assert judge(answer, DUE) == Declined(REFERENCE, reason)


@pytest.mark.parametrize(
    ("asked_for", "reason", "mistake"),
    [
        (NextAction.PIN, CustomerMessage.INCORRECT_PIN, CustomerMessage.INCORRECT_PIN),
        (NextAction.OTP, CustomerMessage.INCORRECT_OTP, CustomerMessage.INCORRECT_OTP),
        (NextAction.OTP, CustomerMessage.INCORRECT_PIN, None),
        (NextAction.PIN, CustomerMessage.INSUFFICIENT_FUNDS, None),
        (NextAction.PIN, None, None),
    ],
)
def test_wrong_answer_is_asked_for_again(
    asked_for: NextAction,
    reason: CustomerMessage | None,
    mistake: CustomerMessage | None,
) -> None:
    verdict = judge(transaction(next_action=asked_for, reason=reason), DUE)
    assert isinstance(verdict, ActionRequired)
    assert verdict.mistake is mistake


@given(
    st.builds(
        ProviderTransaction,
        reference=st.just(REFERENCE),
        status=st.sampled_from(TransactionStatus),
        next_action=st.none() | st.sampled_from(NextAction),
        unknown_action=st.none() | st.text(),
        redirect_url=st.none() | st.just("https://bank"),
        reason=st.none() | st.sampled_from(CustomerMessage),
        amount=st.none() | st.sampled_from([Decimal(12000), Decimal("11999.99")]),
        currency=st.none() | st.sampled_from(["RWF", "USD"]),
    )
)
def test_paid_is_only_what_the_provider_calls_complete(
    answer: ProviderTransaction,
) -> None:
    complete = (
        answer.status is TransactionStatus.SUCCESSFUL
        and answer.next_action is None
        and answer.unknown_action is None
        and answer.amount == DUE.amount
        and answer.currency == DUE.currency
    )
    verdict = judge(answer, DUE)
    assert isinstance(verdict, Paid) is complete
    assert verdict.reference == REFERENCE
