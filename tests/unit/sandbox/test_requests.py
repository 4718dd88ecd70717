"""What a request must look like: error codes 90, 91, 92 and 93."""

import secrets

import pytest

from .client import (
    APPROVED,
    CHARGE,
    CREDENTIALS,
    PIN_CARD,
    Merchant,
    card,
    encrypt,
    pin,
)

OPERATIONS = [
    ("POST", "/charges"),
    ("POST", "/authorize"),
    ("GET", "/transactions"),
    ("GET", "/transactions/DGS-1"),
    ("GET", "/balance"),
]


def refused(answer, code, status):
    envelope = answer.json()
    assert (answer.status_code, envelope["status"]) == (status, "failed"), envelope
    assert envelope["error_code"] == code
    assert envelope["message"]
    return envelope["message"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("header", list(CREDENTIALS))
@pytest.mark.parametrize("wrong", [None, "wrong"])
def test_both_headers_are_required_on_every_request(
    merchant, method, path, header, wrong
):
    headers = {name: value for name, value in CREDENTIALS.items() if name != header}
    if wrong is not None:
        headers[header] = wrong
    message = refused(merchant.call(method, path, {}, headers=headers), "91", 401)
    assert header in message


def test_a_charge_of_the_documented_fields_is_accepted(merchant):
    assert merchant.charge().status_code == 201


@pytest.mark.parametrize("field", [*CHARGE, *card()])
def test_every_field_of_a_charge_is_required(merchant, field):
    body = CHARGE | card()
    del body[field]
    assert field in refused(merchant.call("POST", "/charges", body), "90", 400)


@pytest.mark.parametrize("field", [*CHARGE, *card()])
@pytest.mark.parametrize("value", [None, True, [], {}])
def test_every_field_of_a_charge_has_its_json_type(merchant, field, value):
    assert field in refused(merchant.charge(**{field: value}), "90", 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "12000"},
        {"amount": 0},
        {"amount": -5},
        {"amount": 12000.5},
        {"amount": 12000.0},
        {"amount": 10.505, "currency": "USD"},
        {"currency": "rwf"},
        {"currency": "XYZ"},
        {"payment_type": "bank_transfer"},
        {"customer_email": "amina"},
        {"customer_email": ""},
        {"customer_first_name": ""},
        {"customer_last_name": "  "},
        {"customer_phone": 788123456},
        {"customer_phone": "+250788123456"},
        {"customer_phone": "250788123456"},
        {"customer_phone": "788 123 456"},
        {"customer_phone": "78"},
        {"customer_phone_country_code": "+250"},
        {"customer_phone_country_code": "RW"},
        {"customer_phone_country_code": "999"},
        {"redirect_url": "shop.example"},
        {"redirect_url": "javascript:alert(1)"},
        {"redirect_url": "https://shop.example/a b"},
        {"narration": ""},
        {"callback_url": "/webhook"},
        {"scenario_key": "scenario:auth_magic"},
        {"card_number": APPROVED},
    ],
)
def test_a_field_against_its_rule_is_refused(merchant, changes):
    message = refused(merchant.charge(**changes), "90", 400)
    assert any(field in message for field in changes)
    assert merchant.control("GET", "/charges") == []


@pytest.mark.parametrize(
    ("amount", "currency"),
    [(1, "RWF"), (10.5, "USD"), (10.55, "USD"), (10, "USD"), (10**9, "RWF")],
)
def test_amounts_within_their_currency_are_accepted(merchant, amount, currency):
    reference = merchant.start(amount=amount, currency=currency)["dgs_reference"]
    row = merchant.row(reference)
    assert (row["amount"], row["currency"]) == (amount, currency)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9])
@pytest.mark.parametrize("path", ["/charges", "/authorize"])
def test_a_body_that_is_no_json_object_is_refused(merchant, path, body):
    answer = merchant.session.post(
        merchant.api + path,
        data=body,
        headers=CREDENTIALS | {"Content-Type": "application/json"},
        timeout=10,
    )
    refused(answer, "90", 400)


def test_a_form_is_not_json(merchant):
    answer = merchant.session.post(
        merchant.api + "/charges", data=CHARGE | card(), headers=CREDENTIALS, timeout=10
    )
    assert "Content-Type" in refused(answer, "90", 400)


