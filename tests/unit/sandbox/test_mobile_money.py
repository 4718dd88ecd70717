"""Mobile money: the prompt on a handset, and what each number makes of it."""

import html
import json
import time
from typing import Any

import pytest

from dgspay_plugin.sandbox.wallets import WALLETS

from .client import CHARGE, Merchant, card
from .store import Store
from .test_requests import refused

ANY_OTHER = "788123456"
APPROVED = "788000001"
EXPIRES = "788000005"
NEVER_DECIDED = "788000006"
WITHOUT_WEBHOOK = "788000007"
AFTER_SIX_MINUTES = "788000008"
LEADS_TO_A_PAGE = "788000009"


def wallet(phone: str = ANY_OTHER, **changes: object) -> dict[str, Any]:
    return {
        **CHARGE,
        "payment_type": "mobile_money",
        "mobile_money_network": "MTN",
        "mobile_money_phone": phone,
        **changes,
    }


def start(merchant: Merchant, phone: str = ANY_OTHER, **changes: object) -> Any:
    answer = merchant.call("POST", "/charges", wallet(phone, **changes))
    assert answer.status_code == 201, answer.text
    # DGS-Pay's page: the request succeeded, and the transaction is pending.
    assert answer.json()["status"] == "success"
    return answer.json()["data"]


def let_pass(merchant: Merchant, seconds: float) -> None:
    merchant.control("POST", "/time", {"seconds": seconds})


def status_of(merchant: Merchant, reference: str) -> str:
    return str(merchant.row(reference)["status"])


def ended(merchant: Merchant, reference: str) -> tuple[str, str | None]:
    """How a charge has ended, as soon as it has."""
    for _ in range(100):
        if status_of(merchant, reference) != "pending":
            break
        time.sleep(0.02)
    [charge] = [
        charge
        for charge in merchant.control("GET", "/charges")
        if charge["dgs_reference"] == reference
    ]
    return charge["transaction_status"], charge["processor_response"]


def on_the_handset(merchant: Merchant, reference: str, decision: str) -> None:
    answer = merchant.session.post(
        f"{merchant.url}/handset/{reference}/{decision}",
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 303


def test_prompt_waits_for_the_customer(merchant: Merchant) -> None:
    data = start(merchant)
    assert data["transaction_status"] == "pending"
    assert data["next_action_type"] is None
    assert merchant.row(data["dgs_reference"])["payment_method_type"] == "mobile_money"


@pytest.mark.parametrize(
    ("decision", "status", "event"),
    [
        ("approve", "success", "payment.success"),
        ("reject", "failed", "payment.failed"),
    ],
)
def test_customer_decides_on_the_handset(
    merchant: Merchant, store: Store, decision: str, status: str, event: str
) -> None:
    reference = start(merchant, callback_url=store.url)["dgs_reference"]
    on_the_handset(merchant, reference, decision)
    assert status_of(merchant, reference) == status
    [webhook] = store.wait_for(1)
    assert json.loads(webhook.body)["event"] == event


def test_decided_prompt_cannot_be_decided_again(merchant: Merchant) -> None:
    reference = start(merchant)["dgs_reference"]
    on_the_handset(merchant, reference, "approve")
    on_the_handset(merchant, reference, "reject")
    assert status_of(merchant, reference) == "success"


def test_card_is_not_decided_on_a_handset(merchant: Merchant) -> None:
    reference = merchant.start("4000000000000309")["dgs_reference"]
    on_the_handset(merchant, reference, "approve")
    assert status_of(merchant, reference) == "pending"


def test_handset_shows_what_waits_and_not_the_number(merchant: Merchant) -> None:
    waiting = start(merchant)["dgs_reference"]
    decided = start(merchant)["dgs_reference"]
    on_the_handset(merchant, decided, "approve")
    text = html.unescape(merchant.session.get(f"{merchant.url}/handset").text)
    assert waiting in text
    assert decided not in text
    assert "MTN …456" in text
    assert "12,000 RWF" in text
    assert ANY_OTHER not in text


def test_page_lists_the_numbers(merchant: Merchant) -> None:
    text = html.unescape(merchant.session.get(merchant.url).text)
    for known in WALLETS:
        assert known.number in text
        assert known.description in text


@pytest.mark.parametrize(
    ("phone", "status", "reason"),
    [
        ("788000001", "successful", None),
        ("788000002", "failed", "APPROVAL_REJECTED"),
        ("788000003", "failed", "NOT_ENOUGH_FUNDS"),
        ("788000010", "failed", "PAYER_LIMIT_REACHED"),
        ("788000011", "failed", "COULD_NOT_PERFORM_TRANSACTION"),
    ],
)
def test_number_decides_after_three_seconds(
    merchant: Merchant, phone: str, status: str, reason: str | None
) -> None:
    reference = start(merchant, phone)["dgs_reference"]
    assert status_of(merchant, reference) == "pending"
    let_pass(merchant, 3)
    assert ended(merchant, reference) == (status, reason)


def test_number_without_an_account_fails_at_once(merchant: Merchant) -> None:
    data = start(merchant, "788000004")
    assert data["transaction_status"] == "failed"
    assert data["processor_response"] == "PAYER_NOT_FOUND"


def test_prompt_expires_after_five_minutes(merchant: Merchant) -> None:
    reference = start(merchant, EXPIRES)["dgs_reference"]
    let_pass(merchant, 290)
    assert status_of(merchant, reference) == "pending"
    let_pass(merchant, 10)
    assert ended(merchant, reference) == ("failed", "EXPIRED")


def test_prompt_is_approved_after_six_minutes(merchant: Merchant) -> None:
    reference = start(merchant, AFTER_SIX_MINUTES)["dgs_reference"]
    let_pass(merchant, 300)
    assert status_of(merchant, reference) == "pending"
    let_pass(merchant, 60)
    assert ended(merchant, reference) == ("successful", None)


def test_time_does_not_decide_what_is_never_decided(merchant: Merchant) -> None:
    reference = start(merchant, NEVER_DECIDED)["dgs_reference"]
    let_pass(merchant, 86_400)
    assert status_of(merchant, reference) == "pending"


def test_end_whose_webhook_is_lost(merchant: Merchant, store: Store) -> None:
    lost = start(merchant, WITHOUT_WEBHOOK, callback_url=store.url)["dgs_reference"]
    let_pass(merchant, 3)
    assert ended(merchant, lost) == ("successful", None)
    told = start(merchant, callback_url=store.url)["dgs_reference"]
    on_the_handset(merchant, told, "approve")
    heard = [json.loads(webhook.body)["data"] for webhook in store.wait_for(1)]
    assert [data["dgs_reference"] for data in heard] == [told]


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": LEADS_TO_A_PAGE},
        {"phone": ANY_OTHER, "scenario_key": "scenario:auth_redirect"},
    ],
)
def test_redirect(merchant: Merchant, changes: dict[str, str]) -> None:
    data = start(merchant, **changes)
    assert data["next_action_type"] == "redirect_url"
    approve = data["redirect_url"] + "/approve"
    merchant.session.post(approve, allow_redirects=False, timeout=10)
    assert status_of(merchant, data["dgs_reference"]) == "success"


