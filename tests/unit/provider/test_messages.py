"""DGS-Pay's answers: read tolerantly, judged strictly, never repeated as they are."""

import base64
import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.customer import Customer
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    NextAction,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.provider import spellings
from dgspay_plugin.provider.errors import NotFound, OutcomeUnknown, Refused
from dgspay_plugin.provider.messages import (
    ChargeRequest,
    TransactionRow,
    UnreadableRow,
    WebhookEvent,
    raise_for_error,
    read_json,
    read_transaction,
    read_transactions,
    read_webhook,
    redact_for_log,
    write_json,
)
from tests.unit.browser import encrypted_card
from tests.unit.leaks import found_in

PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)

# JSON


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


# A request


def test_a_charge_is_written_under_dgs_pays_names() -> None:
    card = encrypted_card()
    request = ChargeRequest(
        money=Money(Decimal("10.50"), "USD"),
        customer=Customer("a@example.com", "Amina", "Uwase", "788123456", "250"),
        method=card,
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
        (408, {}, OutcomeUnknown),
        (409, {}, OutcomeUnknown),
        (409, {"error_code": "93"}, OutcomeUnknown),
        (200, {"error_code": "93"}, OutcomeUnknown),
        (500, {"error_code": "99"}, OutcomeUnknown),
        (200, {"error_code": "99"}, OutcomeUnknown),
        (200, {"error_code": "07"}, OutcomeUnknown),
        (400, {"error_code": "07"}, OutcomeUnknown),
        (500, {}, OutcomeUnknown),
        (502, {"error_code": "00"}, OutcomeUnknown),
        (301, {}, OutcomeUnknown),
        (200, [], OutcomeUnknown),
        (200, "ok", OutcomeUnknown),
        (200, None, OutcomeUnknown),
        (400, None, OutcomeUnknown),
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
    with pytest.raises(OutcomeUnknown):
        read_transaction({"status": "success", "dgs_reference": "DGS-1"})
    answer = {
        "status": "success",
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
    }
    assert read_transaction(answer).status is TransactionStatus.FAILED
    with pytest.raises(OutcomeUnknown):
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


BANK = "https://bank"
SHOP = "https://shop.example/back"


@pytest.mark.parametrize(
    ("fields", "action", "redirect_url"),
    [
        ({"next_action_type": "requires_pin"}, NextAction.PIN, None),
        ({"next_action": {"type": "requires_pin"}}, NextAction.PIN, None),
        ({"next_action": "requires_pin"}, NextAction.PIN, None),
        ({"next_action_type": "requires_pin", "next_action": {}}, NextAction.PIN, None),
        (
            {"next_action_type": "requires_otp", "next_action": {"note": "Type it"}},
            NextAction.OTP,
            None,
        ),
        (
            {"next_action_type": "none", "next_action": {"type": "requires_pin"}},
            NextAction.PIN,
            None,
        ),
        (
            {"next_action_type": "redirect_url", "redirect_url": BANK},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action": {"type": "redirect_url", "redirect_url": {"url": BANK}}},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action_type": "redirect_url", "next_action": {"url": BANK}},
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {
                "next_action_type": "redirect_url",
                "next_action": {"redirect_url": BANK},
                "redirect_url": SHOP,
            },
            NextAction.REDIRECT,
            BANK,
        ),
        (
            {"next_action_type": "redirect_url", "redirect_url": 7},
            NextAction.REDIRECT,
            None,
        ),
        ({"next_action_type": None}, None, None),
        ({"next_action_type": ""}, None, None),
        ({"next_action_type": "None"}, None, None),
        ({"next_action": {}}, None, None),
        ({"next_action": {"type": None, "redirect_url": None}}, None, None),
        ({"next_action_type": "none", "next_action": {"note": "Thanks"}}, None, None),
    ],
    ids=str,
)
def test_next_action_flat_or_as_the_processor_nests_it(
    fields: Mapping[str, Any], action: NextAction | None, redirect_url: str | None
) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "pending", **fields}
    transaction = read_transaction(answer)
    assert transaction.next_action == action
    assert transaction.unknown_action is None
    assert transaction.redirect_url == redirect_url


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"next_action_type": "requires_capture"}, "requires_capture"),
        ({"next_action_type": "requires_thumbprint"}, "requires_thumbprint"),
        ({"next_action": {"type": "requires_dance"}}, "requires_dance"),
        ({"next_action": {"note": "Dance"}}, "a step without a name"),
        ({"next_action_type": ["requires_pin"]}, "a step without a name"),
        ({"next_action_type": 7}, "a step without a name"),
        ({"next_action_type": True}, "a step without a name"),
        ({"next_action_type": {"type": {"type": "pin"}}}, "a step without a name"),
        ({"next_action_type": "-"}, "-"),
    ],
    ids=str,
)
def test_step_that_is_not_known_is_never_taken_for_none(
    fields: Mapping[str, Any], told: str
) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "successful", **fields}
    transaction = read_transaction(answer)
    assert transaction.next_action is None
    assert transaction.unknown_action == told


