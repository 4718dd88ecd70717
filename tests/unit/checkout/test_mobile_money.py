"""Mobile money by the Payments API: the prompt on the handset, and every end of it."""

from typing import Any

import pytest
from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Payment, Transaction

from dgspay_plugin.configuration import read_configuration
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.records.settle import note_reference, settle
from tests.unit.browser import WALLET_NUMBER, card_data, mobile_money_data
from tests.unit.dgspay import (
    ASKS_FOR_OTP,
    ASKS_FOR_PIN,
    NO_ANSWER,
    NOT_CONNECTED,
    PAID,
    PENDING,
    Provider,
)
from tests.unit.later import pass_deadline
from tests.unit.leaks import found_in
from tests.unit.merchant import fields
from tests.unit.shop import Shop, charge_id_of, code_of, is_capture

WAIT = {"type": "wait"}
FAILED = {"dgs_reference": "DGS-1", "transaction_status": "failed"}
PROMPT = {
    "type": "approve_on_phone",
    "reference": "DGS-1",
    "network": "MTN",
    "phone_last_digits": "456",
    "poll_after_ms": 3000,
}


def test_charge_names_the_account_and_no_card(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    shop.press(shop.new_payment(), mobile_money_data())
    body = provider.calls[0].fields
    assert body["payment_type"] == "mobile_money"
    assert body["mobile_money_network"] == "MTN"
    assert body["mobile_money_phone"] == WALLET_NUMBER
    assert body["customer_phone"] == "788123456"
    assert body["redirect_url"].startswith("https://shop.example/back")
    assert not [name for name in body if name.startswith("card_")]


@pytest.mark.parametrize(
    "said", [None, "none", "payment_instruction", "requires_requery"]
)
def test_customer_is_asked_to_approve_on_the_phone(
    shop: Shop, provider: Provider, said: str | None
) -> None:
    answer = {**PENDING, "next_action_type": said}
    provider.tells("POST charges", answer)
    provider.tells("GET transactions/DGS-1", answer)
    payment = shop.new_payment()
    assert shop.press(payment, mobile_money_data()).action_required_data == PROMPT
    for data in (WAIT, {}, mobile_money_data(), card_data()):
        assert shop.press(payment, data).action_required_data == PROMPT
    assert provider.called.count("POST charges") == 1
    # What is learned from a poll is nothing new.
    assert Transaction.objects.count() == 1


def test_approved_on_the_phone(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PAID)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    assert is_capture(shop.press(payment, WAIT))
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED


def test_approved_while_the_page_is_closed(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    settle(
        charge_id_of(payment),
        ProviderTransaction(
            "DGS-1",
            TransactionStatus.SUCCESSFUL,
            amount=payment.total,
            currency=payment.currency,
        ),
    )
    payment.refresh_from_db()
    assert payment.charge_status == ChargeStatus.FULLY_CHARGED


def test_redirect_leads_to_the_page_as_with_a_card(
    shop: Shop, provider: Provider
) -> None:
    page = "https://bank.example/approve"
    provider.tells(
        "POST charges",
        {**PENDING, "next_action_type": "redirect_url", "redirect_url": page},
    )
    asked = shop.press(shop.new_payment(), mobile_money_data()).action_required_data
    assert asked == {
        "type": "redirect",
        "reference": "DGS-1",
        "redirect_url": page,
        "network": "MTN",
    }


@pytest.mark.parametrize("answer", [ASKS_FOR_PIN, ASKS_FOR_OTP])
def test_wallet_s_pin_is_never_asked_for(
    shop: Shop, provider: Provider, answer: dict[str, str]
) -> None:
    provider.tells("POST charges", answer)
    response = shop.press(shop.new_payment(), mobile_money_data())
    assert code_of(response) == "unknown_next_action"


@pytest.mark.parametrize(
    ("spelled", "code"),
    [
        ("NOT_ENOUGH_FUNDS", "wallet_insufficient_funds"),
        ("Insufficient Balance", "wallet_insufficient_funds"),
        ("INSUFFICIENT_FUNDS", "wallet_insufficient_funds"),
        ("PAYER_NOT_FOUND", "wallet_not_found"),
        ("APPROVAL_REJECTED", "approval_rejected"),
        ("PAYMENT_NOT_APPROVED", "approval_rejected"),
        ("expired", "approval_expired"),
        ("COULD_NOT_PERFORM_TRANSACTION", "approved_too_late"),
        ("PAYER_LIMIT_REACHED", "wallet_limit_reached"),
        ("INTERNAL_PROCESSING_ERROR", "mobile_money_declined"),
        (None, "mobile_money_declined"),
    ],
)
def test_refusal_in_words_of_a_wallet(
    shop: Shop, provider: Provider, spelled: str | None, code: str
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", {**FAILED, "processor_response": spelled})
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    refused = shop.press(payment, WAIT)
    assert code_of(refused) == code
    assert refused.kind == TransactionKind.CAPTURE
    # The end is told the same way whenever it is asked for.
    assert code_of(shop.press(payment, WAIT)) == code


def test_after_a_final_failure_a_card_pays(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", FAILED)
    payment = shop.new_payment()
    assert code_of(shop.press(payment, mobile_money_data())) == "mobile_money_declined"
    provider.tells("POST charges", PAID)
    assert is_capture(shop.press(shop.new_payment(payment.checkout), card_data()))


def test_card_on_the_payment_of_a_failed_wallet_is_a_card(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", FAILED)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    provider.tells("POST charges", ASKS_FOR_PIN)
    assert shop.press(payment, card_data()).action_required_data == {
        "type": "pin",
        "reference": "DGS-1",
    }


def test_failure_that_is_told_twice_keeps_its_words(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells(
        "GET transactions/DGS-1", {**FAILED, "processor_response": "EXPIRED"}
    )
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    shop.press(payment, WAIT)
    settle(
        charge_id_of(payment), ProviderTransaction("DGS-1", TransactionStatus.FAILED)
    )
    assert code_of(shop.press(payment, WAIT)) == "approval_expired"


def test_nothing_else_is_charged_while_the_prompt_may_be_approved(
    shop: Shop, provider: Provider
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    for data in (card_data(), mobile_money_data(mobile_money_network="Airtel")):
        second = shop.press(shop.new_payment(payment.checkout), data)
        assert code_of(second) == "payment_in_doubt"
    assert provider.called.count("POST charges") == 1


def test_prompt_that_nobody_decides_is_waited_for_15_minutes(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", PENDING)
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data())
    pass_deadline(monkeypatch)
    assert shop.press(payment, WAIT).kind == TransactionKind.PENDING


def test_lost_answer_may_have_brought_a_prompt(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", NO_ANSWER)
    provider.tells("GET transactions/DGS-1", PAID)
    payment = shop.new_payment()
    asked = shop.press(payment, mobile_money_data()).action_required_data
    assert asked == {**PROMPT, "reference": None}
    note_reference(charge_id_of(payment), "DGS-1")
    assert is_capture(shop.press(payment, WAIT))


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ({"error_code": "90"}, 400, "mobile_money_refused"),
        ({"error_code": "91"}, 401, "provider_refused"),
        (NOT_CONNECTED, 0, "provider_unavailable"),
    ],
)
def test_what_was_not_accepted_can_be_sent_again(
    shop: Shop, provider: Provider, answer: Any, status: int, code: str
) -> None:
    provider.tells("POST charges", answer, status)
    payment = shop.new_payment()
    assert code_of(shop.press(payment, mobile_money_data())) == code
    provider.tells("POST charges", PENDING)
    assert shop.press(payment, mobile_money_data()).action_required_data == PROMPT


@pytest.mark.parametrize(
    ("methods", "data", "code"),
    [
        ("card", mobile_money_data(), "mobile_money_not_offered"),
        (None, mobile_money_data(), "mobile_money_not_offered"),
        ("mobile_money", card_data(), "card_not_offered"),
    ],
)
def test_method_that_the_owner_has_not_switched_on(
    shop: Shop, provider: Provider, methods: str | None, data: Any, code: str
) -> None:
    shop.configuration = read_configuration(fields(payment_methods=methods))
    assert code_of(shop.press(shop.new_payment(), data)) == code
    assert provider.called == []


def test_another_currency_than_francs(shop: Shop, provider: Provider) -> None:
    payment = shop.new_payment(currency="USD")
    told = code_of(shop.press(payment, mobile_money_data()))
    assert told == "mobile_money_currency_not_supported"
    assert provider.called == []


def test_typed_number_serves_who_has_no_other(shop: Shop, provider: Provider) -> None:
    provider.tells("POST charges", PENDING)
    payment = shop.new_payment()
    payment.checkout.billing_address.phone = ""
    payment.checkout.billing_address.save()
    shop.press(payment, mobile_money_data(mobile_money_phone="0722 000 111"))
    body = provider.calls[0].fields
    assert body["customer_phone"] == "722000111"
    assert body["customer_phone_country_code"] == "250"


def test_number_is_kept_nowhere(
    shop: Shop, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    number = "722000111"
    provider.tells("POST charges", PENDING)
    provider.tells("GET transactions/DGS-1", {**FAILED, "message": number})
    payment = shop.new_payment()
    shop.press(payment, mobile_money_data(mobile_money_phone=number))
    shop.press(payment, WAIT)
    stored = [
        str(row)
        for model in (Payment, Transaction)
        for row in model.objects.values_list()
    ]
    assert found_in("".join(stored) + caplog.text, [number]) == []
