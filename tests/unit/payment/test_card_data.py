"""Every guard of what the browser sends, and that none repeats what was typed."""

import base64
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.payment.card_data import (
    RAW_CARD_FIELDS,
    STEPS,
    Address,
    AnyStep,
    EncryptedCard,
    EncryptedPin,
    NonceFormat,
    Otp,
    Redirected,
    Waiting,
    nonce_of,
    read_step,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from tests.unit.browser import (
    CARD_NUMBER,
    address_data,
    card_data,
    ciphertext,
    nonce,
    pin_data,
)
from tests.unit.leaks import found_in, shown_by


def refusal_of(payment_data: object, nonce_format: NonceFormat = "12") -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_step(payment_data, nonce_format)
    return refused.value


def without(payment_data: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in payment_data.items() if name != field}


@pytest.mark.parametrize(
    ("payment_data", "step"),
    [
        pytest.param(card_data(), EncryptedCard, id="card"),
        pytest.param(without(card_data(), "type"), EncryptedCard, id="card by fields"),
        pytest.param(card_data(type=None), EncryptedCard, id="card of type null"),
        pytest.param(pin_data(), EncryptedPin, id="pin"),
        pytest.param(
            {**without(pin_data(), "type"), "auth_type": "pin"},
            EncryptedPin,
            id="pin under DGS-Pay's name",
        ),
        pytest.param({"type": "otp", "auth_otp": "123456"}, Otp, id="otp"),
        pytest.param({"auth_otp": "Ab12"}, Otp, id="otp by fields"),
        pytest.param(address_data(), Address, id="avs"),
        pytest.param(
            address_data(
                avs_line2="Floor 2",
                avs_city="Kigali",
                avs_state="Kigali",
                avs_postal_code="00250",
            ),
            Address,
            id="avs in full",
        ),
        pytest.param({"type": "redirect"}, Redirected, id="redirect"),
        pytest.param({"type": "wait"}, Waiting, id="wait"),
        pytest.param({}, Waiting, id="Saleor completes a checkout by itself"),
    ],
)
def test_step_is_read(payment_data: dict[str, Any], step: type[AnyStep]) -> None:
    assert type(read_step(payment_data, "12")) is step


def test_fields_go_on_as_they_came() -> None:
    payment_data = card_data(reference="DGS-1")
    fields = without(without(payment_data, "type"), "reference")
    assert read_step(payment_data, "12").fields() == fields


def test_address_is_tidied_and_has_no_empty_fields() -> None:
    step = read_step(address_data(avs_line1=" 12 Rue Émile ", avs_country=" rw "), "12")
    assert step.fields() == {"avs_line1": "12 Rue Émile", "avs_country": "RW"}


@pytest.mark.parametrize(
    ("field", "plaintext_lengths", "data"),
    [
        ("card_encrypted_number", range(12, 20), card_data),
        ("card_encrypted_expiry_month", [2], card_data),
        ("card_encrypted_expiry_year", [4], card_data),
        ("card_encrypted_cvv", [3, 4], card_data),
        ("auth_pin_encrypted", range(4, 13), pin_data),
    ],
)
def test_ciphertext_has_a_length_that_its_field_can_have(
    field: str, plaintext_lengths: list[int], data: Any
) -> None:
    for length in range(24):
        payment_data = data(**{field: ciphertext(length)})
        if length in plaintext_lengths:
            assert read_step(payment_data, "12").fields()[field] == payment_data[field]
        else:
            assert field in refusal_of(payment_data).for_owner


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param("not base64!", id="another alphabet"),
        pytest.param(ciphertext(3)[:-1], id="without its padding"),
        pytest.param(ciphertext(3) + "\n", id="with a line feed"),
        pytest.param("é" + ciphertext(3)[1:], id="not ASCII"),
        pytest.param(base64.b64encode(b"\xff" * 12).decode(), id="shorter than a tag"),
        pytest.param(None, id="null"),
        pytest.param(123, id="a number"),
        pytest.param(["a"], id="a list"),
        pytest.param(
            base64.urlsafe_b64encode(b"\xff" * 19).decode(), id="URL-safe base64"
        ),
    ],
)
def test_what_is_no_ciphertext_is_refused(value: object) -> None:
    refusal = refusal_of(card_data(card_encrypted_cvv=value))
    assert refusal.for_customer is CustomerMessage.INVALID_CARD_DATA
    assert "card_encrypted_cvv" in refusal.for_owner


