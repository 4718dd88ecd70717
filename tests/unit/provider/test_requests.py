"""What is sent to DGS-Pay, to the byte, and how its answers are read."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import responses
from responses import matchers

from dgspay_plugin.payment.card_data import Address, Authorization, Otp
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.provider.client import MAX_ANSWER_BYTES
from dgspay_plugin.provider.errors import AnswerUnknown, NotFound, Refused
from tests.unit.browser import encrypted_pin

from .api import ACCOUNT_NUMBER, API_KEY, charge_request, client_of

URL = "https://dgspay.example/generation/v2"
ANSWER = {"dgs_reference": "DGS-1", "transaction_status": "pending"}
PENDING = ProviderTransaction("DGS-1", TransactionStatus.PENDING)


@pytest.fixture
def api() -> responses.RequestsMock:
    with responses.RequestsMock() as api:
        yield api


def sent(api: responses.RequestsMock) -> str:
    """The body of the only request."""
    [call] = api.calls
    body = call.request.body
    return body.decode() if isinstance(body, bytes) else body


def test_charge(api: responses.RequestsMock) -> None:
    api.post(f"{URL}/charges", json=ANSWER, status=201)
    request = charge_request()
    assert client_of(URL).charge(request, "key-1") == PENDING
    headers = api.calls[0].request.headers
    assert headers["X-DGS-API-Key"] == API_KEY
    assert headers["X-DGS-ACCOUNT-NUMBER"] == ACCOUNT_NUMBER
    assert headers["X-Idempotency-Key"] == "key-1"
    assert headers["Content-Type"] == headers["Accept"] == "application/json"
    assert json.loads(sent(api)) == {**request.body(), "amount": 12000}


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
    api: responses.RequestsMock, amount: str, currency: str, written: str
) -> None:
    api.post(f"{URL}/charges", json=ANSWER)
    client_of(URL).charge(charge_request(amount, currency), "key-1")
    assert written in sent(api)


@pytest.mark.parametrize(
    ("authorization", "auth_type"),
    [
        (encrypted_pin(), "pin"),
        (Otp(auth_otp="123456"), "otp"),
        (Address(avs_line1="KG 7 Ave", avs_country="RW"), "avs"),
    ],
    ids=["pin", "otp", "avs"],
)
def test_authorize(
    api: responses.RequestsMock, authorization: Authorization, auth_type: str
) -> None:
    api.post(f"{URL}/authorize", json=ANSWER)
    assert client_of(URL).authorize("DGS-1", authorization) == PENDING
    assert json.loads(sent(api)) == {
        "dgs_reference": "DGS-1",
        "auth_type": auth_type,
        **authorization.fields(),
    }


def test_transaction(api: responses.RequestsMock) -> None:
    api.get(
        f"{URL}/transactions/DGS-1",
        body='{"data": {"dgs_reference": "DGS-1", "status": "success",'
        ' "amount": 10.50, "currency": "USD"}}',
    )
    transaction = client_of(URL).transaction("DGS-1")
    assert transaction.status is TransactionStatus.SUCCESSFUL
    assert str(transaction.amount) == "10.50"
    assert api.calls[0].request.body is None


def test_reference_cannot_lead_to_another_path(api: responses.RequestsMock) -> None:
    api.get(f"{URL}/transactions/..%2Fbalance%3Fa", json={"error_code": "92"})
    with pytest.raises(NotFound):
        client_of(URL).transaction("../balance?a")


def test_transactions_are_read_page_by_page(api: responses.RequestsMock) -> None:
    for page in (1, 2, 3):
        api.get(
            f"{URL}/transactions",
            match=[
                matchers.query_param_matcher(
                    {"page": page, "limit": 100, "status": "success"}
                )
            ],
            json={
                "data": [{"dgs_reference": f"DGS-{page}", "status": "success"}],
                "pagination": {"page": page, "pages": 3},
            },
        )
    rows = client_of(URL).transactions("success")
    assert len(api.calls) == 0
    references = [row.transaction.reference for row in rows]
    assert references == ["DGS-1", "DGS-2", "DGS-3"]


def test_balance(api: responses.RequestsMock) -> None:
    api.get(f"{URL}/balance", json={"status": "success", "balances": []})
    client_of(URL).balance()
    assert api.calls[0].request.headers["X-DGS-API-Key"] == API_KEY


def test_answer_about_another_transaction(api: responses.RequestsMock) -> None:
    api.post(f"{URL}/authorize", json={**ANSWER, "dgs_reference": "DGS-2"})
    api.get(f"{URL}/transactions/DGS-1", json={**ANSWER, "dgs_reference": "DGS-2"})
    with pytest.raises(AnswerUnknown, match="another transaction"):
        client_of(URL).authorize("DGS-1", Otp(auth_otp="123456"))
    with pytest.raises(AnswerUnknown, match="another transaction"):
        client_of(URL).transaction("DGS-1")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(400, '{"error_code": "90"}', Refused, id="90"),
        pytest.param(401, '{"error_code": "91"}', Refused, id="91"),
        pytest.param(404, '{"error_code": "92"}', NotFound, id="92"),
        pytest.param(409, '{"error_code": "93"}', AnswerUnknown, id="93"),
        pytest.param(500, '{"error_code": "99"}', AnswerUnknown, id="99"),
        pytest.param(422, "{}", Refused, id="4xx"),
        pytest.param(500, "{}", AnswerUnknown, id="5xx"),
        pytest.param(302, "{}", AnswerUnknown, id="3xx"),
        pytest.param(200, "<html>Bad gateway</html>", AnswerUnknown, id="HTML"),
        pytest.param(
            403, "<html>Blocked</html>", AnswerUnknown, id="403 of a firewall"
        ),
        pytest.param(200, "", AnswerUnknown, id="empty"),
        pytest.param(200, b"\xff\xfe{}", AnswerUnknown, id="not UTF-8"),
        pytest.param(200, '{"a": NaN}', AnswerUnknown, id="NaN"),
        pytest.param(200, '{"a": Infinity}', AnswerUnknown, id="Infinity"),
        pytest.param(200, '{"dgs_reference": "DGS-1"', AnswerUnknown, id="cut JSON"),
        pytest.param(200, "[" * 100_000, AnswerUnknown, id="nested deeply"),
        pytest.param(200, '{"a":' * 100_000, AnswerUnknown, id="objects nested deeply"),
        pytest.param(200, "1" * 5000, AnswerUnknown, id="endless number"),
        pytest.param(200, '"%s"' % ("x" * MAX_ANSWER_BYTES), AnswerUnknown, id="large"),
    ],
)
def test_answer_that_is_none(
    api: responses.RequestsMock, status: int, body: str | bytes, error: type[Exception]
) -> None:
    api.post(f"{URL}/charges", status=status, body=body)
    with pytest.raises(error):
        client_of(URL).charge(charge_request(), "key-1")
    assert len(api.calls) == 1


def test_answer_just_small_enough(api: responses.RequestsMock) -> None:
    answer = json.dumps(ANSWER)
    body = answer + " " * (MAX_ANSWER_BYTES - len(answer))
    api.post(f"{URL}/charges", body=body)
    assert client_of(URL).charge(charge_request(), "key-1") == PENDING


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
    api: responses.RequestsMock, date: str, answered_at: datetime | None
) -> None:
    api.get(f"{URL}/balance", json={}, headers={"Date": date})
    client = client_of(URL)
    client.balance()
    assert client.answered_at == answered_at


def test_amounts_are_read_exactly(api: responses.RequestsMock) -> None:
    api.post(
        f"{URL}/charges",
        body='{"dgs_reference": "DGS-1", "transaction_status": "successful",'
        ' "amount": 10.4999999999999999, "currency": "USD"}',
    )
    transaction = client_of(URL).charge(charge_request(), "key-1")
    assert transaction.amount == Decimal("10.4999999999999999")