@pytest.mark.parametrize(
    ("spelling", "action"),
    [
        *spellings.NEXT_ACTION.items(),
        (" Requires_PIN ", NextAction.PIN),
        ("REDIRECT_URL", NextAction.REDIRECT),
        ("requires-otp", NextAction.OTP),
    ],
)
def test_every_spelling_of_a_next_action(spelling: str, action: NextAction) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "pending"}
    assert (
        read_transaction({**answer, "next_action_type": spelling}).next_action is action
    )


@pytest.mark.parametrize(
    ("name", "spelling", "status"),
    [
        ("transaction_status", "successful", "successful"),
        ("transaction_status", "Successful", "successful"),
        ("transaction_status", "SUCCEEDED", "successful"),
        ("transaction_status", " pending ", "pending"),
        ("transaction_status", "Failed", "failed"),
        ("status", "success", "successful"),
        ("status", "SUCCESS", "successful"),
        ("status", "successful", "successful"),
    ],
)
def test_every_spelling_of_a_status(name: str, spelling: str, status: str) -> None:
    answer = {"data": {"dgs_reference": "DGS-1", name: spelling}}
    assert read_transaction(answer).status == status


@pytest.mark.parametrize(
    "spelling",
    [
        "success",
        "voided",
        "authorized",
        "completed",
        "successful?",
        "un-successful",
        "success ful",
        "\u017fuccessful",
        "",
        True,
        None,
        1,
        ["successful"],
    ],
)
def test_nothing_else_is_a_transaction_status(spelling: object) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": spelling}
    with pytest.raises(OutcomeUnknown, match="an unknown transaction_status"):
        read_transaction(answer)


@pytest.mark.parametrize(
    ("processor_response", "reason"),
    [
        *spellings.DECLINE_REASON.items(),
        ("Insufficient Funds.", CustomerMessage.INSUFFICIENT_FUNDS),
        ("NOT_ENOUGH_FUNDS", CustomerMessage.INSUFFICIENT_FUNDS),
        (" DO_NOT_HONOR\n", CustomerMessage.DO_NOT_HONOR),
        ("Do not honor", CustomerMessage.DO_NOT_HONOR),
        ({"code": "do_not_honor"}, CustomerMessage.DO_NOT_HONOR),
        ({"type": "do_not_honor"}, CustomerMessage.DO_NOT_HONOR),
        ("system_error", None),
        ("", None),
        (None, None),
        (["do_not_honor"], None),
    ],
    ids=str,
)
def test_every_spelling_of_a_decline(
    processor_response: object, reason: CustomerMessage | None
) -> None:
    answer = {
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
        "processor_response": processor_response,
    }
    assert read_transaction(answer).reason is reason


def test_one_transaction_in_a_list() -> None:
    row = {"dgs_reference": "DGS-1", "status": "pending"}
    assert read_transaction({"status": "success", "data": [row]}) == PENDING
    with pytest.raises(OutcomeUnknown, match="more than one"):
        read_transaction({"data": [row, row]})


def test_fields_beside_data_count_too() -> None:
    answer = {
        "status": "success",
        "next_action_type": "requires_pin",
        "data": {"dgs_reference": "DGS-1", "transaction_status": "successful"},
    }
    assert read_transaction(answer).next_action is NextAction.PIN


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
    with pytest.raises(OutcomeUnknown):
        read_transaction(answer)


# A list of transactions


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
        assert isinstance(read, TransactionRow)
        assert pages == 2
        assert read.created_at == datetime(2026, 1, 31, 10, tzinfo=UTC)
        assert read.transaction == ProviderTransaction(
            "DGS-1",
            TransactionStatus.SUCCESSFUL,
            amount=Decimal(12000),
            currency="RWF",
        )


NOW = datetime.now(UTC).replace(microsecond=0)
KIGALI = timedelta(hours=2)