@pytest.mark.parametrize(
    ("nonce_format", "value"),
    [
        ("12", "a1b2c3d4e5f6"),
        ("12", "A1B2C3D4E5F6"),
        ("12", "zZ9zZ9zZ9zZ9"),
        ("12", "123456789012"),
        ("24", "a1b2c3d4e5f6a1b2c3d4e5f6"),
        ("24", "A1B2C3D4E5F6A1B2C3D4E5F6"),
    ],
)
def test_nonce_of_the_right_format(nonce_format: NonceFormat, value: str) -> None:
    card = read_step(card_data(card_nonce=value), nonce_format)
    pin = read_step(pin_data(auth_pin_nonce=value), nonce_format)
    assert isinstance(card, EncryptedCard)
    assert isinstance(pin, EncryptedPin)
    assert nonce_of(card) == nonce_of(pin) == value


@pytest.mark.parametrize(
    ("nonce_format", "value"),
    [
        ("12", ""),
        ("12", "a1b2c3d4e5f"),
        ("12", "a1b2c3d4e5f60"),
        ("12", "a1b2c3d4e5f6a1b2c3d4e5f6"),
        ("12", "a1b2c3-4e5f6"),
        ("12", "a1b2c3d4e5f6\n"),
        ("12", "é1b2c3d4e5f6"),
        ("12", "١٢٣٤٥٦٧٨٩٠١٢"),
        ("24", "a1b2c3d4e5f6"),
        ("24", "g1b2c3d4e5f6a1b2c3d4e5f6"),
        ("24", "a1b2c3d4e5f6a1b2c3d4e5f6\n"),
    ],
)
def test_malformed_nonce_is_refused(nonce_format: NonceFormat, value: str) -> None:
    for payment_data in (card_data(card_nonce=value), pin_data(auth_pin_nonce=value)):
        refusal = refusal_of(payment_data, nonce_format)
        assert refusal.for_customer is CustomerMessage.INVALID_CARD_DATA
        assert "nonce" in refusal.for_owner


@pytest.mark.parametrize("name", [*sorted(RAW_CARD_FIELDS), "CVV", "Card_Number"])
def test_field_of_raw_card_data_is_refused(name: str) -> None:
    for payment_data in ({name: "1"}, card_data(**{name: "1"})):
        refusal = refusal_of(payment_data)
        assert refusal.for_customer is CustomerMessage.RAW_CARD_DATA