def test_scenario_that_is_approved_by_itself(merchant: Merchant) -> None:
    reference = start(merchant, scenario_key="scenario:auth_pin")["dgs_reference"]
    let_pass(merchant, 3)
    assert ended(merchant, reference) == ("successful", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"amount": 0},
        {"amount": 10.5},
        {"mobile_money_network": "mtn"},
        {"mobile_money_network": "Tigo"},
        {"mobile_money_phone": "0788123456"},
        {"mobile_money_phone": "250788123456"},
        {"mobile_money_phone": "252123456"},
        {"mobile_money_phone": 788123456},
        {"customer_phone": ""},
        {"redirect_url": "shop"},
        {"scenario_key": "scenario:auth_avs"},
        {"scenario_key": "scenario:auth_pin&issuer:approved"},
        {"payment_type": "bank"},
        card(),
    ],
)
def test_what_the_page_does_not_allow_is_refused(
    merchant: Merchant, changes: dict[str, Any]
) -> None:
    refused(merchant.call("POST", "/charges", wallet(**changes)), "90", 400)
    assert merchant.control("GET", "/charges") == []


@pytest.mark.parametrize(
    "field", ["mobile_money_network", "mobile_money_phone", "customer_email"]
)
def test_missing_field_is_refused(merchant: Merchant, field: str) -> None:
    body = wallet()
    del body[field]
    refused(merchant.call("POST", "/charges", body), "90", 400)


def test_narration_may_be_left_out(merchant: Merchant) -> None:
    body = wallet()
    del body["narration"]
    assert merchant.call("POST", "/charges", body).status_code == 201


def test_account_beside_a_card_is_refused(merchant: Merchant) -> None:
    refused(merchant.charge(mobile_money_phone=ANY_OTHER), "90", 400)


def test_no_step_is_authorized(merchant: Merchant) -> None:
    reference = start(merchant)["dgs_reference"]
    refused(
        merchant.authorize(reference, auth_type="otp", auth_otp="123456"), "90", 400
    )