@pytest.mark.parametrize(
    ("created_at", "read"),
    [
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        # Later than in Kigali.
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        (f"{NOW:%Y-%m-%d %H:%M:%S}", NOW),
        # No transaction of the future is listed: it was Kigali's.
        (f"{NOW + KIGALI:%Y-%m-%d %H:%M:%S}", NOW),
        (f"{NOW - KIGALI:%Y-%m-%d %H:%M:%S}", NOW - KIGALI),
        ("31/01/2026", None),
        ("yesterday", None),
        (None, None),
        ([], None),
        (Decimal("1E+999999999"), None),
        ("9999-12-31 23:59:59", datetime(9999, 12, 31, 21, 59, 59, tzinfo=UTC)),
    ],
    # Moments of this run would be other names in each process of pytest-xdist.
    ids=itertools.count(),
)
def test_latest_moment_of_a_row(created_at: object, read: datetime | None) -> None:
    row = {"dgs_reference": "DGS-1", "status": "pending", "created_at": created_at}
    [parsed], _ = read_transactions({"data": [row], "pagination": {"pages": 1}})
    assert parsed.created_at == read
    assert parsed == TransactionRow(PENDING, parsed.created_at)


@pytest.mark.parametrize("zone", [UTC, timezone(KIGALI)], ids=["UTC", "Kigali"])
@given(minutes_ago=st.integers(0, 10_000))
def test_no_row_is_read_older_than_it_is(zone: timezone, minutes_ago: int) -> None:
    created_at = datetime.now(zone) - timedelta(minutes=minutes_ago)
    row = {
        "dgs_reference": "DGS-1",
        "status": "success",
        "created_at": f"{created_at:%Y-%m-%d %H:%M:%S.%f}",
    }
    [parsed], _ = read_transactions({"data": [row]})
    assert parsed.created_at
    assert created_at <= parsed.created_at <= created_at + KIGALI


@pytest.mark.parametrize(
    ("pagination", "pages"),
    [
        ({"pages": 3}, 3),
        ({"pages": "3"}, 3),
        ({"pages": 0}, 0),
        ({}, None),
        (None, None),
        ({"pages": None}, None),
        ({"pages": -1}, None),
        ({"pages": [3]}, None),
        ({"pages": "many"}, None),
        ([3], None),
    ],
    ids=str,
)
def test_pages_that_are_not_counted(pagination: object, pages: int | None) -> None:
    assert read_transactions({"data": [], "pagination": pagination}) == ([], pages)


def test_row_that_cannot_be_read_costs_no_other() -> None:
    good = {"dgs_reference": "DGS-1", "status": "pending"}
    rows = [
        good,
        {**good, "dgs_reference": "DGS-2", "status": "voided"},
        {**good, "dgs_reference": "../balance"},
        {**good, "dgs_reference": "DGS-4", "amount": "much"},
        None,
        good,
    ]
    read, _ = read_transactions({"data": rows, "pagination": {"pages": 1}})
    assert read[0] == read[5] == TransactionRow(PENDING, None)
    assert [
        f"{row}: {row.why}" for row in read[1:5] if isinstance(row, UnreadableRow)
    ] == [
        "DGS-2: an answer with an unknown status",
        "row 3 of a page: an answer with a wrong dgs_reference",
        "DGS-4: an answer with a wrong amount",
        "row 5 of a page: an answer without a transaction_status",
    ]


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": {}}, {"data": None}, {"data": {"transactions": None}}],
    ids=str,
)
def test_what_is_no_page_of_transactions(answer: Mapping[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        read_transactions({**answer, "pagination": {"pages": 1}})


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
    assert read_webhook(write_json(message).encode()) == event


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
    assert redact_for_log(text) == shown


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
    shown = redact_for_log(f"{before} {number} {after}")
    assert len(shown) <= 200
    assert re.search(r"\d(?:\W*\d){11,}", shown) is None


@pytest.mark.parametrize("secret", ["1234", "849201", "a1b2c3d4e5f6"])
def test_no_pin_or_otp_or_nonce_is_shown(secret: str) -> None:
    assert secret not in redact_for_log(f"auth_otp '{secret}' is wrong")


@given(
    st.binary(min_size=18, max_size=35).map(lambda raw: base64.b64encode(raw).decode())
)
def test_no_part_of_a_ciphertext_is_shown(ciphertext: str) -> None:
    shown = redact_for_log(f"invalid card_encrypted_cvv '{ciphertext}' for DGS-1")
    parts = [ciphertext[start : start + 8] for start in range(len(ciphertext) - 7)]
    assert found_in(shown, parts) == []
    assert shown.startswith("invalid card_encrypted_cvv '")
