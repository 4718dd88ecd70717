"""What is sent to DGS-Pay, and how its answers are read."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr

from dgspay_plugin.payment.card_data import Address, Authorization, Otp
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.provider.client import MAX_ANSWER_BYTES, DgsPayClient
from dgspay_plugin.provider.errors import NotFound, OutcomeUnknown, Refused
from dgspay_plugin.provider.messages import TransactionRow
from tests.unit.browser import encrypted_pin
from tests.unit.dgspay import PENDING, ConnectionsTo, Provider

from .api import ACCOUNT_NUMBER, API_KEY, charge_request, client_of

URL = "https://dgspay.example/generation/v2"
IS_PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def client(provider: Provider) -> DgsPayClient:
    return client_of(URL, connections=ConnectionsTo(URL, provider))


def test_charge(client: DgsPayClient, provider: Provider) -> None:
    provider.tells("POST charges", PENDING, status=201)
    request = charge_request()
    assert client.charge(request, "key-1") == IS_PENDING
    headers = provider.calls[0].headers
    assert headers["X-DGS-API-Key"] == API_KEY
    assert headers["X-DGS-ACCOUNT-NUMBER"] == ACCOUNT_NUMBER
    assert headers["X-Idempotency-Key"] == "key-1"
    assert headers["Content-Type"] == headers["Accept"] == "application/json"
    assert provider.calls[0].fields == {**request.body(), "amount": 12000}


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("12000", "RWF", '"amount": 12000,'),
        ("10.50", "USD", '"amount": 10.50,'),
        ("0.01", "USD", '"amount": 0.01,'),
        ("99999999999999.99", "USD", '"amount": 99999999999999.99,'),
    ],
)
def test_amount_is_written_as_the_number_it_is(
    client: DgsPayClient, provider: Provider, amount: str, currency: str, written: str
) -> None:
    provider.tells("POST charges", PENDING)
    client.charge(charge_request(amount, currency), "key-1")
    assert written in (provider.calls[0].body or "")


@pytest.mark.parametrize(
    ("authorization", "auth_type"),
    [
        (encrypted_pin(), "pin"),
        (Otp(auth_otp=SecretStr("123456")), "otp"),
        (Address(avs_line1="KG 7 Ave", avs_country="RW"), "avs"),
    ],
    ids=["pin", "otp", "avs"],
)
def test_authorize(
    client: DgsPayClient,
    provider: Provider,
    authorization: Authorization,
    auth_type: str,
) -> None:
    provider.tells("POST authorize", PENDING)
    assert client.authorize("DGS-1", authorization) == IS_PENDING
    assert provider.calls[0].fields == {
        "dgs_reference": "DGS-1",
        "auth_type": auth_type,
        **authorization.fields(),
    }


def test_transaction(client: DgsPayClient, provider: Provider) -> None:
    provider.tells(
        "GET transactions/DGS-1",
        '{"data": {"dgs_reference": "DGS-1", "status": "success",'
        ' "amount": 10.50, "currency": "USD"}}',
    )
    transaction = client.transaction("DGS-1")
    assert transaction.status is TransactionStatus.SUCCESSFUL
    assert str(transaction.amount) == "10.50"
    assert provider.calls[0].body is None


def test_reference_cannot_lead_to_another_path(
    client: DgsPayClient, provider: Provider
) -> None:
    provider.tells("GET transactions/..%2Fbalance%3Fa", {"error_code": "92"})
    with pytest.raises(NotFound):
        client.transaction("../balance?a")


def test_transactions_are_read_page_by_page(
    client: DgsPayClient, provider: Provider
) -> None:
    for page in (1, 2, 3):
        provider.tells(
            f"GET transactions?page={page}&limit=100&status=success",
            {
                "data": [{"dgs_reference": f"DGS-{page}", "status": "success"}],
                "pagination": {"page": page, "pages": 3},
            },
        )
    rows = client.transactions("success")
    assert provider.calls == []
    references = [
        row.transaction.reference for row in rows if isinstance(row, TransactionRow)
    ]
    assert references == ["DGS-1", "DGS-2", "DGS-3"]


def test_pages_that_are_not_counted_end_with_an_empty_one(
    client: DgsPayClient, provider: Provider
) -> None:
    for page, references in enumerate((["DGS-1", "DGS-2"], ["DGS-3"], []), start=1):
        rows = [{"dgs_reference": name, "status": "success"} for name in references]
        provider.tells(
            f"GET transactions?page={page}&limit=100&status=success",
            {"data": rows, "pagination": {"page": page}},
        )
    listed = list(client.transactions("success"))
    assert len(listed) == len(provider.calls) == 3


def test_list_without_end_is_given_up(client: DgsPayClient, provider: Provider) -> None:
    row = {"dgs_reference": "DGS-1", "status": "success"}
    provider.tells("GET transactions?*", {"data": [row]})
    with pytest.raises(OutcomeUnknown, match="repeats"):
        list(client.transactions("success"))
    assert len(provider.calls) == 2


def test_row_that_cannot_be_read_is_named(
    client: DgsPayClient, provider: Provider
) -> None:
    rows = [
        {"dgs_reference": "DGS-1", "status": "voided"},
        {"dgs_reference": "DGS-2", "status": "success"},
    ]
    provider.tells("GET transactions?*", {"data": rows, "pagination": {"pages": 1}})
    unreadable, readable = client.transactions("success")
    assert str(unreadable) == "DGS-1"
    assert isinstance(readable, TransactionRow)
    assert readable.transaction.reference == "DGS-2"


def test_balance(client: DgsPayClient, provider: Provider) -> None:
    provider.tells("GET balance", {"status": "success", "balances": []})
    client.balance()
    assert provider.calls[0].headers["X-DGS-API-Key"] == API_KEY


def test_answer_about_another_transaction(
    client: DgsPayClient, provider: Provider
) -> None:
    provider.tells("POST authorize", {**PENDING, "dgs_reference": "DGS-2"})
    provider.tells("GET transactions/DGS-1", {**PENDING, "dgs_reference": "DGS-2"})
    with pytest.raises(OutcomeUnknown, match="another transaction"):
        client.authorize("DGS-1", Otp(auth_otp=SecretStr("123456")))
    with pytest.raises(OutcomeUnknown, match="another transaction"):
        client.transaction("DGS-1")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(400, '{"error_code": "90"}', Refused, id="90"),
        pytest.param(401, '{"error_code": "91"}', Refused, id="91"),
        pytest.param(404, '{"error_code": "92"}', NotFound, id="92"),
        pytest.param(409, '{"error_code": "93"}', OutcomeUnknown, id="93"),
        pytest.param(500, '{"error_code": "99"}', OutcomeUnknown, id="99"),
        pytest.param(422, "{}", Refused, id="4xx"),
        pytest.param(500, "{}", OutcomeUnknown, id="5xx"),
        pytest.param(302, "{}", OutcomeUnknown, id="3xx"),
        pytest.param(200, "<html>Bad gateway</html>", OutcomeUnknown, id="HTML"),
        pytest.param(
            403, "<html>Blocked</html>", OutcomeUnknown, id="403 of a firewall"
        ),
        pytest.param(200, "", OutcomeUnknown, id="empty"),
        pytest.param(200, b"\xff\xfe{}", OutcomeUnknown, id="not UTF-8"),
        pytest.param(200, '{"a": NaN}', OutcomeUnknown, id="NaN"),
        pytest.param(200, '{"a": Infinity}', OutcomeUnknown, id="Infinity"),
        pytest.param(200, '{"dgs_reference": "DGS-1"', OutcomeUnknown, id="cut JSON"),
        pytest.param(200, "[" * 100_000, OutcomeUnknown, id="nested deeply"),
        pytest.param(
            200, '{"a":' * 100_000, OutcomeUnknown, id="objects nested deeply"
        ),
        pytest.param(200, "1" * 5000, OutcomeUnknown, id="endless number"),
        pytest.param(
            200, '"%s"' % ("x" * MAX_ANSWER_BYTES), OutcomeUnknown, id="large"
        ),
    ],
)
def test_answer_that_is_none(
    client: DgsPayClient,
    provider: Provider,
    status: int,
    body: str | bytes,
    error: type[Exception],
) -> None:
    provider.tells("POST charges", body, status)
    with pytest.raises(error):
        client.charge(charge_request(), "key-1")
    assert len(provider.calls) == 1


def test_answer_just_small_enough(client: DgsPayClient, provider: Provider) -> None:
    answer = json.dumps(PENDING)
    body = answer + " " * (MAX_ANSWER_BYTES - len(answer))
    provider.tells("POST charges", body)
    assert client.charge(charge_request(), "key-1") == IS_PENDING


@pytest.mark.parametrize(
    ("date", "answered_at"),
    [
        (
            "Sat, 31 Jan 2026 10:00:00 GMT",
            datetime(2026, 1, 31, 10, tzinfo=UTC),
        ),
        ("yesterday", None),
        ("Sat, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_the_providers_clock(
    client: DgsPayClient, provider: Provider, date: str, answered_at: datetime | None
) -> None:
    provider.tells("GET balance", {}, headers={"Date": date})
    client.balance()
    assert client.answered_at == answered_at


def test_amounts_are_read_exactly(client: DgsPayClient, provider: Provider) -> None:
    provider.tells(
        "POST charges",
        '{"dgs_reference": "DGS-1", "transaction_status": "successful",'
        ' "amount": 10.4999999999999999, "currency": "USD"}',
    )
    transaction = client.charge(charge_request(), "key-1")
    assert transaction.amount == Decimal("10.4999999999999999")
