"""DGS-Pay's answers: read tolerantly, judged strictly, never repeated as they are."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import simplejson
from hypothesis import example, given
from hypothesis import strategies as st

from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.provider.errors import AnswerUnknown, NotFound, Refused
from dgspay_plugin.provider.messages import (
    ChargeRequest,
    WebhookEvent,
    printable,
    raise_for_error,
    read_transaction,
    read_transactions,
    read_webhook,
)
from tests.unit.browser import encrypted_card
from tests.unit.json_values import json_values, scalars
from tests.unit.leaks import found_in

PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)

# The names that an answer is read by, so that arbitrary JSON comes near one.
known_names = st.sampled_from(
    """
    status transaction_status dgs_reference next_action_type next_action type
    redirect_url url processor_response code message amount currency created_at
    data error error_code pagination pages transactions event
    """.split()
)
known_words = st.sampled_from(
    "success successful pending failed pin otp DGS-1 00 90 92 99 RWF 2".split()
)
near_answers = st.recursive(
    known_words | scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(known_names, inner, max_size=8)
    ),
    max_leaves=16,
)
answers = json_values | near_answers


# A request


def test_a_charge_is_written_under_dgs_pays_names() -> None:
    card = encrypted_card()
    request = ChargeRequest(
        money=Money(Decimal("10.50"), "USD"),
        customer=Customer("a@example.com", "Amina", "Uwase", "788123456", "250"),
        card=card,
        redirect_url="https://shop.example/back",
        callback_url="https://store.example/webhook",
        narration="Order 1",
    )
    assert request.body() == {
        "amount": Decimal("10.50"),
        "currency": "USD",
        "payment_type": "card",
        "customer_email": "a@example.com",
        "customer_first_name": "Amina",
        "customer_last_name": "Uwase",
        "customer_phone": "788123456",
        "customer_phone_country_code": "250",
        "redirect_url": "https://shop.example/back",
        "callback_url": "https://store.example/webhook",
        "narration": "Order 1",
        **card.fields(),
    }
    assert found_in(repr(request), card.fields().values()) == []


# Accepted or not


@pytest.mark.parametrize(
    ("http_status", "answer", "error"),
    [
        (200, {"status": "failed", "error_code": "90"}, Refused),
        (400, {"error_code": "90", "message": "bad"}, Refused),
        (401, {"error_code": 91}, Refused),
        (404, {"error_code": "92"}, NotFound),
        (404, {}, NotFound),
        (400, {}, Refused),
        (403, {"message": "no"}, Refused),
        (429, {}, Refused),
        (408, {}, AnswerUnknown),
        (409, {}, AnswerUnknown),
        (409, {"error_code": "93"}, AnswerUnknown),
        (200, {"error_code": "93"}, AnswerUnknown),
        (500, {"error_code": "99"}, AnswerUnknown),
        (200, {"error_code": "99"}, AnswerUnknown),
        (200, {"error_code": "07"}, AnswerUnknown),
        (400, {"error_code": "07"}, AnswerUnknown),
        (500, {}, AnswerUnknown),
        (502, {"error_code": "00"}, AnswerUnknown),
        (301, {}, AnswerUnknown),
        (200, [], AnswerUnknown),
        (200, "ok", AnswerUnknown),
        (200, None, AnswerUnknown),
        (400, None, AnswerUnknown),
    ],
)
def test_what_was_not_accepted(
    http_status: int, answer: object, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        raise_for_error(http_status, answer)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("http_status", "answer"),
    [
        (200, {}),
        (201, {"status": "success"}),
        (200, {"error_code": "00"}),
        (200, {"error_code": None}),
        (200, {"error_code": 0}),
        (200, {"status": "failed", "data": {}}),
    ],
)
def test_what_was_accepted(http_status: int, answer: Mapping[str, Any]) -> None:
    assert raise_for_error(http_status, answer) is answer


def test_error_code_is_told() -> None:
    with pytest.raises(Refused, match="error 91: bad key") as raised:
        raise_for_error(401, {"error_code": 91, "message": "bad key"})
    assert raised.value.error_code == "91"


# One transaction


@pytest.mark.parametrize(
    "answer",
    [
        {"dgs_reference": "DGS-1", "transaction_status": "pending"},
        {
            "status": "success",
            "data": {"dgs_reference": "DGS-1", "transaction_status": "pending"},
        },
        {"data": {"dgs_reference": "DGS-1", "status": "pending"}},
        {
            "dgs_reference": "DGS-1",
            "transaction_status": "pending",
            "next_action_type": None,
            "fees": {"a": [1]},
        },
        {
            "dgs_reference": "DGS-1",
            "transaction_status": "pending",
            "next_action_type": "",
        },
    ],
    ids=str,
)
def test_transaction_at_the_top_or_under_data(answer: Mapping[str, Any]) -> None:
    assert read_transaction(answer) == PENDING


def test_status_of_the_envelope_is_not_the_transactions() -> None:
    """ "success" says that the request was accepted, not that money moved."""
    with pytest.raises(AnswerUnknown):
        read_transaction({"status": "success", "dgs_reference": "DGS-1"})
    answer = {
        "status": "success",
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
    }
    assert read_transaction(answer).status is TransactionStatus.FAILED
    with pytest.raises(AnswerUnknown):
        read_transaction({"status": "success", "data": {"dgs_reference": "DGS-1"}})


def test_transaction_status_goes_before_a_rows_status() -> None:
    data = {
        "dgs_reference": "DGS-1",
        "status": "success",
        "transaction_status": "pending",
    }
    assert read_transaction({"data": data}) == PENDING


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("12000", Decimal(12000)),
        ("12000.00", Decimal(12000)),
        (12000, Decimal(12000)),
        (Decimal("10.50"), Decimal("10.5")),
    ],
)
def test_numbers_may_be_strings(amount: object, read: Decimal) -> None:
    answer = {
        "dgs_reference": 4211,
        "transaction_status": "successful",
        "amount": amount,
        "currency": "rwf",
    }
    assert read_transaction(answer) == ProviderTransaction(
        "4211", TransactionStatus.SUCCESSFUL, amount=read, currency="RWF"
    )


@pytest.mark.parametrize(
    ("fields", "next_action_type", "redirect_url"),
    [
        ({"next_action_type": "requires_pin"}, "requires_pin", None),
        ({"next_action": {"type": "requires_pin"}}, "requires_pin", None),
        (
            {"next_action_type": "redirect_url", "redirect_url": "https://bank"},
            "redirect_url",
            "https://bank",
        ),
        (
            {
                "next_action": {
                    "type": "redirect_url",
                    "redirect_url": {"url": "https://bank"},
                }
            },
            "redirect_url",
            "https://bank",
        ),
    ],
    ids=["flat", "nested", "flat bank's page", "nested bank's page"],
)
def test_next_action_as_the_processor_nests_it(
    fields: Mapping[str, Any], next_action_type: str, redirect_url: str | None
) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "pending", **fields}
    transaction = read_transaction(answer)
    assert transaction.next_action_type == next_action_type
    assert transaction.redirect_url == redirect_url


@pytest.mark.parametrize(
    "processor_response",
    ["do_not_honor", {"code": "do_not_honor"}, {"type": "do_not_honor"}],
)
def test_processor_response_as_text_or_object(processor_response: object) -> None:
    answer = {
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
        "processor_response": processor_response,
    }
    assert read_transaction(answer).processor_response == "do_not_honor"


def test_charge_may_fail_without_a_reference() -> None:
    transaction = read_transaction({"transaction_status": "failed"})
    assert transaction == ProviderTransaction("", TransactionStatus.FAILED)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="empty"),
        pytest.param({"dgs_reference": "DGS-1"}, id="no status"),
        pytest.param({"transaction_status": "pending"}, id="no reference"),
        pytest.param({"transaction_status": "successful"}, id="paid, no reference"),
        pytest.param(
            {"dgs_reference": "DGS-1", "transaction_status": "refunded"},
            id="unknown status",
        ),
        pytest.param(
            {"dgs_reference": "../balance", "transaction_status": "pending"},
            id="reference that leads to another path",
        ),
        pytest.param(
            {"dgs_reference": "DGS-1\n", "transaction_status": "pending"},
            id="reference with a line feed",
        ),
        pytest.param(
            {"dgs_reference": "", "transaction_status": "pending"}, id="no characters"
        ),
        pytest.param(
            {
                "dgs_reference": "DGS-1",
                "transaction_status": "successful",
                "amount": "NaN",
            },
            id="amount that is no number",
        ),
        pytest.param(
            {
                "dgs_reference": "DGS-1",
                "transaction_status": "successful",
                "amount": "Infinity",
            },
            id="amount without end",
        ),
        pytest.param(
            {"dgs_reference": "DGS-1", "transaction_status": ["pending"]},
            id="status that is a list",
        ),
    ],
)
def test_answer_that_does_not_say_how_it_stands(answer: Mapping[str, Any]) -> None:
    with pytest.raises(AnswerUnknown):
        read_transaction(answer)


# A list of transactions


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("31/01/2026", None),
        (None, None),
    ],
)
def test_time_of_a_row_in_any_format(written: object, read: datetime | None) -> None:
    row = {"dgs_reference": "DGS-1", "status": "success", "created_at": written}

    [found], _ = read_transactions({"data": [row], "pagination": {"pages": 1}})

    assert found.created_at == read
    assert found.transaction.status is TransactionStatus.SUCCESSFUL


def test_rows_and_pages() -> None:
    row = {
        "id": 7,
        "dgs_reference": "DGS-1",
        "amount": "12000",
        "currency": "RWF",
        "status": "success",
        "payment_method_type": "card",
        "created_at": "2026-01-31T10:00:00Z",
    }
    pagination = {"page": 1, "limit": 100, "total": 101, "pages": 2}
    for answer in (
        {"data": [row], "pagination": pagination},
        {"data": {"transactions": [row], "pagination": pagination}},
        {"data": {"transactions": [row]}, "pagination": pagination},
    ):
        [read], pages = read_transactions(answer)
        assert pages == 2
        assert read.created_at == datetime(2026, 1, 31, 10, tzinfo=UTC)
        assert read.transaction == ProviderTransaction(
            "DGS-1",
            TransactionStatus.SUCCESSFUL,
            amount=Decimal(12000),
            currency="RWF",
        )


@pytest.mark.parametrize(
    ("created_at", "read"),
    [
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("yesterday", None),
        (None, None),
        ([], None),
    ],
)
def test_time_of_a_row_decides_nothing(
    created_at: object, read: datetime | None
) -> None:
    row = {"dgs_reference": "DGS-1", "status": "pending", "created_at": created_at}
    [parsed], _ = read_transactions({"data": [row], "pagination": {"pages": 1}})
    assert parsed.created_at == read
    assert parsed.transaction == PENDING


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": []},
        {"data": [], "pagination": {}},
        {"data": [], "pagination": {"pages": "2"}},
        {"data": None, "pagination": {"pages": 1}},
        {"data": [None], "pagination": {"pages": 1}},
        {"data": [{"status": "pending"}], "pagination": {"pages": 1}},
    ],
    ids=str,
)
def test_what_is_no_page_of_transactions(answer: Mapping[str, Any]) -> None:
    with pytest.raises(AnswerUnknown):
        read_transactions(answer)


# A webhook


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (
            {
                "event": "payment.success",
                "data": {
                    "dgs_reference": "DGS-1",
                    "status": "success",
                    "amount": 12000,
                    "currency": "RWF",
                },
            },
            WebhookEvent(
                "payment.success",
                "DGS-1",
                ProviderTransaction(
                    "DGS-1",
                    TransactionStatus.SUCCESSFUL,
                    amount=Decimal(12000),
                    currency="RWF",
                ),
            ),
        ),
        (
            {
                "event": "payment.failed",
                "dgs_reference": "DGS-1",
                "transaction_status": "failed",
            },
            WebhookEvent(
                "payment.failed",
                "DGS-1",
                ProviderTransaction("DGS-1", TransactionStatus.FAILED),
            ),
        ),
        (
            {"event": "payment.success", "data": {"dgs_reference": "DGS-1"}},
            WebhookEvent("payment.success", "DGS-1", None),
        ),
        ({"event": "ping"}, WebhookEvent("ping", None, None)),
    ],
    ids=["under data", "at the top", "without a status", "about no transaction"],
)
def test_webhook_is_read(message: Mapping[str, Any], event: WebhookEvent) -> None:
    assert read_webhook(simplejson.dumps(message).encode()) == event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b'"payment.success"',
        b"{}",
        b'{"event": null}',
        b'{"event": 7}',
        b'{"event": ""}',
        b'{"event": "two words"}',
        b'{"event": "line\\nfeed"}',
        b'{"event": "payment.success", "dgs_reference": "../balance"}',
        b'{"event": "payment.success", "amount": NaN}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_event_of_dgs_pay(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_webhook(body)


# Whatever comes


@given(st.sampled_from([200, 201, 302, 400, 404, 409, 500]), answers)
def test_any_json_is_a_transaction_or_a_provider_error(
    http_status: int, answer: object
) -> None:
    try:
        transaction = read_transaction(raise_for_error(http_status, answer))
    except (AnswerUnknown, Refused):
        return
    assert http_status < 300
    assert isinstance(transaction.status, TransactionStatus)
    assert transaction.reference or transaction.status is TransactionStatus.FAILED
    if transaction.amount is not None:
        assert transaction.amount.is_finite()


@given(answers)
@example({"transaction_status": "failed", "amount": Decimal("1E+999999999")})
def test_any_amount_that_is_read_can_be_named_to_the_owner(answer: object) -> None:
    try:
        transaction = read_transaction(raise_for_error(200, answer))
    except (AnswerUnknown, Refused):
        return
    if transaction.amount is not None:
        assert len(str(Money(transaction.amount, "RWF"))) < 100


@given(answers)
def test_any_json_is_a_page_of_transactions_or_unknown(answer: object) -> None:
    try:
        rows, pages = read_transactions(raise_for_error(200, answer))
    except (AnswerUnknown, Refused):
        return
    assert isinstance(pages, int)
    assert all(isinstance(row.transaction, ProviderTransaction) for row in rows)


@given(
    st.binary()
    | answers.map(lambda value: simplejson.dumps(value).encode())
    | st.fixed_dictionaries(
        {"event": st.text() | st.just("payment.success"), "data": answers}
    ).map(lambda value: simplejson.dumps(value).encode())
)
def test_any_body_is_an_event_or_a_value_error(body: bytes) -> None:
    try:
        event = read_webhook(body)
    except ValueError:
        return
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", event.event)


# What a log may say


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Insufficient permissions", "Insufficient permissions"),
        (
            "card_encrypted_number: required (400)",
            "card_encrypted_number: required (400)",
        ),
        (None, "no message"),
        ("", "no message"),
        ("one\nline\tonly", "one line only"),
        ({"detail": "bad"}, " 'detail': 'bad' "),
    ],
)
def test_a_providers_text_is_shown(text: object, shown: str) -> None:
    assert printable(text) == shown


card_numbers = st.tuples(
    st.text("0123456789", min_size=12, max_size=19),
    st.sampled_from(["", " ", "-", ".", "/", "_", ",", ":"]),
).map(lambda card: card[1].join(card[0]))
grouped_card_numbers = st.tuples(
    st.lists(st.text("0123456789", min_size=4, max_size=4), min_size=3, max_size=4),
    st.sampled_from(["", " ", "-", ".", "/", "_", ",", " - "]),
).map(lambda card: card[1].join(card[0]))


@given(st.text(), card_numbers | grouped_card_numbers, st.text())
def test_no_card_number_is_shown(before: str, number: str, after: str) -> None:
    shown = printable(f"{before} {number} {after}")
    assert len(shown) <= 200
    assert re.search(r"\d(?:\W*\d){11,}", shown) is None


@pytest.mark.parametrize("secret", ["1234", "849201", "a1b2c3d4e5f6"])
def test_no_pin_or_otp_or_nonce_is_shown(secret: str) -> None:
    assert secret not in printable(f"auth_otp '{secret}' is wrong")


@given(
    st.binary(min_size=18, max_size=35).map(lambda raw: base64.b64encode(raw).decode())
)
def test_no_part_of_a_ciphertext_is_shown(ciphertext: str) -> None:
    shown = printable(f"invalid card_encrypted_cvv '{ciphertext}' for DGS-1")
    parts = [ciphertext[start : start + 8] for start in range(len(ciphertext) - 7)]
    assert found_in(shown, parts) == []
    assert shown.startswith("invalid card_encrypted_cvv '")
