"""The outcome table of the design, a row a test."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    NEXT_ACTION_SPELLINGS,
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


def transaction(status: str = "pending", **facts: object) -> ProviderTransaction:
    return ProviderTransaction(REFERENCE, TransactionStatus(status), **facts)


def charged(amount: str, currency: str = "RWF") -> dict[str, object]:
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
            transaction("successful", next_action_type="pin", **charged("12000")),
            ActionRequired(REFERENCE, NextAction.PIN),
            id="successful, but a step is left",
        ),
        pytest.param(
            transaction("pending", next_action_type="requires_otp"),
            ActionRequired(REFERENCE, NextAction.OTP),
            id="pending with a step",
        ),
        pytest.param(
            transaction(
                "pending", next_action_type="redirect_url", redirect_url="https://bank"
            ),
            ActionRequired(REFERENCE, NextAction.REDIRECT, redirect_url="https://bank"),
            id="pending with the bank's page",
        ),
        *(
            pytest.param(
                transaction(
                    "pending", next_action_type="redirect_url", redirect_url=address
                ),
                UnknownAction(REFERENCE, "redirect_url without a web address"),
                id=f"pending with {address}",
            )
            for address in ("javascript:alert(1)", "data:,a", "/3ds", "https://a\n")
        ),
        pytest.param(
            transaction("pending", next_action_type="redirect_url"),
            UnknownAction(REFERENCE, "redirect_url without a web address"),
            id="a bank's page without its address",
        ),
        pytest.param(
            transaction("pending", next_action_type="requires_dance"),
            UnknownAction(REFERENCE, "requires_dance"),
            id="a step that nobody knows",
        ),
        pytest.param(
            transaction("successful", next_action_type="requires_dance"),
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
    ("spelling", "action"),
    [
        ("pin", NextAction.PIN),
        ("requires_pin", NextAction.PIN),
        ("otp", NextAction.OTP),
        ("requires_otp", NextAction.OTP),
        ("avs", NextAction.AVS),
        ("requires_additional_fields", NextAction.AVS),
        ("redirect", NextAction.REDIRECT),
        ("redirect_url", NextAction.REDIRECT),
        ("requires_redirect", NextAction.REDIRECT),
        ("payment_instruction", NextAction.WAIT),
        (" Requires_PIN ", NextAction.PIN),
    ],
)
def test_next_action_spelling(spelling: str, action: NextAction) -> None:
    answer = transaction(next_action_type=spelling, redirect_url="https://bank")
    verdict = judge(answer, DUE)
    assert isinstance(verdict, ActionRequired)
    assert verdict.action is action


@pytest.mark.parametrize(
    ("processor_response", "reason"),
    [
        ("insufficient_funds", CustomerMessage.INSUFFICIENT_FUNDS),
        ("Insufficient Funds", CustomerMessage.INSUFFICIENT_FUNDS),
        ("incorrect_pin", CustomerMessage.INCORRECT_PIN),
        ("incorrect_otp", CustomerMessage.INCORRECT_OTP),
        ("expired_card", CustomerMessage.EXPIRED_CARD),
        ("invalid_cvv", CustomerMessage.INVALID_CVV),
        (" DO_NOT_HONOR\n", CustomerMessage.DO_NOT_HONOR),
        ("system_error", CustomerMessage.DECLINED),
        ("", CustomerMessage.DECLINED),
        (None, CustomerMessage.DECLINED),
    ],
)
def test_decline_reason(
    processor_response: str | None, reason: CustomerMessage
) -> None:
    answer = transaction("failed", processor_response=processor_response)
    assert judge(answer, DUE) == Declined(REFERENCE, reason)


@pytest.mark.parametrize(
    ("asked_for", "processor_response", "mistake"),
    [
        ("requires_pin", "incorrect_pin", CustomerMessage.INCORRECT_PIN),
        ("requires_otp", "incorrect_otp", CustomerMessage.INCORRECT_OTP),
        ("requires_otp", "incorrect_pin", None),
        ("requires_pin", "insufficient_funds", None),
        ("requires_pin", None, None),
    ],
)
def test_wrong_answer_is_asked_for_again(
    asked_for: str, processor_response: str | None, mistake: CustomerMessage | None
) -> None:
    answer = transaction(
        next_action_type=asked_for, processor_response=processor_response
    )
    verdict = judge(answer, DUE)
    assert isinstance(verdict, ActionRequired)
    assert verdict.mistake is mistake


@given(
    st.builds(
        ProviderTransaction,
        reference=st.just(REFERENCE),
        status=st.sampled_from(TransactionStatus),
        next_action_type=st.none()
        | st.sampled_from(sorted(NEXT_ACTION_SPELLINGS))
        | st.text(),
        redirect_url=st.none() | st.just("https://bank"),
        processor_response=st.none() | st.text(),
        amount=st.none() | st.sampled_from([Decimal(12000), Decimal("11999.99")]),
        currency=st.none() | st.sampled_from(["RWF", "USD"]),
    )
)
def test_paid_is_only_what_the_provider_calls_complete(
    answer: ProviderTransaction,
) -> None:
    complete = (
        answer.status is TransactionStatus.SUCCESSFUL
        and not answer.next_action_type
        and answer.amount == DUE.amount
        and answer.currency == DUE.currency
    )
    verdict = judge(answer, DUE)
    assert isinstance(verdict, Paid) is complete
    assert verdict.reference == REFERENCE