@pytest.mark.parametrize(
    "value",
    [
        CARD_NUMBER,
        int(CARD_NUMBER),
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        " 4242424242424242 ",
        "378282246310005",
        "4000000000001",
        "6304000000000000000",
        {"value": CARD_NUMBER},
        {"cards": [{"no": "4242 4242 4242 4242"}]},
        [[CARD_NUMBER]],
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "field", ["card_encrypted_number", "auth_otp", "avs_line1", "note"]
)
def test_card_number_in_any_field_is_refused(field: str, value: object) -> None:
    refusal = refusal_of({field: value})
    assert refusal.for_customer is CustomerMessage.RAW_CARD_DATA
    assert found_in(shown_by(refusal), [CARD_NUMBER, str(value)]) == []


def test_reference_may_be_digits_alone() -> None:
    payment_data = {"type": "wait", "reference": "4242424242424242"}
    assert isinstance(read_step(payment_data, "12"), Waiting)


@pytest.mark.parametrize("field", sorted(without(card_data(), "type")))
def test_missing_field_of_a_card_is_named(field: str) -> None:
    refusal = refusal_of(without(card_data(), field))
    assert refusal.for_customer is CustomerMessage.INVALID_CARD_DATA
    assert field in refusal.for_owner


@pytest.mark.parametrize("field", ["auth_pin_encrypted", "auth_pin_nonce"])
def test_missing_field_of_a_pin_is_named(field: str) -> None:
    assert field in refusal_of(without(pin_data(), field)).for_owner


@pytest.mark.parametrize("field", ["avs_line1", "avs_country"])
@pytest.mark.parametrize("value", [None, "", "  ", "x" * 201, 7])
def test_address_needs_a_line_and_a_country(field: str, value: object) -> None:
    assert field in refusal_of(address_data(**{field: value})).for_owner


@pytest.mark.parametrize("country", ["RWA", "R", "R1", "РФ", "RW\n1"])
def test_country_is_a_code_of_two_letters(country: str) -> None:
    assert "avs_country" in refusal_of(address_data(avs_country=country)).for_owner


@pytest.mark.parametrize("otp", ["", "123", "12345678901", "12 34", "12345\n", 123456])
def test_malformed_otp_is_refused(otp: object) -> None:
    refusal = refusal_of({"type": "otp", "auth_otp": otp})
    assert refusal.for_customer is CustomerMessage.INVALID_CARD_DATA
    assert "auth_otp" in refusal.for_owner


@pytest.mark.parametrize(
    "payment_data",
    [
        pytest.param(None, id="null"),
        pytest.param("card", id="text"),
        pytest.param([card_data()], id="list"),
        pytest.param({**card_data(), **pin_data()}, id="card and PIN"),
        pytest.param({"auth_otp": "123456", **pin_data()}, id="PIN and OTP"),
        pytest.param({"auth_otp": "123456", **card_data()}, id="card and OTP"),
        pytest.param(card_data(type="pin"), id="a card called a PIN"),
        pytest.param(card_data(type="wait"), id="a card called a wait"),
        pytest.param(card_data(type="cash"), id="unknown type"),
        pytest.param(card_data(type=["card"]), id="type that is a list"),
        pytest.param(card_data(save_card=True), id="unknown field"),
        pytest.param({"type": "card"}, id="a card without fields"),
        pytest.param({"type": "wait", "hello": "world"}, id="a wait with a field"),
    ],
)
def test_what_fits_no_step_is_refused(payment_data: object) -> None:
    refusal = refusal_of(payment_data)
    assert refusal.for_customer is CustomerMessage.INVALID_CARD_DATA


def test_what_was_mixed_is_told() -> None:
    refusal = refusal_of({"auth_otp": "123456", **card_data()})
    assert "mixes the fields of card and otp" in refusal.for_owner


def test_a_step_shows_none_of_its_secrets() -> None:
    typed = {**card_data(), **pin_data(), "auth_otp": "849201"}
    steps = [
        read_step(card_data(**_only(typed, "card_")), "12"),
        read_step(pin_data(**_only(typed, "auth_pin")), "12"),
        read_step({"auth_otp": typed["auth_otp"]}, "12"),
    ]
    secrets = map(str, without(typed, "type").values())
    assert found_in(f"{steps} {list(map(str, steps))}", secrets) == []


def _only(payment_data: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name: value for name, value in payment_data.items() if name.startswith(prefix)
    }


# What a customer typed is written in an alphabet of its own here, so that it is
# found wherever it comes out.
typed_text = st.text("ЖЩЮЪ0123456789", min_size=5, max_size=40)
ciphertexts = st.binary(min_size=6, max_size=40).map(
    lambda raw: base64.b64encode(raw).decode()
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | typed_text
values = st.recursive(
    scalars | ciphertexts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(typed_text, inner, max_size=3)
    ),
    max_leaves=6,
)
field_names = (
    st.sampled_from(
        sorted(
            {name for step in STEPS.values() for name in step.model_fields}
            | {"type", "auth_type", "reference"}
        )
    )
    | typed_text
)
payment_datas = (
    st.dictionaries(field_names, values, max_size=7)
    | st.fixed_dictionaries({"type": st.sampled_from(sorted(STEPS))}).flatmap(
        lambda named: st.dictionaries(field_names, values, max_size=6).map(
            lambda fields: {**fields, **named}
        )
    )
    | st.dictionaries(field_names, values, max_size=3).map(
        lambda changes: card_data(**changes)
    )
)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [
            text for pair in value.items() for part in pair for text in _texts(part)
        ]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


@given(payment_datas | values, st.sampled_from(["12", "24"]))
def test_any_json_is_a_valid_step_or_a_refusal_that_repeats_nothing(
    payment_data: object, nonce_format: NonceFormat
) -> None:
    known = {name for step in STEPS.values() for name in step.model_fields}
    known |= {*STEPS, "type", "auth_type", "reference"}
    try:
        step = read_step(payment_data, nonce_format)
    except Refusal as refusal:
        shown = str(refusal.for_customer) + "".join(traceback.format_exception(refusal))
        typed = [text for text in _texts(payment_data) if text not in known]
        assert found_in(shown, typed) == []
        return
    assert type(step) in STEPS.values()
    assert isinstance(payment_data, dict)
    for name, value in step.fields().items():
        assert value.casefold() == str(payment_data[name]).strip().casefold()


@given(st.text("0123456789", min_size=12, max_size=19), st.text(" -", max_size=1))
def test_no_card_number_gets_through(digits: str, separator: str) -> None:
    written = separator.join(digits)
    for field in ("card_encrypted_number", "auth_otp", "avs_line1", "anything"):
        refusal = refusal_of({field: written})
        assert refusal.for_customer is CustomerMessage.RAW_CARD_DATA
        assert found_in(shown_by(refusal), [digits, written]) == []


def test_values_stay_out_of_all_that_a_refusal_carries() -> None:
    broken = card_data(card_encrypted_cvv=ciphertext(9), card_nonce=nonce())
    refusal = refusal_of(broken)
    assert found_in(shown_by(refusal), map(str, without(broken, "type").values())) == []