def test_a_refusal_repeats_nothing_of_the_card(merchant):
    body = CHARGE | card() | {"amount": "12"}
    answer = merchant.call("POST", "/charges", body)
    for name, value in card().items() | {("n", APPROVED)}:
        assert value not in answer.text, name
    for name in card():
        assert body[name] not in answer.text


class TestEncryption:
    def test_plain_card_data_is_refused(self, merchant):
        message = refused(merchant.charge(card_encrypted_number=APPROVED), "90", 400)
        assert "card number" in message
        assert APPROVED not in message

    def test_another_key_is_refused(self, merchant):
        other = "b3RoZXItZW5jcnlwdGlvbi1rZXktb3RoZXIta2V5ISE="
        refused(merchant.charge(**card(key=other)), "90", 400)

    def test_fields_under_different_nonces_are_refused(self, merchant):
        mixed = card() | {"card_encrypted_cvv": encrypt("123", "0123456789ab")}
        assert "CVV" in refused(merchant.charge(**mixed), "90", 400)

    @pytest.mark.parametrize("nonce", ["", "0123456789a", "0123456789abc", "z" * 12])
    def test_a_nonce_is_twelve_hex_characters(self, merchant, nonce):
        refused(merchant.charge(card_nonce=nonce), "90", 400)

    def test_the_other_nonce_format_is_refused(self, merchant):
        refused(merchant.charge(**card(nonce=secrets.token_hex(12))), "90", 400)

    def test_a_nonce_is_good_for_one_charge(self, merchant):
        nonce = secrets.token_hex(6)
        assert merchant.charge(**card(nonce=nonce)).status_code == 201
        message = refused(merchant.charge(**card(PIN_CARD, nonce=nonce)), "90", 400)
        assert "nonce" in message

    def test_a_refused_charge_does_not_use_its_nonce_up(self, merchant):
        body = card()
        refused(merchant.charge(**body, narration=""), "90", 400)
        assert merchant.charge(**body).status_code == 201

    def test_a_card_nonce_is_not_good_for_a_pin(self, merchant):
        nonce = secrets.token_hex(6)
        reference = merchant.start(**card(PIN_CARD, nonce=nonce))["dgs_reference"]
        refused(merchant.authorize(reference, **pin(nonce=nonce)), "90", 400)
        assert merchant.authorize(reference, **pin()).status_code == 200


class TestIdempotency:
    def test_a_key_seen_before_is_a_conflict(self, merchant):
        assert merchant.charge(key="press-1").status_code == 201
        refused(merchant.charge(key="press-1"), "93", 409)
        [charge] = merchant.control("GET", "/charges")
        assert charge["idempotency_key"] == "press-1"
        assert charge["charge_requests"] == 2

    def test_other_keys_and_no_key_are_none(self, merchant):
        for key in ("press-1", "press-2", None, None):
            assert merchant.charge(key=key).status_code == 201

    def test_a_refused_charge_does_not_use_its_key_up(self, merchant):
        refused(merchant.charge(key="press-1", narration=""), "90", 400)
        assert merchant.charge(key="press-1").status_code == 201

    def test_a_key_seen_before_on_authorize_is_a_conflict(self, merchant):
        reference = merchant.start(PIN_CARD)["dgs_reference"]
        body = {"dgs_reference": reference}
        wrong = merchant.call("POST", "/authorize", body | pin("0000"), key="step-1")
        assert wrong.status_code == 200
        again = merchant.call("POST", "/authorize", body | pin(), key="step-1")
        refused(again, "93", 409)
        [charge] = merchant.control("GET", "/charges")
        assert (charge["charge_requests"], charge["authorize_requests"]) == (1, 1)


class TestPaths:
    def test_an_unknown_path_is_not_found(self, merchant):
        refused(merchant.call("GET", "/refunds"), "92", 404)

    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_another_method_is_refused(self, merchant, method, path):
        other = "GET" if method == "POST" else "POST"
        refused(merchant.call(other, path), "90", 405)

    def test_an_unknown_reference_is_not_found(self, merchant: Merchant):
        refused(merchant.call("GET", "/transactions/DGS-NONE"), "92", 404)
        unknown = merchant.authorize("DGS-NONE", auth_type="otp", auth_otp="123456")
        refused(unknown, "92", 404)
